// Which pledges and needs a match is about, and what it says. Plain numbers: it knows no ledger.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

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

}  // namespace fundtrail::query
