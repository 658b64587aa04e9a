// What transfers have in common: how many of those that fit a question have each party, fund, project, kind, year and asset, and what
// they come to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/joins.h"
#include "ledger/query/log_money.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How many transfers one count looks at, from the beginning of the ledger on.
inline constexpr std::uint64_t kMaxFacetCount = 50'000;
inline constexpr std::uint32_t kMaxFacetValues = 100;

// The projects that one transfer is of, each once.
class ProjectNames {
 public:
  // Nothing happens with an empty one.
  void Add(const std::string& name) {
    if (!name.empty() && !Has(name)) names_.push_back(name);
  }
  bool Has(const std::string& name) const {
    return std::find(names_.begin(), names_.end(), name) != names_.end();
  }
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
};

class FacetCounter {
 public:
  // It tells view.Grow what it keeps. Parties count under those that stand for them.
  FacetCounter(const View& view, const Joins& joins) : view_(view), joins_(joins) {}

  // A transfer that was looked at. Answers whether another one may be.
  bool Look() { return ++looked_ < kMaxFacetCount; }
  void Cut() { cut_ = true; }
  // One that fits too. `projects` are all of which it is.
  Status Take(const v1::Transfer& transfer, Date date, const ProjectNames& projects);
  // At most `most` values of each kind, with the names that parties, funds and projects have in `names`. DATA_LOSS for a party that is not there.
  StatusOr<v1::ListFacets> Answer(const View& names, std::uint32_t most) const;

 private:
  // The transfers of one value.
  struct Counted {
    std::uint64_t transfers = 0;
    std::optional<LogMoneySums> sums = LogMoneySums();  // nothing once one of them does not fit
    // Answers how many sums it began: one of each asset.
    std::size_t Add(const v1::Transfer& transfer) {
      ++transfers;
      if (!sums.has_value()) return 0;
      const std::size_t before = sums->assets();
      if (sums->Add(transfer)) return sums->assets() - before;
      sums.reset();
      return 0;
    }
  };
  using Counts = absl::flat_hash_map<std::string, Counted>;
  Status Count(const std::string& value, const v1::Transfer& transfer, Counts* counts);
  Status Add(const v1::Transfer& transfer, Counted* counted);
  // The same of two sides, which may be one.
  Status CountBoth(const std::string& one, const std::string& other, const v1::Transfer& transfer,
                   Counts* counts);
  Counted& YearOf(Date date);
  std::map<std::string, const Counted*> CountsOf(v1::Facet::Of of) const;

  const View& view_;
  const Joins& joins_;
  Counts parties_, funds_, projects_, assets_;
  // There are few of these.
  std::map<int, Counted> kinds_;
  std::map<std::string, Counted> years_;
  std::map<Date, Counted*> year_of_;  // a date is made a text once
  std::uint64_t looked_ = 0, fit_ = 0;
  bool cut_ = false;
};

}  // namespace fundtrail::query
