// Archives behind a URL whose host is somebody else's: over TLS, moved, broken, or out to do harm.
#include <arpa/inet.h>
#include <httplib.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// A web server in this process, on a free port, until the end of the test.
class Host {
 public:
  explicit Host(std::unique_ptr<httplib::Server> http) : http_(std::move(http)) {
    port_ = http_->bind_to_any_port("127.0.0.1");
    thread_ = std::thread([this] { http_->listen_after_bind(); });
    while (!http_->is_running()) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  ~Host() {
    http_->stop();
    thread_.join();
  }
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  httplib::Server& http() { return *http_; }
  std::string at(const std::string& path) const { return "127.0.0.1:" + std::to_string(port_) + path; }

 private:
  std::unique_ptr<httplib::Server> http_;
  int port_ = 0;
  std::thread thread_;
};

// A host that says what no web server would: `say` is given a function that sends, until nobody takes it any more.
class RawHost {
 public:
  using Send = std::function<bool(const std::string&)>;
  explicit RawHost(std::function<void(const Send&)> say) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    REQUIRE(bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(socket_, 8) == 0);
    REQUIRE(getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
    thread_ = std::thread([this, say = std::move(say)] {
      for (int client; (client = accept(socket_, nullptr, nullptr)) >= 0; close(client)) {
        char request[4096];
        (void)recv(client, request, sizeof request, 0);
        say([&](const std::string& bytes) {
          for (std::size_t sent = 0; sent < bytes.size();) {
            const auto more = send(client, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
            if (more <= 0) return false;
            sent += static_cast<std::size_t>(more);
          }
          return true;
        });
      }
    });
  }
  ~RawHost() {
    shutdown(socket_, SHUT_RDWR);
    thread_.join();
    close(socket_);
  }
  RawHost(const RawHost&) = delete;
  RawHost& operator=(const RawHost&) = delete;
  const std::string& url() const { return url_; }

 private:
  const int socket_;
  std::string url_;
  std::thread thread_;
};

// Runs a program from a small process, since what a program's parent has counts as the program's own, and writes the most memory that it
// had, in MB, into the file `peak`.
const std::string kMeasured =
    "python3 -c 'import resource, subprocess, sys\n"
    "code = subprocess.call(sys.argv[1:])\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024, file=open(\"peak\", \"w\"))\n"
    "sys.exit(code)' ";

struct Published {
  Published() {
    desk.Copied([](const Desk& first) {
      first.MakeLedger();
      first.Run("--ledger l archive public");
    });
  }
  const Desk desk;
  const std::string vkey = " --vkey \"$(cat l/vkey)\"";
};

TEST_CASE("an archive is read over https when the host's certificate is good, and not else") {
  const Published published;
  const Desk& desk = published.desk;
  const std::string make = "cd '" + desk.path("") + R"(' && exec >/dev/null 2>&1
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem -subj /CN=ca
    openssl req -newkey rsa:2048 -nodes -keyout host.key -out host.csr -subj /CN=host
    echo subjectAltName=IP:127.0.0.1 >host.ext
    openssl x509 -req -in host.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -out host.pem -extfile host.ext)";
  REQUIRE(std::system(make.c_str()) == 0);
  Host host(
      std::make_unique<httplib::SSLServer>(desk.path("host.pem").c_str(), desk.path("host.key").c_str()));
  REQUIRE(host.http().set_mount_point("/ledger", desk.path("public")));
  const std::string url = "https://" + host.at("/ledger");
  const auto good = desk.Run("verify " + url + published.vkey + " --ca ca.pem");
  INFO(good.out << good.err);
  CHECK(good.exit == 0);
  CHECK_THAT(good.out, Contains("HOLDS"));
  const auto unknown = desk.Run("verify " + url + published.vkey);
  CHECK(unknown.exit == 3);
  CHECK_THAT(unknown.err, Contains("cannot read " + url + "/checkpoint"));
  CHECK(desk.Run("clone " + url + " copy" + published.vkey).exit == 3);
  CHECK(desk.Run("clone " + url + " copy" + published.vkey + " --ca ca.pem").exit == 0);
}

TEST_CASE("an archive that moved is followed, not in circles and not off to another kind of address") {
  const Published published;
  Host host(std::make_unique<httplib::Server>());
  REQUIRE(host.http().set_mount_point("/new", published.desk.path("public")));
  host.http().Get(R"(/old/(.*))", [](const httplib::Request& request, httplib::Response& response) {
    response.set_redirect("/new/" + request.matches[1].str());
  });
  host.http().Get(R"(/round/(.*))", [](const httplib::Request& request, httplib::Response& response) {
    response.set_redirect(request.path);
  });
  host.http().Get(R"(/file/(.*))", [&](const httplib::Request& request, httplib::Response& response) {
    response.set_redirect("file://" + published.desk.path("public/") + request.matches[1].str());
  });
  const auto verify = [&](const std::string& path) {
    return published.desk.Run("verify http://" + host.at(path) + published.vkey);
  };
  CHECK(verify("/old").exit == 0);
  CHECK(verify("/round").exit == 3);
  CHECK(verify("/file").exit == 3);
}

TEST_CASE("a host cannot fill the reader's memory, and what it says is escaped") {
  const Published published;
  const Desk& desk = published.desk;
  Host host(std::make_unique<httplib::Server>());
  // Without end, in chunks: no length is stated.
  std::atomic<std::uint64_t> sent{0};
  const auto without_end = [&](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/plain", [&](std::size_t, httplib::DataSink& sink) {
      const std::string chunk(65'536, 'x');
      sent += chunk.size();
      return sink.write(chunk.data(), chunk.size());
    });
  };
  host.http().Get("/checkpoint", without_end);
  const auto checkpoint = desk.Run("verify http://" + host.at("") + published.vkey);
  INFO(checkpoint.out << checkpoint.err);
  CHECK(checkpoint.exit == 1);
  CHECK_THAT(checkpoint.out, Contains("/checkpoint has more than the "));
  CHECK(sent < (std::uint64_t{64} << 20));

