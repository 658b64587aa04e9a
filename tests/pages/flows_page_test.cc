// Who pays whom: the page of all, what a party's page has of it, sums by kind; and payments chosen by asset, amount and year.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "ledger/pages/long_tables.h"
#include "ledger/pages/site_paths.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a party's page names who paid it the most and whom it paid the most, and leads to all of them") {
  const Site site;
  const std::string page = site.Body("/party/ministry/");
  CHECK_THAT(page, Contains("Who paid it the most, by asset") && Contains("Whom it paid the most, by asset"));
  CHECK(page.find("Party donor", page.find("Who paid it the most")) != std::string::npos);
  const auto payees = page.find("Whom it paid the most");
  CHECK(page.find("600.00", payees) < page.find("250.00", payees));
  CHECK_THAT(page, Contains("href=\"../../flows/?by=payer&amp;party=ministry\"") &&
                       Contains("href=\"../../flows/?by=payee&amp;party=ministry\""));
  CHECK_THAT(site.Body("/zh/party/ministry/"),
             Contains("付给它最多的，按资产") && Contains("它付得最多的，按资产"));
  // Who was never paid has no such table.
  CHECK_THAT(site.Body("/party/donor/"), !Contains("Who paid it the most"));
  CHECK_THAT(site.Body("/party/auditor/"), !Contains("paid the most"));
  // As of a record before it paid anybody.
  CHECK_THAT(site.Body("/@3/party/ministry/"),
             Contains("Who paid it the most") && !Contains("Whom it paid the most"));
  const std::set<std::string> folder = {"/party/ministry/", "/flows/"};
  CHECK_THAT(site.Ask("/party/ministry/", &folder).body,
             Contains("Whom it paid the most") && !Contains("by=payee"));
}

TEST_CASE("who pays whom has a page by what groups it, with CSV, JSON and Chinese") {
  const Site site;
  CHECK_THAT(site.Body("/"), Contains("href=\"./flows/\""));
  CHECK_THAT(site.Body("/flows/"), Contains("Who pays whom, by party, the most paid first") &&
                                       Contains("1,000.00") && Contains("All groups together, by asset"));
  for (const char* by :
       {"party-project", "party-kind", "fund", "project", "programme", "place", "kind", "year"}) {
    INFO(by);
    const std::string question = "?by=" + std::string(by);
    CHECK_THAT(site.Body("/flows/" + question), Contains("1,850.00"));
    CHECK_THAT(site.Body("/zh/flows/" + question), Contains("谁付给谁"));
    CHECK_THAT(site.Body("/flows.json" + question), Contains("\"totals\""));
  }
  CHECK_THAT(site.Body("/flows.csv"), Contains("\nParty donor,donor,Party ministry,ministry,CNY,1000.00,"));
  CHECK_THAT(site.Body("/flows/?by=party-project"), Contains("in no project"));
  CHECK_THAT(site.Body("/flows/?by=kind"), Contains("donation"));
  CHECK_THAT(site.Body("/flows/?by=payee&party=ministry"),
             Contains("Party ministry: whom it paid") && !Contains("Party donor"));
  CHECK_THAT(site.Body("/flows.json?by=payer&party=ministry"), Contains("\"donor\""));
  for (const char* wrong :
       {"/flows/?by=size", "/flows/?by=payer", "/flows/?party=ministry", "/flows/?joined=2"})
    CHECK(site.Ask(wrong).status == 400);
  CHECK(site.Ask("/flows/?by=payer&party=nobody").status == 404);
  CHECK_THAT(site.Body("/flows/?by=payee&party=home-7"), Contains("noindex"));
}

TEST_CASE("as of a record, who pays whom and a pledge's form have the names of then") {
  Site site;
  const std::uint64_t then =
      site.Do({Party("late", "root"), Asking(NeedAt("soup", "late", "gz", "NUT", 3), 500)});
  v1::Action renamed = Party("late", "root");
  renamed.mutable_register_party()->set_name("Renamed since");
  site.Do({Amending(renamed, then)});
  const std::string at = "/@" + std::to_string(then);
  for (const char* path : {"/flows/?by=payee&party=late", "/need/soup/pledge/"}) {
    INFO(path);
    CHECK_THAT(site.Body(path), Contains("Renamed since") && !Contains("Party late"));
    CHECK_THAT(site.Body(at + path), Contains("Party late") && !Contains("Renamed since"));
  }
}

