// A page of docs/ as what a reader does with it: the tables to write, the commands to type.
#pragma once

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/program.h"

namespace fundtrail::testing {

// Writes each table of the page, which stands below a line that begins with its name: `needs.csv`. Answers the commands, each
// without the name of the program.
inline std::vector<std::string> CommandsOf(const Desk& desk, const std::string& page) {
  const std::string start = "    fundtrail ";
  std::istringstream text(FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/docs/" + page));
  std::string name;
  std::vector<std::string> commands;
  for (std::string line; std::getline(text, line);) {
    const auto at = line.find(".csv`");
    if (line.compare(0, 1, "`") == 0 && at != std::string::npos) name = line.substr(1, at + 3);
    if (line == "```csv") {
      std::string table;
      while (std::getline(text, line) && line != "```") table += line + "\n";
      INFO(page << " has a table without a name");
      REQUIRE_FALSE(name.empty());
      desk.write(name, table);
      name.clear();
    }
    if (line.compare(0, start.size(), start) == 0) commands.push_back(line.substr(start.size()));
  }
  return commands;
}

// Runs one of them, which must go well and say something; what it says.
inline std::string RunCommand(const Desk& desk, const std::string& command) {
  const Ran ran = desk.Run(command);
  INFO(command << "\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  CHECK_FALSE(ran.out.empty());
  return ran.out;
}

}  // namespace fundtrail::testing
