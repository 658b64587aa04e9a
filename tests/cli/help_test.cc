// The help of every command: each has a description, and each of its options says what it takes and what it does.
#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// Descriptions begin at this column, on a line of their own where the name is longer.
constexpr std::size_t kDescribedAt = 30;

std::vector<std::string> LinesOf(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

bool IsDescribed(const std::vector<std::string>& lines, std::size_t i) {
  const auto from_column = [](const std::string& line) {
    return line.size() > kDescribedAt && line[kDescribedAt - 1] == ' ' && line[kDescribedAt] != ' ';
  };
  if (from_column(lines[i])) return true;
  return i + 1 < lines.size() && lines[i + 1].rfind(std::string(kDescribedAt, ' '), 0) == 0 &&
         from_column(lines[i + 1]);
}

// Looks at the help of `path` and of the commands below it, and adds them to `seen`. Registers have the same commands with other
// fields: of all but one of them only `add` is looked at.
void LookAt(const Desk& desk, const std::string& path, std::set<std::string>* seen) {
  const auto ran = desk.Run(path + " --help");
  INFO("fundtrail " << path << " --help\n" << ran.out << ran.err);
  REQUIRE(ran.exit == 0);
  seen->insert(path);
  const auto lines = LinesOf(ran.out);
  std::string title;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].empty() && lines[i].front() != ' ') title = lines[i];
    std::smatch command;
    const bool option = lines[i].rfind("  -", 0) == 0;
    const bool named = std::regex_search(lines[i], command, std::regex("^  ([a-z][a-z-]*)"));
    if (!option && !named) continue;
    INFO(lines[i]);
    CHECK(IsDescribed(lines, i));
    // What the library calls a value that nobody named.
    if (option) CHECK_FALSE(std::regex_search(lines[i], std::regex(" (TEXT|INT|UINT|FLOAT)\\b")));
    if (!named) continue;
    const std::string next = path + (path.empty() ? "" : " ") + command[1].str();
    LookAt(desk, title == "Registers:" && next != "project" ? next + " add" : next, seen);
  }
}

}  // namespace

TEST_CASE("every option of every command names its value and is described") {
  const Desk desk;
  std::set<std::string> seen;
  LookAt(desk, "", &seen);
  for (const char* path : {"pay", "trace from", "party add", "project approve", "import csv", "key authorise",
                           "acknowledge", "personal erase", "verify", "site"})
    CHECK(seen.count(path) == 1);
}

TEST_CASE("help names what a value is, by its option and by what the option stands for") {
  const Desk desk;
  CHECK_THAT(desk.Run("--help").out, Contains("--server HOST:PORT (or $FUNDTRAIL_SERVER)") &&
                                         Contains("--timeout SECONDS (1 to 86400)") &&
                                         Contains("Usage: fundtrail [OPTIONS] COMMAND\n") &&
                                         Contains("\nQuestions:\n"));
  CHECK_THAT(desk.Run("pay --help").out, Contains("--from PARTY REQUIRED") && Contains("--amount AMOUNT") &&
                                             Contains("--date DATE") &&
                                             Contains("--cosigned (with --receipt)"));
  CHECK_THAT(desk.Run("list --help").out, Contains("--from DATE") && Contains("--limit NUMBER"));
  CHECK_THAT(desk.Run("need add --help").out,
             Contains("--place PLACE REQUIRED") && Contains("--amount AMOUNT") && Contains("--until DATE") &&
                 Contains("--people NUMBER") && Contains("--recurring yes|no"));
  // An import refuses what is of one entry.
  CHECK_THAT(desk.Run("import csv --help").out, !Contains("--receipt") && !Contains("--memo"));
}

TEST_CASE("fundtrail alone and help show what people do first, and help COMMAND the options of a command") {
  const Desk desk;
  const auto help = desk.Run("help");
  CHECK(help.exit == 0);
  CHECK_THAT(help.out, Contains("What people do first:") && Contains("fundtrail init DIR") &&
                           Contains("fundtrail help COMMAND"));
  const auto alone = desk.Run("");
  CHECK(alone.exit == 2);
  CHECK(alone.err == "fundtrail: which command?\n" + help.out);
  CHECK(desk.Run("help trace from").out == desk.Run("trace from --help").out);
  CHECK(desk.Run("--ledger l help pay").out == desk.Run("pay --help").out);
  CHECK(desk.Run("version").out == desk.Run("--version").out);
  CHECK(desk.Run("-V").out == desk.Run("--version").out);
  for (const std::string& line : LinesOf(help.out)) CHECK(line.size() <= 80);
}

TEST_CASE("what is not known is named, with the nearest word that is") {
  const Desk desk;
  const struct {
    std::string arguments, says;
  } kCases[] = {
      {"lsit", "there is no command \"lsit\"; did you mean \"list\"?"},
      {"help lsit", "there is no command \"lsit\"; did you mean \"list\"?"},
      {"key autorise x", "there is no command \"key autorise\"; did you mean \"key authorise\"?"},
      {"--ledger l trase from", "did you mean \"trace\"?"},
      {"key add x", "there is no command \"key add\"; did you mean \"key authorise\"?"},
      {"top --limit 3", "there is no option --limit of \"top\"; did you mean --top?"},
      {"list --since 2026-01-01", "did you mean --from?"},
      {"flows --to 2026-01-01", "did you mean --until?"},
      {"list --format csv", "did you mean --output?"},
      {"import pay.csv", "there is no command \"import pay.csv\"; did you mean \"import csv pay.csv\"?"},
      {"undo 3.1", "there is no command \"undo\"; did you mean \"reverse\"?"},
      {"find hub", "did you mean \"search\"?"},
      {"autorise x", "there is no command \"autorise\"; did you mean \"key authorise\"?"},
      {"frobnicate", "there is no command \"frobnicate\"\n"},
      {"trace from --fomat csv", "there is no option --fomat of \"trace from\"; did you mean --format?"},
      {"trace from --fomat=csv", "did you mean --format?"},
      {"--format csv trace from 1", "there is no option --format before a command"},
      {"--leger l list",
       "there is no option --leger before a command, whose own options stand after it; did "
       "you mean --ledger?"},
      {"list --limit 3 one two", "\"list\" takes no more words, and was given \"one\", \"two\""},
      {"trace", "\"trace\" needs one of "},
      {"pay", "--from is required"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    CHECK(ran.exit == 2);
    CHECK_THAT(ran.err, Contains(one.says));
  }
}

TEST_CASE("a folder that holds a ledger is asked about") {
  const Desk desk;
  std::filesystem::create_directory(desk.path("demo"));
  REQUIRE(desk.Run("keygen --out k").exit == 0);
  REQUIRE(desk.Run("init demo/ledger --name example.org/l --root-key k").exit == 0);
  const auto ran = desk.Run("--ledger demo checkpoint");
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains("demo is not a ledger; did you mean demo/ledger?"));
  for (const char* command : {"status", "give-back", "detach --lost"}) {
    const auto replicate = desk.Run(std::string("--ledger none replicate ") + command);
    INFO(command);
    CHECK(replicate.exit == 2);
    CHECK_THAT(replicate.err, Contains("none is not a ledger: make one with"));
  }
}

}  // namespace fundtrail::testing