TEST_CASE("who got what is told by kind of party and by programme, too") {
  const Site site;
  CHECK_THAT(site.Body("/parties/"), Contains("?by=kind") && Contains("href=\"../flows/\""));
  CHECK_THAT(site.Body("/parties/?by=kind"),
             Contains("Who got what, by kind of party") && Contains("nobody said"));
  CHECK_THAT(site.Body("/zh/parties/?by=programme"), Contains("不属于任何方案"));
  CHECK_THAT(site.Body("/parties.csv?by=kind"), Contains("Kind,Id,Asset,"));
  CHECK_THAT(site.Body("/parties.json?by=kind"), Contains("\"KINDS\""));
  for (const char* wrong : {"/parties/?by=size", "/parties/?by=kind&place=gz", "/parties/?by=kind&sort=name"})
    CHECK(site.Ask(wrong).status == 400);
}

TEST_CASE(
    "who pays whom has the fund, asset and days of the page that leads there; a key that it does not take is "
    "refused") {
  const Site site;
  CHECK_THAT(
      site.Body("/parties/?until=2026-12-31&fund=flood&sort=paid&since=2020-01-01&asset=CNY"),
      Contains("href=\"../flows/?fund=flood&amp;asset=CNY&amp;since=2020-01-01&amp;until=2026-12-31\""));
  CHECK_THAT(site.Body("/flows/?by=payee&party=ministry&fund=flood"),
             Contains("href=\"../flows/?fund=flood\""));
  const std::set<std::string> folder = {"/parties/", "/flows/"};
  CHECK_THAT(site.Ask("/parties/", &folder).body, Contains("href=\"../flows/\""));
  for (const char* wrong : {"/parties/?min=5", "/parties.csv?min=5", "/zh/parties/?sort=name&min=5",
                            "/flows/?place=gz", "/flows.json?min=5"}) {
    INFO(wrong);
    CHECK(site.Ask(wrong).status == 400);
  }
  CHECK_THAT(site.Ask("/parties/?min=5").body, Contains("min: this page does not take it"));
  CHECK(site.Ask("/parties/?min=").status == 200);  // a field of a form that was left empty
}

TEST_CASE("each page refuses each key that it does not take, says which, and leads to the page without it") {
  const Site site;
  const std::pair<const char*, const char*> kWrong[] = {{"/", "fund"},
                                                        {"/idle/", "min"},
                                                        {"/party/donor/", "since"},
                                                        {"/fund/flood/", "asset"},
                                                        {"/place/gz/", "fund"},
                                                        {"/payments/2026/", "by"},
                                                        {"/check/", "q"},
                                                        {"/payment/3.1/went/", "fund"},
                                                        {"/findings/", "min"},
                                                        {"/went/", "fund"},
                                                        {"/need/rice/pledge/", "asset"}};
  for (const auto& [path, key] : kWrong) {
    INFO(path);
    const std::string page = site.Ask(std::string(path) + "?" + key + "=1").body;
    CHECK_THAT(page,
               Contains(std::string(key) + ": this page does not take it; leave it out of the address.") &&
                   Contains("<a href=\"./\">The page without it</a>"));
    CHECK_THAT(site.Ask("/zh" + std::string(path) + "?" + key + "=1").body,
               Contains(std::string(key) + "：本页没有这个选项") && Contains("去掉后的页面"));
  }
  // Of every page: what no page takes.
  int pages = 0;
  for (const std::string& path : Need(pages::SitePaths(site.view()))) {
    const pages::Page plain = site.Ask(path);
    if (plain.status != 200 || !plain.is_html) continue;
    INFO(path);
    const pages::Page refused = site.Ask(path + "?bad=Ab%2D%3Cb%3E");
    CHECK(refused.status == 400);
    CHECK_THAT(refused.body, Contains("bad"));
    ++pages;
  }
  CHECK(pages > 100);
  // The rest of the question stays.
  CHECK_THAT(site.Ask("/payments/?bad=a&fund=flood&worse=b").body, Contains("bad: this page") &&
                                                                       Contains("worse: this page") &&
                                                                       Contains("href=\"./?fund=flood\""));
  for (const char* file :
       {"/idle.csv?min=5", "/party/donor.csv?asset=CNY", "/idle.svg?min=5", "/@3/idle/?min=5"})
    CHECK(site.Ask(file).status == 400);
  for (const char* taken : {"/party/donor.svg?asset=CNY", "/idle.csv?raw=1",
                            "/idle/?min=", "/party/donor/?joined=1", "/embed/party/donor/went/?asset=CNY"})
    CHECK(site.Ask(taken).status == 200);
  // All parties, and not those that moved money in a fund.
  CHECK_THAT(site.Ask("/parties/?sort=name&fund=flood").body,
             Contains("fund: sorted by name all parties are listed"));
  CHECK_THAT(site.Body("/parties/?fund=flood&since=2026-01-01"), Contains("href=\"./?sort=name\""));
  std::string many = "/payments/?";
  for (int i = 0; i < 25; ++i) many += "k" + std::to_string(i) + "=1&";
  CHECK(site.Ask(many).status == 400);
}