  // A good checkpoint, and then a bundle without end.
  host.http().Get("/b/checkpoint", [&](const httplib::Request&, httplib::Response& response) {
    response.set_content(desk.read("public/checkpoint"), "text/plain");
  });
  host.http().Get(R"(/b/tile/.*)", without_end);
  const auto bundle = desk.Run("verify http://" + host.at("/b") + published.vkey);
  INFO(bundle.out << bundle.err);
  CHECK(bundle.exit == 1);
  CHECK_THAT(bundle.out, Contains("tile/entries/000.p/7 has more than the "));

  host.http().Get("/c/checkpoint", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("\x1b[2Jnothing\n\n\xe2\x80\x94 x AAAA\n", "text/plain");
  });
  const auto escapes = desk.Run("verify http://" + host.at("/c") + published.vkey);
  CHECK(escapes.exit == 1);
  CHECK_THAT(escapes.out + escapes.err, !Contains("\x1b[2J"));
}

TEST_CASE("a host cannot fill the reader's memory with what is around the body either") {
  const Published published;
  const std::string block(65'536, 'x');
  const auto without_end = [&](const std::string& begin, const std::string& again) {
    const RawHost host([&](const RawHost::Send& send) {
      if (!send(begin)) return;
      for (std::uint64_t sent = 0; sent < (std::uint64_t{500} << 20) && send(again); sent += again.size()) {
      }
    });
    const auto ran = published.desk.Shell(kMeasured + Program() + " verify " + host.url() + published.vkey);
    INFO(ran.out << ran.err);
    CHECK(ran.exit == 3);
    CHECK_THAT(ran.err, Contains("cannot read " + host.url() + "/checkpoint ("));
    CHECK(std::stol(published.desk.read("peak")) < 400);  // of the 500 that the host would send
  };
  std::string headers;
  for (int i = 0; i < 2'000; ++i) headers += "X-A: b\r\n";
  without_end("HTTP/1.1 200 OK\r\n", headers);
  without_end("HTTP/1.1 200 OK\r\nX-A: ", block);
  without_end("HTTP/1.1 200 ", block);
  without_end("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", block);
  without_end("HTTP/1.1 302 Found\r\nLocation: /\r\nTransfer-Encoding: chunked\r\n\r\n",
              "1000\r\n" + std::string(4096, 'x') + "\r\n");
  without_end("HTTP/1.1 503 Busy\r\n\r\n", block);
}

TEST_CASE("a page that says why there is no file may be longer than the file could be") {
  const Published published;
  Host host(std::make_unique<httplib::Server>());
  REQUIRE(host.http().set_mount_point("/", published.desk.path("public")));
  host.http().set_error_handler([](const httplib::Request&, httplib::Response& response) {
    response.set_content(std::string(20'000, 'x'), "text/html");
  });
  // Since the checkpoint was fetched the archive has grown, and has the full tile alone.
  std::filesystem::rename(published.desk.path("public/tile/0/000.p"),
                          published.desk.path("public/tile/0/gone"));
  const auto missing = published.desk.Run("verify http://" + host.at("") + published.vkey);
  CHECK(missing.exit == 1);
  CHECK_THAT(missing.out, Contains("tile/0/000.p/7 is missing"));
  std::filesystem::rename(published.desk.path("public/tile/0/gone"),
                          published.desk.path("public/tile/0/000.p"));
  CHECK(published.desk.Run("verify http://" + host.at("") + published.vkey).exit == 0);
}

TEST_CASE("a host that fails now and then is asked again, and one that always fails is named") {
  const Published published;
  Host host(std::make_unique<httplib::Server>());
  std::atomic<int> asked{0};
  host.http().Get(R"(/(.*))", [&](const httplib::Request& request, httplib::Response& response) {
    if (++asked % 3 != 0) {
      response.status = 503;
    } else {
      response.set_content(published.desk.read("public/" + request.matches[1].str()), "text/plain");
    }
  });
  CHECK(published.desk.Run("verify http://" + host.at("") + published.vkey).exit == 0);
  CHECK(asked >= 6);

  Host down(std::make_unique<httplib::Server>());
  down.http().Get(R"(/.*)",
                  [](const httplib::Request&, httplib::Response& response) { response.status = 500; });
  const auto failed = published.desk.Run("verify http://" + down.at("") + published.vkey);
  CHECK(failed.exit == 3);
  CHECK_THAT(failed.err, Contains("the host answers 500"));
}

}  // namespace
}  // namespace fundtrail::testing
