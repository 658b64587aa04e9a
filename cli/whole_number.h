// A number option of the command line that takes 0, 1, 2 and so on.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <string>

namespace fundtrail::cli {

// What is wrong with it, in words; empty: nothing.
inline std::string NoWholeNumber(const std::string& text) {
  const bool digits = !text.empty() && text.size() <= 19 &&
                      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return digits ? std::string() : "\"" + text + "\" is not a whole number from 0 on";
}

// Refuses, in words, what is not a whole number from 0 on. CLI11 would take -1 for a very large one, or name a range of 300
// digits.
inline CLI::Validator WholeNumber() { return CLI::Validator(NoWholeNumber, ""); }

}  // namespace fundtrail::cli
