// What a test demands of a text, so that a failure shows all of it: CHECK_THAT(ran.out, Contains("Record 3")).
#pragma once

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail::testing {

using Catch::Contains;

// For conditions that no matcher says.
inline bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace fundtrail::testing
