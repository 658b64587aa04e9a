// The places and categories of a question of coverage, and the items that it must read for them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/query/coverage_cells.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A question with a place knows that place and all below it, and reads what names one of them. Two need the whole
// ledger: where the money of a project stands is a matter of its recipients. What is booked at a place may stand for
// another one today.
class CoveragePlaces {
 public:
  // NOT_FOUND for a place or a category that is asked for and was not there then.
  static StatusOr<CoveragePlaces> Read(const View& view, const v1::CoverageRequest& request,
                                       const std::string& day, AsOfRecord as_of);

  // The number of what another row names: of a place the one that stands for it, which may be kNoItem; of an empty id
  // kNoItem.
  StatusOr<int> PlaceOf(const std::string& id) const;
  StatusOr<int> CategoryOf(const std::string& id) const;
  // Whether it is in what is asked for.
  bool IsIn(int place) const { return places_.IsIn(scope_.place, place); }
  bool IsIn(int place, int category) const {
    return IsIn(place) && categories_.IsIn(scope_.category, category);
  }
  bool has_place() const { return scope_.place != kNoItem; }

  // The items of that register that may name a place that is asked for, sorted, each once; null: all must be read.
  const std::vector<std::string>* ItemsOf(v1::Action::ActionCase action) const;

  const CoverageScope& scope() const { return scope_; }
  // Gives the trees away. Nothing else may be asked after it.
  void MoveTo(CoverageBooks* books);

 private:
  ItemTree places_, categories_;
  CoverageScope scope_;
  std::vector<int> stands_;  // of each place the one that stands for it; empty: each stands for itself
  std::optional<ItemsByRegister> items_;  // those that name a place that is asked for
};

}  // namespace fundtrail::query
