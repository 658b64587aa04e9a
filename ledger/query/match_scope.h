// Which pledges are for which needs: scopes and cells as numbers. For query/match.h.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/books/ancestors.h"
#include "ledger/query/numbers.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Needs first, then pledges. Needs in one place, of one category and one target group share a cell, but for those that
// a pledge names. Pledges that say the same of whom they are for share a scope.
class MatchScopes {
 public:
  // The view must outlive it. `named`: the needs that some pledge names.
  MatchScopes(const View& view, absl::flat_hash_set<std::string> named)
      : view_(view), named_(std::move(named)), ancestors_(*view.rows) {}

  // The number of the need's cell.
  StatusOr<int> CellOf(const v1::DeclareNeed& need);
  int cells() const { return cells_; }
  // The number of the pledge's scope. RESOURCE_EXHAUSTED when scopes and cells are too many to be compared.
  StatusOr<int> ScopeOf(const v1::Pledge& pledge);
  // The number of a scope that reaches every cell.
  int Everything();
  bool IsEmpty(int scope) const { return scopes_[static_cast<std::size_t>(scope)].empty(); }
  // Of each scope the cells in its reach.
  std::vector<std::vector<int>> TakeScopes() { return std::move(scopes_); }

 private:
  enum Side { kNeed, kPlace, kCategory, kTargetGroup, kSides };
  // What a pledge may name on one side, and the cells that this covers.
  struct Covers {
    Numbers ids;
    std::vector<std::vector<int>> cells;  // of each id, in order
  };
  void Cover(Side side, const std::string& id, int cell);
  Status CoverFromAbove(Side side, v1::Action::ActionCase action, const std::string& id, int cell);
  Status Spend(std::size_t steps);

  const View& view_;
  const absl::flat_hash_set<std::string> named_;
  books::Ancestors ancestors_;
  Covers covers_[kSides];
  absl::flat_hash_map<std::string, int> cell_of_, scope_of_;
  int cells_ = 0;
  std::vector<std::vector<int>> scopes_;
  std::size_t spent_ = 0, kept_ = 0;
};

}  // namespace fundtrail::query
