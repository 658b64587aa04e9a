// What typical commands print, word for word: on terminals of 80 and 120 columns, and in a pipe. tests/golden/transcripts has a file
// for each command, and for some another one in Chinese; FUNDTRAIL_WRITE_GOLDEN=1 writes them anew. What changes from run to
// run (keys, hashes, the time of day) is masked there.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "ledger/base/text.h"
#include "tests/cli/demo.h"
#include "tests/cli/program.h"
#include "tests/cli/terminal.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

struct Transcript {
  const char* name;  // of its file
  const char* command;
  int exit = 0;
  bool chinese = false;  // whether there is one in Chinese too
};

constexpr Transcript kTranscripts[] = {
    {"alone", "", 2},
    {"help", "help", 0, true},
    {"party-list", "party list --limit 10"},
    {"payments", "list --party sweden-government-of --limit 10", 0, true},
    {"statement", "statement afghanistan-humanitarian-fund --limit 8", 0, true},
    {"balance", "balance sweden-government-of --below", 0, true},
    {"trace", "trace from --party sweden-government-of --min 500,000", 0, true},
    {"top", "top --top 8"},
    {"flows", "flows --top 8"},
    {"series", "series --by year"},
    {"idle", "idle --top 8 --on 2026-01-01"},
    {"search", "search shelter --top 8", 0, true},
    {"coverage", "coverage --by category --on 2020-12-31", 0, true},
    {"needs", "needs --on 2020-12-31 --limit 5", 0, true},
    {"findings", "findings --rule DUPLICATE --rule OUT_EXCEEDS_IN --on 2026-01-01", 0, true},
    {"log", "log 0..12"},
    {"verify", "verify demo/ledger --vkey \"$(head -n 1 demo/ledger/vkey)\""},
    {"key-list", "key list --all"},
    {"error", "balance Germany", 2},
    {"summary", "summary", 0, true},
    {"show", "show 10.1", 0, true},
    {"trace-to", "trace to --party un-agencies", 0, true},
};

// Each match as `as`, in which $1 and $2 are its parts.
std::string Replaced(const std::string& text, const char* matches, const char* as) {
  return std::regex_replace(text, std::regex(matches), as);
}

// Without what another run has otherwise. Each mask is as long as what it hides, but where no column depends on it.
std::string Masked(std::string text) {
  std::string masked;
  const std::regex hash("[0-9a-f]{16,}");
  for (std::smatch found; std::regex_search(text, found, hash); text = found.suffix())
    masked += found.prefix().str() + std::string(static_cast<std::size_t>(found.length()), 'x');
  text = masked + text;
  text = Replaced(text, "[0-9a-f]{6,}(\xE2\x80\xA6)", "xxxxxx$1");  // one that a narrow terminal cuts
  text = Replaced(text, R"(\+[0-9a-f]{8}\+[A-Za-z0-9+/=]{44})", "+KEY");
  text = Replaced(text, "--after [0-9a-f]{8}", "--after xxxxxxxx");
  // A day of the clock. Those that the commands name are before it.
  text = Replaced(text, "20(2[6-9]|[3-9][0-9])-(0[2-9]|1[0-2])-[0-9]{2}", "YYYY-MM-DD");
  text = Replaced(text, R"(YYYY-MM-DDT[0-9:]{8}\.[0-9]{6}Z)", "YYYY-MM-DDTHH:MM:SS.UUUUUUZ");
  text = Replaced(text, "[0-9,]+( stored rows| bytes of records| 存储行| 字节)", "N$1");
  return Replaced(text, "(took|用时)( +)[0-9.,]+", "$1$2N");
}

// A command in each place that it is asked in.
struct Printed {
  const char* where;
  int columns;  // 0: no end
  std::vector<std::string> lines;
};

std::vector<std::string> InPipe(const std::string& command, int exit) {
  const auto ran = Demo::Payments().Shell("( ( " + Program() + " " + command + " ) 2>&1 )");
  INFO(command << "\n" << ran.out);
  CHECK(ran.exit == exit);
  return SplitLines(ran.out);
}

