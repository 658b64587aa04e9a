// The sums of bodies that were read last, for who asks for the same of a ledger that has not grown. The pages of one answer share them,
// and so do Top, Summary and the page of parties.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "ledger/query/body_sums.h"

namespace fundtrail::query {

// So many readings are kept, and so many bodies in all. A body takes about 200 bytes, so these take 60 MB at most.
inline constexpr std::size_t kMaxKeptReadings = 2;
inline constexpr std::size_t kMaxKeptBodies = 300'000;

// Of one ledger. From any thread.
class KeptBodies {
 public:
  using Sums = std::shared_ptr<const BodySums>;
  // What was read with this filter when the ledger had so many records. Null: it is not kept.
  Sums Find(std::uint64_t size, const BodyFilter& filter);
  // Keeps it, in the place of what was asked for longest ago. More than kMaxKeptBodies are not kept.
  void Keep(std::uint64_t size, const BodyFilter& filter, Sums sums);

 private:
  struct Kept {
    std::uint64_t size = 0;  // records
    BodyFilter filter;       // as Told, see kept_bodies.cc
    Sums sums;
  };
  std::mutex mutex_;
  std::vector<Kept> kept_;  // first what was asked for last
};

// By one MoneyWalk, with its errors and its bounds, or what the view keeps of the last ones. Never null.
StatusOr<KeptBodies::Sums> ReadBodies(const View& view, const BodyFilter& filter);

}  // namespace fundtrail::query
