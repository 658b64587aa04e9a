// Rows of one kind that are asked for by number, in an order in which many stand side by side.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "ledger/query/view.h"

namespace fundtrail::query {

// Numbers of rows so close that a few steps lead from one to the other.
inline constexpr std::uint64_t kNearNumbers = 8;
inline bool AreNear(std::uint64_t a, std::uint64_t b) {
  return a < b ? b - a <= kNearNumbers : a - b <= kNearNumbers;
}

// Looks rows up, and steps from one to the next where they are near: a step costs a tenth of a look. The view must outlive it.
class NearRows {
 public:
  // `range`: how all their keys begin.
  NearRows(const View& view, Bytes range) : view_(view), range_(std::move(range)) {}

  // The row's value, or nothing; it lasts until the next call. `near`: this key is one of the next few from the key before, up or
  // down: the answer is the same where that is not so.
  StatusOr<std::optional<ByteView>> Get(const Bytes& key, bool near);

 private:
  const View& view_;
  const Bytes range_;
  std::unique_ptr<store::Cursor> cursor_;  // made when it is needed
  Bytes looked_up_;
};

}  // namespace fundtrail::query