std::string Whole(const Transcript& one, bool chinese) {
  std::string command = chinese ? "--lang zh " : "";
  if (std::string(one.name) != "alone" && std::string(one.command) != "help" &&
      std::string(one.name) != "verify")
    command += "--ledger demo/ledger ";
  command += one.command;
  while (!command.empty() && command.back() == ' ') command.pop_back();
  return command;
}

std::string FileOf(const Transcript& one, bool chinese) {
  return std::string(FUNDTRAIL_GOLDEN) + "/transcripts/" + one.name + (chinese ? ".zh.txt" : ".txt");
}

// Where two texts differ, in words: the lines between what is the same at the beginning and at the end.
std::string Difference(const std::vector<std::string>& kept, const std::vector<std::string>& now) {
  const auto [from_kept, from_now] = std::mismatch(kept.begin(), kept.end(), now.begin(), now.end());
  if (from_kept == kept.end() && from_now == now.end()) return "";
  auto to_kept = kept.end();
  auto to_now = now.end();
  while (to_kept != from_kept && to_now != from_now && *(to_kept - 1) == *(to_now - 1)) {
    --to_kept;
    --to_now;
  }
  std::string text = "from line " + std::to_string(from_kept - kept.begin() + 1) + " on, where it had\n";
  for (auto line = from_kept; line != to_kept; ++line) text += "  - " + *line + "\n";
  text += from_now == to_now ? "it has nothing\n" : "it has\n";
  for (auto line = from_now; line != to_now; ++line) text += "  + " + *line + "\n";
  return text;
}

// The parts of a file of transcripts, each below its title.
std::string TitleOf(const Printed& printed) { return std::string("=== ") + printed.where; }

void Compare(const std::string& file, const std::string& command, const std::vector<Printed>& all) {
  std::string text = "$ fundtrail" + (command.empty() ? "" : " " + command) + "\n";
  for (const Printed& printed : all) {
    text += "\n" + TitleOf(printed) + "\n";
    for (const std::string& line : printed.lines) text += line + "\n";
  }
  if (std::getenv("FUNDTRAIL_WRITE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(std::filesystem::path(file).parent_path());
    std::ofstream(file, std::ios::binary) << text;
    return;
  }
  const std::string difference = Difference(SplitLines(FileText(file)), SplitLines(text));
  INFO(file << ": " << difference << "FUNDTRAIL_WRITE_GOLDEN=1 has it written anew");
  CHECK(difference.empty());
}

// What stands in every answer: it fits its terminal, and in a pipe all of it is there.
void CheckForm(const std::string& command, const std::vector<Printed>& all) {
  const std::regex amount("[0-9][0-9,]*\\.[0-9]{2}\\b"), cut("[^ x]\xE2\x80\xA6");
  for (const Printed& printed : all) {
    std::string text;
    for (const std::string& line : printed.lines) {
      text += line + "\n";
      INFO(command << ", " << printed.where << ": " << line);
      if (printed.columns > 0) CHECK(DisplayWidth(line) <= printed.columns);
      // Where dates have "…" between them there are blanks around it, and a root is shown by its front everywhere.
      if (printed.columns == 0) CHECK_FALSE(std::regex_search(line, cut));
    }
    // A trace has notes, which are cut.
    if (command.find(" trace ") != std::string::npos) continue;
    std::string whole;
    for (const std::string& line : all.back().lines) whole += line + "\n";
    for (std::sregex_iterator found(whole.begin(), whole.end(), amount), end; found != end; ++found) {
      INFO(command << ", " << printed.where << " cuts the amount " << found->str());
      CHECK(Has(text, found->str()));
    }
  }
}

TEST_CASE(
    "typical commands print what their transcripts have, and fit their terminal; a pipe has all of it") {
  const Desk& desk = Demo::Payments();
  // The first verification remembers what it saw, and says so from then on.
  REQUIRE(desk.Run(std::string("verify demo/ledger --vkey ") + VkeyOf(desk, "demo/ledger")).exit == 0);
  struct Asked {
    const Transcript* of;
    bool chinese;
  };
  std::vector<Asked> asked;
  for (const Transcript& one : kTranscripts) {
    asked.push_back({&one, false});
    if (one.chinese) asked.push_back({&one, true});
  }
  std::vector<std::string> commands;
  for (const Asked& one : asked) commands.push_back(Whole(*one.of, one.chinese));
  const auto narrow = OnTerminal(desk, commands, 80), wide = OnTerminal(desk, commands, 120);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    std::vector<Printed> all = {{"a terminal of 80 columns", 80, narrow[i]},
                                {"a terminal of 120 columns", 120, wide[i]},
                                {"a pipe", 0, InPipe(commands[i], asked[i].of->exit)}};
    for (Printed& printed : all)
      for (std::string& line : printed.lines) line = Masked(line);
    CheckForm(commands[i], all);
    Compare(FileOf(*asked[i].of, asked[i].chinese), commands[i], all);
  }
}