TEST_CASE("what networks put into a shared link is left out, and the rest of the question stays") {
  const Site site;
  int pages = 0;
  for (const std::string& path : Need(pages::SitePaths(site.view()))) {
    const pages::Page plain = site.Ask(path);
    if (plain.status != 200 || !plain.is_html) continue;
    INFO(path);
    const pages::Page led = site.Ask(path + "?fbclid=Ab%2D%3Cb%3E");
    CHECK(led.status == 303);
    CHECK(led.location == path);
    CHECK_FALSE(led.is_long);
    ++pages;
  }
  CHECK(pages > 100);
  const struct {
    const char *asked, *leads_to;
    int status;
  } kCases[] = {
      {"/payments/?utm_source=a&fund=flood&utm_medium=b", "/payments/?fund=flood", 303},
      {"/zh/@3/payments.csv?gclid=1&raw=1&party=a%20b", "/zh/@3/payments.csv?raw=1&party=a%20b", 303},
      {"/embed/party/donor/went/?msclkid=1", "/embed/party/donor/went/", 303},
      {"/party/donor/went.svg?fbclid=1&asset=CNY", "/party/donor/went.svg?asset=CNY", 303},
      {"/party/donor/went.json?utm_id=1", "/party/donor/went.json", 303},
      {"/payments?fbclid=1&fund=flood", "/payments/?fund=flood", 301},
      {"/?fbclid=1", "/", 303},
      {"/payments/?bad=1&fbclid=2", "/payments/?bad=1", 303},  // which is refused then
      // One network behind another adds its keys once more.
      {"/payments/?fbclid=a&fund=flood&fbclid=b", "/payments/?fund=flood", 303},
      {"/payments/?utm_source=a&utm_source=", "/payments/", 303},
      {"/payments/?gclid=%ff&fund=flood", "/payments/?fund=flood", 303},
  };
  for (const auto& [asked, leads_to, status] : kCases) {
    INFO(asked);
    const pages::Page led = site.Ask(asked);
    CHECK(led.status == status);
    CHECK(led.location == leads_to);
    CHECK(led.body.empty());
  }
  std::string many = "/payments/?fund=flood";
  for (int i = 0; i < 25; ++i) many += "&utm_" + std::to_string(i) + "=1&mc_eid=" + std::to_string(i);
  CHECK(site.Ask(many).location == "/payments/?fund=flood");
  CHECK(site.Ask("/payments/?fund=flood&fbclid=a&fund=flood").status == 400);  // a key of the page twice
  for (const char* nowhere : {"/nothing/?fbclid=1", "/nothing?fbclid=1", "/party/donor/x/?utm_source=1"})
    CHECK(site.Ask(nowhere).status == 404);
  CHECK(site.Ask("/payments/?fbclid=&fbclid=").status == 200);  // asks nothing
  for (const char* like : {"/payments/?utm=1", "/payments/?Fbclid=1"}) CHECK(site.Ask(like).status == 400);
}

