// Pages, data and feeds in gzip: for whom, with which headers, and that all of it is made once.
#include "server/packed_page.h"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "tests/server/http_desk.h"
#include "tests/support/gunzip.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

constexpr char kTakes[] = "Accept-Encoding: br, gzip\r\n", kVary[] = "Vary: Accept-Encoding\r\n",
               kPacked[] = "Content-Encoding: gzip\r\n";

// Long pages and files, of the type that the path says, and one that is short.
StatusOr<pages::Page> Long(const query::View&, const pages::PageRequest& request) {
  const std::string& path = request.path;
  pages::Page page;
  page.is_html = path.ends_with('/');
  page.content_type = "text/plain; charset=utf-8";
  if (page.is_html) page.content_type = "text/html; charset=utf-8";
  for (const auto& [ending, type] : {std::pair<const char*, const char*>{".csv", "text/csv; charset=utf-8"},
                                     {".json", "application/json"},
                                     {".svg", "image/svg+xml"},
                                     {".js", "text/javascript; charset=utf-8"}})
    if (path.ends_with(ending)) page.content_type = type;
  if (path.rfind("/zh/", 0) == 0) page.language = "zh";
  if (path.rfind("/@", 0) == 0) page.pinned = true;
  if (path == "/gone/") page.status = 404;
  while (page.body.size() < (path == "/short/" ? 100 : 5'000)) page.body += "<p>donor to village</p>\n";
  return page;
}

TEST_CASE("who takes gzip gets it, with a tag of its own, and everybody else the page as it is") {
  const HttpDesk desk({}, 1, {}, Long);
  for (const char* path :
       {"/", "/zh/", "/@1/", "/parties.csv", "/parties.json", "/idle.svg", "/web/check.js"}) {
    INFO(path);
    const RawReply plain = desk.Get(path), packed = desk.Get(path, kTakes);
    CHECK(plain.status == 200);
    CHECK(packed.status == 200);
    CHECK_THAT(packed.head, Contains(kPacked) && Contains(kVary));
    CHECK_THAT(plain.head, !Contains(kPacked) && Contains(kVary));
    CHECK(packed.body.size() < plain.body.size() / 4);
    CHECK(Gunzipped(packed.body) == plain.body);
    CHECK(HeaderIn(packed, "Content-Type") == HeaderIn(plain, "Content-Type"));
    CHECK(HeaderIn(packed, "Content-Length") == std::to_string(packed.body.size()));
    const std::string tag = HeaderIn(plain, "ETag"), other = HeaderIn(packed, "ETag");
    CHECK(other == tag.substr(0, tag.size() - 1) + "-gzip\"");
    const RawReply head = desk.Get(path, kTakes, "HEAD");
    for (const char* name : {"Content-Encoding", "Content-Length", "ETag", "Vary"})
      CHECK(HeaderIn(head, name) == HeaderIn(packed, name));
    CHECK(head.body.empty());
    // What a client has is what it was sent, or what it was sent for somebody else.
    const auto same = [&](const std::string& tags, const std::string& takes) {
      return desk.Get(path, "If-None-Match: " + tags + "\r\n" + takes);
    };
    for (const std::string& tags : {other, tag + ", " + other, "W/" + other}) {
      const RawReply unchanged = same(tags, kTakes);
      CHECK(unchanged.status == 304);
      CHECK(unchanged.body.empty());
      CHECK(HeaderIn(unchanged, "ETag") == other);
      CHECK_THAT(unchanged.head, Contains(kVary) && !Contains(kPacked));
    }
    CHECK(same(tag, "").status == 304);
    CHECK(HeaderIn(same(tag + ", " + other, ""), "ETag") == tag);
    CHECK(HeaderIn(same(tag, kTakes), "ETag") == tag);  // the page as it is will do
    CHECK(same(other, "").status == 200);               // gzip will not
    CHECK(HeaderIn(same("*", kTakes), "ETag") == other);
    CHECK(same("*", kTakes).status == 304);
  }
  CHECK_THAT(desk.Get("/", "Accept-Encoding: gzip;q=0, *\r\n").head, !Contains(kPacked));
}

TEST_CASE("what is short, not there, a proof or a tile is sent as it is") {
  const HttpDesk desk({}, 1, {}, Long);
  const struct {
    const char* path;
    bool varies;
  } kCases[] = {{"/short/", true},      {"/gone/", true},           {"/record/0.tlog-proof", true},
                {"/checkpoint", false}, {"/tile/0/000.p/2", false}, {"/tile/entries/000.p/2", false}};
  for (const auto& one : kCases) {
    INFO(one.path);
    const RawReply plain = desk.Get(one.path), asked = desk.Get(one.path, kTakes);
    CHECK(asked.body == plain.body);
    CHECK_THAT(asked.head, !Contains(kPacked));
    CHECK((asked.head.find(kVary) != std::string::npos) == one.varies);
    CHECK(HeaderIn(asked, "ETag") == HeaderIn(plain, "ETag"));
  }
}

TEST_CASE("a feed comes in gzip, and a part of it never does") {
  const HttpDesk desk({}, 1, {}, Long);
  std::vector<v1::Action> notices = {Place("gz"), Party("county", "root")};
  for (int i = 0; i < 20; ++i) notices.push_back(Notice("n" + std::to_string(i), "county", "gz"));
  Need(desk.ledger->AppendOne(SignedBytes(Entry("root", 100, notices), {1}), log::SystemClock()).status());
  for (const char* path : {"/feed/atom.xml", "/feed/atom/0.xml", "/feed/atom.xml?kind=notice"}) {
    INFO(path);
    const RawReply plain = desk.Get(path), packed = desk.Get(path, kTakes);
    CHECK(plain.body.size() > 1'024);
    CHECK_THAT(packed.head, Contains(kPacked) && Contains(kVary) && !Contains("Accept-Ranges"));
    CHECK(Gunzipped(packed.body) == plain.body);
    CHECK_THAT(plain.head, Contains(kVary) && Contains("Accept-Ranges: bytes\r\n"));
    const RawReply part = desk.Get(path, std::string(kTakes) + "Range: bytes=2-9\r\n");
    CHECK(part.status == 206);
    CHECK(part.body == plain.body.substr(2, 8));
    CHECK_THAT(part.head, !Contains(kPacked));
  }
}

TEST_CASE("a page is packed once, and what is kept counts as it is and in gzip") {
  const HttpDesk desk({}, 1, {}, Long);
  const std::size_t both = desk.Get("/").body.size() + desk.Get("/", kTakes).body.size();
  auto counts = desk.http->page_counts();
  CHECK(counts.misses == 1);
  CHECK(counts.hits == 1);
  CHECK(counts.answers == 1);
  CHECK(counts.bytes > both);
  CHECK(counts.bytes < both + 1'024);
  // Of files, what follows from the program alone is kept for good, and a proof is not.
  for (int i = 0; i < 2; ++i) CHECK_THAT(desk.Get("/web/check.js", kTakes).head, Contains(kPacked));
  CHECK(desk.Get("/record/0.tlog-proof").status == 200);
  desk.AppendPayment(2);
  CHECK_THAT(desk.Get("/web/check.js", kTakes).head, Contains(kPacked) && Contains("ETag: \"3-"));
  counts = desk.http->page_counts();
  CHECK(counts.answers == 1);
  CHECK(counts.hits == 3);
}

}  // namespace
}  // namespace fundtrail::testing