// Of an id, a hash or an address, which is never cut.
bool HasLongWord(const std::string& line, int columns) {
  std::istringstream words(line);
  for (std::string word; words >> word;)
    if (DisplayWidth(word) >= columns) return true;
  return false;
}

TEST_CASE("typical commands and their help fit a terminal of 60 columns, but for ids and hashes") {
  const Desk& desk = Demo::Payments();
  std::vector<std::string> commands = {"--help", "pay --help", "trace from --help", "import csv --help",
                                       "party add --help"};
  for (std::size_t i = 0, english = commands.size(); i < english; ++i)
    commands.push_back("--lang zh " + commands[i]);
  for (const Transcript& one : kTranscripts)
    for (const bool chinese : {false, true}) commands.push_back(Whole(one, chinese));
  const auto narrow = OnTerminal(desk, commands, 60);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    for (const std::string& line : narrow[i]) {
      INFO(commands[i] << ": " << line);
      CHECK((DisplayWidth(line) <= 60 || HasLongWord(line, 44)));
    }
  }
}

TEST_CASE("a folder of transcripts has those of this test, and no others") {
  std::vector<std::string> there, named;
  for (const auto& file : std::filesystem::directory_iterator(std::string(FUNDTRAIL_GOLDEN) + "/transcripts"))
    there.push_back(file.path().string());
  for (const Transcript& one : kTranscripts) {
    named.push_back(FileOf(one, false));
    if (one.chinese) named.push_back(FileOf(one, true));
  }
  std::sort(there.begin(), there.end());
  std::sort(named.begin(), named.end());
  CHECK(there == named);
}

TEST_CASE("a transcript that changed is told in words") {
  CHECK(Difference({"a", "b"}, {"a", "b"}).empty());
  CHECK(Difference({"a", "b", "c"}, {"a", "B", "c"}) ==
        "from line 2 on, where it had\n  - b\nit has\n  + B\n");
  CHECK(Difference({"a", "b"}, {"a"}) == "from line 2 on, where it had\n  - b\nit has nothing\n");
  CHECK(Difference({"a"}, {"a", "b"}) == "from line 2 on, where it had\nit has\n  + b\n");
}

TEST_CASE("what another run has otherwise is masked in a transcript, and nothing else") {
  CHECK(Masked("root 49faa947f73805d9… of 13 records, 2020-12-31 and 2026-01-01") ==
        "root xxxxxxxxxxxxxxxx… of 13 records, 2020-12-31 and 2026-01-01");
  CHECK(Masked("example.org/l+a381834e+ARstmVJvU5VTRZTLo98VnxDsyES0Wc1jk2OArVmml470") == "example.org/l+KEY");
  CHECK(Masked("recorded 2026-11-30, --after 82d9e53d.7") == "recorded YYYY-MM-DD, --after xxxxxxxx.7");
  CHECK(Masked("recorded 2026-11-30T22:18:43.203950Z") == "recorded YYYY-MM-DDTHH:MM:SS.UUUUUUZ");
  CHECK(Masked("  took       0.11 s, 183,872 bytes of records") == "  took       N s, N bytes of records");
  CHECK(Masked("728,708,048.00 USD, 545 transfers") == "728,708,048.00 USD, 545 transfers");
}

}  // namespace
}  // namespace fundtrail::testing
