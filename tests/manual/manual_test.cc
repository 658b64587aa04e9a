// The manual that a program makes of its own command line: what man and the shells are given.
#include "ledger/manual/manual.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"

namespace fundtrail::manual {
namespace {

// A program with all that a command line may have. Its values go nowhere.
struct Line {
  Line() {
    app.set_help_flag("-h,--help", "Prints this help");
    app.add_option("--ledger", word, "The ledger's folder")->type_name("DIR")->envname("MONEY_LEDGER");
    app.add_option("--lang", word, "The language")->check(CLI::IsMember({"en", "zh"}));
    app.footer("Exit codes: 0 done\n.2 wrong");
    auto* pay = app.add_subcommand("pay", "Records one payment");
    pay->group("Recording");
    pay->add_option("--key", word, "The donor's own key: a file")->type_name("FILE")->required();
    pay->add_option("--from", word, "Who pays")->type_name("PARTY");
    pay->add_flag("--dry-run", flag, "Records nothing");
    pay->add_option("--secret", word, "Shown nowhere")->group("");
    auto* party = app.add_subcommand("party", "Who pays and is paid");
    party->group("Registers");
    auto* add = party->add_subcommand("add", "Registers one");
    add->alias("new");
    add->add_option("id", word, "Its id")->required();
    app.add_subcommand("internal", "Shown nowhere")->group("");
  }
  CLI::App app{"Keeps money's paths", "money"};
  std::string word;
  bool flag = false;
};

const Program kProgram = {"1.2.3", 1, "moneyd(8)"};

std::string TextOf(const std::vector<Page>& pages, const std::string& path) {
  const auto page =
      std::find_if(pages.begin(), pages.end(), [&](const Page& one) { return one.path == path; });
  REQUIRE(page != pages.end());
  return page->text;
}

bool Has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// What bash offers for these words, of which the last is being written: sorted, with spaces between.
std::string Completed(const std::string& script, const std::vector<std::string>& words) {
  const auto folder = std::filesystem::temp_directory_path() / "fundtrail-manual-test";
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "completion") << script;
  std::string line = ". '" + (folder / "completion").string() + "'; COMP_WORDS=(";
  for (const std::string& word : words) line += " '" + word + "'";
  line += " ); COMP_CWORD=" + std::to_string(words.size() - 1) +
          "; _money; printf '%s\\n' \"${COMPREPLY[@]}\" | LC_ALL=C sort | paste -sd ' '";
  std::ofstream(folder / "run") << line << "\n";
  const std::string command =
      "bash '" + (folder / "run").string() + "' >'" + (folder / "out").string() + "' 2>&1";
  REQUIRE(std::system(command.c_str()) == 0);
  std::ifstream out(folder / "out");
  std::string offered;
  std::getline(out, offered);
  std::filesystem::remove_all(folder);
  return offered;
}

TEST_CASE("the program and each command that help shows has a page of man") {
  const Line line;
  const auto pages = MakeManual(line.app, kProgram);
  std::vector<std::string> paths;
  for (const Page& page : pages) paths.push_back(page.path);
  CHECK(paths == std::vector<std::string>{"man/man1/money.1", "man/man1/money-pay.1",
                                          "man/man1/money-party.1", "bash-completion/completions/money",
                                          "zsh/site-functions/_money",
                                          "fish/vendor_completions.d/money.fish"});
  for (const Page& page : pages) {
    INFO(page.path);
    CHECK_FALSE(Has(page.text, "Shown nowhere"));
    CHECK_FALSE(Has(page.text, "secret"));
  }
}

TEST_CASE("a page of man says what help says") {
  const Line line;
  const auto pages = MakeManual(line.app, kProgram);
  const std::string program = TextOf(pages, "man/man1/money.1");
  CHECK(program.rfind(".TH MONEY 1 \"\" \"money 1.2.3\" \"money\"\n.SH NAME\nmoney \\- Keeps money's paths\n",
                      0) == 0);
  CHECK(Has(program, ".TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nPrints this help\n"));
  CHECK(Has(program, "\\fB\\-\\-ledger\\fR \\fIDIR\\fR (Env:MONEY_LEDGER)\nThe ledger's folder\n"));
  CHECK(Has(program, ".SS Recording\n.TP\n\\fBmoney\\-pay\\fR(1)\nRecords one payment\n.SS Registers\n"));
  CHECK(Has(program, ".PP\n\\&.2 wrong\n"));  // a point at the beginning is no order to man
  CHECK(Has(program, ".SH SEE ALSO\nmoneyd(8)\n"));
  const std::string pay = TextOf(pages, "man/man1/money-pay.1");
  CHECK(Has(pay, "\\fB\\-\\-key\\fR \\fIFILE\\fR REQUIRED\nThe donor's own key: a file\n"));
  CHECK(Has(pay, "\\fB\\-\\-dry\\-run\\fR\nRecords nothing\n"));
  CHECK_FALSE(Has(pay, "help"));  // the flag for help is one of the program
  const std::string party = TextOf(pages, "man/man1/money-party.1");
  CHECK(Has(party, ".SS money party add\nRegisters one\n"));
  CHECK(Has(party, "\\fBmoney party add\\fR \\fIid\\fR\n"));
}

TEST_CASE("bash is offered commands, options of the command at hand, and words of a choice") {
  const Line line;
  const std::string script = TextOf(MakeManual(line.app, kProgram), "bash-completion/completions/money");
  CHECK(Completed(script, {"money", ""}) == "party pay");
  CHECK(Completed(script, {"money", "pa"}) == "party pay");
  CHECK(Completed(script, {"money", "pay", "--"}) == "--dry-run --from --help --key --lang --ledger");
  CHECK(Completed(script, {"money", "party", ""}) == "add new");
  CHECK(Completed(script, {"money", "party", "new", "--l"}) == "--lang --ledger");
  // The value of an option is no command, though it be called like one.
  CHECK(Completed(script, {"money", "--ledger", "party", ""}) == "party pay");
  CHECK(Completed(script, {"money", "--lang", ""}) == "en zh");
  CHECK(Completed(script, {"money", "pay", "--lang", "z"}) == "zh");
  CHECK(Completed(script, {"money", "pay", "--lang", "=", "z"}) == "zh");
  CHECK(Completed(script, {"money", "pay", "--from", ""}).empty());
}

TEST_CASE("zsh and fish are given the same, and what each word means") {
  const Line line;
  const auto pages = MakeManual(line.app, kProgram);
  const std::string zsh = TextOf(pages, "zsh/site-functions/_money");
  CHECK(zsh.rfind("#compdef money\n", 0) == 0);
  CHECK(Has(zsh, "'pay:Records one payment'"));
  CHECK(Has(zsh, "'--key:The donor'\\''s own key: a file'"));
  CHECK(Has(zsh, "*':--ledger') _files -/ ;;"));
  CHECK(Has(zsh, "'pay:--key') _files ;;"));
  CHECK(Has(zsh, "' party') at='party' ;;"));
  CHECK(Has(zsh, "'party add' | 'party new') at='party add' ;;"));
  const std::string fish = TextOf(pages, "fish/vendor_completions.d/money.fish");
  CHECK(Has(fish, "complete -c money -n '__money_at \"\"' -f -a pay -d 'Records one payment'\n"));
  CHECK(Has(fish,
            "complete -c money -n '__money_at \"pay\"' -l key -r -F -d 'The donor\\'s own key: a file'\n"));
  CHECK(Has(fish, "complete -c money -s h -l help -d 'Prints this help'\n"));
  CHECK(Has(fish, "complete -c money -l lang -x -a 'en zh' -d 'The language'\n"));
}

TEST_CASE("the files are written below a folder, and a folder that cannot be made is named") {
  const Line line;
  const auto folder = std::filesystem::temp_directory_path() / "fundtrail-manual-files";
  std::filesystem::remove_all(folder);
  REQUIRE(WriteManual(line.app, kProgram, folder.string()).ok());
  for (const Page& page : MakeManual(line.app, kProgram)) {
    std::ifstream file(folder / page.path);
    std::stringstream text;
    text << file.rdbuf();
    CHECK(text.str() == page.text);
  }
  const auto file = folder / "man/man1/money.1";
  const Status written = WriteManual(line.app, kProgram, file.string());
  CHECK(written.code() == absl::StatusCode::kUnavailable);
  CHECK(Has(std::string(written.message()), file.string()));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace fundtrail::manual
