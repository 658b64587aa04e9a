// How a copy that is served stands, in numbers.
#pragma once

#include <cstdint>

namespace fundtrail::copy {

struct KeeperFigures {
  bool is_copy = false;    // else nothing below means anything
  bool following = false;  // the source is asked; not after it went back or showed another history
  std::uint64_t records = 0;
  std::uint64_t source_records = 0;  // that the source showed last
  // Since the copy had all that its source showed; before it ever did, since its last record.
  double lag_seconds = 0;
};

}  // namespace fundtrail::copy
