// Statements: of a party, of all below it, and of a programme, on pages and in files.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "ledger/pages/site_paths.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

int Lines(const std::string& text) { return static_cast<int>(std::count(text.begin(), text.end(), '\n')); }

TEST_CASE("a statement has each payment of a party, and what it held with each") {
  const Site site;
  const std::string page = site.Body("/party/ministry/statement/");
  CHECK_THAT(page, Contains("<h1><bdi>Party ministry: statement</bdi></h1>") &&
                       Contains("0.00 held before + 1,000.00 in − 850.00 out = 150.00 held.") &&
                       Contains(">3.1</a></th>") && Contains(">4.2</a></th>") &&
                       Contains("<td class=\"n\">400.00</td>") &&
                       Contains("href=\"../../../party/village/\""));
  // One account: nothing is within.
  CHECK_THAT(page, !Contains(">Within<") && Contains("All of these accounts together"));
  CHECK_THAT(site.Body("/party/donor/statement/"),
             Contains("Beside these, 1,000.00 was brought in and paid out."));
  CHECK_THAT(site.Body("/zh/party/ministry/statement/"),
             Contains("此前持有 0.00 + 收入 1,000.00 − 支出 850.00 = 持有 150.00。"));
  const std::string csv = site.Body("/party/ministry/statement.csv");
  CHECK(Lines(csv) == 4);
  CHECK_THAT(
      csv,
      Contains("Party ministry,ministry,flood,,CNY,4.1,2026-03-01,Party village,village,,600.00,400.00,"));
  CHECK_THAT(site.Body("/party/ministry/statement.json"), Contains("\"held_after\": \"15000\""));
  // Narrowed, and as of a record.
  CHECK_THAT(site.Body("/party/ministry/statement/?since=2027-01-01"),
             Contains("1 more account has no payment in the question.") && Contains("150.00"));
  CHECK_THAT(site.Body("/@3/party/ministry/statement/"),
             Contains("= 1,000.00 held.") && !Contains(">4.1</a>"));
  CHECK(site.Ask("/party/nobody/statement/").status == 404);
  CHECK(site.Ask("/party/ministry/statement/?since=yesterday").status == 400);
  CHECK(site.Ask("/party/ministry/statement.svg").status == 404);
  CHECK(site.Ask("/fund/flood/statement/").status == 404);
  CHECK(site.Ask("/party/ministry/statement").location == "/party/ministry/statement/");
  CHECK_THAT(site.Body("/party/home-7/statement/"), Contains("noindex"));
}

