// The server of HTTP with real sockets: who is idle, slow or rude holds up nobody else, and each answer is whole.
#include "ledger/net/http_listener.h"

#include <poll.h>
#include <sys/resource.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "ledger/net/http_client.h"
#include "ledger/net/listener.h"
#include "tests/served/raw_http.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using net::HttpBounds;
using net::HttpExchange;
using net::HttpListener;
using net::HttpRequest;
using std::chrono::milliseconds;

net::HttpResponse Say(const std::string& text, int status = 200) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "text/plain"}};
  response.body = text;
  return response;
}

// Answers each request with its method, path and body.
HttpListener::Handler Echo() {
  return [](HttpRequest request, HttpExchange exchange) {
    exchange.Send(Say(request.method + " " + request.path + " " + request.body));
  };
}

HttpBounds Short() {
  HttpBounds bounds;
  bounds.idle = milliseconds(20'000);
  bounds.request = milliseconds(400);
  bounds.take = milliseconds(400);
  bounds.read.body_bytes = [](const HttpRequest& head) -> std::size_t {
    return head.method == "POST" ? 1'000 : 0;
  };
  return bounds;
}

std::unique_ptr<HttpListener> Serve(const HttpListener::Handler& handler,
                                    const HttpBounds& bounds = Short()) {
  auto listener = HttpListener::Bind("127.0.0.1:0", bounds);
  REQUIRE(listener.ok());
  (*listener)->Start(handler);
  return *std::move(listener);
}

void Say(const Socket& to, const std::string& bytes) {
  REQUIRE(send(to.number, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size()));
}

// What comes until `end` does, or the connection closes, or nothing comes for five seconds.
std::string Hear(const Socket& from, const std::string& end = "") {
  std::string heard;
  char buffer[4096];
  pollfd ready{from.number, POLLIN, 0};
  while ((end.empty() || !Has(heard, end)) && poll(&ready, 1, 5'000) == 1) {
    const ssize_t got = recv(from.number, buffer, sizeof buffer, 0);
    if (got <= 0) break;
    heard.append(buffer, static_cast<std::size_t>(got));
  }
  return heard;
}

bool IsClosed(const Socket& from, int within = 5'000) {
  char byte = 0;
  pollfd ready{from.number, POLLIN, 0};
  return poll(&ready, 1, within) == 1 && recv(from.number, &byte, 1, 0) <= 0;
}

std::string Get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n"; }

TEST_CASE("two hundred idle connections hold up nobody, and each may ask in the end") {
  const auto listener = Serve(Echo());
  std::vector<std::unique_ptr<Socket>> idle;
  for (int i = 0; i < 200; ++i) {
    idle.push_back(std::make_unique<Socket>(listener->port()));
    REQUIRE(idle.back()->connected);
  }
  for (int i = 0; i < 20; ++i) {
    const auto asked = std::chrono::steady_clock::now();
    CHECK(HttpGet(listener->port(), "/now").body == "GET /now ");
    CHECK(std::chrono::steady_clock::now() - asked < std::chrono::seconds(1));
  }
  CHECK(listener->counts().connections >= 200);
  CHECK(listener->counts().turned_away == 0);
  for (const auto& one : idle) Say(*one, Get("/idle"));
  for (const auto& one : idle) CHECK_THAT(Hear(*one, "GET /idle "), Contains("HTTP/1.1 200 OK"));
}

TEST_CASE(
    "whoever sends a byte now and then, or takes no answer, is cut off, and others are answered meanwhile") {
  const std::string large(std::size_t{8} << 20, 'x');
  const auto listener = Serve([&](HttpRequest request, HttpExchange exchange) {
    exchange.Send(Say(request.path == "/large" ? large : "small"));
  });
  std::vector<std::unique_ptr<Socket>> slow;
  for (int i = 0; i < 50; ++i) slow.push_back(std::make_unique<Socket>(listener->port()));
  const Socket takes_nothing(listener->port());
  Say(takes_nothing, Get("/large"));
  std::size_t open = slow.size();
  for (int round = 0; round < 40 && open > 0; ++round) {
    open = 0;
    for (const auto& one : slow)
      if (send(one->number, "G", 1, MSG_NOSIGNAL) == 1) ++open;
    CHECK(HttpGet(listener->port(), "/small").body == "small");
    std::this_thread::sleep_for(milliseconds(50));
  }
  CHECK(open == 0);
  // The large answer has a share of the time for each of its megabytes.
  for (int i = 0; i < 100 && listener->counts().cut < 51; ++i) std::this_thread::sleep_for(milliseconds(100));
  CHECK(listener->counts().cut == 51);
  CHECK(Hear(takes_nothing).size() < large.size());
}

TEST_CASE("a large answer comes whole, and what it held is given back when it was taken") {
  const std::string large(std::size_t{8} << 20, 'x');
  const auto held = std::make_shared<int>(1);
  const std::weak_ptr<int> watched = held;
  HttpBounds bounds = Short();
  bounds.take = milliseconds(20'000);
  std::atomic<bool> there{false};
  const auto listener = Serve(
      [&, own = held](HttpRequest, HttpExchange exchange) mutable {
        net::HttpResponse response = Say(large);
        response.held = std::make_shared<std::shared_ptr<int>>(own);
        exchange.Send(std::move(response));
        there = true;
      },
      bounds);
  const Socket client(listener->port());
  Say(client, Get("/"));
  while (!there) std::this_thread::sleep_for(milliseconds(5));
  std::this_thread::sleep_for(milliseconds(200));
  CHECK(watched.use_count() == 3);  // the test's, the handler's, and the one of what is on its way
  std::string heard;
  while (heard.size() < large.size()) {
    const std::string more = Hear(client, "x");
    REQUIRE_FALSE(more.empty());
    heard += more;
  }
  CHECK_THAT(heard.substr(0, 300), Contains("Content-Length: 8388608\r\n"));
  for (int i = 0; i < 100 && watched.use_count() > 2; ++i) std::this_thread::sleep_for(milliseconds(20));
  CHECK(watched.use_count() == 2);
}

TEST_CASE("requests sent ahead are answered one after the other, in their order, whoever works them out") {
  std::vector<std::thread> threads;
  std::mutex mutex;
  std::atomic<int> now{0}, most{0};
  {
    const auto listener = Serve([&](HttpRequest request, HttpExchange exchange) {
      const std::lock_guard lock(mutex);
      threads.emplace_back([&, path = request.path, exchange] {
        most = std::max(most.load(), ++now);
        std::this_thread::sleep_for(milliseconds(path == "/1" ? 100 : 1));
        --now;
        exchange.Send(Say("<" + path + ">"));
      });
    });
    const Socket client(listener->port());
    Say(client, Get("/1") + Get("/2") + Get("/3") +
                    "GET /4 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" + Get("/never"));
    const std::string heard = Hear(client);
    CHECK(heard.find("<//1>") == std::string::npos);
    CHECK(heard.find("</1>") < heard.find("</2>"));
    CHECK(heard.find("</2>") < heard.find("</3>"));
    CHECK(heard.find("</3>") < heard.find("</4>"));
    CHECK_THAT(heard, Contains("</4>"));
    CHECK_THAT(heard, !Contains("never"));
    CHECK(most == 1);
    CHECK(listener->counts().requests == 4);
  }
  for (auto& thread : threads) thread.join();
}

TEST_CASE("to HEAD, and with 304, all but the body is sent, and the connection goes on") {
  const auto listener = Serve([](HttpRequest request, HttpExchange exchange) {
    if (request.path == "/stream") {
      exchange.Begin(Say("never"), [] {});
    } else {
      exchange.Send(Say("body", request.path == "/304" ? 304 : 200));
    }
  });
  const Socket client(listener->port());
  Say(client,
      "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nHEAD /stream HTTP/1.1\r\nHost: x\r\n\r\n" + Get("/304") + Get("/"));
  const std::string heard = Hear(client, "\r\n\r\nbody");
  CHECK(heard.find("body") == heard.size() - 4);
  CHECK_THAT(heard, !Contains("never"));
  CHECK_THAT(heard.substr(0, heard.find("\r\n\r\n")), Contains("Content-Length: 4"));
  CHECK_THAT(heard, Contains("Transfer-Encoding: chunked"));
  const auto unchanged = heard.find("HTTP/1.1 304 Not Modified");
  REQUIRE(unchanged != std::string::npos);
  CHECK_THAT(heard.substr(unchanged, heard.find("\r\n\r\n", unchanged) - unchanged),
             !Contains("Content-Length"));
}

TEST_CASE("a stream comes in pieces, as fast as they are taken, and its end can be told from a cut") {
  std::atomic<int> asked{0};
  const auto listener = Serve([&](HttpRequest request, HttpExchange exchange) {
    const auto count = std::make_shared<int>(0);
    exchange.Begin(Say("first;"), [&asked, count, path = request.path, exchange] {
      ++asked;
      if (++*count <= 3) return exchange.Write(*count == 2 ? "" : "piece" + std::to_string(*count) + ";");
      path == "/cut" ? exchange.Cut() : exchange.End();
    });
  });
  const Socket client(listener->port());
  Say(client, Get("/") + Get("/again"));
  const std::string heard = Hear(client, "piece3;\r\n0\r\n\r\n");
  CHECK_THAT(heard, Contains("\r\n\r\n6\r\nfirst;\r\n7\r\npiece1;\r\n7\r\npiece3;\r\n0\r\n\r\n"));
  CHECK_THAT(Hear(client, "piece3;\r\n0\r\n\r\n") + heard, Contains("HTTP/1.1 200 OK"));
  CHECK(asked >= 4);
  const std::string cut = RawHttp(listener->port(), Get("/cut"));
  CHECK_THAT(cut, Contains("piece3;"));
  CHECK_THAT(cut, !Contains("\r\n0\r\n"));
  // HTTP/1.0 knows no chunks: the answer ends where the connection does.
  const std::string old = RawHttp(listener->port(), "GET / HTTP/1.0\r\n\r\n");
  CHECK(old.substr(old.find("\r\n\r\n") + 4) == "first;piece1;piece3;");
  CHECK_THAT(old, Contains("Connection: close"));
}

TEST_CASE("an answer that nobody gives, and a handler that throws, are told as faults") {
  const auto listener = Serve([](HttpRequest request, HttpExchange exchange) {
    if (request.path == "/throws") throw std::runtime_error("a fault");
    if (request.path == "/begun") exchange.Begin(Say("begun"), [] { throw std::runtime_error("another"); });
  });
  CHECK(HttpGet(listener->port(), "/dropped").status == 500);
  CHECK(HttpGet(listener->port(), "/throws").status == 500);
  CHECK_THAT(RawHttp(listener->port(), Get("/begun")), !Contains("\r\n0\r\n"));
  CHECK(HttpGet(listener->port(), "/dropped").status == 500);
}

TEST_CASE("whoever closes or resets a connection is known to be gone while the answer is worked out") {
  std::promise<void> gone;
  std::thread work;
  {
    const auto listener = Serve([&](HttpRequest, HttpExchange exchange) {
      work = std::thread([&, exchange] {
        for (int i = 0; i < 500 && !exchange.gone(); ++i) std::this_thread::sleep_for(milliseconds(10));
        if (exchange.gone()) gone.set_value();
        exchange.Send(Say("to nobody"));
      });
    });
    {
      const Socket client(listener->port());
      const linger reset{1, 0};
      setsockopt(client.number, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      Say(client, Get("/"));
      std::this_thread::sleep_for(milliseconds(100));
    }
    CHECK(gone.get_future().wait_for(std::chrono::seconds(5)) == std::future_status::ready);
    work.join();
  }
}

TEST_CASE("whoever closes quietly is known to be gone, and whoever only sends no more is answered") {
  std::mutex mutex;
  std::vector<std::thread> works;
  std::atomic<int> gone{0}, answered{0};
  std::atomic<bool> stop{false};
  const auto listener = Serve([&](HttpRequest request, HttpExchange exchange) {
    const std::lock_guard lock(mutex);
    works.emplace_back([&, path = request.path, exchange] {
      // The answer to "/later" takes longer than the first look after those that send no more; that to "/long" never comes.
      const int most = path == "/later" ? 150 : 2'000;
      for (int i = 0; i < most && !exchange.gone() && !stop; ++i)
        std::this_thread::sleep_for(milliseconds(10));
      ++(exchange.gone() ? gone : answered);
      exchange.Send(Say("after all"));
    });
  });
  for (int i = 0; i < 3; ++i) {
    const Socket closes(listener->port());
    Say(closes, Get("/long"));
    std::this_thread::sleep_for(milliseconds(50));
  }
  for (int i = 0; i < 1'000 && gone < 3; ++i) std::this_thread::sleep_for(milliseconds(10));
  CHECK(gone == 3);
  for (int i = 0; i < 100 && listener->counts().connections > 0; ++i)
    std::this_thread::sleep_for(milliseconds(10));
  CHECK(listener->counts().connections == 0);

  // RawHttp ends its half of the connection behind what it sends.
  const std::string heard = RawHttp(listener->port(), Get("/later"));
  CHECK_THAT(heard, Contains("HTTP/1.1 200 OK"));
  CHECK(heard.rfind("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 ", 0) == 0);  // it was asked whether it is there
  CHECK(ReadReply(heard).status == 200);
  CHECK(ReadReply(heard).body == "after all");
  // To HTTP/1.0 no such question may be put.
  CHECK(RawHttp(listener->port(), "GET /later HTTP/1.0\r\n\r\n").rfind("HTTP/1.1 200 OK", 0) == 0);
  CHECK(answered == 2);
  stop = true;
  for (std::thread& work : works) work.join();
}

TEST_CASE("without descriptors whoever has been idle longest makes way, and the next is answered") {
  const auto listener = Serve(Echo());
  const Socket idle(listener->port());
  Say(idle, Get("/"));
  Hear(idle, "GET / ");
  rlimit before{};
  REQUIRE(getrlimit(RLIMIT_NOFILE, &before) == 0);
  const rlimit few{static_cast<rlim_t>(idle.number) + 16, before.rlim_max};
  REQUIRE(setrlimit(RLIMIT_NOFILE, &few) == 0);
  std::vector<int> taken;
  for (int file = 0; (file = dup(idle.number)) >= 0;) taken.push_back(file);
  const bool has_one = !taken.empty();
  if (has_one) close(taken.back());
  const Socket next(listener->port());  // takes that one: there is none to accept it with
  (void)!send(next.number, Get("/next").data(), Get("/next").size(), MSG_NOSIGNAL);
  const std::string heard = Hear(next, "GET /next ");
  for (std::size_t i = 0; i + 1 < taken.size(); ++i) close(taken[i]);
  REQUIRE(setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(has_one);
  CHECK(next.connected);
  CHECK_THAT(heard, Contains("HTTP/1.1 200 OK"));
  CHECK(IsClosed(idle));
  CHECK(listener->counts().connections == 1);
}

TEST_CASE("our own client notices that an answer was cut off, whether its length was said or not") {
  const std::string large(std::size_t{1} << 20, 'x');
  HttpBounds bounds = Short();
  bounds.take = milliseconds(20'000);
  const auto listener = Serve(
      [&](HttpRequest request, HttpExchange exchange) {
        const auto count = std::make_shared<int>(0);
        exchange.Begin(Say(large), [count, &large, path = request.path, exchange] {
          if (++*count < 3) return exchange.Write(large);
          path == "/whole" ? exchange.End() : exchange.Cut();
        });
      },
      bounds);
  const std::string at = "http://127.0.0.1:" + std::to_string(listener->port());
  constexpr std::size_t kMost = std::size_t{8} << 20;
  net::HttpClient client({});
  const auto whole = client.Get(at + "/whole", kMost);
  REQUIRE(whole.ok());
  CHECK(whole->status == 200);
  CHECK(whole->body.size() == 3 * large.size());
  CHECK(client.Get(at + "/cut", kMost).status().code() == absl::StatusCode::kUnavailable);
  CHECK(client.Post(at + "/cut", "", "text/plain", kMost).status().code() == absl::StatusCode::kUnavailable);
  CHECK(client.Get(at + "/whole", kMost).ok());

  // One that says its length, and sends less.
  auto short_of = net::Listener::Open("127.0.0.1:0");
  REQUIRE(short_of.ok());
  (*short_of)->Start([](int /*listener*/, int socket, const sockaddr_storage& /*peer*/) {
    const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly";
    (void)!send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
    shutdown(socket, SHUT_WR);
    char bytes[4'096];
    pollfd ready{socket, POLLIN, 0};
    while (poll(&ready, 1, 5'000) == 1 && recv(socket, bytes, sizeof bytes, 0) > 0) continue;
    close(socket);
  });
  CHECK(client.Get("http://127.0.0.1:" + std::to_string((*short_of)->port()) + "/", kMost).status().code() ==
        absl::StatusCode::kUnavailable);
}

TEST_CASE(
    "there is a bound on the connections of one address: who is idle makes way, and who is busy does not") {
  HttpBounds bounds = Short();
  bounds.request = milliseconds(20'000);
  bounds.connections_per_address = 3;
  const auto listener = Serve(Echo(), bounds);
  std::vector<std::unique_ptr<Socket>> idle;
  for (int i = 0; i < 3; ++i) {
    idle.push_back(std::make_unique<Socket>(listener->port()));
    Say(*idle.back(), Get("/"));
    Hear(*idle.back(), "GET / ");
    std::this_thread::sleep_for(milliseconds(20));
  }
  CHECK(HttpGet(listener->port(), "/next").status == 200);
  CHECK(IsClosed(*idle[0]));
  for (int i = 1; i < 3; ++i) Say(*idle[static_cast<std::size_t>(i)], Get("/"));
  for (int i = 1; i < 3; ++i)
    CHECK_THAT(Hear(*idle[static_cast<std::size_t>(i)], "GET / "), Contains("200 OK"));

  // Three that have begun a request: the fourth is told to come again.
  idle[0] = std::make_unique<Socket>(listener->port());
  for (const auto& one : idle) Say(*one, "GET /");
  std::this_thread::sleep_for(milliseconds(200));
  const Socket fourth(listener->port());
  const std::string told = Hear(fourth);
  CHECK_THAT(told, Contains("HTTP/1.1 503"));
  CHECK_THAT(told, Contains("Retry-After: 2"));
  CHECK(listener->counts().turned_away == 1);
  for (const auto& one : idle) Say(*one, " HTTP/1.1\r\nHost: x\r\n\r\n");
  for (const auto& one : idle) CHECK_THAT(Hear(*one, "GET / "), Contains("200 OK"));
}

TEST_CASE("a proxy's connections are bounded all together alone, and who is alone gets two thirds at most") {
  HttpBounds bounds = Short();
  bounds.request = milliseconds(20'000);
  bounds.connections = 9;
  bounds.connections_per_address = 2;
  const auto open = [](const HttpListener& listener) {
    std::vector<std::unique_ptr<Socket>> busy;
    for (int i = 0; i < 12; ++i) {
      busy.push_back(std::make_unique<Socket>(listener.port()));
      if (busy.back()->connected) (void)!send(busy.back()->number, "G", 1, MSG_NOSIGNAL);
      std::this_thread::sleep_for(milliseconds(20));
    }
    return listener.counts().connections;
  };
  SECTION("one address") { CHECK(open(*Serve(Echo(), bounds)) == 2); }
  SECTION("its share of all") {
    bounds.connections_per_address = 100;
    CHECK(open(*Serve(Echo(), bounds)) == 6);
  }
  SECTION("a proxy") {
    bounds.proxy = "ipv4:127.0.0.1";
    CHECK(open(*Serve(Echo(), bounds)) == 9);
  }
}

TEST_CASE("idle connections end after their time, and a connection has so many requests") {
  HttpBounds bounds = Short();
  bounds.idle = milliseconds(300);
  bounds.requests_a_connection = 2;
  const auto listener = Serve(Echo(), bounds);
  const Socket silent(listener->port());
  CHECK_FALSE(IsClosed(silent, 100));
  CHECK(IsClosed(silent));
  const Socket asks(listener->port());
  Say(asks, Get("/1") + Get("/2") + Get("/3"));
  const std::string heard = Hear(asks);
  CHECK_THAT(heard, Contains("GET /2 "));
  CHECK_THAT(heard, Contains("Connection: close"));
  CHECK_THAT(heard, !Contains("GET /3 "));
  CHECK(listener->counts().cut == 0);  // who is only idle is not slow
}

TEST_CASE("a refusal reaches whoever goes on sending, and is the last of its connection") {
  const auto listener = Serve(Echo());
  CHECK(ReadReply(RawHttp(listener->port(), "GET /" + std::string(100'000, 'x') + " HTTP/1.1\r\n\r\n"))
            .status == 414);
  CHECK(HttpPost(listener->port(), "/p", std::string(1'000, 'b')).body ==
        "POST /p " + std::string(1'000, 'b'));
  const auto refused =
      ReadReply(RawHttp(listener->port(), "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" +
                                              std::string(500'000, 'c') + Get("/more")));
  CHECK(refused.status == 400);
  CHECK_THAT(refused.head, Contains("Connection: close"));
  CHECK_THAT(refused.body, !Contains("more"));
  const Socket waits(listener->port());
  Say(waits, "POST /p HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(Hear(waits, "\r\n\r\n") == "HTTP/1.1 100 Continue\r\n\r\n");
  Say(waits, "ok");
  CHECK_THAT(Hear(waits, "POST /p ok"), Contains("200 OK"));
}

TEST_CASE("a refusal is told in the words of whoever serves, and in a line where these throw") {
  HttpBounds bounds = Short();
  bounds.refuse = [](const net::HttpRefusal& refusal) {
    if (refusal.request.path == "/throws") throw std::runtime_error("no words");
    net::HttpResponse told = Say("no: " + refusal.request.path + ", " + refusal.why, refusal.status);
    told.headers.emplace_back("Content-Language", "xx");
    return told;
  };
  const auto listener = Serve(Echo(), bounds);
  const auto told = ReadReply(RawHttp(listener->port(), "GET /a HTTP/1.1\r\nbad\r\n\r\n"));
  CHECK(told.status == 400);
  CHECK(told.body == "no: /a, a header is not NAME: VALUE");
  CHECK_THAT(told.head, Contains("Content-Language: xx\r\n") && Contains("Connection: close\r\n"));
  const auto plain = ReadReply(RawHttp(listener->port(), "GET /throws HTTP/1.1\r\nbad\r\n\r\n"));
  CHECK(plain.status == 400);
  CHECK(plain.body == "a header is not NAME: VALUE\n");
}

TEST_CASE("a header that would be two is left out") {
  const auto listener = Serve([](HttpRequest, HttpExchange exchange) {
    net::HttpResponse response = Say("body");
    response.headers.emplace_back("Location", "/a\r\nSet-Cookie: b");
    exchange.Send(std::move(response));
  });
  const auto reply = HttpGet(listener->port(), "/");
  CHECK(reply.status == 200);
  CHECK_THAT(reply.head, !Contains("Set-Cookie"));
  CHECK_THAT(reply.head, Contains("Date: "));
}

TEST_CASE("a stop ends idle connections at once, and lets an answer be taken that is on its way") {
  std::promise<void> go_on;
  std::thread work;
  auto listener = Serve([&](HttpRequest, HttpExchange exchange) {
    work = std::thread([&, exchange] {
      go_on.get_future().wait();
      exchange.Send(Say("in time"));
    });
  });
  const Socket idle(listener->port()), asks(listener->port());
  Say(asks, Get("/"));
  std::this_thread::sleep_for(milliseconds(200));
  const auto began = std::chrono::steady_clock::now();
  auto ended = std::async(std::launch::async, [&] { listener.reset(); });
  CHECK(IsClosed(idle));
  std::this_thread::sleep_for(milliseconds(200));
  go_on.set_value();
  CHECK_THAT(Hear(asks), Contains("in time"));
  ended.wait();
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5));
  work.join();
}

TEST_CASE("an address that cannot be had is told in words") {
  const auto first = Serve(Echo());
  for (const std::string& address :
       {"127.0.0.1:" + std::to_string(first->port()), std::string("203.0.113.7:0"),
        std::string("unix:/tmp/none"), std::string("nonsense")}) {
    const auto second = HttpListener::Bind(address, HttpBounds());
    REQUIRE_FALSE(second.ok());
    CHECK(second.status().code() == absl::StatusCode::kUnavailable);
    CHECK_THAT(std::string(second.status().message()), Contains("cannot listen on " + address + " for HTTP"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
