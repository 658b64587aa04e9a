// What transfers have in common: how many of those that fit a question have each party, fund, project, kind, year and asset, and what
// they come to.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
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
  // What some transfers come to, in one asset.
  struct Sum {
    LogSumOf of = nullptr;
    std::uint32_t asset = 0;  // its place among assets_seen_
    std::uint64_t transfers = 0;
    std::int64_t amount = 0;
  };
  // The transfers of one value. There may be very many values, and most have one sum.
  struct Counted {
    std::uint64_t transfers = 0;
    Sum sum;
    absl::flat_hash_map<std::uint32_t, std::vector<Sum>> more_sums;  // by their assets, few of each
    bool fits = true;  // false once a sum needs more than 63 bits: then none is said
  };
  // What is counted of one transfer for each of its values.
  struct Looked {
    LogSumOf of = nullptr;
    std::uint32_t asset = 0;
    std::int64_t amount = 0;
  };
  using Counts = absl::flat_hash_map<std::string, Counted>;
  using Value = std::pair<std::string_view, const Counted*>;
  Status Count(const std::string& value, const Looked& looked, Counts* counts);
  Status Add(const Looked& looked, Counted* counted);
  // The same of two sides, which may be one.
  Status CountBoth(const std::string& one, const std::string& other, const Looked& looked, Counts* counts);
  Counted& YearOf(Date date);
  std::uint32_t PlaceOfAsset(const std::string& code);
  // In no order.
  std::vector<Value> ValuesOf(v1::Facet::Of of) const;
  Status SaySums(const View& names, const Counted& counted, v1::FacetValue* said) const;

  const View& view_;
  const Joins& joins_;
  Counts parties_, funds_, projects_, assets_;
  std::vector<std::string> assets_seen_;
  absl::flat_hash_map<std::string, std::uint32_t> places_of_assets_;
  // There are few of these.
  std::map<int, Counted> kinds_;
  std::map<std::string, Counted> years_;
  std::map<Date, Counted*> year_of_;  // a date is made a text once
  std::uint64_t looked_ = 0, fit_ = 0;
  bool cut_ = false;
};

}  // namespace fundtrail::query
