// The rules by which findings are made: what each compares, its parameters, and what would explain its findings innocently. The
// server finds by this table, the client shows and checks by it, and a test compares docs/findings.md with it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fundtrail/v1/findings.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// A number that an asker may set. Days are days, parts are of 10,000, amounts are in the asset's smallest unit.
struct FindingParameterRule {
  const char* name;
  std::int64_t usual, least, most;
  const char* says;  // what it means, in English
};

struct FindingRuleText {
  v1::FindingRule rule;
  const char* formula;   // what is compared, in English
  const char* innocent;  // what would explain it, in English
  std::span<const FindingParameterRule> parameters;
  // The index in `parameters`; -1 when it has none of that name.
  int Find(std::string_view name) const;
};

// All that are there, in the order of their numbers.
std::span<const FindingRuleText> FindingRules();
// Null when there is no such rule.
const FindingRuleText* FindFindingRule(v1::FindingRule rule);
// "HELD_UPSTREAM", or "held-upstream". Null when there is none of that name.
const FindingRuleText* FindFindingRule(std::string_view name);
// "IDLE, HELD_UPSTREAM, …", for messages.
std::string FindingRuleNames();

struct FindingSetting {
  const FindingRuleText* rule = nullptr;
  int parameter = 0;  // the index in the rule's
  std::int64_t value = 0;
};
// Of "IDLE.days=90". INVALID_ARGUMENT, with what there is, for a rule, a parameter or a value that is none.
StatusOr<FindingSetting> ParseFindingSetting(std::string_view text);

}  // namespace fundtrail::model
