// Every command that a page shows is one of the program, with options that it has; and what stands as a command of its own is run by a
// test that names the page.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/demo.h"
#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kSource = std::string(FUNDTRAIL_SOURCE_DIR) + "/";

std::vector<std::string> WordsOf(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

// The commands of the program with their options, as its completion for bash has them.
struct Known {
  // What a command and the next word name: of "duty" and "assign" it is "duty add". The empty command begins all.
  std::map<std::string, std::string> steps;
  // The empty command has those that go with every command.
  std::map<std::string, std::set<std::string>> options;
  std::set<std::string> valued;  // options that take a value
};

Known ReadProgram() {
  const Desk desk;
  REQUIRE(desk.Run("--manual manual").exit == 0);
  std::string script;
  for (const auto& file : std::filesystem::recursive_directory_iterator(desk.path("manual")))
    if (file.is_regular_file() && file.path().string().find("bash") != std::string::npos)
      script = FileText(file.path());
  const std::regex step("^ +('[a-z0-9 '|-]+')\\) at='([a-z0-9 -]+)'"), name("'([a-z0-9 -]+)'"),
      command("^ +'([a-z0-9 -]+)'\\) commands='[^']*'(?: options\\+='([^']*)')?"),
      list("^ +local (options|valued)='([^']*)'");
  Known program;
  std::istringstream lines(script);
  std::smatch found;
  for (std::string line; std::getline(lines, line);) {
    if (std::regex_search(line, found, step)) {
      const std::string names = found[1];
      for (std::sregex_iterator one(names.begin(), names.end(), name), end; one != end; ++one)
        program.steps[(*one)[1]] = found[2];
    } else if (std::regex_search(line, found, command)) {
      for (const std::string& option : WordsOf(found[2])) program.options[found[1]].insert(option);
      program.options[found[1]].insert("--help");
    } else if (std::regex_search(line, found, list)) {
      for (const std::string& option : WordsOf(found[2]))
        (found[1] == "options" ? program.options[""] : program.valued).insert(option);
    }
  }
  REQUIRE(program.options.size() > 100);
  REQUIRE(program.options.at("trace from").count("--depth") == 1);
  REQUIRE(program.valued.count("--ledger") == 1);
  return program;
}

// Empty when the program takes it; else the word that it does not know. `command` begins after the program's name.
std::string UnknownIn(const Known& program, std::string command) {
  // What the shell puts in is another command's.
  command = std::regex_replace(command, std::regex("\\$\\([^)]*\\)"), "X");
  std::string at;
  std::vector<std::string> options;
  bool named = false;
  const auto words = WordsOf(command);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "|" || word == "&&" || word == ";" || word == "\\" || word[0] == '>') break;
    if (word.rfind("-", 0) == 0 && word != "-") {
      options.push_back(word.substr(0, word.find('=')));
      if (program.valued.count(word) > 0) ++i;
      continue;
    }
    const auto next = program.steps.find(at + " " + word);
    if (next != program.steps.end()) {
      at = next->second;
      named = true;
    } else if (!named) {
      // `fundtrail help COMMAND`, and a command in capitals that stands for any.
      return word == "help" || word == "version" || std::isupper(static_cast<unsigned char>(word[0])) != 0 ||
                     word == "…"
                 ? ""
                 : word;
    }
  }
  const auto& own = program.options.at(at);
  for (const std::string& option : options)
    if (own.count(option) == 0 && program.options.at("").count(option) == 0) return option;
  return "";
}

// The pages that people read, by their paths from the project's top.
std::vector<std::string> Pages() {
  std::vector<std::string> pages = {"README.md"};
  for (const char* folder : {"docs", "examples"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(kSource + folder)) {
      const std::string path = file.path().string().substr(kSource.size());
      if (file.path().extension() == ".md" && path.find("node_modules") == std::string::npos)
        pages.push_back(path);
    }
  }
  std::sort(pages.begin(), pages.end());
  return pages;
}

