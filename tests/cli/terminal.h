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

// What a command does on a terminal where a reader types a line whenever it waits behind a prompt, and at last ends the input: its lines,
// and its exit code. A prompt ends with ": ", in Chinese with a wide one. The line "^C" is the key.
inline Ran TypedOnTerminal(const Desk& desk, const std::string& arguments,
                           const std::vector<std::string>& lines) {
  desk.write(".typed", R"(import os, pty, sys
lines = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execv("/bin/sh", ["sh", ".command"])
seen = b""
while True:
    try:
        got = os.read(terminal, 4096)
    except OSError:
        break
    if not got:
        break
    sys.stdout.buffer.write(got)
    seen += got
    if seen.endswith((b": ", "\uff1a".encode())):
        line = lines.pop(0) if lines else "^D"
        os.write(terminal, {"^C": b"\x03", "^D": b"\x04"}.get(line, line.encode() + b"\n"))
        seen = b""
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
)");
  desk.write(".command", "exec " + Program() + " " + arguments + "\n");
  std::string typed;
  for (const std::string& line : lines) typed += " '" + line + "'";
  return desk.Shell("python3 .typed" + typed);
}

}  // namespace fundtrail::testing
