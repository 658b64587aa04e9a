// Libraries that are loaded when they are first needed.
#include "ledger/base/late_library.h"

#include <catch2/catch.hpp>
#include <string>

namespace fundtrail {
namespace {

using Catch::Contains;
using Catch::EndsWith;

TEST_CASE("a library that is loaded late has the functions that its header declares") {
  LateLibrary library("libm.so.6");
  double (*root)(double) = nullptr;
  library.Find("sqrt", &root);
  REQUIRE(library.status().ok());
  CHECK(root(9.0) == 3.0);
}

TEST_CASE("a library that is not there is named, and has no functions") {
  LateLibrary library("libfundtrail-has-none.so.1");
  CHECK(absl::IsUnavailable(library.status()));
  CHECK_THAT(std::string(library.status().message()),
             Contains("the library libfundtrail-has-none.so.1 cannot be loaded: "));
  CHECK_THAT(std::string(library.status().message()), EndsWith("; install it or mend it, and try again"));
  void (*function)() = nullptr;
  library.Find("sqrt", &function);
  CHECK(function == nullptr);
}

TEST_CASE("a library without a function that is looked for is of no use") {
  LateLibrary library("libm.so.6");
  void (*function)() = nullptr;
  double (*root)(double) = nullptr;
  library.Find("fundtrail_has_none", &function);
  library.Find("sqrt", &root);
  CHECK(function == nullptr);
  CHECK(absl::IsUnavailable(library.status()));
  CHECK_THAT(std::string(library.status().message()), Contains("fundtrail_has_none"));
}

}  // namespace
}  // namespace fundtrail
