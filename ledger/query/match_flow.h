// Which pledge could serve which need, and how much of it. The most severe needs come first, with the same share within a
// level, and as much in total as there can be. Plain numbers: it knows no ledger. docs/match.md has the rules for people.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/base/status.h"

namespace fundtrail::query {

// What a pledge has left. Ids differ.
struct MatchSupply {
  std::string id;
  std::int64_t left = 0;
  int scope = 0;  // in MatchProblem::scopes
};
// What a need lacks. Ids differ.
struct MatchDemand {
  std::string id;
  std::int64_t open = 0;
  std::uint32_t severity = 0;  // 5 comes first, then down to 1, and then 0
  std::uint32_t priority = 0;  // 1 comes first, then up to 3, and then 0
  std::int64_t people = 0;
  int cell = 0;  // needs of one cell are in reach of the same scopes
};
struct MatchProblem {
  std::vector<MatchSupply> supplies;
  std::vector<MatchDemand> demands;
  std::vector<std::vector<int>> scopes;  // of each scope the cells in its reach, each once
  int cells = 0;
};

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

// A part of a pledge for a need, by their numbers in the problem.
struct MatchLine {
  int supply = 0, demand = 0;
  std::int64_t amount = 0;
};
// Why needs lack something: only these pledges reach them, and all that these pledges have left is given to these needs. So
// `supply` = `got`, and `open` = `got` + `lacks`.
struct MatchSet {
  std::vector<int> supplies, demands;
  std::int64_t open = 0, got = 0, lacks = 0, supply = 0;
};
struct MatchFlows {
  std::vector<std::int64_t> matched;  // of each demand
  // By demand as they stand in the problem, then by supply. Narrow pledges are used first: the fewer needs a pledge
  // reaches, the earlier it is used. Pledges that reach the same needs are used together, by id. Of two such groups
  // that reach as many, the one that has the lowest id is used first.
  std::vector<MatchLine> lines;
  // Each demand that lacks something stands in one. Those that no supply reaches are one set, which has no supplies. By
  // the lowest id of a demand in it.
  std::vector<MatchSet> sets;
  bool per_person = false;  // of kEqual
};

// The amounts do not depend on the order in which supplies and demands stand. INVALID_ARGUMENT for amounts below 0 and
// for what is out of range. OUT_OF_RANGE when the supplies, the demands or their people add up to more than 2^63 - 1.
// RESOURCE_EXHAUSTED when it takes more work than may be spent.
StatusOr<MatchFlows> FlowMatch(const MatchProblem& problem, MatchMethod method, const MatchWork& work = {});

}  // namespace fundtrail::query
