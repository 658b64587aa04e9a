// In how many hands a sum lies. Whole numbers alone, so that everybody computes the same.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace fundtrail {

struct Concentration {
  // The effective number of parts, in thousandths and rounded down: 1 / (the sum of the squares of all shares). Equal parts
  // are as many as they are; one that has nearly all is nearly one.
  std::int64_t effective = 0;
  // The largest part, in 10,000 parts of the sum and rounded down.
  std::int64_t largest = 0;
  friend bool operator==(const Concentration&, const Concentration&) = default;
};

// Nothing when a part is below zero, when there is nothing in all parts together, or when the sum does not fit in 63 bits.
std::optional<Concentration> ConcentrationOf(const std::vector<std::int64_t>& parts);

}  // namespace fundtrail
