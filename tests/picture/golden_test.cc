// Pictures have the bytes of tests/golden/, and obey the rules that let them travel.
#include "tests/picture/golden.h"

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "tests/picture/markup.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("pictures have the bytes of tests/golden, twice over") {
  const auto pictures = GoldenPictures();
  CHECK(pictures == GoldenPictures());
  for (const auto& [name, text] : pictures) {
    std::ifstream file(std::string(FUNDTRAIL_GOLDEN) + "/" + name, std::ios::binary);
    const std::string golden{std::istreambuf_iterator<char>(file), {}};
    INFO(name << " is now:\n" << text);
    CHECK(golden == text);
  }
}

TEST_CASE("a picture needs no style sheet, no script and no other file, and draws nothing outside its box") {
  for (const auto& [name, text] : GoldenPictures()) {
    if (name.find(".svg") == std::string::npos) continue;
    INFO(name);
    CHECK(BrokenRule(text) == "");
    CHECK(text.find("example.org/relief") != std::string::npos);
    CHECK(text.find("root 5a5a5a5a5a5a5a5a…") != std::string::npos);
  }
}

// That the rules are looked at.
TEST_CASE("a picture that breaks a rule is seen") {
  const std::string good = FlowSvg(v1::DIRECTION_FROM, CirclingWays());
  REQUIRE(BrokenRule(good).empty());
  const auto changed = [&](const std::string& what, const std::string& into) {
    std::string bad = good;
    const std::size_t at = bad.find(what);
    REQUIRE(at != std::string::npos);
    return BrokenRule(bad.replace(at, what.size(), into));
  };
  CHECK(changed("<title>", "<script>") == "it is not well formed");
  CHECK(changed("<defs>", "<foreignObject/><defs>") == "it has an element foreignObject");
  CHECK(changed("<text x=", "<text onclick=\"\" x=") == "it has an attribute onclick");
  CHECK(changed("<text x=\"16\"", "<text x=\"9999\"").find("outside the box") != std::string::npos);
  CHECK(changed("<path d=\"M30,", "<path d=\"M-30,") == "a path leaves the box");
  CHECK(changed(" role=\"img\"", "") == "it has no role");
}

}  // namespace
}  // namespace fundtrail::testing
