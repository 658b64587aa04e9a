// fundtraild --http: an archive that needs no files; verified and cloned by URL, with the same answers.
#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>
#include <vector>

#include "ledger/tree/tiles.h"
#include "tests/served/daemon.h"
#include "tests/served/raw_http.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// The port in the server's log.
int HttpPort(const Daemon& daemon) {
  const std::string log = daemon.Log(), before = "archive at http://127.0.0.1:";
  const auto at = log.find(before);
  return at == std::string::npos ? 0 : std::atoi(log.c_str() + at + before.size());
}

std::string BodyOf(const std::string& answer) { return answer.substr(answer.find("\r\n\r\n") + 4); }

std::set<std::string> HeadersOf(const std::string& answer) {
  std::set<std::string> lines;
  std::istringstream headers(answer.substr(0, answer.find("\r\n\r\n")));
  for (std::string line; std::getline(headers, line);)
    if (line.rfind("Date: ", 0) != 0) lines.insert(line.substr(0, line.find('\r')));
  return lines;
}

TEST_CASE("the server serves what an archive has, and nothing else") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l archive public").exit == 0);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  const int port = HttpPort(daemon);
  INFO(daemon.Log());
  REQUIRE(port > 0);
  for (const char* path :
       {"checkpoint", "tile/0/000.p/7", "tile/entries/000.p/7", "feed/atom.xml", "feed/atom/0.xml"}) {
    INFO(path);
    const auto answer = RawGet(port, std::string("/") + path);
    CHECK_THAT(answer, Contains("HTTP/1.1 200"));
    CHECK(BodyOf(answer) == desk.read(std::string("public/") + path));
    CHECK_THAT(answer, Contains("Content-Length: " + std::to_string(BodyOf(answer).size())));
    CHECK_THAT(answer, Contains("Accept-Ranges: bytes"));
  }
  for (const char* path : {"/checkpoint", "/tile/0/000.p/7", "/tile/entries/000.p/7", "/nothing"}) {
    INFO(path);
    const auto get = RawGet(port, path), head = RawGet(port, path, "", "HEAD");
    CHECK(HeadersOf(head) == HeadersOf(get));
    CHECK(BodyOf(head).empty());
  }
  CHECK_THAT(RawGet(port, "/checkpoint"), Contains("Content-Type: text/plain; charset=utf-8"));
  CHECK_THAT(RawGet(port, "/feed/atom.xml"), Contains("Content-Type: application/atom+xml; charset=utf-8"));
  CHECK_THAT(RawGet(port, "/feed/atom/0.xml"), Contains("Cache-Control: public, max-age=5"));  // it grows
  for (const char* path :
       {"/feed/atom/1.xml", "/feed/atom/00.xml", "/feed/", "/feed/atom/18446744073709551615.xml"})
    CHECK_THAT(RawGet(port, path), Contains("HTTP/1.1 404"));
  CHECK_THAT(RawGet(port, "/checkpoint"), Contains("Cache-Control: public, max-age=5"));
  CHECK_THAT(RawGet(port, "/tile/0/000.p/3"), Contains("Cache-Control: public, max-age=31536000, immutable"));
  CHECK_THAT(RawGet(port, "/tile/0/000.p/3"), Contains("Content-Type: application/octet-stream"));
  CHECK(BodyOf(RawGet(port, "/tile/0/000.p/3")) == desk.read("public/tile/0/000.p/7").substr(0, 96));
  for (const char* path : {"/tile/0/000", "/tile/0/000.p/8", "/tile/0/001.p/1", "/tile/1/000.p/1",
                           "/tile/63/000.p/1", "/tile/0/0", "/tile/0/../0/000.p/1", "/store/CURRENT",
                           "/signing.key", "/../l/signing.key", "/%2e%2e/l/vkey", "/tile/entries/000"}) {
    INFO(path);
    const auto answer = RawGet(port, path);
    CHECK_THAT(answer, Contains("HTTP/1.1 404"));
    CHECK_THAT(answer, Contains("no-store"));
  }
  for (const char* method : {"POST", "PUT", "DELETE", "BREW"})
    CHECK_THAT(RawGet(port, "/checkpoint", "", method), Contains("HTTP/1.1 405"));
  CHECK_THAT(RawGet(port, "/"), Contains("HTTP/1.1 200"));
  CHECK_THAT(RawGet(port, "/"), Contains("Content-Security-Policy: default-src 'none'"));

  SECTION("ranges") {
    const std::string whole = desk.read("public/tile/0/000.p/7"), path = "/tile/0/000.p/7";
    const auto ranged = [&](const std::string& range) {
      return RawGet(port, path, "Range: bytes=" + range + "\r\n");
    };
    CHECK_THAT(ranged("32-63"), Contains("HTTP/1.1 206"));
    CHECK_THAT(ranged("32-63"), Contains("Content-Range: bytes 32-63/224"));
    CHECK(BodyOf(ranged("32-63")) == whole.substr(32, 32));
    CHECK(BodyOf(ranged("200-")) == whole.substr(200));
    CHECK(BodyOf(ranged("-8")) == whole.substr(216));
    CHECK_THAT(ranged("200-9999"), Contains("Content-Range: bytes 200-223/224"));
    CHECK(BodyOf(ranged("200-9999")) == whole.substr(200));
    CHECK(BodyOf(ranged("-9999")) == whole);
    for (const char* no : {"224-", "300-400", "-0", "99999999999999999999999-"}) {
      INFO(no);
      CHECK_THAT(ranged(no), Contains("HTTP/1.1 416"));
      CHECK_THAT(ranged(no), Contains("Content-Range: bytes */224"));
    }
    CHECK_THAT(ranged("32-99999999999999999999999"), Contains("Content-Range: bytes 32-223/224"));
    // What RFC 9110 has a server ignore, or lets it. These are units that it does not know, no ranges, several of them, a
    // condition that cannot hold, other methods than GET.
    for (const std::string header :
         {"Range: lines=1-2", "Range: bytes", "Range: bytes=9-3", "Range: bytes=a-b", "Range: bytes=1-5-",
          "Range: bytes=0-1,2-3,0-223", "Range: bytes=0-1,300-400", "Range: bytes=0-1\r\nRange: bytes=2-3",
          "Range: bytes=0-1\r\nIf-Range: \"an-etag\"",
          "Range: bytes=0-1\r\nIf-Range: Sat, 01 Jan 2028 00:00:00 GMT", "If-Range: \"an-etag\""}) {
      INFO(header);
      const auto answer = RawGet(port, path, header + "\r\n");
      CHECK_THAT(answer, Contains("HTTP/1.1 200"));
      CHECK(BodyOf(answer) == whole);
      CHECK_THAT(answer, !Contains("Content-Range"));
    }
    for (const char* header : {"Range: lines=1-2\r\n", "Range: bytes=0-1\r\n", "Range: bytes=300-\r\n"}) {
      INFO(header);
      const auto answer = RawGet(port, path, header, "HEAD");
      CHECK_THAT(answer, Contains("HTTP/1.1 200"));
      CHECK_THAT(answer, Contains("Content-Length: 224"));
      CHECK(BodyOf(answer).empty());
      CHECK_THAT(RawGet(port, "/nothing", header), Contains("HTTP/1.1 404"));
      CHECK_THAT(RawGet(port, path, header, "POST"), !Contains(" 200 "));
    }
    CHECK_THAT(RawGet(port, "/nothing", "Range: bytes=0-1\r\n"), Contains("HTTP/1.1 404"));
  }
  SECTION("what is no request does it no harm") {
    for (const std::string& junk :
         {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"), std::string(100'000, 'A'),
          "GET /" + std::string(50'000, 'x') + " HTTP/1.1\r\n\r\n",
          std::string("GET /checkpoint HTTP/9.9\r\n\r\n"), std::string("\x16\x03\x01\0\0", 5)}) {
      INFO(junk.substr(0, 40));
      CHECK_THAT(RawHttp(port, junk), !Contains(" 200 "));
      CHECK_THAT(RawGet(port, "/checkpoint"), Contains("200 OK"));
    }
    const std::string body(100'000, 'b');
    (void)RawHttp(
        port,
        "POST /checkpoint HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n" + body);
    CHECK_THAT(RawGet(port, "/checkpoint"), Contains("200 OK"));
  }
  SECTION("nor do requests without end, in bytes or in time") {
    std::string headers;
    while (headers.size() < (std::size_t{32} << 20)) headers += "X-A: b\r\n";
    for (const std::string begin :
         {"GET /checkpoint HTTP/1.1\r\n", "GET /checkpoint HTTP/1.1\r\nX: ", "GET /"})
      CHECK_THAT(RawHttp(port, begin + headers), !Contains(" 200 "));
    CHECK_THAT(RawGet(port, "/checkpoint"), Contains("200 OK"));
    const auto status = FileText("/proc/" + std::to_string(daemon.pid()) + "/status");
    CHECK(std::atoi(status.c_str() + status.find("VmHWM:") + 6) < 150 << 10);  // KB

    // Many, each a byte now and then: they are cut off after ten seconds, and hold up nobody before that.
    std::atomic<bool> over{false};
    std::vector<std::thread> dripping;
    for (int i = 0; i < 40; ++i) {
      dripping.emplace_back([&] {
        const Socket to(port);
        while (!over && send(to.number, "G", 1, MSG_NOSIGNAL) == 1)
          std::this_thread::sleep_for(std::chrono::milliseconds(200));
      });
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto asked = std::chrono::steady_clock::now();
    CHECK_THAT(RawGet(port, "/checkpoint"), Contains("200 OK"));
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(3));
    over = true;
    for (auto& one : dripping) one.join();
  }
  SECTION("two hundred connections that ask for nothing hold up nobody") {
    std::vector<std::unique_ptr<Socket>> idle;
    for (int i = 0; i < 200; ++i) idle.push_back(std::make_unique<Socket>(port));
    for (const auto& one : idle) CHECK(one->connected);
    const auto asked = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) CHECK_THAT(RawGet(port, "/checkpoint"), Contains("200 OK"));
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(5));
  }
  SECTION("programs ask questions over Connect, as curl does") {
    const std::string url = "http://127.0.0.1:" + std::to_string(port) + "/fundtrail.v1.Ledger/";
    desk.write("envelope", std::string("\0\0\0\0\x02{}", 7));
    const auto curl = [&](const std::string& arguments) {
      return desk.Shell("curl --silent --show-error --max-time 20 " + arguments).out;
    };
    CHECK_THAT(curl("-H 'Content-Type: application/json' -d '{}' " + url + "GetCheckpoint"),
               Contains("{\"asOf\":{\"ledger\":\"example.org/l\",\"size\":\"7\""));
    CHECK_THAT(curl("'" + url + "Balance?encoding=json&message=%7B%22party%22%3A%22hub%22%7D'"),
               Contains("{\"asOf\":"));
    CHECK_THAT(curl("-w ' %{http_code}' -H 'Content-Type: application/json' -d '{\"party\":\"nobody\"}' " +
                    url + "Balance"),
               Contains("{\"code\":\"not_found\",\"message\":") && Contains(" 404"));
    // An envelope of two bytes, and pages until the end.
    CHECK_THAT(curl("-H 'Content-Type: application/connect+json' --data-binary @envelope " + url + "List"),
               Contains("{}"));
    // Each line of the guide, against this server.
    std::istringstream guide(FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/services.md"));
    int shown = 0;
    for (std::string line; std::getline(guide, line);) {
      const std::string published = "127.0.0.1:7480/fundtrail.v1";
      const auto at = line.find(published);
      if (at == std::string::npos || !Has(line, "curl ")) continue;
      line.replace(at, 14, "127.0.0.1:" + std::to_string(port));
      INFO(line);
      ++shown;
      CHECK_THAT(desk.Shell("( " + line + " )").out, Contains("{\"asOf\":{\"ledger\":\"example.org/l\""));
    }
    CHECK(shown == 3);
    CHECK_THAT(curl("-X OPTIONS -i " + url + "List"),
               Contains("Access-Control-Allow-Methods: POST, OPTIONS"));
  }
  SECTION("what is written is there at once") {
    REQUIRE(desk.Run("--server " + daemon.address() +
                     " pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk --as root")
                .exit == 0);
    CHECK_THAT(RawGet(port, "/tile/0/000.p/8"), Contains("200 OK"));
    CHECK_THAT(RawGet(port, "/checkpoint"), Contains("\n8\n"));
  }
  CHECK(daemon.Signal(SIGTERM) == 0);
}

