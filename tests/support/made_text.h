// Text in files of the project that a test makes from the program: compared, and with FUNDTRAIL_WRITE_GOLDEN=1 in the
// environment written anew.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace fundtrail::testing {

// What stands between the line `begin` and the next line `end` of the file, a path from the project's top.
inline void CompareBlock(const std::string& file, const std::string& begin, const std::string& end,
                         const std::string& text) {
  const std::string path = std::string(FUNDTRAIL_SOURCE_DIR) + "/" + file;
  std::ifstream in(path, std::ios::binary);
  std::stringstream whole;
  whole << in.rdbuf();
  std::string all = whole.str();
  INFO(file << ": FUNDTRAIL_WRITE_GOLDEN=1 has it written anew");
  const std::size_t from = all.find("\n" + begin + "\n");
  REQUIRE(from != std::string::npos);
  const std::size_t at = from + begin.size() + 2;
  const std::size_t behind = all.find("\n" + end + "\n", at - 1);
  REQUIRE(behind != std::string::npos);
  if (std::getenv("FUNDTRAIL_WRITE_GOLDEN") != nullptr) {
    all.replace(at, behind + 1 - at, text);
    std::ofstream out(path, std::ios::binary);
    out << all;
    REQUIRE(out.flush().good());
    return;
  }
  CHECK(all.substr(at, behind + 1 - at) == text);
}

}  // namespace fundtrail::testing
