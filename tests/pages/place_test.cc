// The parties of a place: on its page, and ranked.
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <string>

#include "fundtrail/v1/top.pb.h"
#include "ledger/model/protobuf_json.h"
#include "ledger/pages/asking.h"
#include "ledger/query/parties_at.h"
#include "ledger/query/top.h"
#include "tests/pages/site_world.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Below gz stands lp. The auditor is at gz, the clinic and a household at lp, and all others nowhere.
struct Placed : Site {
  std::uint64_t before = 0;
  Placed() {
    before = Do({Place("lp", "gz", 1)});
    v1::Action home = Seated(Party("home-9", "root", v1::ROLE_RECIPIENT), "lp");
    home.mutable_register_party()->set_kind(v1::RegisterParty::KIND_HOUSEHOLD);
    Do({Seated(Party("clinic", "root", v1::ROLE_RECIPIENT), "lp"), home});
    Do({Pay("ministry", "clinic", 900), Pay("ministry", "home-9", 100), Pay("ministry", "auditor", 300)});
  }
};

TEST_CASE("a place's page lists the parties that are registered there and below, and no household") {
  const Placed site;
  const std::string there = site.Body("/place/gz/"), below = site.Body("/place/lp/");
  CHECK_THAT(there, Contains("Parties here and below, without households") && Contains("Party auditor") &&
                        Contains("Party clinic") && !Contains("home-9") && !Contains("Party village"));
  CHECK_THAT(below, Contains("Party clinic") && !Contains("Party auditor") && !Contains("home-9"));
  CHECK_THAT(there, Contains("href=\"../../parties/?place=gz\""));
  CHECK_THAT(site.Body("/zh/place/lp/"), Contains("本地及下级的机构（不含家庭）"));
  CHECK_THAT(site.Body("/@" + std::to_string(site.before) + "/place/gz/"),
             Contains("Party auditor") && !Contains("Party clinic"));
  const std::set<std::string> folder = {"/", "/parties/", "/place/gz/", "/place/lp/", "/party/clinic/"};
  CHECK_THAT(site.Ask("/place/lp/", &folder).body,
             Contains("href=\"../../party/clinic/\"") && !Contains("?place="));
  CHECK_FALSE(Need(query::PartiesAt(site.view(), "gz", std::nullopt, 3)).has_value());  // more than three
}

TEST_CASE("parties of a place are ranked as those of the whole ledger are, and nobody else is among them") {
  const Placed site;
  const query::View view = site.view();
  v1::TopRequest request;
  const auto all = Need(pages::AllPages(query::Top(view, request, {})));
  const auto here = Need(pages::AllPages(query::TopAt(view, request, "gz", {})));
  REQUIRE(here.lines_size() == 2);
  CHECK(here.lines(0).party() == "clinic");
  CHECK(here.lines(1).party() == "auditor");
  CHECK(here.in_all() == 2);
  CHECK(here.totals(0).all().sums().received() == 1'200);
  for (const auto& line : here.lines())
    for (const auto& other : all.lines())
      if (other.party() == line.party()) CHECK(other.SerializeAsString() == line.SerializeAsString());
  // Page by page, and not with the token of another place.
  request.set_limit(1);
  const auto first = Need(pages::AllPages(query::TopAt(view, request, "gz", query::PagingOf(request))));
  request.set_after(first.next());
  const auto second = Need(pages::AllPages(query::TopAt(view, request, "gz", query::PagingOf(request))));
  CHECK(second.lines(0).party() == "auditor");
  CHECK(absl::IsInvalidArgument(query::TopAt(view, request, "lp", query::PagingOf(request)).status()));
  CHECK(absl::IsInvalidArgument(query::Top(view, request, query::PagingOf(request)).status()));
  CHECK(absl::IsNotFound(query::TopAt(view, {}, "nowhere", {}).status()));
}

TEST_CASE("the list of parties takes a place, as a page and as files") {
  const Placed site;
  CHECK_THAT(site.Body("/parties/?place=lp"), Contains("Party clinic") && !Contains("Party auditor") &&
                                                  Contains("below it, without households."));
  CHECK_THAT(site.Body("/parties/"), !Contains("without households"));
  CHECK_THAT(site.Body("/parties.csv?place=gz"),
             Contains("Party clinic,clinic,") && Contains("Party auditor,auditor,") && !Contains("village"));
  v1::TopAnswer answer;
  REQUIRE(model::ReadProtobufJson(site.Body("/parties.json?place=lp"), &answer).ok());
  CHECK(answer.lines_size() == 1);
  CHECK(site.Ask("/parties/?place=nowhere").status == 404);
  CHECK(site.Ask("/parties/?place=lp&sort=name").status == 400);
}

}  // namespace
}  // namespace fundtrail::testing
