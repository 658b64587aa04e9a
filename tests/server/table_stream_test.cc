// Long tables over HTTP: in pieces, whole, and with the headers of the file.
#include "server/table_stream.h"

#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/pages/site.h"
#include "tests/server/http_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr int kManyOfEntry = 800;

struct LongDesk : HttpDesk {
  explicit LongDesk(const server::Limits& limits = {})
      : HttpDesk(limits, 1, {}, [](const query::View& view, const pages::PageRequest& request) {
          return pages::AnswerPage(view, request);
        }) {
    // No record is longer than 64 KiB.
    for (std::uint64_t entry = 0; entry < 3; ++entry) {
      std::vector<v1::Action> many;
      for (int i = 0; i < kManyOfEntry; ++i) many.push_back(Pay("donor", "ministry", 100 + i));
      Need(ledger->AppendOne(SignedBytes(Entry("root", 9 + entry, many), {1}), log::SystemClock()).status());
    }
  }
  std::string Whole(const std::string& path) const {
    pages::PageRequest request;
    request.path = path;
    return Need(pages::AnswerPage(ledger->store(), request)).body;
  }
};

// Without its chunks; nothing when it was cut off.
std::string Body(const RawReply& reply) {
  std::string body;
  for (std::size_t at = 0; at < reply.body.size();) {
    const std::size_t size = std::stoul(reply.body.substr(at, 16), nullptr, 16);
    at = reply.body.find("\r\n", at) + 2;
    if (size == 0) return body;
    body += reply.body.substr(at, size);
    at += size + 2;
  }
  return "";
}

std::string TagOf(const RawReply& reply) {
  const auto at = reply.head.find("ETag: ");
  return at == std::string::npos ? "" : reply.head.substr(at + 6, reply.head.find('\r', at) - at - 6);
}

TEST_CASE("a long table comes whole in chunks, with the headers of a file") {
  const LongDesk desk;
  for (const char* path :
       {"/payments.csv", "/zh/payments.csv", "/payments/2026.csv", "/party/ministry/statement.csv"}) {
    INFO(path);
    const RawReply reply = desk.Get(path, "Accept-Encoding: gzip\r\n");
    CHECK(reply.status == 200);
    CHECK_THAT(reply.head, Contains("Transfer-Encoding: chunked\r\n") &&
                               Contains("Content-Type: text/csv; charset=utf-8\r\n") &&
                               Contains("Vary: Accept-Encoding\r\n") &&
                               Contains("Access-Control-Allow-Origin: *") && !Contains("Content-Encoding"));
    const std::string body = Body(reply);
    CHECK(body == desk.Whole(path));
    CHECK_FALSE(Has(body, "after="));
    CHECK(desk.Get(path, "If-None-Match: " + TagOf(reply) + "\r\n").status == 304);
    const RawReply head = desk.Get(path, "", "HEAD");
    CHECK(head.status == 200);
    CHECK(head.body.empty());
    CHECK(TagOf(head) == TagOf(reply));
  }
  // A short one is one answer.
  const RawReply part = desk.Get("/payments.csv?since=2030-01-01");
  CHECK_THAT(part.head, Contains("Content-Length: "));
  CHECK(desk.Get("/payments.csv?kind=gift").status == 400);
}

TEST_CASE("a long table that has no place among long answers is refused in words, and no file begins") {
  server::Limits limits;
  limits.page_streams = limits.page_streams_per_address = 0;
  const LongDesk desk(limits);
  for (const char* path : {"/payments.csv", "/party/ministry/statement.csv"}) {
    INFO(path);
    const RawReply reply = desk.Get(path);
    CHECK(reply.status == 429);
    CHECK_THAT(reply.head, Contains("Retry-After: 1\r\n") && Contains("Content-Length: ") &&
                               Contains("Cache-Control: no-store\r\n") && !Contains("chunked") &&
                               !Contains("ETag: ") && !Contains("text/csv"));
    CHECK(reply.body == "too many long answers are on their way: ask again when one is read\n");
  }
}

}  // namespace
}  // namespace fundtrail::testing
