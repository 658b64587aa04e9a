// Payments sorted by amount: as a page, as files, and page by page.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/pages/long_tables.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("payments are sorted by amount as a page, as CSV and as JSON, and a project's are not") {
  const Site site;
  const std::string page = site.Body("/payments/?sort=amount");
  const auto at = [&page](const char* amount) { return page.find("<td class=\"n\">" + std::string(amount)); };
  REQUIRE(at("1,000.00") != std::string::npos);
  CHECK(at("1,000.00") < at("600.00"));
  CHECK(at("600.00") < at("250.00"));
  CHECK_THAT(page, !Contains("in the order in which they were recorded"));
  CHECK_THAT(page, Contains("Payments of each asset, the largest first") &&
                       Contains("<b>The largest of each asset first</b>") &&
                       Contains("In the order of the record"));
  CHECK_THAT(site.Body("/payments/"), Contains("href=\"./?sort=amount\""));
  const std::string csv = site.Body("/payments.csv?sort=amount");
  CHECK(csv.find(",1000.00,") < csv.find(",600.00,"));
  CHECK(csv.find(",600.00,") < csv.find(",250.00,"));
  v1::ListAnswer answer;
  REQUIRE(model::ReadProtobufJson(site.Body("/payments.json?sort=amount&party=village"), &answer).ok());
  REQUIRE(answer.transfers_size() == 1);
  CHECK(answer.transfers(0).transfer().amount() == 60'000);
  CHECK_THAT(site.Body("/zh/payments/?sort=amount"), Contains("各资产的付款，金额大的在前"));
  CHECK_THAT(site.Body("/payments/2026/?sort=amount"), Contains("Payments of each asset, the largest first"));
  CHECK(site.Ask("/payments/?sort=name").status == 400);
  CHECK(site.Ask("/payments/?sort=amount&project=lunches").status == 400);
  CHECK_THAT(site.Body("/payments/?project=lunches"), !Contains("sort=amount"));
  const std::set<std::string> folder = {"/", "/payments/"};
  CHECK_THAT(site.Ask("/payments/", &folder).body, !Contains("sort=amount"));
  pages::PageRequest request;
  request.path = "/payments.csv";
  CHECK(pages::LongTableAt(request, 3).has_value());
  request.query = "sort=amount";
  CHECK_FALSE(pages::LongTableAt(request, 3).has_value());  // it is put in order first
}

TEST_CASE("a list by amount goes on after its last payment") {
  Site site;
  std::vector<v1::Action> pays;
  for (int i = 0; i < 105; ++i) pays.push_back(Pay("ministry", "village", 10 + i));
  site.Do(pays);
  const std::string first = site.Body("/payments/?sort=amount");
  const auto at = first.find("after=");
  REQUIRE(at != std::string::npos);
  const std::string after = first.substr(at, first.find_first_of("&\"", at) - at);
  const std::string second = site.Body("/payments/?sort=amount&" + after);
  CHECK_THAT(first, Contains(">1,000.00<") && Contains(">0.18<") && !Contains(">0.17<"));
  CHECK_THAT(second,
             !Contains(">1,000.00<") && Contains(">0.17<") && Contains(">0.10<") && !Contains(">0.18<"));
}

}  // namespace
}  // namespace fundtrail::testing
