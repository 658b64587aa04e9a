// How the two programs are built: what makes a fault in their memory hard to use. Read from the files with readelf.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/served/daemon.h"

namespace fundtrail::testing {
namespace {

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

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
    CHECK(Has(header, "DYN (Position-Independent Executable file)"));
    const auto stack = segments.find("GNU_STACK");
    REQUIRE(stack != std::string::npos);
    const std::string line = segments.substr(stack, segments.find('\n', stack) - stack);
    CHECK(Has(line, " RW "));  // NX: and not RWE
    CHECK(Has(segments, "GNU_RELRO"));
    CHECK(Has(dynamic, "BIND_NOW"));  // with RELRO: all of it, before the first instruction of ours
    CHECK_FALSE(Has(dynamic, "TEXTREL"));
    CHECK_FALSE(Has(dynamic, "RPATH"));
    CHECK_FALSE(Has(dynamic, "RUNPATH"));
    CHECK(Has(symbols, "__stack_chk_fail"));
    // Such as __fprintf_chk; the sanitizers look at these calls themselves.
    if (!RunsSanitized()) CHECK(Has(symbols, "_chk@"));
  }
}

}  // namespace
}  // namespace fundtrail::testing
