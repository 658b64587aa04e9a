// What an id may look like.
#include "ledger/base/id.h"

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail {
namespace {

TEST_CASE("an id is letters, digits and four signs, and begins with a letter or a digit") {
  for (const std::string id : {"a", "9", "A.b_c:d-e", "GB-COH-1234567"}) CHECK(IsValidId(id));
  CHECK(IsValidId(std::string(kMaxIdBytes, 'x')));
  for (const std::string id : {"", "-a", ".a", "_a", ":a", "a b", "a/b", "é", "a\n"})
    CHECK_FALSE(IsValidId(id));
  CHECK_FALSE(IsValidId(std::string(kMaxIdBytes + 1, 'x')));
  CHECK(kMaxIdBytes == 64);
}

}  // namespace
}  // namespace fundtrail
