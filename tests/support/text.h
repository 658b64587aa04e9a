// What a test demands of a text, so that a failure shows all of it: CHECK_THAT(ran.out, Contains("Record 3")).
#pragma once

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/text.h"

namespace fundtrail::testing {

using Catch::Contains;

}  // namespace fundtrail::testing
