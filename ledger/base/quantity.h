// Amounts of money, positions on a number line, and record numbers, as types that do not mix.
//
// All are whole numbers of 63 bits. An amount counts an asset's smallest unit (cents, 分). A position is a place on the
// line of all that an account ever received (docs/one-idea.md). Sums that come from outside, rows of a store among
// them, go through CheckedAdd and AddTo. The operators are for sums that a rule, or the check of a row where it is read
// (model/rows.h), has already bounded. They end the program, in a release build too, rather than give a wrong sum.
#pragma once

#include <compare>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>

namespace fundtrail {

// A number of an asset's smallest units. Never negative in a transfer; differences may not be either.
class Amount {
 public:
  constexpr Amount() = default;
  explicit constexpr Amount(std::int64_t units) : units_(units) {}
  constexpr std::int64_t value() const { return units_; }
  constexpr bool is_zero() const { return units_ == 0; }
  friend constexpr auto operator<=>(Amount, Amount) = default;

 private:
  std::int64_t units_ = 0;
};

// A place on an account's number line; 0 is the first unit that ever came in.
class Position {
 public:
  constexpr Position() = default;
  explicit constexpr Position(std::int64_t place) : place_(place) {}
  constexpr std::int64_t value() const { return place_; }
  friend constexpr auto operator<=>(Position, Position) = default;

 private:
  std::int64_t place_ = 0;
};

// A record's number in the log; 0 is genesis.
class RecordIndex {
 public:
  constexpr RecordIndex() = default;
  explicit constexpr RecordIndex(std::uint64_t index) : index_(index) {}
  constexpr std::uint64_t value() const { return index_; }
  friend constexpr auto operator<=>(RecordIndex, RecordIndex) = default;

 private:
  std::uint64_t index_ = 0;
};

// One transfer: the n-th transfer of a record, counted from 1, as people write it: "12.3".
struct TransferRef {
  RecordIndex record;
  std::uint32_t line = 0;
  friend constexpr auto operator<=>(const TransferRef&, const TransferRef&) = default;
};

// Nothing when the sum does not fit in 63 bits.
constexpr std::optional<Amount> CheckedAdd(Amount a, Amount b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.value(), b.value(), &sum)) return std::nullopt;
  return Amount(sum);
}
constexpr std::optional<Position> CheckedAdd(Position a, Amount b) {
  std::int64_t sum = 0;
  if (__builtin_add_overflow(a.value(), b.value(), &sum)) return std::nullopt;
  return Position(sum);
}
// Adds to a sum of what was read, amounts or differences of them. False when it does not fit: the sum is of no use then.
[[nodiscard]] constexpr bool AddTo(std::int64_t* sum, std::int64_t more) {
  return !__builtin_add_overflow(*sum, more, sum);
}

constexpr Amount operator+(Amount a, Amount b) {
  const auto sum = CheckedAdd(a, b);
  if (!sum.has_value()) std::abort();
  return *sum;
}
constexpr Amount operator-(Amount a, Amount b) {
  if (a < b) std::abort();
  return Amount(a.value() - b.value());
}
constexpr Amount& operator+=(Amount& a, Amount b) { return a = a + b; }
constexpr Amount& operator-=(Amount& a, Amount b) { return a = a - b; }

constexpr Position operator+(Position a, Amount b) {
  const auto sum = CheckedAdd(a, b);
  if (!sum.has_value()) std::abort();
  return *sum;
}
constexpr Amount operator-(Position a, Position b) {
  if (a < b) std::abort();
  return Amount(a.value() - b.value());
}

// The positions [from, to) of one line.
struct Interval {
  Position from;
  Position to;
  constexpr Amount length() const { return to - from; }
  constexpr bool empty() const { return from == to; }
  friend constexpr auto operator<=>(const Interval&, const Interval&) = default;
};

constexpr Interval Intersect(Interval a, Interval b) {
  const Position from = a.from > b.from ? a.from : b.from;
  const Position to = a.to < b.to ? a.to : b.to;
  return from < to ? Interval{from, to} : Interval{from, from};
}

}  // namespace fundtrail
