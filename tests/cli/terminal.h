// What commands print on a terminal of some width.
#pragma once

#include <catch2/catch.hpp>
#include <cstddef>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace fundtrail::testing {

inline std::vector<std::string> SplitLines(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    while (!line.empty() && line.back() == '\r') line.pop_back();
    lines.push_back(line);
  }
  return lines;
}

// The lines that each command prints there, errors among them. All run on one terminal, one after the other. Its screen is so long
// that no pager is asked. A command is as one types it, without the name of the program.
inline std::vector<std::vector<std::string>> OnTerminal(const Desk& desk,
                                                        const std::vector<std::string>& commands,
                                                        int columns) {
  const std::string mark = "=== the end of a command ";
  std::string script = "stty cols " + std::to_string(columns) + " rows 5000\n";
  for (const std::string& command : commands)
    script += Program() + " " + command + "\necho '" + mark + "'$?\n";
  desk.write(".terminal", script);
  const auto ran = desk.Shell("TERM=dumb NO_COLOR=1 script -qec 'sh .terminal' /dev/null");
  std::vector<std::vector<std::string>> printed(1);
  for (const std::string& line : SplitLines(ran.out)) {
    if (line.compare(0, mark.size(), mark) == 0) {
      printed.emplace_back();
    } else {
      printed.back().push_back(line);
    }
  }
  INFO(ran.out << ran.err);
  REQUIRE(printed.size() == commands.size() + 1);
  printed.pop_back();
  return printed;
}

}  // namespace fundtrail::testing
