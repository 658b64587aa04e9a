// What transfers have in common: how many of those that fit a question have each party, fund, project, kind, year and asset.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/joins.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How many transfers one count looks at, from the beginning of the ledger on.
inline constexpr std::uint64_t kMaxFacetCount = 50'000;
inline constexpr std::uint32_t kMaxFacetValues = 100;

class FacetCounter {
 public:
  // It tells view.Grow what it keeps. Parties count under those that stand for them.
  FacetCounter(const View& view, const Joins& joins) : view_(view), joins_(joins) {}

  // A transfer that was looked at. Answers whether another one may be.
  bool Look() { return ++looked_ < kMaxFacetCount; }
  void Cut() { cut_ = true; }
  // One that fits too. `projects` are all of which it is.
  Status Take(const v1::Transfer& transfer, Date date, const std::set<std::string>& projects);
  // At most `most` values of each kind, with the names that parties, funds and projects have in `names`. DATA_LOSS for a party that is not there.
  StatusOr<v1::ListFacets> Answer(const View& names, std::uint32_t most) const;

 private:
  using Counts = std::map<std::string, std::uint64_t, std::less<>>;
  Status Count(v1::Facet::Of of, const std::string& value);
  Counts CountsOf(v1::Facet::Of of) const;

  const View& view_;
  const Joins& joins_;
  std::map<std::pair<v1::Facet::Of, std::string>, std::uint64_t> counts_;  // of parties, funds and projects
  // There are few of these.
  std::map<int, std::uint64_t> kinds_;
  std::map<Date, std::uint64_t> days_;
  Counts assets_;
  std::uint64_t looked_ = 0, fit_ = 0;
  bool cut_ = false;
};

}  // namespace fundtrail::query
