// Every command that prints a table for a spreadsheet: its columns end with the checkpoint that the answer holds at, and each line
// has as many cells as there are columns.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Commands of registers that sign, or that the others have with other fields.
const std::set<std::string> kSigning = {"add", "amend", "end", "forget", "approve", "report", "show"};

// The commands with an option --csv, below `path`.
void Collect(const Desk& desk, const std::string& path, std::set<std::string>* found) {
  const auto ran = desk.Run(path + " --help");
  INFO("fundtrail " << path << " --help");
  REQUIRE(ran.exit == 0);
  if (std::regex_search(ran.out, std::regex("\n +--csv\\b"))) found->insert(path);
  std::istringstream lines(ran.out);
  std::string title;
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && line.front() != ' ') title = line;
    std::smatch command;
    if (!std::regex_search(line, command, std::regex("^  ([a-z][a-z-]*)"))) continue;
    const std::string next = command[1].str();
    if (title == "Recording:" || title == "Checking and copying:") continue;
    if (kSigning.count(next) == 1 && !path.empty() && path != "key") continue;
    Collect(desk, path.empty() ? next : path + " " + next, found);
  }
}

// How many cells a line of CSV has, whose cells hold no line feeds.
std::size_t CellsOf(const std::string& line) {
  std::size_t cells = 1;
  bool quoted = false;
  for (const char c : line) {
    if (c == '"') quoted = !quoted;
    if (c == ',' && !quoted) ++cells;
  }
  return cells;
}

TEST_CASE("every command with --csv has the columns of its checkpoint, and a cell for each column") {
  const Desk desk;
  desk.MakeLedger();
  const auto must = [&desk](const std::string& arguments) {
    const auto ran = desk.Run("--ledger l " + arguments + " --key k");
    INFO(arguments << "\n" << ran.err);
    REQUIRE(ran.exit == 0);
  };
  must("place add dafang --name 'Dafang, the county' --level 3");
  must("category add EDU --name Education");
  must("group form village --kind cooperative --place dafang");
  must("pay --from donor --to hub --fund winter --amount 500 --asset CNY");
  must("pay --from hub --to village --fund winter --amount 200 --asset CNY --purpose 'coats, and shoes'");
  std::set<std::string> found;
  Collect(desk, "", &found);
  REQUIRE(found.size() > 40);
  const std::string keys = desk.Run("--ledger l key list --csv").out;
  const std::string key = keys.substr(keys.find('\n') + 1, 64);
  const std::map<std::string, std::string> kArguments = {{"balance", "hub"},
                                                         {"statement", "hub"},
                                                         {"search", "village"},
                                                         {"trace from", "--party donor"},
                                                         {"trace to", "--party village"},
                                                         {"party tree", "hub"},
                                                         {"place tree", "dafang"},
                                                         {"category tree", "EDU"},
                                                         {"fragmentation", "dafang"},
                                                         {"who-answers", "dafang EDU"},
                                                         {"group members", "village"},
                                                         {"match", "--asset CNY"},
                                                         {"key show", key}};
  for (const std::string& path : found) {
    const auto its = kArguments.find(path);
    const auto ran =
        desk.Run("--ledger l " + path + " " + (its == kArguments.end() ? "" : its->second) + " --csv");
    INFO(path << "\n" << ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    std::istringstream lines(ran.out);
    std::string header;
    std::getline(lines, header);
    CHECK_THAT(header,
               Catch::EndsWith(path.rfind("trace", 0) == 0 ? ",ledger,size,root,method,fund_name,project_name"
                                                           : ",ledger,size,root"));
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      CHECK(CellsOf(line) == CellsOf(header));
      CHECK_THAT(line, Contains(",example.org/l,"));
    }
  }
  // With money below it and without.
  const auto below = desk.Run("--ledger l balance hub --below --csv").out;
  CHECK_THAT(below, Contains(",within_out,reached,ends_here,returned,ledger,size,root\n") &&
                        Contains(",example.org/l,"));
}

}  // namespace
}  // namespace fundtrail::testing
