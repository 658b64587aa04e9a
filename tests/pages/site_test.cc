// The pages: every link leads somewhere, and the sums of the answers stand in the text. Names do nothing, and what is as of a record stays.
#include "ledger/pages/site.h"

#include <catch2/catch.hpp>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/transfers.pb.h"
#include "google/protobuf/util/message_differencer.h"
#include "ledger/base/bytes.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/pages/files.h"
#include "ledger/pages/site_paths.h"
#include "ledger/pages/web_files.h"
#include "ledger/pages/words.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/proofs.h"
#include "ledger/query/trace.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "ledger/tree/note.h"
#include "ledger/tree/proof.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

int Times(const std::string& text, const std::string& part) {
  int count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size())) ++count;
  return count;
}

// Each opening has its end, and what stands between quotes has no quote: the markup is whole whatever names say.
bool IsWhole(const std::string& page, const std::string& element) {
  return Times(page, "<" + element + ">") + Times(page, "<" + element + " ") ==
         Times(page, "</" + element + ">");
}

TEST_CASE("every link of every page leads somewhere, from the first page on, in both languages") {
  const Site site;
  std::set<std::string> seen = {"/"};
  std::deque<std::string> next = {"/"};
  int pages = 0, chinese = 0, pinned = 0, embedded = 0, files = 0;
  while (!next.empty()) {
    const std::string path = next.front();
    next.pop_front();
    INFO(path);
    const pages::Page page = site.Ask(path);
    REQUIRE(page.status == 200);
    if (!page.is_html) {
      ++files;
      continue;
    }
    ++pages;
    chinese += page.language == "zh" ? 1 : 0;
    pinned += page.pinned ? 1 : 0;
    embedded += page.is_embed ? 1 : 0;
    CHECK(page.content_type == "text/html; charset=utf-8");
    CHECK(page.body.rfind("<!doctype html>\n<html lang=\"" + page.language + "\">", 0) == 0);
    CHECK(Times(page.body, "<h1>") == 1);
    CHECK(Times(page.body, "<title>") == 1);
    CHECK(Times(page.body, "<table>") == Times(page.body, "<caption>"));
    CHECK(Times(page.body, " id=\"main\"") == (page.is_embed ? 0 : 1));
    CHECK(Has(page.body, "content=\"noindex\"") == (page.pinned || page.is_embed || Has(path, "home-7")));
    for (const char* element : {"html", "head", "body", "main", "a", "p", "div", "table", "tr", "td", "th",
                                "bdi", "ul", "li", "dl"})
      CHECK(IsWhole(page.body, element));
    for (const std::string& link : LinksOf(path, page.body)) {
      INFO(link);
      CHECK(link[0] == '/');
      if (IsArchives(link) || !seen.insert(link).second) continue;
      next.push_back(link);
    }
    REQUIRE(pages < 9'000);
  }
  CHECK(pages > 200);
  CHECK(chinese > 80);
  CHECK(pinned > 80);
  CHECK(embedded > 4);
  CHECK(files > 100);
  for (const char* path :
       {"/party/donor/went/", "/zh/party/village/came/", "/payment/3.1/", "/fund/flood/", "/project/lunches/",
        "/need/rice/", "/place/gz/", "/give/", "/concerns/", "/policies/", "/evaluations/",
        "/record/3.tlog-proof", "/projects/", "/zh/funds/"}) {
    INFO(path);
    CHECK(seen.count(path) == 1);
  }
}

// Each page of the folder is there, and what it leads to as well: nothing is asked there, and no other record.
void CheckFolder(const Site& site, const std::set<std::string>& all) {
  for (const std::string& path : all) {
    INFO(path);
    const pages::Page page = site.Ask(path, &all);
    CHECK(page.status == 200);
    if (!page.is_html) continue;
    for (const std::string& link : LinksOf(path, page.body)) {
      INFO(link);
      if (!IsArchives(link)) CHECK(all.count(link) == 1);
    }
    CHECK(Times(page.body, "<form ") == 1);  // that of /find/
  }
}

TEST_CASE("a site in a folder has all that its pages lead to, and no page fails") {
  const Site site;
  const std::set<std::string> all = Need(pages::SitePaths(site.view()));
  CheckFolder(site, all);
  for (const char* path :
       {"/party/donor/went/", "/zh/party/donor/went/", "/zh/party/donor/went.svg", "/party/donor/went.csv",
        "/party/village/came/", "/payment/4.1/", "/zh/payment/4.1/", "/payments/2026/", "/payments/2026.csv",
        "/record/3.tlog-proof", "/names.js", "/web/folder.js", "/parties.json"}) {
    INFO(path);
    CHECK(all.count(path) == 1);
  }
  // What both languages share is there once, and what has no money has no page of its way.
  for (const char* path :
       {"/zh/parties.csv", "/party/hostile-3/went/", "/payment/4.1/went/", "/payment/4.1.json"}) {
    INFO(path);
    CHECK(all.count(path) == 0);
  }
  for (const std::string& path : all) CHECK_FALSE((Has(path, "@") || Has(path, "/embed/")));
  CHECK_THAT(site.Ask("/zh/party/donor/went/", &all).body,
             Contains("href=\"../../../../party/donor/went.csv\"") &&
                 Contains("src=\"../../../../zh/party/donor/went.svg\""));
  const std::string year = site.Ask("/payments/2026/", &all).body;
  CHECK_THAT(year, Contains("<h1><bdi>Payments of 2026</bdi></h1>"));
  CHECK(Times(year, "data-record=") == 3);
  CHECK_THAT(site.Ask("/payments/", &all).body, Contains("href=\"../payments/2026/\""));
  CHECK_THAT(site.Ask("/payment/4.1/", &all).body, Contains("fundtrail trace from 4.1"));
  // What is left out is said, and nothing of it by a server, which leaves nothing out.
  CHECK_THAT(site.Ask("/data/", &all).body, Contains("It leaves out what somebody must answer"));
  CHECK_THAT(site.Ask("/zh/data/", &all).body, Contains("需要有人应答的内容不在其中"));
  CHECK_FALSE(Has(site.Body("/data/"), "It leaves out"));
  // Nobody sends a header with it.
  const std::string policy =
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src &apos;none&apos;";
  CHECK_THAT(site.Ask("/zh/payment/4.1/", &all).body, Contains(policy));
  CHECK_FALSE(Has(site.Body("/payment/4.1/"), "http-equiv"));
}

TEST_CASE("of two assets each has a picture of its own in a folder, where none can be asked for") {
  Site site;
  site.Do({Asset("USD"), Asset("went")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION), odd = other;
  other.mutable_transfer()->set_asset("USD");
  odd.mutable_transfer()->set_asset("went");
  site.Do({std::move(other), std::move(odd)});
  const std::set<std::string> all = Need(pages::SitePaths(site.view()));
  for (const char* one : {"/party/donor/went", "/zh/party/ministry/came", "/party/ministry", "/zh/idle"}) {
    INFO(one);
    CHECK(all.count(std::string(one) + ".svg") == 0);
    CHECK(all.count(std::string(one) + "/USD.svg") == 1);
    CHECK(all.count(std::string(one) + "/CNY.svg") == 1);
    // A page below has that name already.
    CHECK(all.count(std::string(one) + "/went.svg") == 0);
  }
  CHECK_THAT(site.Ask("/party/donor/went/", &all).body,
             Contains("src=\"../../../party/donor/went/USD.svg\"") &&
                 Contains("src=\"../../../party/donor/went/CNY.svg\""));
  CHECK(Times(site.Ask("/zh/party/ministry/", &all).body, "<img") == 2);
  CHECK_THAT(site.Ask("/idle/", &all).body, Contains("href=\"../idle/USD.svg\""));
  // It is the picture that a server is asked for.
  for (const char* page : {"/party/donor/went", "/party/ministry", "/zh/idle"})
    CHECK(site.Body(std::string(page) + "/USD.svg") == site.Body(std::string(page) + ".svg?asset=USD"));
  CHECK(site.Ask("/party/donor/went/EUR.svg").status == 404);
  CHECK(site.Ask("/payments/USD.svg").status == 404);
  CheckFolder(site, all);
}

TEST_CASE("a folder of very many payments has them in its lists alone") {
  const Site site;
  const std::set<std::string> all = Need(pages::SitePaths(site.view(), 2));  // there are three
  for (const std::string& path : all) CHECK_FALSE((Has(path, "/payment/") || Has(path, "/record/")));
  CHECK(all.count("/payments/2026/") == 1);
  CheckFolder(site, all);
  CHECK(Need(pages::SitePaths(site.view(), 3)).count("/zh/payment/4.2/") == 1);
}

TEST_CASE("the names to look in are those of the folder, households left out, and end no script") {
  const Site site;
  const std::set<std::string> all = Need(pages::SitePaths(site.view()));
  const std::string names = site.Ask("/names.js", &all).body;
  CHECK(names.rfind("fundtrailNames([", 0) == 0);
  CHECK(names.substr(names.size() - 3) == ");\n");
  CHECK_THAT(names, Contains("[\"party\",\"village\",\"Party village\",\"\"]") &&
                        Contains("\"fund\",\"flood\"") && Contains("\"place\",\"gz\"") &&
                        Contains("منظمة الإغاثة"));
  CHECK_FALSE(Has(names, "home-7"));
  CHECK_FALSE(Has(names, "</script>"));
  CHECK(site.Ask("/names.js").status == 404);
  const std::string find = site.Ask("/zh/find/", &all).body;
  CHECK_THAT(find, Contains("data-root=\"../../zh/\"") && Contains("data-party=\"机构\"") &&
                       Contains("src=\"../../names.js\""));
}

TEST_CASE("a list of payments has years, with a server too") {
  const Site site;
  CHECK(Times(site.Body("/payments/2026/"), "data-record=") == 3);
  CHECK(Times(site.Body("/zh/payments/2026.csv"), "\n") == 4);
  CHECK_THAT(site.Body("/payments/2019/"), Contains("nothing is recorded"));
  CHECK(site.Ask("/payments/2026").location == "/payments/2026/");
  CHECK(site.Ask("/payments/2026/?since=2026-01-01").status == 400);
  CHECK_THAT(site.Body("/payments/2026/"), !Contains("since=2026-01-01"));
  CHECK(site.Ask("/payments/20260/").status == 404);
}

TEST_CASE(
    "the sums of a trace stand in the text, the ends and flows in its tables, and the answer in its JSON") {
  const Site site;
  const std::string page = site.Body("/party/donor/went/");
  CHECK_THAT(page, Contains("<b>1,000.00 CNY</b>. Of each 100: <b>85.00</b> reached recipients; <b>15.00</b> "
                            "is held on the way; "
                            "<b>0.00</b> came back to its source."));
  for (const char* amount : {"600.00", "250.00", "150.00", "850.00"}) CHECK_THAT(page, Contains(amount));
  CHECK_THAT(page, Contains("aria-label=\"reached 850.00 CNY, held 150.00 CNY\""));
  CHECK_THAT(site.Body("/zh/party/donor/went/"),
             Contains("<b>1,000.00 CNY</b>。每 100 中：<b>85.00</b> 到达受助方；"));
  const std::string csv = site.Body("/party/donor/went.csv");
  CHECK_THAT(csv, Contains("flow,Party donor,donor,Party ministry,ministry,1000.00,0.00,CNY,flood,"));
  CHECK_THAT(csv, Contains("held,,,Party ministry,ministry,150.00,"));

  v1::TraceRequest request;
  request.set_direction(v1::DIRECTION_FROM);
  request.set_party("donor");
  const v1::TraceAnswer answer = Need(query::Trace(site.view(), request));
  v1::TraceAnswer read;
  REQUIRE(model::ReadProtobufJson(site.Body("/party/donor/went.json"), &read).ok());
  CHECK(google::protobuf::util::MessageDifferencer::Equals(answer, read));

  const std::string came = site.Body("/payment/4.1/came/");
  CHECK_THAT(came, Contains("<b>600.00 CNY</b>. Of each 100: <b>100.00</b> was brought in by sources."));
}

TEST_CASE("a payment says which record it is, and its proof leads to the ledger's root") {
  const Site site;
  const std::string fields =
      "data-record=\"4\" data-line=\"1\" data-from=\"ministry\" data-to=\"village\" data-fund=\"flood\" "
      "data-asset=\"CNY\" "
      "data-amount=\"60000\" data-date=\"2026-03-01\" data-asset-record=\"0\"";
  CHECK_THAT(site.Body("/payment/4.1/"), Contains(fields));
  CHECK_THAT(site.Body("/party/village/"), Contains(fields));
  CHECK_THAT(site.Body("/payments/"), Contains("data-record=\"4\" data-line=\"2\""));
  const auto proof = Need(tree::ParseProof(site.Body("/record/4.tlog-proof")));
  CHECK(proof.index == 4);
  const auto checkpoint = Need(tree::ParseCheckpoint(Need(tree::ParseNote(proof.checkpoint)).text));
  CHECK(checkpoint.size == site.ledger->size());
  CHECK(tree::VerifyInclusion(4, checkpoint.size, tree::LeafHash(proof.extra), proof.path, checkpoint.root)
            .ok());
}

TEST_CASE("payments lead on to fewer of them, and each choice has one address") {
  const Site site;
  const std::string all = site.Body("/payments/");
  CHECK_THAT(all,
             Contains("3 payments fit.") && Contains("href=\"./?party=ministry\" rel=\"nofollow\"") &&
                 Contains("href=\"./?kind=donation\" rel=\"nofollow\">donation</a> 1") &&
                 Contains("href=\"./?since=2026-01-01&amp;until=2026-12-31\" rel=\"nofollow\">2026</a> 3"));
  const std::string one = "./?party=ministry&amp;kind=donation\"";
  CHECK_THAT(site.Body("/payments/?party=ministry"), Contains(one));
  CHECK_THAT(site.Body("/payments/?kind=donation"), Contains(one) && Contains("1 payments fit."));
  CHECK(Times(site.Body("/payments/?party=ministry&kind=donation"), "data-record=") == 1);
  CHECK_THAT(site.Body("/zh/payments/"), Contains("共 3 笔付款符合条件。"));
  CHECK_THAT(site.Body("/@3/payments/"), Contains("1 payments fit."));
  CHECK_FALSE(Has(site.Body("/payments.json"), "looked"));
}

TEST_CASE("what is found is told by the kind of party too") {
  Site site;
  v1::Action aid = Party("aid-one", "root"), maker = Party("aid-two", "root");
  aid.mutable_register_party()->set_kind(v1::RegisterParty::KIND_NGO);
  maker.mutable_register_party()->set_kind(v1::RegisterParty::KIND_COMPANY);
  site.Do({aid, maker});
  const std::string both = site.Body("/find/?q=aid");
  CHECK_THAT(both, Contains("Parties: ") && Contains("kind=ngo\" rel=\"nofollow\">NGO 1</a>") &&
                       Contains("kind=company\" rel=\"nofollow\">company 1</a>"));
  const std::string one = site.Body("/find/?q=aid&kind=ngo");
  CHECK_THAT(one, Contains("/party/aid-one/") && !Contains("/party/aid-two/"));
}

TEST_CASE("a payment says what it drew on, which payments went on with it, and what is left") {
  Site site;
  const std::string gift = site.Body("/payment/3.1/");
  CHECK_THAT(gift, Contains("<dt>Brought in</dt><dd>1,000.00 CNY</dd>") && Contains("<dt>Went on by</dt>") &&
                       Contains("4.1</a> (whole), <a href=\"../../payment/4.2/\">4.2</a> (whole)") &&
                       Contains("<dt>Not passed on</dt><dd>150.00 CNY, held</dd>"));
  CHECK_FALSE(Has(gift, "It drew on"));
  const std::string next = site.Body("/payment/4.1/");
  CHECK_THAT(next, Contains("<dt>It drew on</dt><dd><a href=\"../../payment/3.1/\">3.1</a> (600.00)</dd>") &&
                       Contains("600.00 CNY, reached"));
  const std::string then = site.Body("/@4/payment/4.1/");
  site.Do({Returning(Pay("village", "ministry", 5'000), Ref(4, 1))});
  const std::string back = std::to_string(site.ledger->size() - 1) + ".1";
  CHECK_THAT(site.Body("/payment/4.1/"), Contains("<dt>Sent back by</dt>") &&
                                             Contains(">" + back + "</a> (whole)") &&
                                             Contains("550.00 CNY, reached"));
  CHECK(site.Body("/@4/payment/4.1/") == then);
}

TEST_CASE(
    "pages say what they are about to whoever shares or lists them, and nothing of households or of then") {
  const Site site;
  const std::string start = "<script type=\"application/ld+json\">{\"@type\":\"";
  const std::string home = site.Body("/");
  CHECK_THAT(home, Contains(start + "Dataset\"") &&
                       Contains("\"version\":\"" + std::to_string(site.ledger->size()) + "\"") &&
                       Contains("\"contentUrl\":\"https://aid.example/payments.csv\"") &&
                       Contains("\"contentUrl\":\"https://aid.example/checkpoint\""));
  CHECK_THAT(home, Contains("<meta property=\"og:url\" content=\"https://aid.example/\">"));
  CHECK_THAT(site.Body("/zh/payment/4.1/"),
             Contains(start + "MonetaryGrant\"") && Contains("\"currency\":\"CNY\",\"value\":\"600.00\"") &&
                 Contains("\"url\":\"https://aid.example/zh/party/village/\""));
  const std::string hostile = site.Body("/party/hostile-0/");
  CHECK_THAT(hostile, Contains(start + "Organization\"") &&
                          Contains("\"name\":\"\\u003c/script\\u003e\\u003cimg src=x"));
  CHECK(Times(hostile, "</script>") == Times(hostile, "<script "));
  CHECK_THAT(site.Body("/party/village/"),
             Contains("<meta property=\"og:title\" content=\"Party village\">"));
  CHECK_THAT(site.Body("/party/donor/went/"), Contains("<meta property=\"og:description\" content=\"1,000.00 "
                                                       "CNY: reached 850.00 CNY, held 150.00 CNY\">"));
  // A picture of points where there is an answer in one asset, that whoever shows the link can load.
  for (const char* front : {"/", "/zh/"}) {
    const std::string at = std::string(front) + "party/donor/went.png";
    CHECK_THAT(site.Body(std::string(front) + "party/donor/went/"),
               Contains("<meta property=\"og:image\" content=\"https://aid.example" + at + "\">") &&
                   Contains("<meta property=\"og:image:alt\" content=\"1,000.00"));
    const pages::Page card = site.Ask(at);
    CHECK(card.status == 200);
    CHECK(card.content_type == "image/png");
    CHECK(card.body.rfind("\x89PNG", 0) == 0);
    CHECK_FALSE(card.is_html);
  }
  CHECK_THAT(site.Body("/party/donor/went/?fund=flood"),
             Contains("aid.example/party/donor/went.png?fund=flood"));
  for (const char* none : {"/party/donor.png", "/idle.png", "/payments.png", "/party/nobody/went.png",
                           "/party/hostile-3/went.png", "/went.png"})
    CHECK(site.Ask(none).status >= 400);
  CHECK_FALSE(Has(site.Body("/party/donor/"), "og:image"));
  CHECK_FALSE(Has(site.Body("/party/hostile-3/went/"), "og:image"));
  const std::set<std::string> folder = Need(pages::SitePaths(site.view()));
  CHECK_FALSE(Has(site.Ask("/party/donor/went/", &folder).body, "og:image"));
  for (const char* path : {"/party/home-7/", "/@4/", "/@4/payment/4.1/", "/embed/party/donor/went/"}) {
    INFO(path);
    CHECK_FALSE(Has(site.Body(path), "ld+json"));
    CHECK_FALSE(Has(site.Body(path), "og:title"));
  }
}

TEST_CASE("parties, funds, projects and places have feeds of their own, and households have none") {
  const Site site;
  for (const char* of : {"party/ministry", "fund/flood", "project/lunches", "place/gz"}) {
    INFO(of);
    const std::string feed = std::string("/") + of + "/feed.atom";
    const pages::Page page = site.Ask(feed);
    CHECK(page.status == 200);
    CHECK(page.content_type == "application/atom+xml; charset=utf-8");
    CHECK_THAT(site.Body(std::string("/") + of + "/"), Contains("href=\"../../" + feed.substr(1) + "\""));
    CHECK_THAT(site.Body(std::string("/zh/") + of + "/"), Contains("href=\"../../../zh" + feed + "\"") &&
                                                              Contains("href=\"../../../zh/feed.atom\"") &&
                                                              !Contains("atom.xml"));
    const pages::Page chinese = site.Ask("/zh" + feed);
    CHECK(chinese.status == 200);
    CHECK(chinese.language == "zh");
    CHECK_THAT(chinese.body, Contains("<link rel=\"self\" type=\"application/atom+xml\" href=\"../../../zh" +
                                      feed + "\"/>") &&
                                 Contains("href=\"../../../zh/feed.atom\"/>"));
  }
  CHECK_THAT(site.Body("/place/gz/feed.atom"), Contains("help"));
  // Of the whole ledger: in English the archive has it.
  CHECK_THAT(site.Body("/zh/feed.atom"),
             Contains("help") && Contains("<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"zh\">"));
  CHECK(site.Ask("/feed.atom").status == 404);
  for (const char* none : {"/party/home-7/feed.atom", "/party/nobody/feed.atom", "/need/rice/feed.atom",
                           "/zh/party/home-7/feed.atom", "/zh/zh/feed.atom", "/zh/@1/feed.atom"})
    CHECK(site.Ask(none).status == 404);
  CHECK_FALSE(Has(site.Body("/party/home-7/"), "home-7/feed.atom"));
}

TEST_CASE("a programme has its projects, their budgets and their money") {
  Site site;
  site.Do({Programme("schools", "county")});
  site.Do({InProgramme("schools", Project("roofs", "county"))});
  const std::string page = site.Body("/programme/schools/");
  CHECK_THAT(page, Contains("/project/roofs/") && !Contains("/project/lunches/"));
  CHECK_THAT(site.Body("/programmes/"), Contains("/programme/schools/"));
  CHECK_THAT(site.Body("/programme/schools.csv"), Contains("\nProject roofs,roofs,"));
  CHECK_THAT(site.Body("/programme/schools.json"), Contains("\"programme\": \"schools\""));
  CHECK_THAT(site.Body("/project/roofs/"), Contains("<dt>Programme</dt>"));
  CHECK_THAT(site.Body("/zh/"), Contains("/programmes/"));
  CHECK(site.Ask("/programme/none/").status == 404);
}

TEST_CASE("money that a body paid out without being recorded to have got it is said") {
  Site site;
  CHECK_FALSE(Has(site.Body("/idle/"), "Money not in this file"));
  v1::Action origin = Party("unrecorded", "root", v1::ROLE_SOURCE);
  site.Do({std::move(origin)});
  site.Do({Pay("unrecorded", "county", 30'000, v1::TRANSFER_KIND_DONATION)});
  CHECK_THAT(site.Body("/idle/"), Contains("<h2>Money not in this file</h2>") &&
                                      Contains("<bdi translate=\"no\">Party county</bdi></a></th><td "
                                               "class=\"n\">300.00</td>"));
  CHECK_THAT(site.Body("/"), Contains("300.00 CNY was paid out by bodies that are not recorded"));
  CHECK_THAT(site.Body("/zh/idle/"), Contains("账本中没有来源的资金"));
}

TEST_CASE("who embeds an answer is shown what to paste, as of a record") {
  const Site site;
  const std::string last = std::to_string(site.ledger->size() - 1);
  const std::string page = site.Body("/party/donor/went/");
  CHECK_THAT(
      page,
      Contains("&lt;iframe src=&quot;https://aid.example/@" + last + "/embed/party/donor/went/&quot;") &&
          Contains("&lt;img src=&quot;https://aid.example/@" + last + "/party/donor/went.svg&quot;"));
  CHECK_FALSE(Has(site.Body("/payments/"), "&lt;iframe"));
}

TEST_CASE("the JSON of a page as of a record has size and root of then") {
  Site site;
  const auto then = Need(query::TreeAfter(site.view(), site.ledger->size() - 1));
  CHECK(then.root() == site.view().checkpoint.root());
  const std::string at = "/@" + std::to_string(site.ledger->size() - 1) + "/payments.json";
  const std::string before = site.Body(at);
  site.Do({Pay("ministry", "village", 100)});
  CHECK(site.Body(at) == before);
  v1::ListAnswer read;
  REQUIRE(model::ReadProtobufJson(before, &read).ok());
  CHECK(read.as_of().size() == site.ledger->size() - 1);
  CHECK(read.as_of().root() == then.root());
  CHECK(read.as_of().note().empty());
  CHECK(query::TreeAfter(site.view(), site.ledger->size()).status().code() == absl::StatusCode::kNotFound);
}

TEST_CASE("names are text in pages, whatever they say, and do nothing in a spreadsheet") {
  const Site site;
  for (const char* path :
       {"/", "/parties/", "/parties/?sort=name", "/zh/parties/?sort=name", "/find/?q=party", "/idle/",
        "/find/?q=%22%3E%3Cscript%3E", "/party/ministry/", "/payments/", "/party/donor/went/", "/concerns/",
        "/party/hostile-0/", "/party/hostile-1/came/", "/party/hostile-2/", "/party/hostile-3/"}) {
    INFO(path);
    const std::string page = site.Body(path);
    for (const char* bad : {"<script>", "<img src=x", "<b>Where", "\" onmouseover=\"", "' autofocus"})
      CHECK_FALSE(Has(page, bad));
  }
  const std::string parties = site.Body("/parties/?sort=name");
  CHECK_THAT(parties,
             Contains("<bdi translate=\"no\">&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;</bdi>"));
  CHECK_THAT(parties, Contains("&quot; onmouseover=&quot;alert(1)"));
  CHECK_THAT(parties, Contains("&amp;lt;b&amp;gt; &amp;amp; {0} {1}"));
  CHECK_THAT(parties, Contains("<bdi translate=\"no\">منظمة الإغاثة</bdi>"));
  CHECK_THAT(site.Body("/party/hostile-8/went/"),
             Contains("&amp;lt;b&amp;gt; &amp;amp; {0} {1}: where the money went"));
  const std::string csv = site.Body("/parties.csv?sort=name");
  for (const char* guarded : {"\n'=cmd|' /C calc'!A0,", "\n'+SUM(1;2),", "\n'@SUM(1),", "\n'-2+3,"})
    CHECK_THAT(csv, Contains(guarded));
  CHECK_THAT(site.Body("/parties.csv?sort=name&raw=1"), Contains("\n=cmd|' /C calc'!A0,"));
  CHECK_THAT(site.Body("/payments.csv"), Contains("\"'=HYPERLINK(\"\"x\"\")\""));
}

TEST_CASE("few people are not told apart") {
  const Site site;
  for (const char* path : {"/needs/", "/need/rice/", "/give/", "/place/gz/"})
    CHECK_THAT(site.Body(path), Contains("&lt;5"));
  CHECK_THAT(site.Body("/needs.csv"), Contains(",<5,"));
  CHECK_THAT(site.Body("/needs/"), Contains("700.00"));
}

TEST_CASE("a page as of a record stays as it is, whatever is recorded later") {
  Site site;
  const std::string at = "/@" + std::to_string(site.ledger->size() - 1);
  std::vector<std::string> paths = {at + "/party/ministry.json", at + "/payment/4.1/went/",
                                    "/zh" + at + "/payment/4.1/came.json", at + "/embed/party/donor/went/"};
  for (const std::string& path : Need(pages::SitePaths(site.view()))) {
    if (path.back() != '/' && !path.ends_with(".csv") && !path.ends_with(".json") && !path.ends_with(".svg"))
      continue;
    if (path == "/modules.json") continue;  // of this program, and not of the ledger
    const bool chinese = path.rfind("/zh/", 0) == 0;
    paths.push_back(chinese ? "/zh" + at + path.substr(3) : at + path);
  }
  REQUIRE(paths.size() > 100);
  std::vector<std::string> before;
  for (const std::string& path : paths) before.push_back(site.Body(path));
  const std::string live = site.Body("/party/ministry/went/");
  site.Do({Pay("ministry", "village", 15'000)});
  v1::Action renamed = Party("village", "root", v1::ROLE_RECIPIENT);
  renamed.mutable_register_party()->set_name("The village, renamed");
  site.Do({Amending(std::move(renamed), 0)});
  v1::Action said;
  said.mutable_acknowledge()->mutable_transfer()->set_record(4);
  said.mutable_acknowledge()->mutable_transfer()->set_line(1);
  said.mutable_acknowledge()->set_by("village");
  said.mutable_acknowledge()->set_result(v1::Acknowledge::RESULT_RECEIVED);
  said.mutable_acknowledge()->set_channel(v1::Acknowledge::CHANNEL_SELF);
  site.Do({std::move(said)});
  for (std::size_t i = 0; i < paths.size(); ++i) {
    INFO(paths[i]);
    CHECK(site.Body(paths[i]) == before[i]);
  }
  CHECK(site.Body("/party/ministry/went/") != live);
  CHECK_THAT(site.Body("/payment/4.1/"), Contains("The village, renamed") && Contains("received, says"));
  CHECK_THAT(site.Body(at + "/party/ministry/went/"),
             Contains("rel=\"canonical\" href=\"https://aid.example/party/ministry/went/\""));
}

TEST_CASE("what is asked wrongly is a page that says so, and leads on") {
  const Site site;
  const struct {
    const char* address;
    int status;
    const char* says;
  } kCases[] = {
      {"/nothing/", 404, "no such page"},
      {"/nothing", 404, "no such page"},
      {"/party/nobody/", 404, "nobody"},
      {"/party/nobody/went/", 404, "nobody"},
      {"/party/donor/elsewhere/", 404, "no such page"},
      {"/zh/fund/none/", 404, "none"},
      {"/payment/4.3/", 404, "4.3"},
      {"/payment/4/", 404, "has no payment "},
      {"/payment/04.1/", 404, "04.1"},
      {"/payment/x/", 400, "names no record"},
      {"/payment/4.1.csv", 404, "no such page"},
      {"/@99/payments/", 404, "no record 99 yet"},
      {"/@3/payment/4.1/", 404, "has no payment "},
      {"/@07/payments/", 400, "no address"},
      {"/payments//", 400, "no address"},
      {"/payments/?bad=1", 400, "bad: this page does not take it"},
      {"/projects/?bad=1", 400, "This page takes: <code>after</code>, <code>raw</code>."},
      {"/payments/?kind=gift", 400, "no payment is of that kind"},
      {"/payments/?since=yesterday", 400, "yesterday"},
      {"/payments/?after=x", 400, "names no record"},
      {"/parties/?after=x", 400, ""},
      {"/parties/?sort=size", 400, "sort: here it may be brought-in, paid, held or name"},
      {"/parties/?fund=none", 404, "none"},
      {"/idle/?sort=name", 400, "sort: here it may be oldest"},
      {"/idle/?party=nobody", 404, "nobody"},
      {"/find/?q=x&kind=thing", 400, "thing"},
      {"/find.csv", 404, "no such page"},
      {"/parties.svg", 404, "no such page"},
      {"/party/hostile-3/went.svg", 404, "no such page"},
      {"/party/nobody/went.svg", 404, "nobody"},
      {"/party/donor/went.svg?asset=USD", 404, "party/donor/went/?asset=USD"},
      {"/embed/party/donor/went.svg", 404, "no such page"},
      {"/payments/?fund=a&fund=b", 400, "no address"},
      {"/%zz/", 400, "no address"},
      {"/embed/payments/", 404, "no such page"},
      {"/record/999.tlog-proof", 404, "no such page"},
      {"/web/none.css", 404, "no such page"},
      {"/<script>alert(1)</script>/", 404, "&lt;script&gt;"},
  };
  for (const auto& one : kCases) {
    INFO(one.address);
    const pages::Page page = site.Ask(one.address);
    CHECK(page.status == one.status);
    CHECK(page.is_html);
    CHECK_FALSE(page.pinned);
    CHECK_THAT(page.body, Contains(one.says));
    CHECK_FALSE(Has(page.body, "<script>"));
    CHECK_THAT(page.body, Contains("noindex"));
    const std::string path = std::string(one.address).substr(0, std::string(one.address).find('?'));
    for (const std::string& link : LinksOf(path, page.body))
      if (!IsArchives(link)) {
        INFO(link);
        CHECK(site.Ask(link).status == 200);
      }
  }
}

TEST_CASE("what is wrong is said in the language of the page, and never half in another") {
  const Site site;
  const struct {
    const char* address;
    int status;
    const char* says;
  } kCases[] = {
      {"/zh/nothing/", 404, "本站没有这个页面。"},
      {"/zh/party/nobody/", 404, "本账本没有编号为 <bdi translate=\"no\">nobody</bdi> 的机构。"},
      {"/zh/party/nobody/went/", 404, "的机构。"},
      {"/zh/fund/none/", 404, "的资金。"},
      {"/zh/place/none/", 404, "的地点。"},
      {"/zh/payment/9.9/", 404, "本账本没有付款"},
      {"/zh/@99/payments/", 404, "账本还没有第 99 号记录"},
      {"/zh/parties/?fund=none", 404, "不在本账本中：<code>parties/?fund=none</code>"},
      {"/zh/payments/?kind=gift", 400, "问题出在选项 <code>kind</code>。"},
      {"/zh/payments/?since=yesterday", 400, "问题出在选项 <code>since</code>。"},
      {"/zh/payments/2026/?since=2026-01-01", 400, "问题出在选项 <code>since</code>、<code>until</code>。"},
      {"/zh/parties/?sort=size", 400, "问题出在选项 <code>sort</code>。"},
      {"/zh/find/?q=x&kind=thing", 400, "问题出在选项 <code>kind</code>。"},
      {"/zh/payments/?after=x", 400,
       "本页的选项有：<code>party</code>、<code>fund</code>、<code>project</code>、"},
      {"/zh/payments/?bad=1", 400, "bad：本页没有这个选项，请从地址中去掉。</p>\n<p>本页的选项有："},
      {"/zh/check/?bad=1", 400, "bad：本页没有这个选项"},
      {"/zh/payments//", 400, "无法理解"}};
  for (const auto& one : kCases) {
    INFO(one.address);
    const pages::Page page = site.Ask(one.address);
    CHECK(page.status == one.status);
    CHECK_THAT(page.body, Contains(one.says));
    if (one.status == 400) CHECK_THAT(page.body, Contains("无法理解"));
    for (const char* english : {"ledger has", "no such", "lang=\"en\">", "here it may", "no payment"})
      CHECK_FALSE(Has(page.body.substr(page.body.find("<main")), english));
  }
}

// The words of a page in Latin letters that are ours. Its title, and what is marked as a name or as code, are left out.
std::set<std::string> LatinWords(std::string page) {
  page = page.substr(page.find("<main"));
  for (const auto& [begin, end] : std::vector<std::pair<std::string, std::string>>{{"<h1>", "</h1>"},
                                                                                   {"<bdi ", "</bdi>"},
                                                                                   {"<code>", "</code>"},
                                                                                   {"<pre>", "</pre>"},
                                                                                   {"<", ">"},
                                                                                   {"&", ";"}}) {
    for (auto at = page.find(begin); at != std::string::npos; at = page.find(begin, at))
      page.replace(at, page.find(end, at) + end.size() - at, " ");
  }
  std::set<std::string> words;
  std::string word;
  for (const char c : page + " ") {
    const bool latin = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (latin) word += c;
    if (latin) continue;
    if (word.size() > 1) words.insert(word);
    word.clear();
  }
  return words;
}

TEST_CASE("a page in Chinese has no word of ours in another language") {
  const Site site;
  // Names of forms of files, of programs' things, and of the asset.
  const std::set<std::string> known = {"CSV",   "JSON",   "SVG", "SHA", "tlog",
                                       "proof", "Cookie", "raw", "CNY", "Atom"};
  int pages = 0;
  for (const std::string& path : Need(pages::SitePaths(site.view()))) {
    if (path.rfind("/zh/", 0) != 0 || path.back() != '/') continue;
    if (path == "/zh/data/") continue;  // lists files by their names
    ++pages;
    for (const std::string& word : LatinWords(site.Body(path))) {
      INFO(path << ": " << word);
      CHECK(known.count(word) == 1);
    }
  }
  CHECK(pages > 40);
  CHECK_THAT(site.Body("/zh/need/rice/"), Contains("需求核实：属实"));
  CHECK_THAT(site.Body("/need/rice/"), Contains("verification of the need: confirmed"));
  // A page names its language and its letters: a machine without fonts for Chinese cannot be asked to draw them.
  CHECK_THAT(site.Body("/zh/"), Contains("<html lang=\"zh\">"));
  CHECK_THAT(site.Body("/web/style.css"), Contains("\"Noto Sans CJK SC\""));
}

TEST_CASE("what is counted has the form of its number") {
  const auto text = [](std::uint64_t count) {
    return pages::SayCounted(pages::Language::kEnglish, pages::Word::kMoreRows, count,
                             {pages::Text(std::to_string(count))})
        .bytes();
  };
  CHECK(text(1) == "1 more row is in the CSV.");
  CHECK(text(0) == "0 more rows are in the CSV.");
  CHECK(text(21) == "21 more rows are in the CSV.");
  CHECK(pages::SayCounted(pages::Language::kChinese, pages::Word::kMoreRows, 1, {pages::Text("1")}).bytes() ==
        "另有 1 行，见 CSV。");
}

TEST_CASE("what is not there leads to what has a similar name") {
  const Site site;
  CHECK_THAT(site.Ask("/party/villge/").body,
             Contains("Similar names") && Contains("<a href=\"../../party/village/\">"));
  CHECK_THAT(site.Ask("/village/").body, Contains("<a href=\"../party/village/\">"));
  CHECK_THAT(site.Ask("/zh/fund/flo/").body,
             Contains("相近的名称和编号") && Contains("<a href=\"../../../zh/fund/flood/\">"));
  CHECK_FALSE(Has(site.Ask("/fund/village/").body, "Similar names"));
  CHECK_FALSE(Has(site.Ask("/payment/9.9/").body, "Similar names"));
}

TEST_CASE("the saved checker is saved, and not opened where its script may not run") {
  CHECK_THAT(Site().Body("/zh/check/"),
             Contains("<a href=\"../../web/checker.html\" download=\"fundtrail-checker.html\">"));
}

TEST_CASE("an address of very many folders makes no large page") {
  const Site site;
  std::string path = "/";
  for (int i = 0; i < 3'000; ++i) path += "a/";
  for (const std::string& asked : {path, path + "/"}) {  // no such page, and no address at all
    const pages::Page page = site.Ask(asked);
    CHECK(page.status >= 400);
    CHECK(page.body.size() < 2 * path.size());
    CHECK_THAT(page.body, Contains("href=\"/web/style.css\"") && Contains("href=\"/parties/\""));
  }
}

TEST_CASE("a page without its slash is led to it") {
  const Site site;
  const struct {
    const char* address;
    const char* to;
  } kCases[] = {{"/payments", "/payments/"},
                {"/zh/party/donor", "/zh/party/donor/"},
                {"/@4/party/donor/went?fund=flood", "/@4/party/donor/went/?fund=flood"},
                {"/zh", "/zh/"}};
  for (const auto& one : kCases) {
    INFO(one.address);
    const pages::Page page = site.Ask(one.address);
    CHECK(page.status == 301);
    CHECK(page.location == one.to);
    CHECK(site.Ask(page.location).status == 200);
  }
}

TEST_CASE("long lists come in pages that lead on, and their files are whole") {
  Site site;
  std::vector<v1::Action> many;
  for (int i = 0; i < 130; ++i) many.push_back(Pay("donor", "ministry", 100 + i));
  site.Do(many);
  const std::string first = site.Body("/payments/");
  CHECK(Times(first, "data-record=") == 100);
  std::string after;
  for (const std::string& link : ValuesOf(first, "href"))
    if (Has(link, "?after=")) after = link;
  REQUIRE_FALSE(after.empty());
  CHECK(Times(site.Body(Resolved("/payments/", after)), "data-record=") == 33);
  CHECK(Times(site.Body("/payments.csv"), "\n") == 134);
  CHECK(Times(site.Body("/payments/?kind=donation"), "data-record=") == 1);
  CHECK(Times(site.Body("/payments/?party=village"), "data-record=") == 1);
}

TEST_CASE("the first page says who gave and who got the most, and what is new") {
  const Site site;
  const std::string home = site.Body("/");
  CHECK_THAT(home, Contains("<b>1,000.00 CNY</b> brought in = 850.00 reached recipients + 0.00 ends here, no "
                            "further payment recorded + 150.00 held + 0.00 returned to source."));
  CHECK_THAT(home,
             Contains("<caption>Largest donors, CNY</caption>") &&
                 Contains("<bdi translate=\"no\">Party donor</bdi></a></th><td class=\"n\">1,000.00</td>"));
  CHECK_THAT(home,
             Contains("<bdi translate=\"no\">Party village</bdi></a></th><td class=\"n\">600.00</td><td "
                      "class=\"n\">0.00</td>"));
  // The newest first.
  CHECK(home.find("data-record=\"4\" data-line=\"2\"") < home.find("data-record=\"4\" data-line=\"1\""));
  CHECK(home.find("data-record=\"4\" data-line=\"1\"") < home.find("data-record=\"3\" data-line=\"1\""));
  CHECK_THAT(home, Contains("href=\"./idle/\"") && Contains("href=\"./needs/\""));
  // As of the first payment.
  const std::string then = site.Body("/@3/");
  CHECK_THAT(then, Contains("+ 1,000.00 held +"));
  CHECK_FALSE(Has(then, "Largest recipients"));
  CHECK_THAT(site.Body("/zh/"), Contains("最大来源（CNY）"));
}

TEST_CASE("who got what stands by what was received, or as it is asked") {
  const Site site;
  const auto order = [&](const std::string& address) {
    const std::string page = site.Body(address);
    std::string ids;
    for (const char* id : {"donor", "ministry", "village", "hostile-0"}) {
      const auto at = page.find("/party/" + std::string(id) + "/");
      if (at == std::string::npos) continue;
      ids += ids.empty() ? "" : " ";
      ids += std::to_string(Times(page.substr(0, at), "<tr>"));
    }
    return ids;
  };
  CHECK(order("/parties/") == "5 2 3 4");
  CHECK(order("/parties/?sort=brought-in") == "2 4 5 3");
  CHECK(order("/parties/?sort=paid") == "2 3 5 4");
  CHECK(order("/parties/?sort=held") == "5 4 2 3");
  CHECK_THAT(
      site.Body("/parties.csv"),
      Contains("\nParty ministry,ministry,holder,CNY,0.00,1000.00,0.00,850.00,0.00,150.00,0.00,0.00,0.00\n"));
  CHECK(Times(site.Body("/parties.csv"), "\n") == 5);
  CHECK_FALSE(Has(site.Body("/parties/"), "hostile-5"));
  CHECK_THAT(site.Body("/parties/?sort=name"), Contains("/party/hostile-5/") && Contains("/party/county/"));
}

TEST_CASE("what is committed is told apart from what is paid, wherever it is in a sum") {
  Site site;
  site.Do({Programme("schools", "county")});
  const std::uint64_t roofs = site.Do({InProgramme("schools", Project("roofs", "county"))});
  site.Do({Decide("roofs", roofs)});
  site.Do({Committed(Into("roofs", Pay("donor", "ministry", 4'000, v1::TRANSFER_KIND_DONATION))),
           Committed(Pay("ministry", "village", 1'500))});
  const std::string own =
      "Brought in,Received,\"Of both committed, not paid\",Passed on,\"Of that committed, not paid\",Held,"
      "Reached recipients,Ends here,Returned to source";
  const std::string parties = site.Body("/parties.csv");
  CHECK_THAT(parties,
             Contains(own) &&
                 Contains("\nParty ministry,ministry,holder,CNY,0.00,1040.00,40.00,865.00,15.00,175.00,") &&
                 Contains("\nParty donor,donor,source,CNY,1040.00,0.00,40.00,1040.00,40.00,0.00,") &&
                 Contains("\nParty village,village,recipient,CNY,0.00,615.00,15.00,0.00,0.00,0.00,615.00,"));
  CHECK_THAT(site.Body("/parties.csv?sort=name"),
             Contains("CNY,0.00,1040.00,40.00,865.00,15.00,175.00,0.00,0.00,0.00\n") &&
                 Contains("CNY,0.00,615.00,15.00,0.00,0.00,0.00,615.00,0.00,0.00\n"));
  CHECK_THAT(site.Body("/party/ministry.csv"),
             Contains(own) && Contains(",roofs,CNY,0.00,40.00,40.00,0.00,0.00,40.00,0.00,0.00,0.00\n") &&
                 Contains(",,CNY,0.00,1000.00,0.00,865.00,15.00,135.00,0.00,0.00,0.00\n"));
  CHECK_THAT(site.Body("/programme/schools.csv"),
             Contains("\nProject roofs,roofs,") && Contains(",CNY,–,40.00,40.00,"));
  for (const char* path : {"/parties/", "/parties/?sort=name", "/party/ministry/"})
    CHECK_THAT(site.Body(path), Contains("A commitment is no payment."));
  CHECK_THAT(site.Body("/zh/party/ministry/"), Contains("承诺不是付款") && Contains("两者中已承诺未支付"));
}

TEST_CASE(
    "where what is committed counts by other payments in the parts than in the whole, a trace says so") {
  Site site;
  const char* const apart = "The column “committed, not paid” does not add up";
  CHECK_THAT(site.Body("/party/donor/went/"), !Contains(apart));
  // All of what the village has is committed by the last payment, and none of it by the first.
  site.Do({Pay("donor", "ministry", 1'500, v1::TRANSFER_KIND_DONATION),
           Committed(Pay("ministry", "village", 1'500))});
  for (const char* path : {"/party/donor/went/", "/party/village/came/"})
    CHECK_THAT(site.Body(path), Contains(apart));
  CHECK_THAT(site.Body("/zh/party/donor/went/"), Contains("“已承诺未支付”一列的各行之和不等于合计"));
  CHECK_THAT(site.Body("/party/village/went/"), !Contains(apart));
}

TEST_CASE("what is idle is said with who holds it and since when") {
  const Site site;
  const std::string idle = site.Body("/idle/");
  CHECK_THAT(idle, Contains("<b>150.00 CNY</b> is held, the oldest of it since 1 March 2026."));
  CHECK_THAT(idle, Contains("aria-label=\"Under 90 days 150.00 CNY\""));
  CHECK_THAT(idle, Contains("<bdi translate=\"no\">Party ministry</bdi>"));
  CHECK_THAT(site.Body("/idle.csv"), Contains("\nParty ministry,ministry,flood,,CNY,150.00,150.00,0.00,0.00,"
                                              "0.00,2026-03-01,0.00,0.00\n"));
  CHECK_THAT(site.Body("/idle/?sort=oldest"), Contains("Who holds it, the longest held first"));
  CHECK_THAT(site.Body("/idle/?party=village"), Contains("nothing is recorded"));
  CHECK_THAT(site.Body("/@3/idle/"), Contains("<b>1,000.00 CNY</b> is held"));
}

TEST_CASE("what is looked for is found, and the one thing that it is exactly is gone to") {
  const Site site;
  const struct {
    const char* address;
    const char* to;
  } kStraight[] = {{"/find/?q=village", "/party/village/"},
                   {"/find/?q=+PARTY%20VILLAGE+", "/party/village/"},
                   {"/zh/find/?q=4.2", "/zh/payment/4.2/"},
                   {"/@4/find/?q=lunches", ""},  // opened later
                   {"/find/?q=lunches", "/project/lunches/"},
                   {"/find/?q=rice", "/need/rice/"},
                   {"/@4/find/?q=flood", "/@4/fund/flood/"},
                   {"/find/?q=gz", "/place/gz/"},
                   {"/find/?q=hostile", ""},              // eleven of them
                   {"/find/?q=NUT", ""},                  // categories have no pages
                   {"/find.csv?q=village", ""},           // a file is the list
                   {"/find/?q=village&kind=party", ""}};  // and so is what was narrowed
  for (const auto& one : kStraight) {
    INFO(one.address);
    const pages::Page page = site.Ask(one.address);
    CHECK(page.status == (*one.to == '\0' ? 200 : 303));
    CHECK(page.location == one.to);
    if (*one.to != '\0') CHECK(site.Ask(page.location).status == 200);
  }
  const std::string found = site.Body("/find/?q=hostile");
  CHECK_THAT(found, Contains(">Party 11</a>") && Contains("/party/hostile-4/") && Contains("noindex"));
  CHECK_THAT(found, Contains("name=\"q\" type=\"search\" value=\"hostile\""));
  CHECK_THAT(site.Body("/find/?q=hyperlink"),
             Contains("<a href=\"../payment/4.2/\"><bdi translate=\"no\">Party ministry</bdi> → "));
  CHECK_THAT(site.Body("/find/?q=nothing-of-it"), Contains("Nothing was found."));
  CHECK_THAT(site.Body("/find/"), Contains("Names in any script") && !Contains(".csv"));
  CHECK_THAT(site.Body("/find.csv?q=hostile"), Contains("\nParty,'=cmd|' /C calc'!A0,hostile-4,"));
  CHECK(site.Ask("/find/?q=" + std::string(201, 'x')).status == 400);
  // Who types letters is offered a few, and no household.
  CHECK_THAT(site.Body("/find.json?q=home-7"), Contains("\"home-7\""));
  CHECK_FALSE(Has(site.Body("/find.json?q=home-7&suggest=1"), "\"home-7\""));
  CHECK(Times(site.Body("/find.json?q=hostile&suggest=1"), "\"kind\": \"party\"") ==
        8 + 1);  // and their count
  // Its form stands on every page, and asks in the same language, as of the same record.
  CHECK_THAT(site.Body("/zh/@4/party/donor/"), Contains("<form action=\"../../../../zh/@4/find/\""));
  CHECK_FALSE(Has(site.Body("/embed/party/donor/went/"), "<form"));
  CHECK_FALSE(Has(site.Body("/sitemap.xml"), "/find/"));
}

TEST_CASE("a trace has its picture beside it, with the sums and in the words of the page") {
  Site site;
  const pages::Page picture = site.Ask("/party/donor/went.svg");
  CHECK(picture.status == 200);
  CHECK(picture.content_type == "image/svg+xml");
  CHECK_FALSE(picture.is_html);
  CHECK_THAT(picture.body,
             Contains("<title>Party donor: where the money went</title>") &&
                 Contains("1,000.00 CNY asked about = 850.00 reached recipients + 150.00 is held") &&
                 Contains("data-from=\"donor\" data-to=\"ministry\"") && Contains("https://aid.example/@"));
  CHECK_FALSE(Has(picture.body, "<script"));
  CHECK_FALSE(Has(picture.body, "<img"));
  const std::string page = site.Body("/party/donor/went/");
  CHECK_THAT(
      page,
      Contains("<figure class=\"flow\">") &&
          Contains("src=\"../../../party/donor/went.svg\" alt=\"reached 850.00 CNY, held 150.00 CNY\"") &&
          Contains(">SVG</a>"));
  // By these a browser lights the ribbons of a row, and copies the link.
  CHECK_THAT(page, Contains("<tr data-asset=\"CNY\" data-from=\"donor\" data-to=\"ministry\">") &&
                       Contains("<tr data-asset=\"CNY\" data-to=\"village\">") &&
                       Contains("rel=\"bookmark nofollow\">Permanent link</a>"));
  CHECK_THAT(site.Body("/party/village/came/"), Contains("<tr data-asset=\"CNY\" data-from=\"donor\">"));
  CHECK_FALSE(Has(page, "others”"));
  CHECK_THAT(site.Body("/zh/payment/4.1/came.svg"), Contains("<title>付款 4.1：钱从哪里来</title>"));
  const std::string pinned = site.Body("/@4/payment/4.1/went.svg");
  CHECK_THAT(pinned, Contains("stood after record 4.") && !Contains("root"));
  CHECK_FALSE(Has(site.Body("/party/hostile-3/went/"), ".svg"));

  // Of more than twelve accounts the smallest are one bar, and the table under it names them.
  std::vector<v1::Action> many;
  for (int i = 0; i < 11; ++i) many.push_back(Pay("ministry", "hostile-" + std::to_string(i), 100 + i));
  many.push_back(Pay("ministry", "home-7", 50));
  many.push_back(Pay("ministry", "auditor", 40));
  site.Do(many);
  const std::string folded = site.Body("/party/ministry/went/");
  CHECK_THAT(folded, Contains("<caption>What stands behind “others” in the picture"));
  CHECK_THAT(folded.substr(folded.find("behind “others”"), 1'500), Contains("Party auditor"));
}

TEST_CASE("what is idle and how places stand are pictures too") {
  Site site;
  CHECK_THAT(site.Body("/idle.svg"), Contains("<title>What is idle?</title>") && Contains("150.00") &&
                                         Contains("earmarks first") && Contains("https://aid.example/@"));
  CHECK_THAT(site.Body("/idle/"), Contains("href=\"../idle.svg\"") && Contains(">SVG</a>"));
  CHECK_THAT(site.Body("/zh/places.svg"), Contains("data-place=\"gz\"") && Contains("<title>地点</title>"));
  CHECK_THAT(site.Body("/@3/idle.svg"), Contains("stood after record 3.") && !Contains("root"));
  site.Do({Asset("USD")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  other.mutable_transfer()->set_asset("USD");
  site.Do({std::move(other)});
  const pages::Page choice = site.Ask("/zh/idle.svg?raw=1");
  CHECK(choice.status == 300);
  CHECK_THAT(choice.body, Contains("每种资产各有一幅图") &&
                              Contains("href=\"../zh/idle.svg?raw=1&amp;asset=CNY\"") &&
                              Contains("href=\"../zh/idle.svg?raw=1&amp;asset=USD\""));
  CHECK_THAT(site.Body("/idle.svg?asset=USD"), Contains("77.00") && !Contains("CNY"));
  CHECK_THAT(site.Body("/idle/"), Contains("href=\"../idle.svg?asset=USD\"") && !Contains(">SVG</a>"));
}

TEST_CASE("two assets never stand in one picture: each has its own") {
  Site site;
  site.Do({Asset("USD")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  other.mutable_transfer()->set_asset("USD");
  site.Do({std::move(other)});
  const std::string page = site.Body("/party/donor/went/");
  CHECK(Times(page, "<figure class=\"flow\">") == 2);
  CHECK_THAT(page,
             Contains("went.svg?asset=CNY\"") && Contains("went.svg?asset=USD\"") && !Contains(">SVG</a>"));
  // Who names none is asked which, in the language and as of the record of the address.
  const pages::Page choice = site.Ask("/@4/party/donor/went.svg");
  CHECK(choice.status == 200);  // the second asset came later
  const pages::Page choices = site.Ask("/party/donor/went.svg");
  CHECK(choices.status == 300);
  CHECK(choices.is_html);
  CHECK_THAT(choices.body, Contains("<h1><bdi>Party donor: where the money went</bdi></h1>") &&
                               Contains("two never stand in one") &&
                               Contains("href=\"../../party/donor/went.svg?asset=CNY\"") &&
                               Contains("href=\"../../party/donor/went.svg?asset=USD\""));
  CHECK_THAT(site.Body("/party/donor/went.svg?asset=USD"),
             Contains("77.00 USD asked about") && !Contains("CNY"));
  CHECK(site.Ask("/payment/4.1/went.svg").status == 200);
  for (const std::string& path : Need(pages::SitePaths(site.view()))) CHECK(path != "/party/donor/went.svg");
}

TEST_CASE("a party's page says where its money lies by the party's role, as its balance does") {
  Site site;
  site.Do({Inferred("kitchen", "county")});
  site.Do({Pay("ministry", "kitchen", 2'000)});
  const auto title = [](const char* word) { return ">" + std::string(word) + "</th>"; };
  const std::string village = site.Body("/party/village/"), holder = site.Body("/party/ministry/"),
                    kitchen = site.Body("/party/kitchen/"), donor = site.Body("/party/donor/");
  CHECK_THAT(village, Contains(title("Reached recipients")) && !Contains(title("Held")));
  CHECK_THAT(village, Contains("received, passed on and what lies there, in CNY"));
  CHECK_THAT(holder, Contains(title("Held")) && !Contains(title("Reached recipients")) &&
                         !Contains(title("Ends here")) && !Contains(title("Returned to source")));
  CHECK_THAT(kitchen, Contains(title("Ends here")) && !Contains(title("Held")));
  CHECK_THAT(donor, Contains(title("Held")) && !Contains(title("Returned to source")));  // nothing lies there
  site.Do({Returning(Pay("ministry", "donor", 500), Ref(3))});
  CHECK_THAT(site.Body("/party/donor/"), Contains(title("Returned to source")) && !Contains(title("Held")));
  CHECK_THAT(site.Body("/zh/party/village/"), Contains(title("到达受助方")) && !Contains(title("持有")));
  CHECK_THAT(site.Body("/parties/?sort=name"), Contains(title("Held")) &&
                                                   Contains(title("Reached recipients")) &&
                                                   Contains(title("Ends here")));
  CHECK_THAT(site.Body("/party/village.svg"), Contains(">Reached recipients</text>") &&
                                                  !Contains(">Held</text>") &&
                                                  Contains("What lies there at the end of"));
}

TEST_CASE("a party has a picture of its money over time, one for each asset") {
  Site site;
  const std::string svg = site.Body("/party/ministry.svg");
  CHECK_THAT(svg, Contains("<title>Party ministry: received, passed on and held, by month</title>") &&
                      Contains("By value date.") && Contains(">Received</text>") &&
                      Contains(">Passed on</text>") && Contains(">Held</text>") && !Contains("Brought in"));
  CHECK_THAT(site.Body("/zh/party/ministry.svg"),
             Contains("逐月收到、转出与持有") && Contains(">收到</text>"));
  CHECK_THAT(site.Body("/party/donor.svg"), Contains(">Brought in</text>") && !Contains(">Received</text>"));
  CHECK_THAT(site.Body("/@4/party/ministry.svg"), Contains("stood after record 4.") && !Contains("root"));
  CHECK(site.Body("/@4/party/ministry.svg") != svg);
  CHECK_THAT(site.Body("/party/ministry/"),
             Contains("<img src=\"../../party/ministry.svg\" alt=\"Party ministry, over time: received, "
                      "passed on and held, in CNY\" width=\"720\" height=\"450\" loading=\"lazy\">") &&
                 Contains(">SVG</a>"));
  // Of a party without money there is none.
  CHECK(site.Ask("/party/hostile-3.svg").status == 404);
  CHECK_THAT(site.Body("/party/hostile-3/"), !Contains("<img") && !Contains(">SVG</a>"));
  CHECK(site.Ask("/party/nobody.svg").status == 404);
  CHECK(Need(pages::SitePaths(site.view())).count("/zh/party/ministry.svg") == 1);
  site.Do({Asset("USD")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  other.mutable_transfer()->set_asset("USD");
  site.Do({std::move(other)});
  CHECK_THAT(site.Body("/zh/party/ministry/"),
             Contains("src=\"../../../zh/party/ministry.svg?asset=CNY\"") &&
                 Contains("src=\"../../../zh/party/ministry.svg?asset=USD\"") && !Contains(">SVG</a>"));
  CHECK_THAT(site.Body("/party/ministry.svg?asset=USD"), Contains("77.00") && !Contains("CNY"));
  CHECK(site.Ask("/party/ministry.svg").status == 300);
  CHECK(site.Ask("/party/ministry.svg?asset=EUR").status == 404);
  CHECK(Need(pages::SitePaths(site.view())).count("/party/ministry.svg") == 0);
}

TEST_CASE(
    "parties that are one body are counted together where that is asked, and what they paid one another is "
    "moved") {
  Site site;
  const std::string alone = site.Body("/party/village/");
  CHECK_THAT(alone, !Contains("Joined with") && !Contains("joined=1"));
  v1::Action join;
  join.mutable_join_parties()->set_id("twice");
  join.mutable_join_parties()->set_party("village");
  join.mutable_join_parties()->set_under("ministry");
  join.mutable_join_parties()->set_why(v1::JoinParties::WHY_SAME);
  const std::string record = std::to_string(site.Do({std::move(join)}));
  const std::string apart = site.Body("/party/village/"), together = site.Body("/party/village/?joined=1");
  CHECK_THAT(apart, Contains("Joined with") && Contains("by record " + record + ".") &&
                        Contains("href=\"./?joined=1\" rel=\"nofollow\">Count them together</a>") &&
                        Contains("CNY</th><td class=\"n\">0.00</td><td class=\"n\">600.00</td>") &&
                        !Contains("went from one of them to another"));
  // 1,000.00 came to the two, 250.00 went to others, and 600.00 from the one to the other.
  CHECK_THAT(
      together,
      Contains("Counted here together with") && Contains("which record " + record + " joins") &&
          Contains(">Count this party alone</a>") &&
          Contains("CNY</th><td class=\"n\">0.00</td><td class=\"n\">1,000.00</td><td class=\"n\">0.00</td>"
                   "<td class=\"n\">250.00</td><td class=\"n\">0.00</td><td class=\"n\">150.00</td>"
                   "<td class=\"n\">600.00</td>") &&
          Contains("600.00 CNY went from one of them to another. Their sums count it on neither side, and "
                   "their accounts on both.") &&
          Contains("went/?joined=1\"") && Contains("content=\"noindex\"") && !Contains("<img"));
  // On the page each account says whose it is.
  const std::string row = "<th scope=\"row\"><a href=\"../../party/";
  CHECK_THAT(together, Contains(row + "ministry/\"><bdi translate=\"no\">Party ministry</bdi></a></th>") &&
                           Contains(row + "village/\"><bdi translate=\"no\">Party village</bdi></a></th>"));
  CHECK_THAT(apart, !Contains(row + "village/"));
  CHECK_THAT(site.Body("/zh/party/village/?joined=1"),
             Contains("此处与") && Contains("合计中两边都不计，各账户中收付各计一次。"));
  // The other of the two has the same sums, and its file both accounts: there each got what it got.
  const std::string csv = site.Body("/party/village.csv?joined=1");
  CHECK(csv == site.Body("/party/ministry.csv?joined=1"));
  CHECK_THAT(csv, Contains("\nministry,") &&
                      Contains(",,CNY,0.00,1000.00,0.00,850.00,0.00,150.00,0.00,0.00,0.00\n") &&
                      Contains("\nvillage,") &&
                      Contains(",,CNY,0.00,600.00,0.00,0.00,0.00,0.00,600.00,0.00,0.00\n"));
  CHECK(Times(csv, "\n") == 3);
  CHECK(Times(site.Body("/party/village.csv"), "\n") == 2);
  CHECK_THAT(site.Body("/party/village.json?joined=1"),
             Contains("\"under\": \"ministry\"") && Contains("\"party\": \"village\""));
  // Before that record they were two.
  const std::string before = "/@" + std::to_string(std::stoull(record) - 1) + "/party/village/";
  CHECK_THAT(site.Body(before + "?joined=1"),
             Contains("CNY</th><td class=\"n\">0.00</td><td class=\"n\">600.00</td>") &&
                 !Contains("Counted here together"));
  CHECK(site.Ask("/party/village/?joined=2").status == 400);
  CHECK(site.Ask("/party/village.svg?joined=1").status == 400);
  CHECK(site.Ask("/party/nobody/?joined=1").status == 404);
}

TEST_CASE("no party falls between two pages of parties, however many assets others have") {
  Site site;
  site.Do({Asset("EUR")});
  v1::Action euros = Pay("donor", "ministry", 500, v1::TRANSFER_KIND_DONATION);
  euros.mutable_transfer()->set_asset("EUR");
  site.Do({std::move(euros)});
  std::vector<v1::Action> many;
  for (int i = 100; i < 200; ++i) many.push_back(Party("p-" + std::to_string(i), "root"));
  site.Do(many);
  std::set<std::string> shown;
  int pages = 0;
  for (std::string address = "/parties/?sort=name"; !address.empty() && pages < 10; ++pages) {
    const std::string body = site.Body(address);
    address.clear();
    for (const std::string& link : ValuesOf(body, "href")) {
      shown.insert(link);
      if (Has(link, "after=") && link.rfind("./?", 0) == 0) address = Resolved("/parties/", link);
      // Its files and the permanent link are of the whole list: where a page goes on holds for that page alone.
      CHECK_FALSE((Has(link, "after=") && (Has(link, "/@") || Has(link, ".csv") || Has(link, ".json"))));
    }
  }
  CHECK(pages == 2);
  for (int i = 100; i < 200; ++i) CHECK(shown.count("../party/p-" + std::to_string(i) + "/") == 1);
}

TEST_CASE("pages of a copy say that they may be behind, and pages as of a record do not") {
  const Site site;
  const auto of_copy = [&](const std::string& path, bool is_copy) {
    pages::PageRequest request;
    request.path = path;
    request.is_copy = is_copy;
    return Need(pages::AnswerPage(site.view(), request)).body;
  };
  CHECK_THAT(of_copy("/", true), Contains("This is a copy of the ledger. What was recorded after 20"));
  CHECK_THAT(of_copy("/zh/", true), Contains("这是该账本的副本"));
  CHECK_THAT(of_copy("/@3/", true), !Contains("This is a copy"));
  CHECK_THAT(of_copy("/", false), !Contains("This is a copy"));
}

TEST_CASE("what a file is made of has the bound of the answer, while it is put together") {
  const Site site;
  for (const char* path : {"/payments.csv", "/payments.json", "/funds.csv"}) {
    INFO(path);
    pages::PageRequest request;
    request.path = path;
    query::View view = site.view();
    std::size_t told = 0;
    view.grow = [&told](std::size_t bytes) {
      told += bytes;
      return absl::OkStatus();
    };
    CHECK(Need(pages::AnswerPage(view, request)).status == 200);
    REQUIRE(told > 100);
    view.grow = [left = told - 1](std::size_t bytes) mutable {
      const bool fits = bytes <= left;
      left -= fits ? bytes : 0;
      return fits ? absl::OkStatus() : absl::ResourceExhaustedError("too large");
    };
    CHECK(absl::IsResourceExhausted(pages::AnswerPage(view, request).status()));
  }
}

TEST_CASE("search engines are told what is there, and no household is among it") {
  const Site site;
  const std::string map = site.Body("/sitemap.xml");
  CHECK_THAT(map, Contains("<loc>https://aid.example/zh/party/donor/</loc>") &&
                      Contains("<loc>https://aid.example/need/rice/</loc>"));
  CHECK_FALSE(Has(map, "home-7"));
  CHECK_FALSE(Has(map, "/@"));
  CHECK_THAT(site.Body("/robots.txt"),
             Contains("Disallow: /@\n") && Contains("Sitemap: https://aid.example/sitemap.xml\n"));
  CHECK_THAT(site.Body("/web/style.css"), Contains("overflow-x:auto"));
  CHECK(site.Body("/web/style.css").size() < 4'000);
}

TEST_CASE(
    "the site's map says the day of the newest record of a party, and none where the record does not tell") {
  Site site;
  const std::string before = Need(query::DayAsked(site.view(), "", std::nullopt));
  site.clock.now += 3 * std::int64_t{86'400'000'000};
  site.Do({Pay("ministry", "village", 500)});
  const std::string after = Need(query::DayAsked(site.view(), "", std::nullopt));
  REQUIRE(before < after);
  const std::string map = site.Body("/sitemap.xml");
  const auto page = [](const std::string& path, const std::string& day) {
    return "<url><loc>https://aid.example/" + path + "</loc>" +
           (day.empty() ? "" : "<lastmod>" + day + "</lastmod>") + "</url>\n";
  };
  CHECK_THAT(map, Contains(page("", after)) && Contains(page("zh/", after)));
  CHECK_THAT(map, Contains(page("party/ministry/", after)) && Contains(page("zh/party/village/", after)));
  CHECK_THAT(map, Contains(page("party/donor/", before)) && Contains(page("party/auditor/", before)));
  CHECK_THAT(map, Contains(page("need/rice/", "")) && Contains(page("fund/school/", "")) &&
                      Contains(page("payments/", "")));
}

TEST_CASE("the site's map has the day of each of many records, though it reads few of them") {
  Site site;
  std::map<std::string, std::string> days;  // of parties
  for (int i = 0; i < 40; ++i) {
    if (i % 7 == 3 || i > 33) site.clock.now += std::int64_t{86'400'000'000};
    const std::string id = "late-" + std::to_string(i);
    site.Do({Party(id, "root")});
    days[id] = Need(query::DayAsked(site.view(), "", std::nullopt));
  }
  const std::string map = site.Body("/sitemap.xml");
  for (const auto& [id, day] : days) {
    INFO(id << " " << day);
    CHECK_THAT(map, Contains("/party/" + id + "/</loc><lastmod>" + day + "</lastmod>"));
  }
}

// The text without the lines that are comments, as docs/checking.md says it for sed.
std::string WithoutComments(const std::string& text) {
  std::istringstream lines(text);
  std::string left;
  const std::regex one("^ *//.*|^ */\\*\\*.*\\*/$"), begin("^ */\\*\\*$"), end(".*\\*/$");
  bool in_comment = false;
  for (std::string line; std::getline(lines, line);) {
    if (in_comment) {
      in_comment = !std::regex_match(line, end);
    } else if (std::regex_match(line, begin)) {
      in_comment = true;
    } else if (!std::regex_match(line, one)) {
      left += line + "\n";
    }
  }
  return left;
}

TEST_CASE("what a browser loads is served as it lies in web/, scripts without their comments") {
  const Site site;
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(std::string(FUNDTRAIL_SOURCE_DIR) + "/web")) {
    const std::string ending = file.path().extension().string();
    if (ending != ".css" && ending != ".js" && ending != ".html") continue;
    INFO(file.path());
    std::ifstream in(file.path(), std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    const pages::Page page = site.Ask("/web/" + file.path().filename().string());
    CHECK(page.status == 200);
    const bool ours = ending == ".js" && file.path().filename() != "noble.js";
    CHECK(page.body == (ours ? WithoutComments(text.str()) : text.str()));
    if (ours) CHECK_THAT(page.body, !Contains("@param") && !Contains("\n//"));
    CHECK_THAT(page.content_type, Contains(ending == ".css"  ? "text/css"
                                           : ending == ".js" ? "text/javascript"
                                                             : "text/html"));
    ++files;
  }
  CHECK(files > 0);
  const auto served = [](const char* name, const char* text) {
    return pages::ServedText(pages::WebFile{name, text});
  };
  const char* const text =
      "// one\n/** two */\n/**\n * three\n */\na();  // four\n  /** five */\n  b('//');\n/** six */ c();\n";
  CHECK(served("a.js", text) == "a();  // four\n  b('//');\n/** six */ c();\n");
  for (const char* other : {"noble.js", "a.css", "a.html"}) CHECK(served(other, text) == text);
  CHECK(served("a.js", "a();").empty() == false);
  CHECK(served("a.js", "").empty());
}

TEST_CASE("the list of modules has each with its SHA-256") {
  const Site site;
  const pages::Page page = site.Ask("/modules.json");
  REQUIRE(page.status == 200);
  CHECK(page.content_type == "application/json");
  CHECK(Times(page.body, "\"path\": ") == static_cast<int>(pages::WebFiles().size()));
  for (const pages::WebFile& file : pages::WebFiles()) {
    const std::string name = "web/" + std::string(file.name);
    CHECK_THAT(page.body, Contains("{\"path\": \"" + name + "\", \"sha256\": \"" +
                                   HexEncode(crypto::Sha256(site.Body("/" + name)).view()) + "\"}"));
  }
}

TEST_CASE("a file beside the pages is the same whatever its query says, and a page is not") {
  const Site site;
  for (const char* path :
       {"/robots.txt", "/modules.json", "/sitemap.xml", "/web/style.css", "/record/3.tlog-proof",
        "/findings/feed.atom", "/party/ministry/feed.atom", "/zh/fund/school/feed.atom"}) {
    INFO(path);
    CHECK(!pages::ReadsQuery(path));
    CHECK(site.Body(std::string(path) + "?fund=school&%zz") == site.Body(path));
  }
  for (const char* path : {"/", "/payments/", "/payments.csv", "/party/ministry/went.json", "/feed.atom",
                           "/modules.json/", "/party/feed.atom", ""}) {
    INFO(path);
    CHECK(pages::ReadsQuery(path));
  }
}

TEST_CASE("the first page of a ledger without a record says so, and nothing else is there yet") {
  const auto rows = store::MakeMemoryStore();
  query::View view;
  view.rows = rows.get();
  view.checkpoint.set_ledger("aid.example/new");
  const auto answer = [&](const std::string& path) {
    pages::PageRequest request;
    request.path = path;
    return Need(pages::AnswerPage(view, request));
  };
  for (const char* path : {"/", "/zh/"}) {
    INFO(path);
    const pages::Page page = answer(path);
    CHECK(page.status == 200);
    CHECK(IsWhole(page.body, "p"));
    CHECK_THAT(page.body, Contains("aid.example/new"));
    CHECK_FALSE(Has(page.body, "/@"));
  }
  CHECK_THAT(answer("/").body, Contains("<main id=\"main\"><h1><bdi>aid.example/new</bdi></h1>\n"
                                        "<p>Nothing is recorded in this ledger yet.</p>"));
  CHECK_THAT(answer("/zh/").body, Contains("本账本尚无任何记录。"));
  for (const char* path : {"/payments/", "/zh/parties/", "/party/x/went/", "/@0/", "/check/"}) {
    INFO(path);
    const pages::Page page = answer(path);
    CHECK(page.status == 404);
    CHECK_THAT(page.body, Contains("href=\""));
  }
  for (const char* path : {"/payments/", "/@0/"})
    CHECK_THAT(answer(path).body, Contains("Nothing is recorded in this ledger yet."));
  CHECK(answer("/robots.txt").status == 200);
  CHECK(answer("/web/style.css").status == 200);
}

TEST_CASE("the ledger's key stands on a page when it is known, for the browser's check") {
  const Site site;
  CHECK_FALSE(Has(site.Body("/payments/"), "data-vkey"));
  pages::PageRequest request;
  request.path = "/zh/payments/";
  request.vkey = "ledger.example/aid+01234567+AbCd";
  const pages::Page page = Need(pages::AnswerPage(site.ledger->store(), request));
  CHECK_THAT(
      page.body,
      Contains("<div class=\"check\" data-files=\"../../\" data-vkey=\"ledger.example/aid+01234567+AbCd\">"));
  CHECK_THAT(page.body, Contains("尚未核验"));
  CHECK_THAT(page.body, Contains("rel=\"canonical\" href=\"../../zh/payments/\""));
}

}  // namespace
}  // namespace fundtrail::testing
