// How far two short texts are apart: slips counted by hand, and texts that are too long to be compared whole.
#include "ledger/base/distance.h"

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail {
namespace {

TEST_CASE("two texts are as far apart as slips lie between them") {
  constexpr struct {
    std::string_view one, other;
    std::size_t apart;
  } kCases[] = {
      {"", "", 0},        {"list", "list", 0},  {"", "list", 4},     {"lsit", "list", 1},  // swapped
      {"lst", "list", 1}, {"liist", "list", 1}, {"lisp", "list", 1}, {"tsil", "list", 3},
      {"ca", "abc", 3},   {"fund", "fnud", 1},
  };
  for (const auto& one : kCases) {
    INFO(one.one << " and " << one.other);
    CHECK(Distance(one.one, one.other) == one.apart);
    CHECK(Distance(one.other, one.one) == one.apart);
  }
}

TEST_CASE("of a long text the front is compared") {
  const std::string front(kMaxComparedText, 'a');
  CHECK(Distance(front + "b", front + "cde") == 0);
  CHECK(Distance(front, "") == kMaxComparedText);
}

}  // namespace
}  // namespace fundtrail
