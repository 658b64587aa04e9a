// Which pledge could serve which need, and how much of it. The most severe needs come first, with the same share within a
// level, and as much in total as there can be. Plain numbers: it knows no ledger. docs/match.md has the rules for people.
#pragma once

#include <cstdint>
#include <functional>

#include "ledger/base/status.h"
#include "ledger/query/match_problem.h"

namespace fundtrail::query {

enum class MatchMethod {
  // Within a level each need gets the same share of what it lacks, as far as the pledges in its reach allow.
  kProportional,
  // Within a level each gets the same amount, and none more than it lacks. It is the same for each person where every need
  // says how many people it is for, else for each need.
  kEqual,
};

// Ends work that takes too long.
struct MatchWork {
  std::uint64_t most = 500'000'000;  // steps along arcs
  std::uint64_t most_arcs = 4'000'000;
  std::function<Status()> go_on;  // asked now and then; empty: never
};

// The amounts do not depend on the order in which supplies and demands stand. INVALID_ARGUMENT for amounts below 0 and
// for what is out of range. OUT_OF_RANGE when the supplies, the demands or their people add up to more than 2^63 - 1.
// RESOURCE_EXHAUSTED when it takes more work than may be spent.
StatusOr<MatchFlows> FlowMatch(const MatchProblem& problem, MatchMethod method, const MatchWork& work = {});

}  // namespace fundtrail::query
