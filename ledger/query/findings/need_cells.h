// The places and categories with a need, for the rules that compare needs with money: each asset as Coverage has it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/query/findings/rule.h"

namespace fundtrail::query {

// The needs of one place and category that count on the day.
struct CellNeeds {
  std::vector<std::string> owners;
  std::vector<std::uint64_t> records;
};
using CellNeedsByCell = std::map<std::pair<std::string, std::string>, CellNeeds>;

struct NeedCell {
  const v1::CoverageLine* line = nullptr;
  const CellNeeds* needs = nullptr;
};

// Which assets are looked at.
enum class NeedAssets : std::uint8_t {
  kAsked,   // those that needs ask for
  kOfCells  // these, and those in which money is placed
};

// How many assets are looked at: Coverage reads the registers for each.
inline constexpr std::size_t kMaxNeedAssets = 64;

// Calls `take` with the cells of each asset, place by place, until it answers false. Where there is none, once, with no asset. Those that
// needs ask for come first. `stopped` says that an asset was not looked at, by kMaxNeedAssets or a bound of Coverage, which is no error.
Status EachNeedCells(
    const FindingInput& input, NeedAssets which, bool* stopped,
    const std::function<StatusOr<bool>(const std::string& asset, const std::vector<NeedCell>& cells)>& take);

// What a finding about a cell says: its place and category, and who stated its needs, in which records.
void SetCell(const NeedCell& cell, v1::Finding* finding);

}  // namespace fundtrail::query
