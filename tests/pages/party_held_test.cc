// What the page of a party says of the oldest money that it holds.
#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "ledger/query/project_rows.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE(
    "a party's page says since when the oldest of what it holds lies there, and who holds nothing has no "
    "age") {
  Site site;
  const std::string page = site.Body("/party/ministry/");
  CHECK_THAT(page, Contains("<b>150.00 CNY</b> is held, the oldest of it since 1 March 2026"));
  CHECK_THAT(page, Contains("href=\"../../idle/?party=ministry\""));
  CHECK_THAT(site.Body("/zh/party/ministry/"), Contains("持有 <b>150.00 CNY</b>，最早自 "));
  CHECK_THAT(site.Body("/@3/party/ministry/"), Contains("<b>1,000.00 CNY</b> is held"));
  // A recipient, a source, and who never had money.
  for (const char* id : {"village", "donor", "auditor"}) {
    INFO(id);
    CHECK_THAT(
        site.Body("/party/" + std::string(id) + "/"),
        !Contains("is held, the oldest") && Contains("href=\"../../idle/?party=" + std::string(id) + "\""));
  }
}

TEST_CASE(
    "the age of what a party holds is counted to the day of the newest record, and in the folder it stands "
    "too") {
  Site site;
  // The newest record is of a day after the value date of the money.
  site.clock.now += 40 * std::int64_t{86'400'000'000};
  site.Do({Party("later", "root")});
  REQUIRE(Need(query::DayAsked(site.view(), "", std::nullopt)) == "2026-04-10");
  CHECK_THAT(site.Body("/party/ministry/"),
             Contains("is held, the oldest of it since 1 March 2026: 40 days on 10 April 2026."));
  CHECK_THAT(site.Body("/zh/party/ministry/"), Contains("已 40 天。"));
  const std::set<std::string> folder = {"/party/ministry/", "/idle/"};
  CHECK_THAT(site.Ask("/party/ministry/", &folder).body,
             Contains("40 days on 10 April 2026.") && Contains("href=\"../../idle/\""));
}

}  // namespace
}  // namespace fundtrail::testing
