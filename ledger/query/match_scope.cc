// See match_scope.h.
#include "ledger/query/match_scope.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/str_cat.h"

namespace fundtrail::query {

namespace {

constexpr std::size_t kMaxScopeSteps = 40'000'000;  // a second, or less
constexpr std::size_t kMaxKept = 4'000'000;         // cells of all scopes

// Ids have no such character.
constexpr char kBetween[] = "\n";

void AddSorted(const google::protobuf::RepeatedPtrField<std::string>& ids, std::string* text) {
  std::vector<std::string> sorted(ids.begin(), ids.end());
  std::sort(sorted.begin(), sorted.end());
  for (const std::string& id : sorted) absl::StrAppend(text, id, kBetween);
  absl::StrAppend(text, kBetween);
}

}  // namespace

void MatchScopes::Cover(Side side, const std::string& id, int cell) {
  Covers& covers = covers_[side];
  const auto number = static_cast<std::size_t>(covers.ids.Of(id));
  if (number == covers.cells.size()) covers.cells.emplace_back();
  covers.cells[number].push_back(cell);
}

// A parent never changes, so that what stands above an item now stood above it then.
Status MatchScopes::CoverFromAbove(Side side, v1::Action::ActionCase action, const std::string& id,
                                   int cell) {
  if (id.empty()) return absl::OkStatus();
  return ancestors_.EachAbove(action, id, [&](const std::string& above) -> StatusOr<bool> {
    Cover(side, above, cell);
    return true;
  });
}

StatusOr<int> MatchScopes::CellOf(const v1::DeclareNeed& need) {
  const bool is_named = named_.contains(need.id());
  const std::string key = absl::StrCat(need.place(), kBetween, need.category(), kBetween, need.target_group(),
                                       kBetween, is_named ? need.id() : std::string());
  const auto [found, is_new] = cell_of_.try_emplace(key, cells_);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.GoOn());
  const int cell = cells_++;
  if (is_named) Cover(kNeed, need.id(), cell);
  FT_RETURN_IF_ERROR(CoverFromAbove(kPlace, v1::Action::kDeclarePlace, need.place(), cell));
  FT_RETURN_IF_ERROR(CoverFromAbove(kCategory, v1::Action::kDeclareCategory, need.category(), cell));
  FT_RETURN_IF_ERROR(
      CoverFromAbove(kTargetGroup, v1::Action::kDeclareTargetGroup, need.target_group(), cell));
  return cell;
}

Status MatchScopes::Spend(std::size_t steps) {
  spent_ += steps;
  if (spent_ > kMaxScopeSteps || kept_ > kMaxKept)
    return absl::ResourceExhaustedError(
        "these pledges and needs are too many, or too entangled, to be matched at once: ask for a place or a "
        "category");
  return view_.GoOn();
}

StatusOr<int> MatchScopes::ScopeOf(const v1::Pledge& pledge) {
  std::string key;
  const google::protobuf::RepeatedPtrField<std::string>* const sides[kSides] = {
      &pledge.needs(), &pledge.places(), &pledge.categories(), &pledge.target_groups()};
  for (const auto* ids : sides) AddSorted(*ids, &key);
  const auto [found, is_new] = scope_of_.try_emplace(std::move(key), static_cast<int>(scopes_.size()));
  if (!is_new) return found->second;
  // What is in reach on each side; on the side where that is least, cells are tried on the others.
  std::vector<const std::vector<int>*> in[kSides];
  std::size_t least_cells = static_cast<std::size_t>(cells_);
  int least = kSides;
  for (int side = 0; side < kSides; ++side) {
    if (sides[side]->empty()) continue;
    std::size_t all = 0;
    for (const std::string& id : *sides[side]) {
      const int number = covers_[side].ids.Find(id);
      if (number == Numbers::kNone) continue;
      in[side].push_back(&covers_[side].cells[static_cast<std::size_t>(number)]);
      all += in[side].back()->size();
    }
    FT_RETURN_IF_ERROR(Spend(1 + static_cast<std::size_t>(sides[side]->size())));
    if (least != kSides && all >= least_cells) continue;
    least_cells = all;
    least = side;
  }
  if (least == kSides) {
    scopes_.emplace_back(static_cast<std::size_t>(cells_));
    std::iota(scopes_.back().begin(), scopes_.back().end(), 0);
    kept_ += scopes_.back().size();
    FT_RETURN_IF_ERROR(Spend(scopes_.back().size()));
    return found->second;
  }
  std::vector<int> cells;
  for (const std::vector<int>* covered : in[least])
    cells.insert(cells.end(), covered->begin(), covered->end());
  std::sort(cells.begin(), cells.end());
  cells.erase(std::unique(cells.begin(), cells.end()), cells.end());
  FT_RETURN_IF_ERROR(Spend(least_cells));
  for (int side = 0; side < kSides; ++side) {
    if (side == least || sides[side]->empty()) continue;
    std::size_t tries = 0;
    const auto outside = [&](int cell) {
      return std::none_of(in[side].begin(), in[side].end(), [&](const std::vector<int>* covered) {
        ++tries;
        return std::binary_search(covered->begin(), covered->end(), cell);
      });
    };
    std::vector<int> rest;
    for (const int cell : cells) {
      if (!outside(cell)) rest.push_back(cell);
      if (tries < 10'000) continue;
      FT_RETURN_IF_ERROR(Spend(tries));
      tries = 0;
    }
    FT_RETURN_IF_ERROR(Spend(tries));
    cells = std::move(rest);
  }
  kept_ += cells.size();
  FT_RETURN_IF_ERROR(Spend(cells.size()));
  scopes_.push_back(std::move(cells));
  return found->second;
}

int MatchScopes::Everything() {
  scopes_.emplace_back(static_cast<std::size_t>(cells_));
  std::iota(scopes_.back().begin(), scopes_.back().end(), 0);
  return static_cast<int>(scopes_.size()) - 1;
}

}  // namespace fundtrail::query