TEST_CASE("what lies at recipients and sources is held by nobody, and a statement says so by role") {
  Site site;
  const std::string village = site.Body("/party/village/statement/");
  CHECK_THAT(village, Contains("0.00 there before + 600.00 in − 0.00 out = 600.00 reached.") &&
                          Contains(">There after<") && Contains(">Had before<") &&
                          Contains(">Reached recipients<") && Contains("by the role of each party") &&
                          !Contains(">Held") && !Contains(" held before"));
  CHECK_THAT(site.Body("/zh/party/village/statement/"),
             Contains("此前有 0.00 + 收入 600.00 − 支出 0.00 = 到达 600.00。") && Contains(">此后现有<") &&
                 Contains(">此前有<") && !Contains("此前持有"));
  // A file has accounts of several roles: its last column says what lies in each.
  const std::string csv = site.Body("/party/village/statement.csv");
  CHECK_THAT(csv, Contains(",There after,") && Contains(",What lies there is\n") && Contains(",reached\n"));
  CHECK_THAT(site.Body("/party/ministry/statement.csv"), Contains(",held\n") && !Contains(",reached\n"));
  // What came back to a source.
  site.Do({Returning(Pay("ministry", "donor", 2'000), Ref(3, 1))});
  CHECK_THAT(site.Body("/party/donor/statement/"),
             Contains("0.00 there before + 20.00 in − 0.00 out = 20.00 came back.") &&
                 Contains(">Returned to source<"));
  CHECK_THAT(site.Body("/zh/party/donor/statement/"), Contains("= 退回 20.00。"));
}

TEST_CASE("of bodies of several roles the sum says where what they have lies") {
  Site site;
  site.Do({Party("shelter", "ministry", v1::ROLE_RECIPIENT)});
  site.Do({Pay("ministry", "shelter", 4'000)});
  const std::string page = site.Body("/party/ministry/below/");
  CHECK_THAT(page, Contains(">Had before<") && Contains(">Held after<") && Contains(">Reached recipients<"));
  // Before, in from others, brought in, out to others, held, reached, paid one another.
  CHECK_THAT(
      page, Contains("CNY</th><td class=\"n\">0.00</td><td class=\"n\">1,000.00</td><td class=\"n\">0.00</td>"
                     "<td class=\"n\">850.00</td><td class=\"n\">110.00</td><td class=\"n\">40.00</td>"
                     "<td class=\"n\">40.00</td>"));
}

TEST_CASE("all below a party are stated together: what they paid one another counts neither in nor out") {
  Site site;
  site.Do({Party("office", "ministry")});
  site.Do({Pay("ministry", "office", 10'000), Pay("office", "village", 4'000)});
  const std::string page = site.Body("/party/ministry/below/");
  CHECK_THAT(page, Contains("<h1><bdi>Party ministry and all below it: statement</bdi></h1>") &&
                       Contains("2 bodies are stated.") && Contains(">Within<"));
  // Before, in from others, brought in, out to others, held, paid one another.
  CHECK_THAT(
      page, Contains("CNY</th><td class=\"n\">0.00</td><td class=\"n\">1,000.00</td><td class=\"n\">0.00</td>"
                     "<td class=\"n\">890.00</td><td class=\"n\">110.00</td><td class=\"n\">100.00</td>"));
  CHECK_THAT(site.Body("/party/ministry/"), Contains("href=\"../../party/ministry/below/\"") &&
                                                Contains("href=\"../../party/ministry/statement/\""));
  CHECK_THAT(site.Body("/party/ministry/below.csv"), Contains(",yes,") && Contains("Party office,office,"));
  CHECK_THAT(site.Body("/party/village/"), !Contains("/village/below/"));
  const auto all = Need(pages::SitePaths(site.view()));
  for (const char* path : {"/party/ministry/below/", "/zh/party/ministry/below/", "/party/ministry/below.csv",
                           "/party/ministry/statement/", "/party/ministry/statement.csv"})
    CHECK(all.count(path) == 1);
  CHECK(all.count("/party/village/below/") == 0);
  CHECK(all.count("/party/home-7/statement/") == 0);  // it has no money
  for (const char* path : {"/party/ministry/below/", "/zh/party/ministry/statement/"})
    for (const std::string& link : LinksOf(path, site.Ask(path, &all).body))
      if (!IsArchives(link)) CHECK(all.count(link) == 1);
}

TEST_CASE("a programme is stated by the accounts in its projects") {
  Site site;
  site.Do({Programme("schools", "county")});
  const std::uint64_t project = site.Do({InProgramme("schools", Project("roofs", "county"))});
  site.Do({Decide("roofs", project)});
  site.Do({Into("roofs", Pay("ministry", "county", 5'000))});
  CHECK_THAT(site.Body("/programme/schools/statement/"),
             Contains("<h1><bdi>Programme schools: statement of its projects</bdi></h1>") &&
                 Contains(", project <a href=\"../../../project/roofs/\">") &&
                 Contains("+ 50.00 in − 0.00 out"));
  CHECK_THAT(site.Body("/programme/schools/"), Contains("href=\"../../programme/schools/statement/\""));
  CHECK_THAT(site.Body("/programme/schools/statement.csv"), Contains("county,flood,roofs,CNY,"));
  CHECK_THAT(site.Body("/zh/programme/schools/statement/?party=ministry"), Contains("所问范围内没有资金。"));
  CHECK(site.Ask("/programme/none/statement/").status == 404);
  // A search engine lists no page of one household.
  CHECK_THAT(site.Body("/programme/schools/statement/?party=county"), !Contains("noindex"));
  CHECK_THAT(site.Body("/programme/schools/statement/?party=home-7"), Contains("noindex"));
  CHECK(site.Ask("/programme/schools/statement/?party=nobody").status == 404);
  CHECK(Need(pages::SitePaths(site.view())).count("/programme/schools/statement.csv") == 1);
}

TEST_CASE("a long statement comes in pages that lead on, and its file is whole") {
  Site site;
  std::vector<v1::Action> many;
  for (int i = 0; i < 130; ++i) many.push_back(Pay("donor", "ministry", 100 + i, v1::TRANSFER_KIND_DONATION));
  site.Do(many);
  const std::string first = site.Body("/party/ministry/statement/");
  std::string after;
  for (const std::string& link : ValuesOf(first, "href"))
    if (Has(link, "?after=")) after = link;
  REQUIRE_FALSE(after.empty());
  const std::string second = site.Body(Resolved("/party/ministry/statement/", after));
  CHECK_THAT(second, !Contains("Next page") && !Contains("All of these accounts together"));
  CHECK(Lines(site.Body("/party/ministry/statement.csv")) == 134);
}

}  // namespace
}  // namespace fundtrail::testing
