// Settings: every key that docs/operators.md explains is one, and no other is.
#include "server/config.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "ledger/folder/known_line.h"
#include "ledger/net/address.h"

namespace fundtrail::testing {
namespace {

using server::Config;

TEST_CASE("a file with every key is taken, and its values arrive") {
  Config config;
  const Status read = server::ReadConfig(R"(
ledger = "/var/lib/fundtrail/ledger"
listen = "0.0.0.0:7450"
http = "0.0.0.0:7480"
http_public = true
http_base = "https://ledger.example.org"
http_behind = "127.0.0.1"
http_security_txt = "/etc/fundtrail/security.txt"
http_source = "OCHA FTS"
http_licence = "CC BY 4.0"
http_places = "/etc/fundtrail/places.geojson"
http_places_licence = "CC0"
http_places_review = "GS(2026)1234"
log_level = "warn"
stop_seconds = 5
[log]
patience_seconds = 32
group_seconds = 33.5
quorum_ok = true
go_on_alone = true
holder = "one"
address = "ledger-1.example.org:7450"
receipts = "durable"
[tls]
cert = "c.pem"
key = "k.pem"
client_ca = "ca.pem"
[limits]
request_bytes = 1
answer_bytes = 2
batch_entries = 3
stream_window = 4
streams_per_connection = 5
trace_paths = 16
question_seconds = 0.5
question_threads = 6
questions_waiting = 7
questions_per_second = 8
question_burst = 9
page_seconds = 17
sending_bytes = 19
sending_bytes_per_address = 18
memory_bytes = 10
page_cache_bytes = 0
connections = 20
connections_per_address = 21
connections_per_second = 27
calls = 28
calls_per_address = 29
resets_per_second = 30.5
frames_per_second = 31
entry_streams = 22
entry_streams_per_address = 23
stream_idle_seconds = 26
page_streams = 24
page_streams_per_address = 25
refusals_per_second = 27
refusal_burst = 28
[queue]
entries = 11
bytes = 12
group_entries = 13
group_bytes = 14
checkers = 15
group_seconds = 0.5
)",
                                         "f.toml", &config);
  INFO(read);
  REQUIRE(read.ok());
  CHECK(config.listen == "0.0.0.0:7450");
  CHECK(config.http == "0.0.0.0:7480");
  CHECK(config.http_public);
  CHECK(config.http_base == "https://ledger.example.org");
  CHECK(config.http_behind == "127.0.0.1");
  CHECK(config.http_security_txt == "/etc/fundtrail/security.txt");
  CHECK(config.http_source == "OCHA FTS");
  CHECK(config.http_licence == "CC BY 4.0");
  CHECK(config.http_places == "/etc/fundtrail/places.geojson");
  CHECK(config.http_places_licence == "CC0");
  CHECK(config.http_places_review == "GS(2026)1234");
  CHECK(config.stop_seconds == 5);
  CHECK(config.tls_key == "k.pem");
  CHECK(config.limits.question_seconds == 0.5);
  CHECK(config.limits.trace_paths == 16);
  CHECK(config.limits.memory_bytes == 10);
  CHECK(config.limits.page_cache_bytes == 0);
  CHECK(config.limits.page_seconds == 17);
  CHECK(config.limits.admission.sending_bytes == 19);
  CHECK(config.limits.admission.sending_bytes_per_address == 18);
  CHECK(config.limits.front.connections == 20);
  CHECK(config.limits.front.connections_per_address == 21);
  CHECK(config.limits.front.connections_per_second == 27);
  CHECK(config.limits.front.calls == 28);
  CHECK(config.limits.front.calls_per_address == 29);
  CHECK(config.limits.front.resets_per_second == 30.5);
  CHECK(config.limits.front.frames_per_second == 31);
  CHECK(config.limits.entry_streams == 22);
  CHECK(config.limits.entry_streams_per_address == 23);
  CHECK(config.limits.stream_idle_seconds == 26);
  CHECK(config.limits.page_streams == 24);
  CHECK(config.limits.page_streams_per_address == 25);
  CHECK(config.limits.admission.refusals_per_second == 27);
  CHECK(config.limits.admission.refusal_burst == 28);
  CHECK(config.pipeline.group_seconds == 0.5);
  CHECK(config.log.patience_seconds == 32);
  CHECK(config.log.group_seconds == 33.5);
  CHECK(config.log.quorum_ok);
  CHECK(config.log.go_on_alone);
  CHECK(config.log.holder == "one");
  CHECK(config.log.address == "ledger-1.example.org:7450");
  CHECK(config.log.receipts == "durable");
  CHECK(config.pipeline.checkers == 15);
  CHECK(server::CheckConfig(config).ok());
}

TEST_CASE("the operator's guide explains every key") {
  std::ifstream file(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/operators.md");
  const std::string guide{std::istreambuf_iterator<char>(file), {}};
  for (const char* key : {"ledger",
                          "listen",
                          "metrics",
                          "backups",
                          "http",
                          "http_public",
                          "http_base",
                          "http_behind",
                          "http_security_txt",
                          "http_source",
                          "http_licence",
                          "http_places",
                          "http_places_licence",
                          "http_places_review",
                          "log_level",
                          "stop_seconds",
                          "patience_seconds",
                          "quorum_ok",
                          "go_on_alone",
                          "holder",
                          "address",
                          "receipts",
                          "cert",
                          "key",
                          "client_ca",
                          "request_bytes",
                          "answer_bytes",
                          "batch_entries",
                          "stream_window",
                          "streams_per_connection",
                          "question_seconds",
                          "trace_paths",
                          "question_threads",
                          "questions_waiting",
                          "questions_per_second",
                          "page_streams",
                          "page_streams_per_address",
                          "question_burst",
                          "refusals_per_second",
                          "refusal_burst",
                          "group_seconds",
                          "page_seconds",
                          "sending_bytes",
                          "sending_bytes_per_address",
                          "memory_bytes",
                          "page_cache_bytes",
                          "connections",
                          "connections_per_address",
                          "connections_per_second",
                          "calls",
                          "calls_per_address",
                          "resets_per_second",
                          "frames_per_second",
                          "entry_streams",
                          "entry_streams_per_address",
                          "stream_idle_seconds",
                          "entries",
                          "bytes",
                          "group_entries",
                          "group_bytes",
                          "checkers",
                          "dir",
                          "from",
                          "vkey",
                          "ca",
                          "writer"}) {
    INFO(key);
    CHECK(guide.find("`" + std::string(key) + "`") != std::string::npos);
  }
}

TEST_CASE("what is wrong is told with its line") {
  const auto says = [](const char* text) {
    Config config;
    return std::string(server::ReadConfig(text, "f.toml", &config).message());
  };
  CHECK(says("listen = 5") == "f.toml line 1: listen takes a text");
  CHECK(says("\nlissen = \"x\"") == "f.toml line 2: there is no setting lissen");
  CHECK(says("[limit]\n") == "f.toml line 1: there is no table [limit]");
  CHECK(says("[queue]\nentries = 0") == "f.toml line 2: queue.entries takes a whole number above zero");
  CHECK(says("[limits]\npage_cache_bytes = -1") ==
        "f.toml line 2: limits.page_cache_bytes takes a whole number, 0 or more");
  CHECK(says("[tls.deep]\ncert = 1\n").find("there is no setting tls.deep") != std::string::npos);
  CHECK(says("a = ").find("f.toml line 1: not TOML") == 0);
}

TEST_CASE("a copy has a source, and nothing that only a ledger has") {
  const auto says = [](const std::string& text) {
    Config config;
    const Status read = server::ReadConfig(text, "f.toml", &config);
    REQUIRE(read.ok());
    return std::string(server::CheckConfig(config).message());
  };
  const std::string copy =
      "[copy]\ndir = \"c\"\nfrom = \"https://l.example\"\nvkey = \"l+1+A\"\nca = \"ca.pem\"\nwriter = "
      "\"l.example:7450\"\n";
  CHECK(says(copy).empty());
  CHECK(says("ledger = \"l\"\n" + copy).find("give --ledger or --copy") != std::string::npos);
  CHECK(says("policy = \"p\"\n" + copy).find("asks no witnesses") != std::string::npos);
  CHECK(says("backups = \"b\"\n" + copy).find("makes no backups") != std::string::npos);
  CHECK(says("[copy]\ndir = \"c\"\n").find("give --from URL") != std::string::npos);
  CHECK(says("ledger = \"l\"\n[copy]\nwriter = \"w:1\"\n").find("give --copy DIR") != std::string::npos);
  CHECK(says("").find("which ledger?") != std::string::npos);
}

TEST_CASE("receipts that are to be cosigned need the policy that says by whom") {
  const auto says = [](const std::string& text) {
    Config config;
    REQUIRE(server::ReadConfig("ledger = \"l\"\n" + text, "f.toml", &config).ok());
    return std::string(server::CheckConfig(config).message());
  };
  CHECK(says("[log]\nreceipts = \"durable\"\n").empty());
  CHECK(says("policy = \"p\"\n[log]\nreceipts = \"cosigned\"\n").empty());
  CHECK(says("[log]\nreceipts = \"cosigned\"\n").find("needs policy") != std::string::npos);
  CHECK(says("policy = \"p\"\n[log]\nreceipts = \"maybe\"\n").find("takes \"durable\" or \"cosigned\"") !=
        std::string::npos);
}

TEST_CASE("a machine's name and address are such that the others can read and remember them") {
  const auto says = [](const std::string& holder, const std::string& address) {
    Config config;
    config.ledger = "l";
    config.log.holder = holder;
    config.log.address = address;
    return std::string(server::CheckConfig(config).message());
  };
  const std::size_t most = folder::kMostMachineName;
  CHECK(says("", "").empty());
  CHECK(says(std::string(most, 'h'), std::string(most - 5, 'a') + ":7450").empty());
  for (const std::string& wrong :
       {std::string(most + 1, 'h'), std::string("two\nlines"), std::string("=a")}) {
    INFO(wrong);
    CHECK(says(wrong, "") ==
          "log.holder takes a name of at most 256 bytes, in one line and not begun with =");
  }
  CHECK(says("", "7450").find("log.address takes HOST:PORT, as") == 0);
  CHECK(says("", std::string(most - 4, 'a') + ":7450") == "log.address takes HOST:PORT of at most 256 bytes");
}

TEST_CASE("HTTP is for this machine alone, unless the operator says otherwise") {
  Config config;
  config.ledger = "l";
  for (const char* own : {"", "127.0.0.1:7480", "[::1]:0", "localhost:80"}) {
    config.http = own;
    CHECK(server::CheckConfig(config).ok());
  }
  for (const char* wrong : {"7480", "127.0.0.1", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:123456",
                            "127.0.0.1:65536", ":7480", "unix:/run/x:1"}) {
    config.http = wrong;
    INFO(wrong);
    CHECK(std::string(server::CheckConfig(config).message()).find("HOST:PORT") != std::string::npos);
  }
  config.http = "0.0.0.0:7480";
  CHECK(std::string(server::CheckConfig(config).message()).find("http_public") != std::string::npos);
  config.http_public = true;
  CHECK(server::CheckConfig(config).ok());
}

TEST_CASE("where people reach the pages is a scheme and a host, and the web server in front an IP address") {
  Config config;
  config.ledger = "l";
  for (const char* base : {"https://ledger.example.org", "http://127.0.0.1:7480", "https://[::1]:7480"}) {
    INFO(base);
    config.http_base = base;
    CHECK(server::CheckConfig(config).ok());
  }
  for (const char* wrong : {"ledger.example.org", "https://", "https://a/", "https://a/b", "https://a b",
                            "ftp://a", "https://a\"><script>"}) {
    INFO(wrong);
    config.http_base = wrong;
    CHECK(std::string(server::CheckConfig(config).message()).find("http_base takes") == 0);
  }
  config.http_base.clear();
  for (const char* behind : {"127.0.0.1", "::1", "10.0.0.7"}) {
    config.http_behind = behind;
    CHECK(server::CheckConfig(config).ok());
  }
  for (const char* wrong : {"localhost", "127.0.0.1/8", "127.0.0"}) {
    INFO(wrong);
    config.http_behind = wrong;
    CHECK(std::string(server::CheckConfig(config).message()).find("http_behind takes") == 0);
  }
}

TEST_CASE("a file that would be served over HTTP is refused without http") {
  Config config;
  config.ledger = "l";
  config.http_security_txt = "/etc/fundtrail/security.txt";
  CHECK(
      std::string(server::CheckConfig(config).message()) ==
      "http_security_txt is served over HTTP, and http is not set: set http, or leave http_security_txt out");
  config.http = "127.0.0.1:7480";
  CHECK(server::CheckConfig(config).ok());
}

TEST_CASE("what pages over HTTP would say of the data and of places is refused without http") {
  for (std::string Config::*setting : {&Config::http_source, &Config::http_licence, &Config::http_places,
                                       &Config::http_places_licence, &Config::http_places_review}) {
    Config config;
    config.ledger = "l";
    config.*setting = "said";
    CHECK(std::string(server::CheckConfig(config).message()).find(" is for pages over HTTP") !=
          std::string::npos);
    config.http = "127.0.0.1:7480";
    CHECK(server::CheckConfig(config).ok());
  }
}

TEST_CASE("a number that would not fit where it goes is refused") {
  const auto says = [](const std::string& text) {
    Config config;
    return std::string(server::ReadConfig(text, "f.toml", &config).message());
  };
  CHECK(says("[limits]\nquestion_threads = 4294967296\n") ==
        "f.toml line 2: limits.question_threads takes a smaller number");
  CHECK(says("[limits]\nbatch_entries = 4294967296\n") ==
        "f.toml line 2: limits.batch_entries takes a smaller number");
  CHECK(says("[limits]\nrequest_bytes = 3000000000\n") ==
        "f.toml line 2: limits.request_bytes takes a smaller number");
  CHECK(says("[limits]\nquestion_burst = 0.5\n") ==
        "f.toml line 2: limits.question_burst takes a larger number");
  CHECK(says("[limits]\nquestion_threads = 1024\nmemory_bytes = 8000000000\n") == "");
}

TEST_CASE("metrics are served on one address of this machine") {
  Config config;
  config.ledger = "l";
  config.metrics = "127.0.0.1:7451";
  CHECK(server::CheckConfig(config).ok());
  for (const char* address : {"127.0.0.1:7504,7505", "127.0.0.1:1,0.0.0.0:2", "0.0.0.0:1",
                              "127.0.0.1:", "127.0.0.1", "127.0.0.1:65536", "unix:/tmp/x"}) {
    INFO(address);
    config.metrics = address;
    CHECK_FALSE(server::CheckConfig(config).ok());
  }
}

TEST_CASE("only this machine's own addresses are loopback") {
  for (const char* own : {"127.0.0.1:1", "127.9.9.9:1", "localhost:1", "[::1]:1", "unix:/run/x"})
    CHECK(net::IsLoopback(own));
  for (const char* other : {"0.0.0.0:1", "[::]:1", "10.0.0.1:1", "example.org:1", "localhost.example.org:1",
                            "127.example.org:1"}) {
    INFO(other);
    CHECK_FALSE(net::IsLoopback(other));
  }
}

}  // namespace
}  // namespace fundtrail::testing
