// See kept_bodies.h.
#include "ledger/query/kept_bodies.h"

#include <algorithm>
#include <utility>

namespace fundtrail::query {
namespace {

// Two filters of which the same is read are told alike: the role counts for groups alone.
BodyFilter Told(BodyFilter filter) {
  if (filter.groups()) return filter;
  filter.of = v1::TopRequest::OF_BODIES;
  filter.role = v1::ROLE_UNSPECIFIED;
  return filter;
}

}  // namespace

KeptBodies::Sums KeptBodies::Find(std::uint64_t size, const BodyFilter& filter) {
  const BodyFilter told = Told(filter);
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(kept_.begin(), kept_.end(),
                                  [&](const Kept& kept) { return kept.size == size && kept.filter == told; });
  if (found == kept_.end()) return nullptr;
  std::rotate(kept_.begin(), found, found + 1);
  return kept_.front().sums;
}

void KeptBodies::Keep(std::uint64_t size, const BodyFilter& filter, Sums sums) {
  if (sums->bodies.size() > kMaxKeptBodies) return;
  Kept added{size, Told(filter), std::move(sums)};
  const std::lock_guard lock(mutex_);
  std::erase_if(kept_, [&](const Kept& kept) { return kept.size == size && kept.filter == added.filter; });
  kept_.insert(kept_.begin(), std::move(added));
  std::size_t bodies = 0, keeps = 0;
  while (keeps < std::min(kept_.size(), kMaxKeptReadings) &&
         bodies + kept_[keeps].sums->bodies.size() <= kMaxKeptBodies)
    bodies += kept_[keeps++].sums->bodies.size();
  kept_.resize(keeps);
}

StatusOr<KeptBodies::Sums> ReadBodies(const View& view, const BodyFilter& filter) {
  const std::uint64_t size = view.checkpoint.size();
  KeptBodies::Sums sums;
  if (view.bodies != nullptr) sums = view.bodies->Find(size, filter);
  if (sums != nullptr) return sums;
  FT_ASSIGN_OR_RETURN(auto read, ReadBodiesOfPeriods(view, filter, {filter.period}));
  sums = std::make_shared<const BodySums>(std::move(read.front()));
  if (view.bodies != nullptr) view.bodies->Keep(size, filter, sums);
  return sums;
}

}  // namespace fundtrail::query
