// How many of what size: counts by upper bound, as monitoring wants them.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace fundtrail::pipeline {

struct Histogram {
  // `bounds` ascend; what is above the last of them is counted in the total alone.
  explicit Histogram(std::vector<double> bounds) : upper(std::move(bounds)), counts(upper.size()) {}

  void Add(double value) {
    const auto bucket = std::lower_bound(upper.begin(), upper.end(), value) - upper.begin();
    if (bucket < static_cast<std::ptrdiff_t>(counts.size())) ++counts[static_cast<std::size_t>(bucket)];
    ++total;
    sum += value;
  }

  std::vector<double> upper;          // included
  std::vector<std::uint64_t> counts;  // of each bucket alone
  std::uint64_t total = 0;
  double sum = 0;
};

}  // namespace fundtrail::pipeline
