// What a page, a file and a refusal carry over HTTP, with pages of the test's own.
#include <atomic>
#include <catch2/catch.hpp>
#include <functional>
#include <future>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "ledger/pipeline/retry.h"
#include "server/build_id.h"
#include "server/page_headers.h"
#include "tests/server/http_desk.h"
#include "tests/support/notices.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// A page for each path, that says what was asked.
StatusOr<pages::Page> Shown(const query::View& view, const pages::PageRequest& request) {
  pages::Page page;
  page.content_type = "text/html; charset=utf-8";
  page.is_html = true;
  page.body = "<p>" + request.path + "|" + request.query + "|" + request.base + "|" +
              std::to_string(view.checkpoint.size());
  if (request.path.rfind("/zh/", 0) == 0) page.language = "zh";
  if (request.path.rfind("/@", 0) == 0) page.pinned = true;
  if (request.path.rfind("/embed/", 0) == 0) page.is_embed = true;
  if (request.path == "/gone/") page.status = 404;
  if (request.path == "/moved") {
    page.status = 301;
    page.location = "/moved/";
  }
  for (const auto& [ending, type] : {std::pair<const char*, const char*>{".js", "text/javascript"},
                                     {".css", "text/css"},
                                     {".json", "application/json"}}) {
    if (!request.path.ends_with(ending)) continue;
    page.is_html = false;
    page.content_type = type;
  }
  if (request.path == "/picture.svg") {
    page.is_html = false;
    page.content_type = "image/svg+xml";
  }
  if (request.path == "/zh/again/") return pipeline::AgainIn(std::chrono::milliseconds(500), "ask again");
  if (request.path.ends_with("/slow/")) return absl::DeadlineExceededError("too long");
  if (request.path == "/zh/large/") return absl::ResourceExhaustedError("too large");
  if (request.path == "/zh/damaged/") return absl::DataLossError("the store is damaged: secret");
  if (request.path == "/again") return pipeline::AgainIn(std::chrono::milliseconds(1'500), "ask again");
  if (request.path == "/large") return absl::ResourceExhaustedError("too large");
  if (request.path == "/slow") return absl::DeadlineExceededError("too long");
  if (request.path == "/damaged") return absl::DataLossError("the store is damaged: secret");
  if (request.path == "/forever") {
    while (true) FT_RETURN_IF_ERROR(view.GoOn());
  }
  return page;
}

TEST_CASE("a page comes with what a browser may do with it, and a tag that changes with the record") {
  const HttpDesk desk({}, 2, {}, Shown);
  const auto page = desk.Get("/party/donor/?since=2026&x=%20");
  CHECK(page.status == 200);
  CHECK(page.body == "<p>/party/donor/|since=2026&x=%20||3");
  for (const char* line :
       {"Content-Type: text/html; charset=utf-8", "X-Content-Type-Options: nosniff",
        "Referrer-Policy: no-referrer", "Cross-Origin-Opener-Policy: same-origin",
        "Cross-Origin-Resource-Policy: cross-origin", "Access-Control-Allow-Origin: *",
        "Cache-Control: public, max-age=5, stale-while-revalidate=60", "Content-Language: en",
        "Content-Security-Policy: default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' "
        "data:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"})
    CHECK_THAT(page.head, Contains(std::string(line) + "\r\n"));
  CHECK_THAT(page.head, !Contains("Set-Cookie"));

  const auto tag = [&](const std::string& path) {
    const std::string head = desk.Get(path).head, before = "ETag: ";
    const auto at = head.find(before);
    return at == std::string::npos
               ? ""
               : head.substr(at + before.size(), head.find('\r', at) - at - before.size());
  };
  const auto same = [&](const std::string& path, const std::string& tags, const std::string& method = "GET") {
    return desk.Get(path, "If-None-Match: " + tags + "\r\n", method);
  };
  const std::string old = tag("/");
  CHECK(old.rfind("\"3-", 0) == 0);
  CHECK(old.size() == std::string("\"3-0123456789abcdef-01234567-en\"").size());
  CHECK_THAT(old, Contains("-" + server::BuildId() + "-en\""));
  CHECK(tag("/zh/") != old);
  for (const std::string& tags : {old, "W/" + old, "\"a\", " + old + " , \"b\"", std::string("*")}) {
    INFO(tags);
    const auto unchanged = same("/", tags);
    CHECK(unchanged.status == 304);
    CHECK(unchanged.body.empty());
    CHECK_THAT(unchanged.head, Contains("ETag: " + old + "\r\n"));
    CHECK_THAT(unchanged.head, Contains("Cache-Control: public, max-age=5"));
    CHECK(same("/", tags, "HEAD").status == 304);
  }
  for (const std::string& tags : {std::string("\"a\""), old.substr(1), tag("/zh/"), std::string()})
    CHECK(same("/", tags).status == 200);
  desk.AppendPayment(3);
  CHECK(tag("/") != old);
  CHECK(same("/", old).status == 200);
}

TEST_CASE("no later record changes a page as of a record, where the key that it names is known") {
  server::HttpSettings settings;
  const bool is_known = GENERATE(true, false);
  settings.vkey = [is_known] { return is_known ? "aid.example/x+01234567+Ab+d" : ""; };
  const HttpDesk desk({}, 2, settings, Shown);
  const std::string cache =
      is_known ? "public, max-age=86400" : "public, max-age=5, stale-while-revalidate=60";
  const RawReply first = desk.Get("/@1/");
  CHECK(HeaderIn(first, "Cache-Control") == cache);
  CHECK(HeaderIn(first, "X-Robots-Tag") == "noindex");
  const std::string tag = HeaderIn(first, "ETag"), has = "If-None-Match: " + tag + "\r\n";
  CHECK((tag.rfind("\"pinned-01234567-", 0) == 0) == is_known);
  const RawReply unchanged = desk.Get("/@1/", has);
  CHECK(unchanged.status == 304);
  CHECK(HeaderIn(unchanged, "Cache-Control") == cache);
  desk.AppendPayment(3);  // which may have replaced a key that is not known here
  CHECK((HeaderIn(desk.Get("/@1/"), "ETag") == tag) == is_known);
  CHECK(desk.Get("/@1/", has).status == (is_known ? 304 : 200));
}

TEST_CASE("a page as of a record is another page once the key that it names is replaced") {
  std::atomic<bool> replaced{false};
  server::HttpSettings settings;
  settings.vkey = [&replaced] {
    return replaced ? "aid.example/x+89abcdef+AbC+" : "aid.example/x+01234567+Ab+d";
  };
  const HttpDesk desk({}, 2, settings, Shown);
  const std::string tag = "\"pinned-01234567-" + server::BuildId() + "-en\"";
  CHECK_THAT(desk.Get("/@1/").head, Contains("ETag: " + tag + "\r\n"));
  CHECK(desk.Get("/@1/", "If-None-Match: " + tag + "\r\n").status == 304);
  replaced = true;
  const auto now = desk.Get("/@1/", "If-None-Match: " + tag + "\r\n");
  CHECK(now.status == 200);
  CHECK_THAT(now.head, Contains("ETag: \"pinned-89abcdef-"));
}

TEST_CASE(
    "a page is another one after a change of what the operator set, and so are its tag and what is kept") {
  std::atomic<int> maker{1};
  server::HttpSettings settings;
  settings.maker = [&maker] { return server::PageMaker{server::BuildIdWith({std::to_string(maker)})}; };
  const HttpDesk desk({}, 2, settings, [&maker](const query::View& view, const pages::PageRequest& request) {
    StatusOr<pages::Page> page = Shown(view, request);
    if (page.ok()) page->body += std::to_string(maker);
    return page;
  });
  for (const char* path : {"/", "/@1/"}) {
    INFO(path);
    maker = 1;
    const std::string first = "If-None-Match: " + HeaderIn(desk.Get(path), "ETag") + "\r\n";
    CHECK(desk.Get(path, first).status == 304);
    CHECK(desk.Get(path).body.back() == '1');
    maker = 2;
    CHECK(desk.Get(path, first).status == 200);
    CHECK(desk.Get(path).body.back() == '2');
  }
  CHECK(server::BuildIdWith({}) == server::BuildId());
  CHECK(server::BuildIdWith({"a", "b"}).size() == 8);
  CHECK(server::BuildIdWith({"a", "b"}) != server::BuildIdWith({"ab", ""}));
}

TEST_CASE("a key that could not be read changes the tag of every page once it can be") {
  std::atomic<bool> readable{false};
  server::HttpSettings settings;
  settings.vkey = [&readable] { return readable ? "aid.example/x+01234567+Ab+d" : ""; };
  const HttpDesk desk({}, 2, settings, Shown);
  for (const char* path : {"/", "/@1/"}) {
    INFO(path);
    readable = false;
    const std::string without = HeaderIn(desk.Get(path), "ETag"), has = "If-None-Match: " + without + "\r\n";
    CHECK(desk.Get(path, has).status == 304);
    readable = true;
    CHECK(desk.Get(path, has).status == 200);
    CHECK_THAT(HeaderIn(desk.Get(path), "ETag"), Contains("-01234567-" + server::BuildId() + "-en\""));
  }
}

TEST_CASE("whether it is a copy is asked once for an answer, so that its page and its tag are of one") {
  std::atomic<int> asked{0};
  server::HttpSettings settings;
  settings.maker = [&asked] {  // another one each time, as while a writer becomes a standby
    const bool is_copy = ++asked % 2 == 0;
    return server::PageMaker{is_copy ? "copy" : "own", is_copy};
  };
  const HttpDesk desk({}, 2, settings, [](const query::View& view, const pages::PageRequest& request) {
    StatusOr<pages::Page> page = Shown(view, request);
    if (page.ok()) page->body += request.is_copy ? "copy" : "own";
    return page;
  });
  for (const char* path : {"/", "/@1/", "/", "/@1/"}) {
    for (int i = 0; i < 3; ++i) {
      const int before = asked;
      const RawReply page = desk.Get(path);
      INFO(path << " " << page.body);
      CHECK(asked == before + 1);
      CHECK_THAT(HeaderIn(page, "ETag"), Contains(page.body.ends_with("copy") ? "-copy-" : "-own-"));
    }
  }
}

TEST_CASE("embeds stand in any frame and run nothing, pictures run nothing, and data neither") {
  const HttpDesk desk({}, 1, {}, Shown);
  const auto embed = desk.Get("/embed/party/donor/").head;
  CHECK_THAT(embed, Contains("frame-ancestors *"));
  CHECK_THAT(embed, !Contains("script-src"));
  CHECK_THAT(desk.Get("/picture.svg").head,
             Contains("Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; sandbox\r\n"));
}

TEST_CASE("a script and a style have few headers, since a first view has many of them") {
  const HttpDesk desk({}, 1, {}, Shown);
  for (const char* part : {"/web/check.js", "/web/style.css"}) {
    INFO(part);
    const std::string head = desk.Get(part).head;
    for (const char* has : {"Access-Control-Allow-Origin: *\r\n", "X-Content-Type-Options: nosniff\r\n",
                            "Vary: Accept-Encoding\r\n", "Cache-Control: public", "ETag: "})
      CHECK_THAT(head, Contains(has));
    for (const char* without : {"Content-Security-Policy", "Cross-Origin", "Referrer-Policy", "Expose"})
      CHECK_THAT(head, !Contains(without));
    CHECK(head.size() < 400);
  }
  CHECK_THAT(desk.Get("/data.json").head, Contains("Content-Security-Policy: default-src 'none'") &&
                                              Contains("Cross-Origin-Resource-Policy: cross-origin"));
}

TEST_CASE("when there is no answer, a reader is told in the language of the page, and a program in a line") {
  const HttpDesk desk({}, 1, {}, Shown);
  const struct {
    const char* path;
    int status;
    const char* says;
  } kCases[] = {{"/zh/again/", 429, "请求过于频繁"},
                {"/zh/party/donor/slow/", 503, "回答用时过长"},
                {"/slow/", 503, "The answer took too long: ask for one year or one fund, or take the CSV."},
                {"/zh/large/", 503, "回答过大"},
                {"/zh/damaged/", 500, "无法读取账本"}};
  for (const auto& one : kCases) {
    INFO(one.path);
    const auto reply = desk.Get(one.path);
    CHECK(reply.status == one.status);
    CHECK_THAT(reply.head, Contains("Content-Type: text/html; charset=utf-8\r\n") &&
                               Contains("Cache-Control: no-store\r\n") &&
                               Contains("Content-Security-Policy: default-src 'none'"));
    CHECK_THAT(reply.body, Contains(one.says) && !Contains("secret"));
    const bool chinese = std::string(one.path).rfind("/zh/", 0) == 0;
    CHECK_THAT(reply.body, Contains(chinese ? "<html lang=\"zh\">" : "<html lang=\"en\">"));
    // Not a word of English stands on a page in Chinese, but in markup.
    CHECK_FALSE((chinese && reply.body.find("ask") != std::string::npos));
  }
  CHECK_THAT(desk.Get("/zh/again/").body, Contains("请在 1 秒后重试。"));
  CHECK_THAT(desk.Get("/zh/again/").head, Contains("Retry-After: 1\r\n"));
  CHECK_THAT(desk.Get("/slow/").body, Contains("Ask again in 5 seconds."));
  CHECK_THAT(desk.Get("/zh/party/donor/slow/").body,
             Contains("href=\"../../../../web/style.css\"") && Contains("href=\"../../../../zh/\""));
}

TEST_CASE("what the listener refuses is told in the language of the path, or in that of the browser") {
  const HttpDesk desk({}, 1, {}, Shown);
  const std::string much(40'000, 'x');
  const struct {
    std::string first, headers;  // of the request
    int status;
    bool is_page;
    const char* says;
  } kCases[] = {
      {"GET /zh/find/?q=" + much, "", 414, true, "网址过长"},
      {"GET /find/?q=" + much, "Accept-Language: zh\r\n", 414, true,
       "The address is longer"},  // was not read
      {"GET /" + much, "", 414, false, "the request line has more than 8192 bytes"},
      {"GET /zh/party/donor/", "A: " + much + "\r\n", 431, true, "请求头过多"},
      {"GET /party/donor/", "Accept-Language: zh-CN,zh;q=0.9,en;q=0.8\r\nA: " + much + "\r\n", 431, true,
       "请求头过多"},
      {"GET /party/donor/", "Accept-Language: en, zh\r\nA: " + much + "\r\n", 431, true, "more headers"},
      {"GET /party/donor/", "Accept-Language: en;q=0.5,ZH-Hant;q=0.6\r\nbad\r\n", 400, true,
       "您的程序发来的请求"},
      {"GET /party/donor/", "Accept-Language: zha, zh;q=0, *\r\nbad\r\n", 400, true,
       "This server cannot read"},
      {"GET /party/donor.csv", "Accept-Language: zh\r\nbad\r\n", 400, false, "您的程序发来的请求"},
      {"GET /party/donor.csv", "bad\r\n", 400, false, "a header is not NAME: VALUE"},
      {"GET /zh/", "Expect: a-wonder\r\n", 417, true, "您的程序发来的请求"},
      {"POST /", "Transfer-Encoding: gzip\r\n", 501, true, "This server cannot read"},
  };
  for (const auto& one : kCases) {
    INFO(one.first.substr(0, 40) << " " << one.headers.substr(0, 60));
    const auto reply =
        ReadReply(RawHttp(desk.http->port(), one.first + " HTTP/1.1\r\nHost: x\r\n" + one.headers + "\r\n"));
    CHECK(reply.status == one.status);
    CHECK_THAT(reply.body, Contains(one.says));
    CHECK_THAT(reply.head, Contains("Cache-Control: no-store\r\n") &&
                               Contains("X-Content-Type-Options: nosniff\r\n") &&
                               Contains("Connection: close\r\n"));
    CHECK_THAT(reply.head, Contains(one.is_page ? "Content-Type: text/html; charset=utf-8\r\n"
                                                : "Content-Type: text/plain; charset=utf-8\r\n"));
    CHECK((reply.head.find("Content-Security-Policy: ") != std::string::npos) == one.is_page);
    const bool chinese = static_cast<unsigned char>(one.says[0]) >= 0x80;
    if (one.is_page) CHECK_THAT(reply.body, Contains(chinese ? "<html lang=\"zh\">" : "<html lang=\"en\">"));
  }
}

TEST_CASE("what is not there, elsewhere or refused is told with its status, and nobody keeps it") {
  const HttpDesk desk({}, 1, {}, Shown);
  const auto gone = desk.Get("/gone/");
  CHECK(gone.status == 404);
  CHECK(gone.body.rfind("<p>/gone/", 0) == 0);  // it is a page
  CHECK_THAT(gone.head, Contains("Cache-Control: no-store\r\n"));
  CHECK_THAT(gone.head, !Contains("ETag"));
  CHECK_THAT(gone.head, Contains("Content-Security-Policy: "));
  const auto moved = desk.Get("/moved");
  CHECK(moved.status == 301);
  CHECK_THAT(moved.head, Contains("Location: /moved/\r\n"));
  const auto again = desk.Get("/again");
  CHECK(again.status == 429);
  CHECK_THAT(again.head, Contains("Retry-After: 2\r\n"));
  CHECK(again.body == "ask again\n");
  CHECK(desk.Get("/large").status == 503);
  CHECK_THAT(desk.Get("/large").head, !Contains("Retry-After"));
  CHECK(desk.Get("/slow").status == 503);
  CHECK_THAT(desk.Get("/slow").head, Contains("Retry-After: 5\r\n"));
  CHECK_THAT(desk.Get("/slow").body, Contains("ask for one year or one fund, or take the CSV"));
  CHECK(desk.Get("/damaged").status == 500);
  CHECK_THAT(desk.Get("/damaged").body, !Contains("secret"));
  for (const char* method : {"POST", "PUT", "DELETE", "BREW"}) {
    const auto reply = desk.Get("/", "", method);
    CHECK(reply.status == 405);
    CHECK_THAT(reply.head, Contains("Allow: GET, HEAD, OPTIONS\r\n"));
  }
  CHECK(desk.Get("/", "Content-Length: 1\r\n").status == 413);
  // In words for whoever reads a page, in a line for a program.
  const std::string chinese = "Content-Language: zh\r\n";
  CHECK_THAT(desk.Get("/", "", "POST").body, Contains("These pages are only to read"));
  const auto posted = desk.Get("/zh/party/donor/", "", "POST");
  CHECK_THAT(posted.head, Contains(chinese) && Contains("Allow: GET, HEAD, OPTIONS\r\n"));
  CHECK_THAT(posted.body, Contains("仅供阅读") && !Contains("only to read"));
  const auto brought =
      desk.Get("/zh/a//b/", "Content-Length: 1\r\n");  // no page's address, yet in a language
  CHECK(brought.status == 413);
  CHECK_THAT(brought.head, Contains(chinese));
  CHECK_THAT(brought.body, Contains("只需网址") && Contains("href=\"/zh/\""));
  CHECK(desk.Get("/payments.csv", "", "POST").body ==
        "here is only to read: GET, or POST to /fundtrail.v1.Ledger/METHOD\n");
  const auto preflight = desk.Get("/", "", "OPTIONS");
  CHECK(preflight.status == 204);
  CHECK_THAT(preflight.head, Contains("Access-Control-Allow-Methods: GET, HEAD, OPTIONS\r\n"));
}

TEST_CASE("the feed of a choice is a question over the query of the feed's path") {
  server::Limits limits;
  limits.admission.question_burst = 9;
  limits.admission.questions_per_second = 0.1;
  const HttpDesk desk(limits, 1, {}, Shown);
  const auto append = [&](std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(desk.ledger->AppendOne(SignedBytes(Entry("root", id, actions), {1}), log::SystemClock()).status());
  };
  append(100, {Place("gz"), Place("sc"), Party("county", "root")});
  append(101, {Notice("coats", "county", "gz"), Call("help", "county", "gz")});
  append(102, {Call("more", "county", "sc")});
  const auto titles = [&](const std::string& query) {
    const auto feed = desk.Get("/feed/atom.xml" + query);
    CHECK(feed.status == 200);
    CHECK_THAT(feed.head, Contains("Content-Type: application/atom+xml; charset=utf-8\r\n"));
    CHECK_THAT(feed.head, Contains("Cache-Control: public, max-age=5\r\n"));
    CHECK(HeaderIn(feed, "Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'");
    std::string all;
    for (const char* id : {"coats", "help", "more"})
      if (feed.body.find(std::string("Notice ") + id + " (") != std::string::npos)
        all += std::string(all.empty() ? "" : " ") + id;
    return all;
  };
  CHECK(titles("") == "coats help more");
  CHECK(titles("?") == "coats help more");
  CHECK(titles("?kind=call") == "help more");                                 // 1
  CHECK(titles("?kind=call&place=gz") == "help");                             // 2
  CHECK(titles("?kind=notice&kind=call&party=county") == "coats help more");  // 3
  CHECK(titles("?place=elsewhere").empty());                                  // 4
  CHECK_THAT(desk.Get("/feed/atom.xml?kind=call&place=sc").body,
             Contains("<subtitle>Only kind call, place sc. Of the records 0 to 4.</subtitle>"));  // 5
  const auto head = desk.Get("/feed/atom.xml?kind=call", "", "HEAD");                             // 6
  CHECK(head.status == 200);
  CHECK(head.body.empty());
  const auto unknown = desk.Get("/feed/atom.xml?page=2");  // 7
  CHECK(unknown.status == 400);
  CHECK_THAT(unknown.body, Contains("\"page\" is not one of kind, party, fund, project, place"));
  const auto kind = desk.Get("/feed/atom.xml?kind=payment");  // 8
  CHECK(kind.status == 400);
  CHECK_THAT(kind.body, Contains("\"payment\" is not one of notice, call, verdict"));
  CHECK(desk.Get("/feed/atom.xml?kind=need").status == 200);  // 9
  // Now this address has asked as often as it may. The whole feed is a file, and goes on.
  CHECK(desk.Get("/feed/atom.xml?kind=need").status == 429);
  CHECK(desk.Get("/feed/atom.xml").status == 200);
  const auto archive = desk.Get("/feed/atom/0.xml?kind=call");
  CHECK(archive.status == 200);  // a page of the archive has no choice
  CHECK(HeaderIn(archive, "Content-Security-Policy") == "default-src 'none'; frame-ancestors 'none'");
}

TEST_CASE("to HEAD all headers of GET are sent, and no body") {
  const HttpDesk desk({}, 1, {}, Shown);
  const auto lines = [](const RawReply& reply) {
    std::set<std::string> all;
    for (std::size_t at = 0; at < reply.head.size();) {
      const auto end = reply.head.find("\r\n", at);
      const std::string line = reply.head.substr(at, end - at);
      if (line.rfind("Date: ", 0) != 0) all.insert(line);
      at = end + 2;
    }
    return all;
  };
  for (const char* path : {"/", "/zh/", "/gone/", "/checkpoint", "/tile/0/000.p/1", "/tile/none", "/again"}) {
    INFO(path);
    const auto get = desk.Get(path), head = desk.Get(path, "", "HEAD");
    CHECK(lines(head) == lines(get));
    CHECK_THAT(head.head, Contains("Content-Length: " + std::to_string(get.body.size()) + "\r\n"));
    CHECK(head.body.empty());
  }
}

TEST_CASE("a page that takes too long is ended, and one address has the bound of its questions") {
  SECTION("in time") {
    const bool is_reset = GENERATE(true, false);
    INFO("reset: " << is_reset);
    server::Limits limits;
    limits.admission.questions_per_second = 1;
    HttpDesk desk(limits, 1, {}, Shown);
    // The clock of the test stands still, so the page is only ended when nobody waits any more.
    std::thread gone([&] {
      const Socket client(desk.http->port());
      const linger reset{1, 0};
      if (is_reset) setsockopt(client.number, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
      const std::string request = "GET /forever HTTP/1.1\r\nHost: x\r\n\r\n";
      (void)!send(client.number, request.data(), request.size(), MSG_NOSIGNAL);
      std::this_thread::sleep_for(std::chrono::milliseconds(200));
    });
    gone.join();
    for (int i = 0; i < 200 && desk.admission.failed() == 0; ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    CHECK(desk.admission.failed() == 1);
  }
  SECTION("in number, and files are not counted") {
    server::Limits limits;
    limits.admission.question_burst = 2;
    limits.admission.questions_per_second = 0.5;
    const HttpDesk desk(limits, 1, {}, Shown);
    CHECK(desk.Get("/").status == 200);
    CHECK(desk.Get("/").status == 200);
    const auto more = desk.Get("/");
    CHECK(more.status == 429);
    CHECK_THAT(more.head, Contains("Retry-After: 2\r\n"));
    for (int i = 0; i < 5; ++i)
      for (const char* path : {"/checkpoint", "/robots.txt", "/web/check.js", "/record/0.tlog-proof"})
        CHECK(desk.Get(path).status == 200);
    CHECK_THAT(desk.Get("/robots.txt").head, Contains("ETag: \"2-"));
    for (const char* path : {"/sitemap.xml", "/record/x.tlog-proof", "/record/0.tlog-proof/", "/web"})
      CHECK(desk.Get(path).status == 429);
  }
}

// Behind a web server, so that each reader is an address of its own: one has all threads but one at most.
server::HttpSettings BehindProxy() {
  server::HttpSettings settings;
  settings.proxy = "127.0.0.1";
  settings.vkey = [] { return "aid.example/x+01234567+Ab+d"; };
  return settings;
}
std::string Reader(int number) { return "X-Forwarded-For: 10.0.0." + std::to_string(number) + "\r\n"; }

// Waits up to ten seconds.
bool Comes(const std::function<bool()>& what) {
  for (int i = 0; i < 1'000 && !what(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return what();
}

TEST_CASE("a page that many ask for at once is worked out once, and kept until something is recorded") {
  std::atomic<int> works{0};
  std::promise<void> go_on;
  const HttpDesk desk(
      {}, 2, BehindProxy(),
      [&works, may = go_on.get_future().share()](const query::View& view, const pages::PageRequest& request) {
        ++works;
        if (request.path == "/held/") may.wait();
        return Shown(view, request);
      });
  std::vector<std::future<RawReply>> replies;
  for (int i = 1; i <= 9; ++i)
    replies.push_back(std::async(std::launch::async, [&desk, i] { return desk.Get("/held/", Reader(i)); }));
  CHECK(Comes([&] { return desk.http->page_counts().joined == 8; }));
  CHECK(works == 1);
  go_on.set_value();
  for (auto& one : replies) {
    const RawReply reply = one.get();
    CHECK(reply.status == 200);
    CHECK(reply.body == "<p>/held/|||3");
    CHECK_THAT(reply.head, Contains("ETag: \"3-"));
  }
  // Whether it has to be worked out.
  const auto costs = [&](const std::string& path, const std::string& method = "GET") {
    const int before = works;
    CHECK(desk.Get(path, Reader(1), method).status != 0);
    return works - before;
  };
  CHECK(costs("/held/") == 0);
  CHECK(costs("/held/", "HEAD") == 0);
  CHECK(costs("/held/?a=1") == 1);
  CHECK(costs("/held/?a=1") == 0);
  CHECK(costs("/zh/held/") == 1);
  CHECK(costs("/@1/held/") == 1);
  for (const char* path : {"/gone/", "/moved", "/again", "/damaged"}) {
    INFO(path);  // nobody is told the same again of what is not there, or failed
    CHECK(costs(path) == 1);
    CHECK(costs(path) == 1);
  }
  desk.AppendPayment(3);
  CHECK(costs("/held/") == 1);
  CHECK(costs("/held/") == 0);
  CHECK(costs("/zh/held/") == 1);
  CHECK(costs("/@1/held/") == 0);
  const auto kept = desk.Get("/held/", Reader(2));
  CHECK(kept.body == "<p>/held/|||4");
  CHECK_THAT(kept.head, Contains("ETag: \"4-"));
  const auto counts = desk.http->page_counts();
  CHECK(counts.answers == 3);
  CHECK(counts.misses == static_cast<std::uint64_t>(works.load()));
  CHECK(counts.joined == 8);
  CHECK(counts.hits == 6);
}

TEST_CASE("what reads no query is kept once, whatever query comes with it") {
  const HttpDesk desk({}, 1, {}, Shown);
  for (const char* path :
       {"/modules.json", "/sitemap.xml", "/findings/feed.atom", "/party/donor/feed.atom"}) {
    INFO(path);
    const auto before = desk.http->page_counts();
    for (const char* query : {"", "?1", "?2", "?fund=school"})
      CHECK(desk.Get(std::string(path) + query).status == 200);
    const auto after = desk.http->page_counts();
    CHECK(after.misses - before.misses == 1);
    CHECK(after.hits - before.hits == 3);
    CHECK(after.answers - before.answers == 1);
  }
  const auto before = desk.http->page_counts();
  for (const char* query : {"", "?since=2025", "?since=2026"}) desk.Get(std::string("/payments.csv") + query);
  CHECK(desk.http->page_counts().misses - before.misses == 3);
}

TEST_CASE("a page goes on for the others when the first who asked leaves, and ends when all have left") {
  std::atomic<bool> enough{false};
  HttpDesk desk(
      {}, 2, BehindProxy(),
      [&enough](const query::View& view, const pages::PageRequest& request) -> StatusOr<pages::Page> {
        while (!enough) FT_RETURN_IF_ERROR(view.GoOn());
        return Shown(view, request);
      });
  const std::string ask = "GET /page/ HTTP/1.1\r\nHost: x\r\n";
  auto first = std::make_unique<Socket>(desk.http->port());
  const std::string asked = ask + Reader(1) + "\r\n";
  REQUIRE(send(first->number, asked.data(), asked.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(asked.size()));
  CHECK(Comes([&] { return desk.http->page_counts().misses == 1; }));
  SECTION("one stays") {
    auto second = std::async(std::launch::async, [&desk] { return desk.Get("/page/", Reader(2)); });
    CHECK(Comes([&] { return desk.http->page_counts().joined == 1; }));
    first.reset();
    CHECK(Comes([&] { return desk.http->counts().connections == 1; }));
    enough = true;
    const RawReply reply = second.get();
    CHECK(reply.status == 200);
    CHECK(reply.body == "<p>/page/|||3");
    CHECK(desk.admission.failed() == 0);
  }
  SECTION("none stays") {
    first.reset();
    CHECK(Comes([&] { return desk.admission.failed() == 1; }));
  }
  enough = true;
}

TEST_CASE("without room for pages none is kept") {
  server::Limits limits;
  limits.page_cache_bytes = 0;
  const HttpDesk desk(limits, 1, {}, Shown);
  for (int i = 0; i < 3; ++i) CHECK(desk.Get("/").status == 200);
  CHECK(desk.http->page_counts().misses == 3);
  CHECK(desk.http->page_counts().bytes == 0);
}

TEST_CASE("behind a web server the address that it tells last is the one that counts, and its word alone") {
  server::Limits limits;
  limits.admission.question_burst = 1;
  limits.admission.questions_per_second = 0.1;
  const auto from = [](const std::string& who) { return "X-Forwarded-For: " + who + "\r\n"; };
  SECTION("from the proxy") {
    server::HttpSettings settings;
    settings.proxy = "127.0.0.1";
    settings.base = "https://ledger.example.org";
    const HttpDesk desk(limits, 1, settings, Shown);
    CHECK(desk.Get("/", from("10.0.0.1")).body == "<p>/||https://ledger.example.org|2");
    CHECK(desk.Get("/", from("10.0.0.1")).status == 429);
    CHECK(desk.Get("/", from("10.0.0.2")).status == 200);
    CHECK(desk.Get("/", from("10.0.0.9, 10.0.0.2")).status == 429);  // the first was the client's to invent
    CHECK(desk.Get("/", from("2001:db8::1")).status == 200);
    CHECK(desk.Get("/", from("[2001:db8::2]:4711")).status == 429);  // one network is one client
    CHECK(desk.Get("/", from("nonsense")).status == 200);            // the proxy's own address
    CHECK(desk.Get("/").status == 429);
  }
  SECTION("from anybody else") {
    const HttpDesk desk(limits, 1, {}, Shown);
    CHECK(desk.Get("/", from("10.0.0.1")).status == 200);
    CHECK(desk.Get("/", from("10.0.0.2")).status == 429);
  }
  SECTION("a proxy is an address") {
    server::HttpSettings settings;
    settings.listen = "127.0.0.1:0";
    settings.proxy = "a name";
    HttpDesk desk(limits, 1, {}, Shown);
    CHECK(server::HttpServer::Start(&desk.desk, settings, {}, Shown).status().code() ==
          absl::StatusCode::kInvalidArgument);
  }
}

TEST_CASE("the build is known by eight digits") {
  CHECK(server::BuildId().size() == 8);
  CHECK(server::BuildId().find_first_not_of("0123456789abcdef") == std::string::npos);
}

}  // namespace
}  // namespace fundtrail::testing