// What the page shows of commands: lines that begin with the program, and what stands between backticks.
std::vector<std::string> CommandsShown(const std::string& page) {
  std::vector<std::string> commands;
  std::istringstream lines(FileText(kSource + page));
  const std::regex alone("^ *fundtrail ([^ ].*)$"), inside("`fundtrail ([^`]+)`");
  bool fenced = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind("```", 0) == 0) fenced = !fenced;
    std::smatch found;
    if ((fenced || line.rfind("    ", 0) == 0) && std::regex_search(line, found, alone))
      commands.push_back(found[1]);
    for (std::sregex_iterator one(line.begin(), line.end(), inside), end; one != end; ++one)
      commands.push_back((*one)[1]);
  }
  return commands;
}

TEST_CASE("every command that a page shows is one of the program, with options that it has") {
  const Known program = ReadProgram();
  std::size_t shown = 0;
  for (const std::string& page : Pages()) {
    if (page == "docs/formats.md") continue;  // bytes that begin with the name of the program
    for (const std::string& command : CommandsShown(page)) {
      INFO(page << ": fundtrail " << command);
      CHECK(UnknownIn(program, command).empty());
      ++shown;
    }
  }
  CHECK(shown > 500);
  CHECK(UnknownIn(program, "trase from --party x") == "trase");
  CHECK(UnknownIn(program, "--ledger l trace from --partie x") == "--partie");
  CHECK(UnknownIn(program, "--ledger l trace from --party x --json | head").empty());
}

// The manual is made of all commands at once, and the program makes those alone that a command line names.
TEST_CASE("the help of a group has the same commands as the manual") {
  std::map<std::string, std::set<std::string>> groups;
  for (const auto& command : ReadProgram().options) {
    std::istringstream words(command.first);
    std::string group, name;
    if (words >> group >> name) groups[group].insert(name);
  }
  CHECK(groups.size() > 30);
  const Desk desk;
  const std::regex command("^  ([a-z0-9][a-z0-9-]*)");
  for (const auto& [group, commands] : groups) {
    std::set<std::string> shown;
    std::istringstream lines(desk.Run(group + " --help").out);
    std::smatch found;
    for (std::string line; std::getline(lines, line);)
      if (std::regex_search(line, found, command)) shown.insert(found[1]);
    INFO(group);
    CHECK(shown == commands);
  }
}

TEST_CASE("what stands on a page as a command of its own is run by a test that names the page") {
  std::string tests;
  for (const char* folder : {"tests/cli", "tests/served"})
    for (const auto& file : std::filesystem::directory_iterator(kSource + folder))
      if (file.path().extension() == ".cc") tests += FileText(file.path());
  for (const std::string& page : Pages()) {
    const std::string text = FileText(kSource + page);
    if (!Has(text, "\n    fundtrail ") || page == "docs/formats.md") continue;
    const std::string name = page.rfind("docs/", 0) == 0 ? page.substr(5) : page;
    INFO(page);
    CHECK((Has(tests, "\"" + name + "\"") || Has(tests, "/docs/" + name + "\"")));
  }
}

// The page's questions, with that ledger in the place of DIR.
void AskAsShown(const Desk& desk, const std::string& page, const std::string& ledger, std::size_t questions) {
  std::size_t asked = 0;
  const std::string start = "--ledger DIR coverage ";
  for (const std::string& command : CommandsShown(page)) {
    if (command.rfind(start, 0) != 0) continue;
    const auto ran = desk.Run("--ledger " + ledger + " coverage " + command.substr(start.size()));
    INFO(command << "\n" << ran.out << ran.err);
    CHECK(ran.exit == 0);
    CHECK_FALSE(ran.out.empty());
    ++asked;
  }
  CHECK(asked == questions);
}

TEST_CASE("the questions of the examples' pages are answered") {
  AskAsShown(Demo::Payments(), "examples/fts-afghanistan/README.md", "demo/ledger", 1);
  AskAsShown(Demo::Teams(), "examples/ethiopia-presence/README.md", "demo/ethiopia", 3);
}

}  // namespace
}  // namespace fundtrail::testing
