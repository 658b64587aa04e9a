// What transfers have in common: how many of those that fit a question have each party, fund, project, kind, year and asset, and what
// they come to.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/joins.h"
#include "ledger/query/log_money.h"
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
  // The transfers of one value.
  struct Counted {
    std::uint64_t transfers = 0;
    std::optional<LogMoneySums> sums = LogMoneySums();  // nothing once one of them does not fit
    void Add(const v1::Transfer& transfer) {
      ++transfers;
      if (sums.has_value() && !sums->Add(transfer)) sums.reset();
    }
  };
  using Counts = std::map<std::string, Counted, std::less<>>;
  Status Count(v1::Facet::Of of, const std::string& value, const v1::Transfer& transfer);
  Counted& YearOf(Date date);
  std::map<std::string, const Counted*> CountsOf(v1::Facet::Of of) const;

  const View& view_;
  const Joins& joins_;
  std::map<std::pair<v1::Facet::Of, std::string>, Counted> counts_;  // of parties, funds and projects
  // There are few of these.
  Counts kinds_, years_, assets_;
  std::map<Date, Counted*> year_of_;  // a date is made a text once
  std::uint64_t looked_ = 0, fit_ = 0;
  bool cut_ = false;
};

}  // namespace fundtrail::query
