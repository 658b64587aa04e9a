// What can be asked of findings: their order and parameters, those of one party or fund, pages, and every refusal.
#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "ledger/model/finding_rules.h"
#include "tests/support/findings.h"
#include "tests/support/pages.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Something for most rules.
struct Busy : Audited {
  Busy() {
    Do({OnDay("2023-01-01", Pay("donor", "ministry", 1'000))});
    Do({OnDay("2023-01-02", Pay("ministry", "county", 50)),
        OnDay("2023-01-02", Pay("ministry", "county", 50))});
    Do({OnDay("2023-01-03", Pay("county", "ministry", 5))});
    Do({OnDay("2023-01-04", Pay("unrecorded", "charity", 9)),
        OnDay("2023-01-04", Pay("charity", "village", 9))});
    Do({InTheFund("school", OnDay("2023-01-05", Pay("donor", "county", 77)))});
    OpenProject("tents", "2026-02-01", "2026-02-10");
    Do({OnDay("2023-01-06", Into("tents", Pay("ministry", "county", 20)))});
  }
};

TEST_CASE("findings stand in their order, each with its rule's parameters, and counts are theirs") {
  const Busy busy;
  v1::FindingsRequest request;
  request.set_on("2026-08-01");
  request.add_set("IDLE.days=400");
  const auto answer = Need(busy.Try(request));
  CHECK(answer.on() == "2026-08-01");
  REQUIRE(answer.rules_size() == static_cast<int>(model::FindingRules().size()));
  std::uint64_t counted = 0;
  std::size_t found_by = 0;
  for (const v1::FindingRuleLine& line : answer.rules()) {
    const auto* text = model::FindFindingRule(line.rule());
    REQUIRE(text != nullptr);
    CHECK(line.formula() == text->formula);
    REQUIRE(line.parameters_size() == static_cast<int>(text->parameters.size()));
    for (int i = 0; i < line.parameters_size(); ++i) {
      const auto& parameter = text->parameters[static_cast<std::size_t>(i)];
      const bool set = line.rule() == v1::FINDING_RULE_IDLE && line.parameters(i).name() == "days";
      CHECK(line.parameters(i).value() == (set ? 400 : parameter.usual));
    }
    counted += line.look() + line.serious();
    if (line.look() + line.serious() > 0) ++found_by;
  }
  CHECK(counted == static_cast<std::uint64_t>(answer.findings_size()));
  CHECK(found_by >= 6);
  for (const v1::Finding& finding : answer.findings()) {
    CHECK(finding.party_names_size() == finding.parties_size());
    CHECK(finding.decimals() == 2);
  }
}

TEST_CASE("findings of one party, of one fund, and as of a record") {
  const Busy busy;
  v1::FindingsRequest request;
  request.set_on("2026-08-01");
  const auto all = Need(busy.Try(request));
  for (const std::string party : {"county", "charity", "donor"}) {
    v1::FindingsRequest of_party = request;
    of_party.set_party(party);
    std::vector<std::string> expected, told;
    for (const v1::Finding& finding : all.findings())
      if (std::find(finding.parties().begin(), finding.parties().end(), party) != finding.parties().end())
        expected.push_back(Told(finding));
    const auto answer = Need(busy.Try(of_party));
    for (const v1::Finding& finding : answer.findings()) told.push_back(Told(finding));
    INFO(party);
    CHECK_FALSE(expected.empty());
    CHECK(told == expected);
  }
  v1::FindingsRequest of_fund = request;
  of_fund.set_fund("school");
  of_fund.add_rules(v1::FINDING_RULE_IDLE);
  const auto school = Need(busy.Try(of_fund));
  REQUIRE(school.findings_size() == 1);
  CHECK(school.findings(0).amount() == 77);
  // As of the record of the first payment nothing else was there.
  v1::FindingsRequest then = request;
  then.set_as_of(2);
  then.add_rules(v1::FINDING_RULE_IDLE);
  const auto before = Need(busy.Try(then));
  CHECK(before.as_of_record() == 2);
  REQUIRE(before.findings_size() == 1);
  CHECK(Told(before.findings(0)) == "IDLE SERIOUS 1000/1000 ministry 2.1");
}

TEST_CASE("pages of findings, cut in every way, give the whole") {
  const Busy busy;
  const query::View view = busy.view();
  v1::FindingsRequest request;
  request.set_on("2026-08-01");
  const auto whole = Need(Whole(query::Findings(view, request, {})));
  REQUIRE(whole.findings_size() > 4);
  for (std::size_t parts = 1; parts <= 5; ++parts) {
    query::Paging paging;
    paging.page_parts = parts;
    const auto cut = Need(Whole(query::Findings(view, request, paging)));
    CHECK(cut.rules_size() == whole.rules_size());
    REQUIRE(cut.findings_size() == whole.findings_size());
    for (int i = 0; i < whole.findings_size(); ++i)
      CHECK(cut.findings(i).ShortDebugString() == whole.findings(i).ShortDebugString());
  }
  v1::FindingsAnswer pieced;
  query::Paging paging;
  paging.limit = 2;
  do {
    auto some = Need(Whole(query::Findings(view, request, paging)));
    paging.after = some.next();
    some.clear_next();
    pieced.mutable_findings()->MergeFrom(some.findings());
  } while (!paging.after.empty());
  REQUIRE(pieced.findings_size() == whole.findings_size());
  for (int i = 0; i < whole.findings_size(); ++i)
    CHECK(pieced.findings(i).ShortDebugString() == whole.findings(i).ShortDebugString());
}

TEST_CASE("what cannot be asked of findings is refused with its reason") {
  const Busy busy;
  using Code = absl::StatusCode;
  struct Case {
    std::function<void(v1::FindingsRequest*)> change;
    Code code;
    std::string says;
  };
  const std::vector<Case> cases = {
      {[](auto* r) { r->set_party("nobody"); }, Code::kNotFound, "no party \"nobody\""},
      {[](auto* r) { r->set_fund("none"); }, Code::kNotFound, "no fund \"none\""},
      {[](auto* r) { r->set_on("soon"); }, Code::kInvalidArgument, "on"},
      {[](auto* r) { r->set_as_of(99); }, Code::kOutOfRange, "no record 99"},
      {[](auto* r) { r->add_rules(v1::FINDING_RULE_UNSPECIFIED); }, Code::kInvalidArgument, "rules: 0"},
      {[](auto* r) { r->add_rules(static_cast<v1::FindingRule>(99)); }, Code::kInvalidArgument, "rules: 99"},
      {[](auto* r) { r->add_set("IDLE"); }, Code::kInvalidArgument, "is no setting"},
      {[](auto* r) { r->add_set("NONE.days=1"); }, Code::kInvalidArgument, "names no rule"},
      {[](auto* r) { r->add_set("IDLE.day=1"); }, Code::kInvalidArgument, "IDLE has days, serious_days"},
      {[](auto* r) { r->add_set("OUT_EXCEEDS_IN.days=1"); }, Code::kInvalidArgument, "has none"},
      {[](auto* r) { r->add_set("IDLE.days=-1"); }, Code::kInvalidArgument, "has no value from 0 to"},
      {[](auto* r) { r->add_set("IDLE.days=many"); }, Code::kInvalidArgument, "has no value from 0 to"},
      {[](auto* r) {
         r->add_rules(v1::FINDING_RULE_SPLIT);
         r->add_set("IDLE.days=1");
       },
       Code::kInvalidArgument, "IDLE is not among the rules"},
      {[](auto* r) { r->set_after("x"); }, Code::kInvalidArgument, "no page token"},
  };
  for (const Case& one : cases) {
    v1::FindingsRequest request;
    one.change(&request);
    const Status status = busy.Try(request).status();
    INFO(status.ToString());
    CHECK(status.code() == one.code);
    CHECK_THAT(std::string(status.message()), Contains(one.says));
  }
}

}  // namespace
}  // namespace fundtrail::testing
