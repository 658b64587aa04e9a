// Amounts and positions: types that do not mix, sums that are checked, intervals.
#include "ledger/base/quantity.h"

#include <catch2/catch.hpp>
#include <type_traits>

namespace fundtrail {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// What would not make sense does not compile.
template <typename A, typename B, typename = void>
struct CanAdd : std::false_type {};
template <typename A, typename B>
struct CanAdd<A, B, std::void_t<decltype(std::declval<A>() + std::declval<B>())>> : std::true_type {};
static_assert(CanAdd<Amount, Amount>::value);
static_assert(CanAdd<Position, Amount>::value);
static_assert(!CanAdd<Position, Position>::value);
static_assert(!CanAdd<Amount, RecordIndex>::value);
static_assert(!std::is_convertible_v<std::int64_t, Amount>);
static_assert(!std::is_convertible_v<Amount, Position>);
static_assert(!std::is_convertible_v<Amount, std::int64_t>);

TEST_CASE("sums from outside are checked") {
  CHECK(CheckedAdd(Amount(kMost - 1), Amount(1)) == Amount(kMost));
  CHECK(CheckedAdd(Amount(kMost), Amount(1)) == std::nullopt);
  CHECK(CheckedAdd(Amount(kMost), Amount(kMost)) == std::nullopt);
  CHECK(CheckedAdd(Position(kMost), Amount(0)) == Position(kMost));
  CHECK(CheckedAdd(Position(kMost), Amount(1)) == std::nullopt);
}

TEST_CASE("sums and differences of what is bounded already") {
  CHECK(Amount(5) + Amount(7) == Amount(12));
  CHECK(Amount(7) - Amount(7) == Amount(0));
  CHECK((Amount(7) - Amount(7)).is_zero());
  CHECK(Position(5) + Amount(7) == Position(12));
  CHECK(Position(12) - Position(5) == Amount(7));
  Amount sum(1);
  sum += Amount(2);
  CHECK(sum == Amount(3));
  sum -= Amount(3);
  CHECK(sum.is_zero());
}

TEST_CASE("an intersection is what both have, and empty when they do not meet") {
  const auto between = [](std::int64_t from, std::int64_t to) {
    return Interval{Position(from), Position(to)};
  };
  for (std::int64_t a = 0; a < 5; ++a) {
    for (std::int64_t b = a; b < 5; ++b) {
      for (std::int64_t c = 0; c < 5; ++c) {
        for (std::int64_t d = c; d < 5; ++d) {
          const Interval both = Intersect(between(a, b), between(c, d));
          std::int64_t common = 0;
          for (std::int64_t at = 0; at < 5; ++at) {
            const bool in_both = a <= at && at < b && c <= at && at < d;
            const bool said = both.from.value() <= at && at < both.to.value();
            CHECK(in_both == said);
            common += in_both ? 1 : 0;
          }
          CHECK(both.length() == Amount(common));
          CHECK(both.empty() == (common == 0));
        }
      }
    }
  }
}

TEST_CASE("transfers are in the order of record and line") {
  CHECK(TransferRef{RecordIndex(2), 9} < TransferRef{RecordIndex(10), 1});
  CHECK(TransferRef{RecordIndex(2), 1} < TransferRef{RecordIndex(2), 2});
}

}  // namespace
}  // namespace fundtrail