TEST_CASE("a trace of one asset is the part of the whole that is in it, on the page and in its files") {
  Site site;
  site.Do({Asset("USD")});
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  other.mutable_transfer()->set_asset("USD");
  site.Do({std::move(other)});
  const std::string both = site.Body("/party/donor/went/"), one = site.Body("/party/donor/went/?asset=USD");
  CHECK_THAT(both, Contains("1,000.00 CNY") && Contains("77.00 USD"));
  CHECK_THAT(one, Contains("77.00 USD") && !Contains("CNY") &&
                      Contains("src=\"../../../party/donor/went.svg?asset=USD\""));
  CHECK_THAT(site.Body("/party/donor/went.csv?asset=USD"), Contains("USD") && !Contains("CNY"));
  CHECK_THAT(site.Body("/party/donor/went.json?asset=USD"), Contains("\"USD\"") && !Contains("\"CNY\""));
  CHECK_THAT(site.Body("/party/donor/went.svg?asset=USD"), Contains("77.00 USD"));
  CHECK_THAT(site.Body("/idle/?asset=USD"), Contains("idle.svg?asset=USD"));
  CHECK(site.Ask("/party/donor/went/?asset=EUR").status == 404);
  CHECK_THAT(site.Body("/@8/party/donor/went/?asset=USD"),
             Contains("no money") || Contains("No money"));  // of then
}

TEST_CASE("of one asset the names are those of what it shows, in the order in which it shows them") {
  Site site;
  site.Do({Asset("USD")});
  for (const char* fund : {"school", "flood"}) {
    v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
    other.mutable_transfer()->set_asset("USD");
    other.mutable_transfer()->set_fund(fund);
    site.Do({std::move(other)});
  }
  const auto names = [&site](const std::string& asked) {
    const std::string text = site.Body("/party/donor/went.json" + asked);
    std::vector<std::string> ids;
    for (auto at = text.find("\"id\": ", text.find("\"names\": ")); at != std::string::npos;
         at = text.find("\"id\": ", at + 1))
      ids.push_back(text.substr(at + 7, text.find('"', at + 7) - at - 7));
    return ids;
  };
  CHECK(names("") == std::vector<std::string>{"flood", "school"});
  CHECK(names("?asset=CNY") == std::vector<std::string>{"flood"});
  CHECK(names("?asset=USD") == std::vector<std::string>{"school", "flood"});
}

TEST_CASE("of one asset the joined parties are those that its trace counts under another one") {
  Site site;
  v1::Action other = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION), join;
  other.mutable_transfer()->set_asset("USD");
  site.Do({Asset("USD")});
  site.Do({std::move(other)});
  join.mutable_join_parties()->set_id("twice");
  join.mutable_join_parties()->set_party("hostile-1");
  join.mutable_join_parties()->set_under("hostile-0");
  join.mutable_join_parties()->set_why(v1::JoinParties::WHY_SAME);
  site.Do({std::move(join)});
  // Only CNY went to them.
  const std::string all = "/party/donor/went.json?joined=1", named = "\"under\": \"hostile-0\"";
  for (const char* asset : {"", "&asset=CNY"}) CHECK_THAT(site.Body(all + asset), Contains(named));
  CHECK_THAT(site.Body(all + "&asset=USD"), Contains("\"USD\"") && !Contains("hostile-"));
}

