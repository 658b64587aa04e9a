// How the two programs are built: what makes a fault in their memory hard to use. Read from the files with readelf.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("both programs are built so that a fault in their memory is hard to use") {
  const Desk desk;
  const auto said = [&](const std::string& what, const std::string& file) {
    const auto ran = desk.Shell("readelf -W " + what + " '" + file + "'");
    REQUIRE(ran.exit == 0);
    return ran.out;
  };
  for (const std::string& file : {Program(), ServerProgram()}) {
    INFO(file);
    const std::string header = said("--file-header", file), segments = said("--segments", file),
                      dynamic = said("--dynamic", file), symbols = said("--dyn-syms", file);
    CHECK_THAT(header, Contains("DYN (Position-Independent Executable file)"));
    const auto stack = segments.find("GNU_STACK");
    REQUIRE(stack != std::string::npos);
    const std::string line = segments.substr(stack, segments.find('\n', stack) - stack);
    CHECK_THAT(line, Contains(" RW "));  // NX: and not RWE
    CHECK_THAT(segments, Contains("GNU_RELRO"));
    CHECK_THAT(dynamic, Contains("BIND_NOW"));  // with RELRO: all of it, before the first instruction of ours
    CHECK_THAT(dynamic, !Contains("TEXTREL"));
    CHECK_THAT(dynamic, !Contains("RPATH"));
    CHECK_THAT(dynamic, !Contains("RUNPATH"));
    CHECK_THAT(symbols, Contains("__stack_chk_fail"));
    // Such as __fprintf_chk; the sanitizers look at these calls themselves.
    if (!RunsSanitized()) CHECK_THAT(symbols, Contains("_chk@"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
