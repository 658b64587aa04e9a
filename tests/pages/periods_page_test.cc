// What is committed and not paid, and how two periods differ.
#include <catch2/catch.hpp>
#include <cstdint>
#include <string>

#include "ledger/pages/site_paths.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("what is committed and not paid is told by who promised, to whom, and over the years") {
  Site site;
  const std::uint64_t promise =
      site.Do({Committed(Pay("donor", "ministry", 50'000, v1::TRANSFER_KIND_DONATION))});
  site.Do({Committed(Returning(Pay("ministry", "donor", 20'000), Ref(promise, 1)))});
  const std::string page = site.Body("/committed/");
  CHECK_THAT(page,
             Contains("<b>300.00 CNY</b> is open = 0.00 CNY before + 500.00 CNY committed − 200.00 CNY taken "
                      "back.") &&
                 Contains("aria-label=\"open 300.00 CNY, taken back 200.00 CNY\"") &&
                 Contains("href=\"../party/donor/\"") && Contains("<b>by payer</b>") &&
                 Contains("href=\"./?by=recipient\" rel=\"nofollow\">by recipient</a>"));
  CHECK_THAT(site.Body("/committed/?by=recipient"), Contains("href=\"../party/ministry/\""));
  CHECK_THAT(site.Body("/committed/?by=year"), Contains("2026"));
  CHECK_THAT(site.Body("/committed/?by=fund"), Contains("href=\"../fund/flood/\""));
  CHECK_THAT(site.Body("/committed/?by=project"), Contains("in no project"));
  CHECK_THAT(site.Body("/committed.csv"),
             Contains("\nParty donor,donor,CNY,0.00,500.00,200.00,300.00,1,1\n"));
  CHECK_THAT(site.Body("/committed.json"), Contains("\"open\": \"30000\""));
  CHECK_THAT(site.Body("/zh/committed/"), Contains("未结 <b>300.00 CNY</b> = 此前 0.00 CNY"));
  CHECK_THAT(site.Body("/committed/?party=village"),
             Contains("nothing is recorded") && Contains("All commitments"));
  CHECK_THAT(site.Body("/@" + std::to_string(promise) + "/committed/"),
             Contains("<b>500.00 CNY</b> is open"));
  CHECK(site.Ask("/committed/?by=size").status == 400);
  CHECK(site.Ask("/committed/?party=nobody").status == 404);
  // Where a reader would look for it.
  CHECK_THAT(site.Body("/"), Contains("href=\"./committed/\""));
  CHECK_THAT(site.Body("/party/donor/"), Contains("committed/?party=donor\""));
  CHECK_THAT(site.Body("/fund/flood/"), Contains("committed/?fund=flood\""));
  CHECK_THAT(site.Body("/idle/"), Contains("href=\"../committed/\""));
  const auto all = Need(pages::SitePaths(site.view()));
  for (const char* path : {"/committed/", "/zh/committed/", "/committed.csv", "/committed.json"})
    CHECK(all.count(path) == 1);
}

TEST_CASE("two years, or two periods of choice, stand side by side") {
  Site site;
  site.Do({OnDay("2025-05-01", Pay("ministry", "village", 5'000))});
  const std::string page = site.Body("/compare/");
  CHECK_THAT(page,
             Contains("<h1><bdi>2026-01-01 to 2026-12-31 against 2025-01-01 to 2025-12-31</bdi></h1>") &&
                 Contains("<b>2026</b> · <a href=\"../compare/2025/\">2025</a>"));
  // In 2026 the ministry, the village and one more received 1,850.00; in 2025 the village 50.00.
  CHECK_THAT(page, Contains("<b>1,850.00 CNY</b> against 50.00 CNY.") &&
                       Contains("Difference 1,800.00 CNY = 1,250.00 new − 0.00 gone + 550.00 in both."));
  const std::string row = "<td class=\"n\">600.00</td><td class=\"n\">50.00</td><td class=\"n\">550.00</td>";
  CHECK_THAT(page, Contains(row));
  CHECK(site.Body("/compare.csv") == site.Body("/compare/2026.csv"));
  CHECK_THAT(site.Body("/compare.csv"),
             Contains("\nParty village,village,CNY,600.00,50.00,550.00,in both,2026-01-01,"
                      "2026-12-31,2025-01-01,2025-12-31\n"));
  CHECK_THAT(site.Body("/compare.json"), Contains("\"against\": \"5000\""));
  CHECK_THAT(site.Body("/compare/2025/"), Contains("new") && Contains("All years"));
  CHECK_THAT(site.Body("/compare/?by=flows"), Contains("Payments alone:") && Contains("Party ministry"));
  CHECK_THAT(site.Body("/compare/?by=months"), Contains("2026-03"));
  CHECK_THAT(site.Body("/compare/?sort=paid"), Contains("<b>Passed on</b>"));
  CHECK_THAT(
      site.Body(
          "/compare/?since=2026-01-01&until=2026-06-30&against-since=2025-01-01&against-until=2025-06-30"),
      Contains("2026-01-01 to 2026-06-30 against 2025-01-01 to 2025-06-30"));
  CHECK_THAT(site.Body("/zh/compare/"),
             Contains("差额 1,800.00 CNY = 新增 1,250.00") && Contains("两期都有"));
  CHECK_THAT(site.Body("/@4/compare/"), Contains("2026-01-01 to 2026-12-31") && Contains("against 0.00 CNY"));
  for (const char* wrong : {"/compare/?by=size", "/compare/?sort=size", "/compare/?by=flows&sort=paid",
                            "/compare/?since=2026-01-01", "/compare/2026/?since=2026-01-01"})
    CHECK(site.Ask(wrong).status == 400);
  CHECK(site.Ask("/compare/20/").status == 404);
  CHECK_THAT(site.Body("/compare/2026/"), !Contains("name=\"since\"") && Contains("name=\"fund\""));
  CHECK_THAT(site.Body("/compare/"), Contains("name=\"against-until\""));
  CHECK(site.Ask("/compare/?fund=none").status == 404);
  CHECK_THAT(site.Body("/"), Contains("href=\"./compare/\""));
  const auto all = Need(pages::SitePaths(site.view()));
  for (const char* path : {"/compare/", "/zh/compare/2025/", "/compare/2026.csv", "/compare.json"})
    CHECK(all.count(path) == 1);
  CHECK_THAT(site.Ask("/compare/", &all).body,
             Contains("href=\"../compare/2025/\"") && !Contains("by=flows"));
}

TEST_CASE("a year that is after the day of the record is offered, and not opened") {
  Site site;  // its records are of 2026
  site.Do({OnDay("2199-05-01", Pay("ministry", "village", 5'000))});
  const std::string page = site.Body("/compare/");
  CHECK_THAT(page,
             Contains("<h1><bdi>2026-01-01 to 2026-12-31 against 2025-01-01 to 2025-12-31</bdi></h1>") &&
                 Contains("<a href=\"../compare/2199/\">2199</a> · <b>2026</b>"));
  CHECK(site.Body("/compare.csv") == site.Body("/compare/2026.csv"));
  CHECK_THAT(site.Body("/compare/2199/"), Contains("2199-01-01 to 2199-12-31"));
  // Once a year has come, it is.
  site.clock.now += std::int64_t{400} * 86'400'000'000;
  site.Do({OnDay("2027-12-31", Pay("ministry", "village", 5'000))});
  CHECK_THAT(site.Body("/compare/"), Contains("2027-01-01 to 2027-12-31"));
}

TEST_CASE("where all is dated after the day of the record, the first year is opened") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const v1::Action later = OnDay("2199-05-01", Pay("donor", "ministry", 5'000, v1::TRANSFER_KIND_DONATION));
  const v1::Action sooner = OnDay("2198-05-01", Pay("donor", "ministry", 5'000, v1::TRANSFER_KIND_DONATION));
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1, {later, sooner}), {1}), clock.Read()).status());
  pages::PageRequest request;
  request.path = "/compare/";
  CHECK_THAT(Need(pages::AnswerPage(ledger->store(), request)).body,
             Contains("<a href=\"../compare/2199/\">2199</a> · <b>2198</b>"));
}

TEST_CASE("the first year that a date may have is compared with none, and stops no folder") {
  Site site;
  site.Do({OnDay("1900-01-01", Pay("ministry", "village", 5'000))});
  const auto all = Need(pages::SitePaths(site.view()));
  CHECK(all.count("/payments/1900/") == 1);
  CHECK(all.count("/compare/1900/") == 0);
  CHECK(all.count("/compare/1900.csv") == 0);
  CHECK(site.Ask("/compare/1900/").status == 400);
  CHECK_THAT(site.Body("/compare/"), Contains("<b>2026</b>") && !Contains("compare/1900/"));
}

TEST_CASE("where nothing was paid nothing can be compared") {
  const Site site;
  CHECK_THAT(site.Body("/@2/compare/"), Contains("nothing is recorded"));
  CHECK_THAT(site.Body("/zh/@2/compare/"), Contains("没有记录"));
  CHECK(site.Ask("/@2/compare.csv").status == 200);
}

}  // namespace
}  // namespace fundtrail::testing
