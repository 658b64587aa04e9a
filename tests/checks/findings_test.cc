// Findings: what a client does not believe.
#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <utility>

#include "tests/checks/untrue.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("findings: what cannot be true is told") {
  // The hub holds 10 of 12, and the office 8 of 8.
  const auto made = [&](const std::function<void(v1::FindingsAnswer*)>& change) {
    v1::FindingsAnswer answer;
    answer.set_on("2026-03-01");
    for (const char* party : {"hub", "office"}) {
      const bool hub = party == std::string("hub");
      v1::Finding* finding = answer.add_findings();
      finding->set_rule(v1::FINDING_RULE_IDLE);
      finding->set_grade(v1::Finding::GRADE_LOOK);
      finding->add_parties(party);
      finding->add_party_names(party);
      finding->set_fund("winter");
      finding->set_asset("CNY");
      finding->set_amount(hub ? 10 : 8);
      finding->set_compared(hub ? 12 : 8);
      finding->set_first("2025-01-01");
      finding->set_last("2025-01-02");
      for (const std::uint32_t line : {1, 2}) {
        finding->add_evidence()->set_record(4);
        finding->mutable_evidence(finding->evidence_size() - 1)->set_line(line);
      }
      finding->set_evidence_count(2);
    }
    v1::FindingRuleLine* rule = answer.add_rules();
    rule->set_rule(v1::FINDING_RULE_IDLE);
    rule->set_look(2);
    for (const auto& [name, value] : {std::pair("days", 365), std::pair("serious_days", 730)}) {
      v1::FindingParameter* parameter = rule->add_parameters();
      parameter->set_name(name);
      parameter->set_value(value);
    }
    change(&answer);
    return answer;
  };
  const v1::FindingsRequest asked;
  const auto honest = made([](v1::FindingsAnswer*) {});
  CanBeTrue(honest, asked, true);
  CanBeTrue(honest, With(asked, [](auto* r) { r->add_rules(v1::FINDING_RULE_IDLE); }), false);
  Untrue("it is as of another record than was asked for", honest, AsOf(asked, 3), true);
  Untrue("it is of another day than was asked for", honest, On(asked, "2026-03-02"), true);
  Untrue("the rule was not asked for", honest,
         With(asked, [](auto* r) { r->add_rules(v1::FINDING_RULE_SPLIT); }), true);
  Untrue("it names other parties than was asked for", honest,
         With(asked, [](auto* r) { r->set_party("hub"); }), true);
  Untrue("it is about another fund than was asked for", honest,
         With(asked, [](auto* r) { r->set_fund("flood"); }), true);
  Untrue("it used other parameters than were asked for", honest,
         With(asked, [](auto* r) { r->add_set("IDLE.days=90"); }), true);
  Untrue("a rule that was asked for is missing", honest,
         With(asked,
              [](auto* r) {
                r->add_rules(v1::FINDING_RULE_IDLE);
                r->add_rules(v1::FINDING_RULE_SPLIT);
              }),
         true);
  const std::pair<std::function<void(v1::FindingsAnswer*)>, const char*> kFindingLies[] = {
      {[](auto* a) { a->mutable_findings(0)->clear_grade(); }, "it has no grade"},
      {[](auto* a) { a->mutable_findings(0)->clear_party_names(); }, "a party has no name"},
      {[](auto* a) { a->mutable_findings(0)->set_amount(-1); }, "an amount is below zero"},
      {[](auto* a) { a->mutable_findings(0)->set_amount(13); }, "a part is more than its whole"},
      {[](auto* a) { a->mutable_findings(0)->set_first("2025-01-03"); }, "its first day is after its last"},
      {[](auto* a) { a->mutable_findings(0)->set_evidence_count(3); }, "it lists more or fewer transfers"},
      {[](auto* a) { a->mutable_findings(0)->mutable_evidence()->SwapElements(0, 1); },
       "its transfers are out of order"},
      {[](auto* a) { a->mutable_findings()->SwapElements(0, 1); }, "findings are out of order"},
      {[](auto* a) { a->mutable_findings(1)->set_grade(v1::Finding::GRADE_SERIOUS); },
       "findings are out of order"},
      {[](auto* a) { a->mutable_rules(0)->set_look(3); }, "it counts other findings than it has"},
      {[](auto* a) { *a->add_rules() = a->rules(0); }, "it has a rule that was not asked for"},
      {[](auto* a) { a->mutable_rules(0)->mutable_parameters(0)->set_value(1); }, "it used other parameters"},
  };
  for (const auto& [change, words] : kFindingLies) Untrue(words, made(change), asked, true);
}

}  // namespace
}  // namespace fundtrail::testing
