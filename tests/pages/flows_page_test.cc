// Who pays whom: the page of all, what a party's page has of it, sums by kind; and payments chosen by asset, amount and year.
#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>

#include "ledger/pages/long_tables.h"
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