TEST_CASE("an archive is verified and cloned from a URL, a folder and a server, with the same answers") {
  const Desk desk;
  desk.MakeLedger();
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 100 --asset CNY --fund winter --key clerk")
              .exit == 0);
  REQUIRE(
      desk.Run("--ledger l pay --from hub --to village --amount 60.50 --asset CNY --fund winter --key clerk")
          .exit == 0);
  REQUIRE(desk.Run("--ledger l archive public").exit == 0);
  Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  const std::string url = "http://127.0.0.1:" + std::to_string(HttpPort(daemon)),
                    vkey = " --vkey \"$(cat l/vkey)\"";
  const auto verified = desk.Run("verify " + url + vkey);
  INFO(verified.err);
  CHECK(verified.exit == 0);
  CHECK_THAT(verified.out, Contains("2 transfers by the rules; 1 tiles are what the records give"));
  CHECK(desk.Run("verify " + url + "/nowhere" + vkey).exit == 1);
  CHECK(desk.Run("verify http://127.0.0.1:1" + vkey).exit == 3);
  CHECK(desk.Run("verify 'http://a b/'" + vkey).exit == 2);

  const char* const questions[] = {"show 8",
                                   "show 7.1",
                                   "list",
                                   "list --csv",
                                   "balance hub",
                                   "balance donor --as-of 7",
                                   "statement hub",
                                   "trace from --party donor",
                                   "trace to 8.1 --format flows",
                                   "trace from 7.1 --format paths",
                                   "party list",
                                   "party tree",
                                   "fund list",
                                   "key list",
                                   "checkpoint",
                                   "archive again"};
  const auto ask = [&](const std::string& ledger, const std::string& question) {
    const auto ran = desk.Run("--ledger " + ledger + (Has(question, "--csv") ? " " : " --json ") + question);
    std::filesystem::remove_all(desk.path("again"));
    return ran;
  };
  std::map<std::string, std::string> own;  // what the ledger itself answers
  for (const char* question : questions) own[question] = ask("l", question).out;
  for (const auto& from : {url, url + "/", std::string("public"), daemon.address(), std::string("l")}) {
    INFO(from);
    const auto cloned = desk.Run("clone " + from + " copy" + vkey);
    INFO(cloned.err);
    CHECK(cloned.exit == 0);
    CHECK_THAT(cloned.out, Contains("9 records of example.org/l in copy"));
    CHECK_THAT(desk.Run("clone " + from + " copy" + vkey).out, Contains("up to date"));
    for (const char* question : questions) {
      INFO(question);
      const auto copied = ask("copy", question);
      CHECK(copied.exit == 0);
      CHECK(copied.out == own[question]);
    }
    CHECK(desk.Run("verify copy" + vkey).exit == 0);
    const auto pay = desk.Run(
        "--ledger copy pay --from donor --to hub --amount 1 --asset CNY --fund winter --key clerk --as root");
    CHECK(pay.exit == 2);
    CHECK_THAT(pay.err, Contains("is a copy of a ledger, to read"));
    std::filesystem::remove_all(desk.path("copy"));
  }

  REQUIRE(desk.Run("clone " + url + " copy" + vkey).exit == 0);
  REQUIRE(desk.Run("--server " + daemon.address() +
                   " pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk --as root")
              .exit == 0);
  const auto more = desk.Run("clone " + url + " copy" + vkey);
  CHECK_THAT(more.out, Contains("checked    1 records"));
  CHECK(desk.Run("--ledger copy balance hub").out == desk.Run("--ledger l balance hub").out);
  // The old archive is behind now.
  const auto behind = desk.Run("clone public copy" + vkey);
  CHECK(behind.exit == 1);
  CHECK_THAT(behind.err, Contains("it is behind"));
  CHECK(desk.Run("clone " + url + " l" + vkey).exit == 3);  // a server writes there
  CHECK(desk.Run("clone 127.0.0.1:1 copy" + vkey).exit == 3);
  CHECK(desk.Run("clone nowhere copy" + vkey).exit == 2);
  CHECK(desk.Run("clone " + url + " copy --vkey nonsense").exit == 2);
}

TEST_CASE("an address for HTTP that cannot be had, or that others reach, is refused") {
  const Desk desk;
  desk.MakeLedger();
  Daemon first(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  const int taken = HttpPort(first);
  REQUIRE(taken > 0);
  const Desk other;
  other.MakeLedger();
  Daemon second(other, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:" + std::to_string(taken)});
  CHECK(second.Wait() == 3);
  CHECK_THAT(second.Log(), Contains("for HTTP"));
  Daemon open(other, {"--listen", "127.0.0.1:0", "--http", "0.0.0.0:0"});
  CHECK(open.Wait() == 2);
  CHECK_THAT(open.Log(), Contains("http_public"));
}

}  // namespace
}  // namespace fundtrail::testing
