// What machines that take one log from each other promised, and whether all of it can be one history.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"

namespace fundtrail::testing {

// A group of records for which receipts were given.
struct Promised {
  std::string who;
  std::uint64_t epoch = 0;              // under which it was acknowledged
  std::uint64_t before = 0, after = 0;  // records of the log
  Hash root;                            // of the tree of `after` records
  std::int64_t sent = 0, had = 0;       // when, by one clock: it was sent, and its receipts were there
};

// "" when the sizes are one chain, one epoch at a time, and the log that is left has all of it: roots[n] is that of its first n
// records. Else the first thing that cannot be. There may be gaps: a group that was kept, and whose receipts nobody got.
inline std::string WhatCannotBe(std::vector<Promised> all, const std::vector<Hash>& roots) {
  const auto name = [](const Promised& one) {
    return absl::StrCat(one.who, ", epoch ", one.epoch, ", ", one.before, " to ", one.after, " records");
  };
  std::sort(all.begin(), all.end(), [](const Promised& a, const Promised& b) {
    return a.before != b.before ? a.before < b.before : a.after < b.after;
  });
  for (const Promised& one : all) {
    if (one.after <= one.before || one.had < one.sent) return absl::StrCat("it is no promise: ", name(one));
    if (one.after >= roots.size()) return absl::StrCat("the log is shorter: ", name(one));
    if (roots[one.after] != one.root) return absl::StrCat("the log has other records: ", name(one));
  }
  for (std::size_t i = 1; i < all.size(); ++i) {
    const Promised &one = all[i - 1], &next = all[i];
    const std::string both = absl::StrCat(name(one), ", and ", name(next));
    if (next.before < one.after) return absl::StrCat("two were promised the same place: ", both);
    if (next.epoch < one.epoch) return absl::StrCat("an epoch that was over went on: ", both);
    if (next.epoch == one.epoch && next.who != one.who) return absl::StrCat("two had one epoch: ", both);
    // The one that has its receipts later may have been sent earlier, and not the other way round.
    if (one.sent > next.had) return absl::StrCat("what came first was sent last: ", both);
  }
  return "";
}

}  // namespace fundtrail::testing