TEST_CASE("how many payments have a value stands with what they paid, in each asset by itself") {
  Site site;
  CHECK_THAT(site.Body("/payments/"), Contains("Party village</bdi></a> 1<span class=\"n\"> (600.00 CNY)") &&
                                          Contains("In brackets: what these payments paid"));
  CHECK_THAT(site.Body("/zh/payments/"), Contains("</a> 1<span class=\"n\">（600.00 CNY）"));
  site.Do({Committed(Pay("donor", "village", 5'000, v1::TRANSFER_KIND_DONATION))});
  CHECK_THAT(site.Body("/payments/"), Contains("Party village</bdi></a> 2<span class=\"n\"> (600.00 CNY)"));
  site.Do({Asset("USD")});
  v1::Action other = Pay("ministry", "village", 100);
  other.mutable_transfer()->set_asset("USD");
  v1::Action source = Pay("donor", "ministry", 7'700, v1::TRANSFER_KIND_DONATION);
  source.mutable_transfer()->set_asset("USD");
  site.Do({std::move(source), std::move(other)});
  CHECK_THAT(site.Body("/payments/"),
             Contains("Party village</bdi></a> 3<span class=\"n\"> (600.00 CNY; 1.00 USD)"));
}

TEST_CASE("a party leads to its payments of each year, where it has several") {
  Site site;
  CHECK_THAT(site.Body("/party/ministry/"), !Contains("payments/2026/"));
  site.Do({OnDay("2025-05-01", Pay("ministry", "village", 5'000))});
  const std::string page = site.Body("/party/ministry/");
  CHECK_THAT(page,
             Contains("Its payments by year: <a href=\"../../payments/2026/?party=ministry\">2026</a> · "
                      "<a href=\"../../payments/2025/?party=ministry\">2025</a>"));
  CHECK_THAT(site.Body("/payments/2025/?party=ministry"), Contains("50.00") && !Contains("600.00"));
  CHECK_THAT(site.Body("/zh/party/ministry/?joined=1"),
             Contains("zh/payments/2025/?party=ministry&amp;joined=1"));
  CHECK_THAT(site.Body("/party/donor/"), !Contains("payments/2025/"));  // one year
  const std::set<std::string> all = Need(pages::SitePaths(site.view()));
  CHECK_THAT(site.Ask("/party/ministry/", &all).body, !Contains("payments/2025/"));
}

TEST_CASE("payments are chosen by asset and by least amount, on the page and in its files") {
  const Site site;
  const std::string page = site.Body("/payments/");
  CHECK_THAT(page, Contains("name=\"min\"") && Contains("name=\"asset\"") && !Contains("?asset=CNY"));
  // With one asset in the ledger it goes without saying.
  for (const char* question : {"?min=600", "?asset=CNY&min=600.00", "?min=600&sort=amount"}) {
    INFO(question);
    CHECK_THAT(site.Body("/payments/" + std::string(question)),
               Contains("600.00") && Contains("1,000.00") && !Contains("data-amount=\"25000\""));
    CHECK_THAT(site.Body("/payments.csv" + std::string(question)), !Contains(",250.00,"));
  }
  CHECK_THAT(site.Body("/payments.json?min=1000"), Contains("\"100000\"") && !Contains("\"60000\""));
  CHECK_THAT(site.Body("/zh/payments/?min=600"), Contains("金额不少于"));
  // What a table in pieces asks is read without the rows.
  pages::PageRequest in_pieces;
  in_pieces.path = "/payments.csv";
  in_pieces.query = "min=600";
  CHECK(pages::LongTableAt(in_pieces, 8).has_value());
  CHECK_THAT(site.Body("/payments/?sort=date"), Contains("by value date, the newest first"));
  CHECK_THAT(site.Body("/zh/payments/?sort=date"), Contains("起息日最新的在前"));
  CHECK(site.Ask("/payments/?min=many").status == 400);
  CHECK(site.Ask("/payments/?min=99999999999999999999").status == 400);
  CHECK(site.Ask("/payments/?asset=EUR").status == 404);
}

TEST_CASE("a party that is found has what it received and what lies there beside its name") {
  const Site site;
  CHECK_THAT(site.Body("/find/?q=part"),
             Contains("received 1,000.00 CNY") && Contains("150.00 CNY lies there"));
  CHECK_THAT(site.Body("/zh/find/?q=part"), Contains("收到 1,000.00 CNY"));
  CHECK_THAT(site.Body("/find.csv?q=part"), !Contains("received 1,000.00"));
}

TEST_CASE("what is found says the years of its payments, each as a way to them") {
  const Site site;
  const std::string page = site.Body("/find/?q=HYPERLINK");
  CHECK_THAT(page, Contains("Payments by year: ") && Contains("2026 1</a>") &&
                       Contains("kind=transfer&amp;since=2026-01-01&amp;until=2026-12-31"));
  CHECK_THAT(site.Body("/zh/find/?q=HYPERLINK"), Contains("付款按年份："));
  CHECK_THAT(site.Body("/find/?q=HYPERLINK&until=2025-12-31"), Contains("Nothing was found."));
  CHECK_THAT(site.Body("/find.json?q=HYPERLINK"), Contains("\"years\""));
}

}  // namespace
}  // namespace fundtrail::testing
