// Requests of HTTP/1.1, however they are cut; and what is refused, each with its status.
#include "ledger/net/http_reader.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using net::HttpReader;
using net::HttpRequest;
using State = HttpReader::State;

net::HttpReadBounds Bounds() {
  net::HttpReadBounds bounds;
  bounds.line_bytes = 100;
  bounds.header_bytes = 200;
  bounds.headers = 5;
  bounds.body_bytes = [](const HttpRequest& head) -> std::size_t { return head.method == "POST" ? 20 : 0; };
  return bounds;
}

// What comes of bytes that come `part` at a time: "GET /a?b [body]" of each request, or the status of a refusal.
std::vector<std::string> Read(std::string bytes, std::size_t part = 1'000'000) {
  const net::HttpReadBounds bounds = Bounds();
  HttpReader reader(&bounds);
  std::vector<std::string> heard;
  while (!bytes.empty()) {
    const std::string now = bytes.substr(0, part);
    const std::size_t used = reader.Take(now);
    REQUIRE(used <= now.size());
    bytes.erase(0, used);
    if (reader.state() == State::kRefused) {
      CHECK_FALSE(reader.why().empty());
      heard.push_back(std::to_string(reader.refusal()));
      break;
    }
    if (reader.state() != State::kWhole) {
      REQUIRE(used == now.size());
      continue;
    }
    const HttpRequest request = reader.TakeRequest();
    heard.push_back(request.method + " " + request.path + (request.query.empty() ? "" : "?" + request.query) +
                    (request.body.empty() ? "" : " [" + request.body + "]") +
                    (request.body_is_too_long ? " too long" : "") + (request.keeps_alive ? "" : " last"));
  }
  return heard;
}

HttpRequest One(const std::string& bytes) {
  const net::HttpReadBounds bounds = Bounds();
  HttpReader reader(&bounds);
  REQUIRE(reader.Take(bytes) == bytes.size());
  REQUIRE(reader.state() == State::kWhole);
  return reader.TakeRequest();
}

using Heard = std::vector<std::string>;

TEST_CASE(
    "requests are the same however their bytes are cut, and those sent ahead are read one after the other") {
  const std::string host = "Host: x\r\n";
  const std::string bytes = "\r\nGET /a%20b/%C3%A9?q=%20+1 HTTP/1.1\r\n" + host + "\r\n" +
                            "POST /p HTTP/1.1\r\n" + host + "Content-Length: 5\r\n\r\nhello" +
                            "HEAD http://ledger.example:80/h?x HTTP/1.1\r\n" + host + "\r\n" +
                            "OPTIONS * HTTP/1.1\r\n" + host + "\r\n" + "GET / HTTP/1.1\r\n" + host +
                            "Connection: keep-alive, CLOSE\r\n\r\n";
  const Heard expected = {"GET /a b/\xC3\xA9?q=%20+1", "POST /p [hello]", "HEAD /h?x", "OPTIONS *",
                          "GET / last"};
  for (const std::size_t part :
       {std::size_t{1}, std::size_t{2}, std::size_t{7}, std::size_t{64}, bytes.size()}) {
    INFO(part);
    CHECK(Read(bytes, part) == expected);
  }
}

TEST_CASE("names of headers are small, values stand without spaces, and each header is kept") {
  const HttpRequest request =
      One("GET / HTTP/1.1\r\nHost: x\r\nRange:  bytes=0-1 \t\r\nRANGE: b\r\nEmpty:\r\n\r\n");
  CHECK(request.Count("range") == 2);
  CHECK(request.Header("range") == "bytes=0-1");
  CHECK(request.Count("empty") == 1);
  CHECK(request.Header("empty").empty());
  CHECK(request.Count("none") == 0);
  CHECK(request.Header("none").empty());
  CHECK(One("GET /%00x HTTP/1.1\r\nHost: x\r\n\r\n").path == std::string("/\0x", 3));
  CHECK(Read("GET / HTTP/1.0\r\n\r\n") == Heard{"GET / last"});  // without a Host, and never again
}

