// What a test demands of a text, so that a failure shows all of it: CHECK_THAT(ran.out, Contains("Record 3")).
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <string>

namespace fundtrail::testing {

using Catch::Contains;

// For conditions that no matcher says.
inline bool Has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// A table for a spreadsheet without the last three cells of each line: ledger, size and root, which tests/cli/csv_columns_test.cc looks
// at. Tables of other tests are easier to read so.
inline std::string WithoutCheckpoint(const std::string& csv) {
  std::string text;
  for (std::size_t at = 0; at < csv.size();) {
    const std::size_t feed = csv.find('\n', at);
    const std::size_t end = feed == std::string::npos ? csv.size() : feed;
    std::string line = csv.substr(at, end - at);
    for (int cell = 0; cell < 3; ++cell)
      line.resize(line.find_last_of(',') == std::string::npos ? 0 : line.find_last_of(','));
    text += line + "\n";
    at = end + 1;
  }
  return text;
}

}  // namespace fundtrail::testing
