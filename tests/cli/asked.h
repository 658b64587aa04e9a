// What people ask, the commands that answer it, and what the commands print: rows of a table in docs/questions.md. So the page
// shows what these tests run.
#pragma once

#include <catch2/catch.hpp>
#include <regex>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {

struct Asked {
  std::string words;                  // the question, or what somebody wants to do
  std::vector<std::string> commands;  // as one types them, without the name of the program
  // Parts of what they print, in that order. Blanks count as one.
  std::vector<std::string> prints;
  std::string note = {};  // why it takes more than one command, or what is not answered
  int exit = 0;           // of the last command
};

inline std::string WithSingleBlanks(const std::string& text) {
  return std::regex_replace(text, std::regex("[ \n]+"), " ");
}

// Runs the commands in the desk, and looks for what they should print. A command that names no ledger asks `ledger`, as it does where
// FUNDTRAIL_LEDGER is set.
inline void CheckAsked(const Desk& desk, const Asked& asked, const std::string& ledger) {
  std::string printed;
  for (std::size_t i = 0; i < asked.commands.size(); ++i) {
    const std::string& command = asked.commands[i];
    const auto ran = desk.Shell("export FUNDTRAIL_LEDGER='" + ledger + "'; ( ( " + Program() + " " + command +
                                " ) 2>&1 )");
    INFO("fundtrail " << command << "\n" << ran.out);
    CHECK(ran.exit == (i + 1 < asked.commands.size() ? 0 : asked.exit));
    printed += ran.out;
  }
  printed = WithSingleBlanks(printed);
  std::size_t at = 0;
  for (const std::string& part : asked.prints) {
    INFO("in " << printed << "\nlooked for, after what was found before: " << part);
    const std::size_t found = printed.find(WithSingleBlanks(part), at);
    REQUIRE(found != std::string::npos);
    at = found + 1;
  }
}

// The row of the table: what was asked, the commands, what they print, and how many commands it takes.
inline std::string RowOf(const Asked& asked) {
  std::string row = "| " + asked.words + " | ";
  for (std::size_t i = 0; i < asked.commands.size(); ++i) {
    // A bar would end the cell.
    row += (i == 0 ? "`" : "<br>`") + std::regex_replace(asked.commands[i], std::regex("\\|"), "\\|") + "`";
  }
  row += " | ";
  for (std::size_t i = 0; i < asked.prints.size(); ++i)
    row += (i == 0 ? "`" : "<br>`") + asked.prints[i] + "`";
  row += " | " + std::to_string(asked.commands.size());
  if (!asked.note.empty()) row += ": " + asked.note;
  return row + " |\n";
}

}  // namespace fundtrail::testing