TEST_CASE("what is no request, or could be read as two, is refused with its status") {
  struct Case {
    std::string bytes, status;
  };
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\n", post = "POST / HTTP/1.1\r\nHost: x\r\n";
  const std::vector<Case> cases = {
      {"\r\n\r\n\r\n", "400"},
      {"GET\r\n", "400"},
      {"GET /\r\n", "400"},
      {"GET  HTTP/1.1\r\n", "400"},
      {"G(T / HTTP/1.1\r\n", "400"},
      {std::string(33, 'G') + " / HTTP/1.1\r\n", "400"},
      {"GET / HTTP/1.1\n", "400"},
      {"GET /\r HTTP/1.1\r\n", "400"},
      {"GET / FTP/1.1\r\n", "400"},
      {"GET / HTTP/2.0\r\n", "505"},
      {"PRI * HTTP/2.0\r\n", "505"},
      {"GET * HTTP/1.1\r\n", "400"},
      {"GET a HTTP/1.1\r\n", "400"},
      {"GET /a#b HTTP/1.1\r\n", "400"},
      {"GET /%4 HTTP/1.1\r\n", "400"},
      {"GET /%zz HTTP/1.1\r\n", "400"},
      {"CONNECT host:1 HTTP/1.1\r\n", "400"},
      {"GET http://only.a.host HTTP/1.1\r\n", "400"},
      {"GET /" + std::string(100, 'x') + " HTTP/1.1\r\n", "414"},
      {std::string(103, 'x'), "414"},
      {"GET / HTTP/1.1\r\n\r\n", "400"},  // no Host
      {get + "Host: y\r\n\r\n", "400"},   // two
      {get + "Name : v\r\n\r\n", "400"},
      {get + " folded: v\r\n\r\n", "400"},
      {get + "no colon\r\n\r\n", "400"},
      {get + ": v\r\n\r\n", "400"},
      {get + "A: b\x01\r\n\r\n", "400"},
      {get + "A: b\rc\r\n\r\n", "400"},
      {get + "A: b\n\r\n", "400"},
      {get + "A: " + std::string(200, 'x') + "\r\n\r\n", "431"},
      {get + "A: " + std::string(90, 'x') + "\r\nB: " + std::string(110, 'x') + "\r\n\r\n", "431"},
      {get + std::string(300, 'x'), "431"},  // and has no end
      {get + "A: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\nE: 5\r\n\r\n", "431"},
      {post + "Content-Length: \r\n\r\n", "400"},
      {post + "Content-Length: -1\r\n\r\n", "400"},
      {post + "Content-Length: +1\r\n\r\n", "400"},
      {post + "Content-Length: 1,1\r\n\r\n", "400"},
      {post + "Content-Length: 0x1\r\n\r\n", "400"},
      {post + "Content-Length: 9999999999999999999\r\n\r\n", "400"},
      {post + "Content-Length: 1\r\nContent-Length: 1\r\n\r\n", "400"},
      {post + "Transfer-Encoding: gzip, chunked\r\n\r\n", "501"},
      {post + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", "501"},
      {post + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", "400"},
      {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400"},
      {post + "Expect: a-wonder\r\n\r\n", "417"},
  };
  for (const Case& c : cases) {
    INFO(c.bytes);
    for (const std::size_t part : {std::size_t{1}, std::size_t{1'000}})
      CHECK(Read(c.bytes, part) == Heard{c.status});
  }
}

TEST_CASE("of what is refused as much is known as was read: the path, and the headers before the fault") {
  const struct {
    std::string bytes, path, language;
  } kCases[] = {
      {"GET /zh/find/?q=" + std::string(100, 'x') + " HTTP/1.1\r\n", "/zh/find/", ""},
      {"GET /%7ah/ " + std::string(100, 'x') + "\r\n", "/zh/", ""},
      {"GET http://x/zh/?q=" + std::string(100, 'x'), "/zh/", ""},
      {"GET /" + std::string(100, 'x'), "", ""},
      {"GET /%zz/?" + std::string(100, 'x'), "", ""},
      {"GET zh/?" + std::string(100, 'x'), "", ""},
      {"/zh/?" + std::string(100, 'x'), "", ""},
      {std::string(103, 'x'), "", ""},
      {"GET /zh/ HTTP/1.1\r\nAccept-Language: zh\r\nno colon\r\n", "/zh/", "zh"},
      {"GET /a HTTP/1.1\r\nAccept-Language: zh\r\nA: " + std::string(200, 'x'), "/a", "zh"},
      {"GET /a HTTP/1.1\r\nA: " + std::string(200, 'x') + "\r\nAccept-Language: zh\r\n", "/a", ""},
      {"GET /zh/ HTTP/3\r\n", "", ""},
  };
  for (const auto& one : kCases) {
    INFO(one.bytes);
    for (const std::size_t part : {std::size_t{1}, std::size_t{1'000}}) {
      const net::HttpReadBounds bounds = Bounds();
      HttpReader reader(&bounds);
      for (std::size_t at = 0; at < one.bytes.size() && reader.state() == State::kHead; at += part)
        reader.Take(one.bytes.substr(at, part));
      REQUIRE(reader.state() == State::kRefused);
      const HttpRequest came = reader.TakeWhatCame();
      CHECK(came.path == one.path);
      CHECK(came.Header("accept-language") == one.language);
    }
  }
}

TEST_CASE("what is as long as it may be is taken, and one byte more is not") {
  const std::string around = "GET / HTTP/1.1";  // its line has so many bytes beside the rest of the path
  const std::string longest =
      "GET /" + std::string(100 - around.size(), 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n";
  CHECK(Read(longest).size() == 1);
  CHECK(Read("GET /x" + longest.substr(5)) == Heard{"414"});
  // "Host: x" and "A: " are ten of the two hundred.
  const std::string get = "GET / HTTP/1.1\r\nHost: x\r\nA: ";
  CHECK(Read(get + std::string(190, 'x') + "\r\n\r\n") == Heard{"GET /"});
  CHECK(Read(get + std::string(191, 'x') + "\r\n\r\n") == Heard{"431"});
  CHECK(Read("GET / HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 2\r\nC: 3\r\nD: 4\r\n\r\n") == Heard{"GET /"});
}

TEST_CASE("a body in chunks is the same however it is cut, and its extensions and trailers say nothing") {
  const std::string head = "POST /p HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: Chunked\r\n\r\n";
  const std::string bytes =
      head + "5\r\nhello\r\n00000A;name=\"v\" ; x\r\n, a\r\nlist.\r\n1 ;e\r\n!\r\n0\r\n\r\n" + head +
      "0\r\nTrailer: t\r\nHost: y\r\n\r\n" + "GET /next HTTP/1.1\r\nHost: x\r\n\r\n";
  const Heard expected = {"POST /p [hello, a\r\nlist.!]", "POST /p", "GET /next"};
  for (const std::size_t part : {std::size_t{1}, std::size_t{2}, std::size_t{7}, bytes.size()}) {
    INFO(part);
    CHECK(Read(bytes, part) == expected);
  }
  // Twenty bytes are the most, in however many chunks; and a method without a body has none in chunks either.
  std::string twenty = head;
  for (int i = 0; i < 20; ++i) twenty += "1\r\nb\r\n";
  for (const std::size_t part : {std::size_t{1}, std::size_t{1'000}}) {
    CHECK(Read(twenty + "0\r\n\r\n", part) == Heard{"POST /p [" + std::string(20, 'b') + "]"});
    CHECK(Read(twenty + "1\r\n", part) == Heard{"POST /p too long last"});
    CHECK(Read(head + "15\r\n", part) == Heard{"POST /p too long last"});
    CHECK(Read(head + "ffffffff\r\n", part) == Heard{"POST /p too long last"});
    CHECK(Read("GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n", part) ==
          Heard{"GET / too long last"});
  }
}

TEST_CASE("chunks that could be read in two ways are refused") {
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  struct Case {
    std::string body, status;
  };
  const std::vector<Case> cases = {
      {"\r\n", "400"},
      {"5\n", "400"},
      {"5 \r\n", "400"},
      {" 5\r\n", "400"},
      {"5 x\r\n", "400"},
      {"0x5\r\n", "400"},
      {"+5\r\n", "400"},
      {"-1\r\n", "400"},
      {"5,5\r\n", "400"},
      {"000000001\r\n", "400"},
      {"5;a\x01\r\n", "400"},
      {"5;a\rb\r\n", "400"},
      {"5;" + std::string(63, 'a') + "\r\n", "400"},
      {std::string(67, ';'), "400"},  // and has no end
      {"5\r\nhelloo\r\n", "400"},
      {"5\r\nhell\r\n0\r\n", "400"},
      {"5\r\nhello\n", "400"},
      {"5\r\nhello0\r\n", "400"},
      {"0\r\nno colon\r\n", "400"},
      {"0\r\n folded: v\r\n", "400"},
      {"0\r\nA: b\n", "400"},
      {"0\r\nA: " + std::string(200, 'x'), "431"},
  };
  for (const Case& c : cases) {
    INFO(c.body);
    for (const std::size_t part : {std::size_t{1}, std::size_t{1'000}})
      CHECK(Read(head + c.body, part) == Heard{c.status});
  }
}

TEST_CASE("a body that is too long is not read, and nothing after it is a request") {
  const std::string head = "Host: x\r\nContent-Length: ";
  CHECK(Read("POST / HTTP/1.1\r\n" + head + "20\r\n\r\n" + std::string(20, 'b')) ==
        Heard{"POST / [" + std::string(20, 'b') + "]"});
  CHECK(Read("POST / HTTP/1.1\r\n" + head + "21\r\n\r\n") == Heard{"POST / too long last"});
  CHECK(Read("GET / HTTP/1.1\r\n" + head + "1\r\n\r\n") == Heard{"GET / too long last"});
  CHECK(Read("GET / HTTP/1.1\r\n" + head + "0\r\n\r\n") == Heard{"GET /"});
  CHECK(Read("POST / HTTP/1.1\r\n" + head + "999999999999999999\r\n\r\n") == Heard{"POST / too long last"});
}

TEST_CASE("a client that waits to be told to send its body is known") {
  const net::HttpReadBounds bounds = Bounds();
  HttpReader reader(&bounds);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n";
  CHECK(reader.Take(head) == head.size());
  CHECK(reader.state() == State::kBody);
  CHECK(reader.awaits_continue());
  CHECK(reader.Take("okGET") == 2);
  CHECK(reader.state() == State::kWhole);
  CHECK_FALSE(reader.awaits_continue());
  CHECK(reader.TakeRequest().body == "ok");
  CHECK(reader.Take("GET / HTTP/1.1\r\nHost: x\r\n\r\n") == 27);
  CHECK(reader.state() == State::kWhole);
}

}  // namespace
}  // namespace fundtrail::testing
