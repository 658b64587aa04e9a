// Every command that the tutorial and the page on registers show runs, on the ledger that quickstart makes. What the
// tutorial calls the published archive is served by a server of that ledger. Those of the page for a county run in an empty
// folder, on the tables that it shows. After them come those of the pages on coverage and on needs.
#include <catch2/catch.hpp>
#include <sstream>
#include <vector>

#include "tests/served/daemon.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kSource = FUNDTRAIL_SOURCE_DIR;

const std::string kExample = kSource + "/examples/fts-afghanistan/";

void BeginDemo(const Desk& first) {
  std::filesystem::create_directory(first.path("demo"));
  first.Run("keygen --out root.key");
  REQUIRE(first.Run("init demo/ledger --name example.org/fts-demo --root-key root.key --root-party ocha-fts")
              .exit == 0);
}

void ImportFlows(const Desk& first) {
  // 1, since the example has rows that do not say who paid.
  REQUIRE(first
              .Run("--ledger demo/ledger import csv " + kExample + "flows.csv --map " + kExample +
                   "fts.toml --key root.key --register --open-missing --rejects-dir demo")
              .exit == 1);
}

// The payments of the demo alone.
void MakeDemo(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    BeginDemo(first);
    ImportFlows(first);
  });
}

// The demo as ./quickstart makes it: its registers come first, so the payments begin with record 10.
void MakeWholeDemo(const Desk& desk) {
  desk.Copied([](const Desk& first) {
    BeginDemo(first);
    REQUIRE(
        first.Shell("'" + kExample + "registers' '" + Program() + "' demo/ledger root.key ocha-fts").exit ==
        0);
    ImportFlows(first);
  });
}

// Runs each line of the page that is a command; answers how many there are. Those to the server at 127.0.0.1:7450 are run when
// `server` has the address that it has here, and then no others.
int RunPage(const Desk& desk, const std::string& page, const std::string& served = "",
            const std::string& server = "") {
  const std::string usual = "127.0.0.1:7450";
  const std::string published = "https://ledger.example.org", start = "    fundtrail ";
  std::istringstream text(FileText(kSource + "/docs/" + page));
  int commands = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.compare(0, start.size(), start) != 0) continue;
    const auto to = line.find(usual);
    if ((to == std::string::npos) != server.empty()) continue;
    if (to != std::string::npos) line.replace(to, usual.size(), server);
    ++commands;
    if (const auto at = line.find(published); at != std::string::npos)
      line.replace(at, published.size(), served);
    INFO(line);
    // In parentheses: what a desk redirects is the whole pipe's.
    const auto ran = desk.Shell("( " + Program() + " " + line.substr(start.size()) + " )");
    INFO(ran.err);
    CHECK(ran.exit == 0);
    CHECK_FALSE(ran.out.empty());
  }
  return commands;
}

// Writes each table of the page, which stands below a line that begins with its name: `needs.csv`. How many there are.
int WriteTables(const Desk& desk, const std::string& page) {
  std::istringstream text(FileText(kSource + "/docs/" + page));
  const std::string end = ".csv`";
  std::string name;
  int tables = 0;
  for (std::string line; std::getline(text, line);) {
    const auto at = line.find(end);
    if (line.compare(0, 1, "`") == 0 && at != std::string::npos) name = line.substr(1, at + 3);
    if (line != "```csv") continue;
    std::string table;
    while (std::getline(text, line) && line != "```") table += line + "\n";
    INFO(page << " has a table without a name");
    REQUIRE_FALSE(name.empty());
    desk.write(name, table);
    name.clear();
    ++tables;
  }
  return tables;
}

// Writes the page's block of YAML, which stands below its name: `gloves.yaml`.
void WriteYaml(const Desk& desk, const std::string& page, const std::string& name) {
  const std::string text = FileText(kSource + "/docs/" + page), open = "```yaml\n";
  const auto named = text.find("`" + name + "`");
  REQUIRE(named != std::string::npos);
  const auto from = text.find(open, named);
  REQUIRE(from != std::string::npos);
  const auto to = text.find("```", from + open.size());
  REQUIRE(to != std::string::npos);
  desk.write(name, text.substr(from + open.size(), to - from - open.size()));
}

TEST_CASE("the commands of the page on beginning a ledger run, in English and in Chinese") {
  const std::string page = GENERATE("begin.md", "zh/begin.md");
  const Desk desk;
  CHECK(WriteTables(desk, page) == 1);
  WriteYaml(desk, page, "gloves.yaml");
  CHECK(RunPage(desk, page) == 18);
  CHECK_THAT(desk.read("gifts.toml"),
             Contains("date_formats = [\"auto\"]") && Contains("asset = \"CNY\"") && !Contains("ASKED"));
  // 1,200.00 by the file and 150.50 by hand, of 1,500.00 that came.
  CHECK_THAT(desk.Run("--ledger books balance village").out, Contains("1,350.50"));
  CHECK_THAT(desk.Run("--ledger books balance office").out, Contains("149.50"));
  desk.write("half.yaml", "actions:\n  - transfer:\n      amount: 1.50\n");
  const auto half = desk.Run("--ledger books submit half.yaml --key clerk.key --as office");
  CHECK(half.exit == 2);
  CHECK_THAT(half.err, Contains("amounts count the asset's smallest unit: 150 for 1.50"));
  CHECK_THAT(desk.Run("--ledger . balance village").err, Contains("is not a ledger: make one"));
  std::filesystem::create_directory_symlink(desk.path("books"), desk.path("l"));
  const Daemon daemon(desk);
  CHECK(RunPage(desk, page, "", daemon.address()) == 3);
  CHECK_THAT(desk.Run("--ledger books balance office").out, Contains("229.50"));
}

// The lines of a page that begin so, up to their `end`.
std::vector<std::string> LinesOf(const std::string& page, const std::string& start, const std::string& end) {
  std::istringstream text(FileText(kSource + "/docs/" + page));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    if (line.compare(0, start.size(), start) == 0)
      lines.push_back(line.substr(0, line.find(end, start.size())));
  return lines;
}

TEST_CASE("the Chinese tutorial has the commands of the English one, and the Chinese glossary its words") {
  const auto commands = LinesOf("tutorial.md", "    fundtrail ", "\n");
  CHECK(commands.size() >= 24);
  CHECK(LinesOf("zh/tutorial.md", "    fundtrail ", "\n") == commands);
  auto words = LinesOf("glossary.md", "| ", " |"), chinese = LinesOf("zh/glossary.md", "| ", " |");
  REQUIRE(words.size() > 100);
  REQUIRE(chinese.size() == words.size());
  words.front() = chinese.front();  // the titles of the columns
  CHECK(chinese == words);
}

// What is in code, in its order: a block of lines, or a name in the first cell of a table.
std::vector<std::string> CodeOf(const std::string& page) {
  std::istringstream text(FileText(kSource + "/docs/" + page));
  std::vector<std::string> code;
  bool in_block = false;
  for (std::string line; std::getline(text, line);) {
    const bool is_fence = line.rfind("```", 0) == 0;
    if (in_block || is_fence || line.rfind("    ", 0) == 0) code.push_back(line);
    if (is_fence) in_block = !in_block;
    if (line.rfind("| `", 0) == 0) code.push_back(line.substr(0, line.find(" |", 2)));
  }
  return code;
}

TEST_CASE(
    "the Chinese operators' guide has the commands, settings and metrics of the English one, in its order") {
  const auto code = CodeOf("operators.md");
  CHECK(code.size() > 130);
  auto chinese = CodeOf("zh/operators.md");
  REQUIRE(chinese.size() == code.size());
  for (std::size_t i = 0; i < code.size(); ++i) {
    // Two ways of installing say in words what they make.
    if (code[i].rfind("| `packaging/", 0) == 0 || code[i].rfind("| `cmake", 0) == 0) continue;
    CHECK(chinese[i] == code[i]);
  }
  for (const char* start : {"#", "| ", "- "})
    CHECK(LinesOf("zh/operators.md", start, " ").size() == LinesOf("operators.md", start, " ").size());
}

TEST_CASE("the tutorial's commands run") {
  const Desk desk;
  MakeWholeDemo(desk);
  std::filesystem::create_directory_symlink(desk.path("demo/ledger"), desk.path("l"));
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  REQUIRE(daemon.Says("archive at "));
  CHECK(RunPage(desk, "tutorial.md", daemon.Said("archive at ")) >= 24);
}

TEST_CASE("the commands of the page on connecting run, with the settings that it shows") {
  const Desk desk;
  MakeDemo(desk);
  const std::string page = FileText(kSource + "/docs/connecting.md"), start = "```toml\n";
  const auto from = page.find(start) + start.size();
  std::filesystem::create_directories(desk.path("config/fundtrail"));
  desk.write("config/fundtrail/config.toml", page.substr(from, page.find("```", from) - from));
  CHECK(RunPage(desk, "connecting.md") == 3);
}

TEST_CASE("the commands of the pages on pictures and on JSON run") {
  const Desk desk;
  MakeDemo(desk);
  CHECK(RunPage(desk, "json.md") == 2);
  CHECK(RunPage(desk, "pictures.md") == 3);
}

TEST_CASE("the commands of the page on upgrading run: a ledger moves by its archive") {
  const Desk desk;
  MakeDemo(desk);
  CHECK(RunPage(desk, "upgrading.md") == 2);
  const auto moved = desk.Run("--ledger demo/moved checkpoint");
  CHECK(moved.exit == 0);
  CHECK(moved.out == desk.Run("--ledger demo/ledger checkpoint").out);
}

TEST_CASE("the commands of the page on registers run") {
  const Desk desk;
  MakeDemo(desk);
  CHECK(WriteTables(desk, "registers.md") == 1);
  CHECK(RunPage(desk, "registers.md") >= 12);
  CHECK_THAT(desk.read("bodies.toml"), !Contains("ASKED"));
  CHECK_THAT(desk.Run("--ledger demo/ledger party show shuang-shan-zhen").out, Contains("da-fang-xian"));
}

TEST_CASE(
    "the commands of the page for a county run, on the tables that it shows, and find the vacuum zone") {
  const Desk desk;
  CHECK(WriteTables(desk, "county.md") == 5);
  CHECK(RunPage(desk, "county.md") >= 21);
  const std::string vacuum = desk.Run("--ledger ledger coverage --by cell --state vacuum").out;
  CHECK_THAT(vacuum, Contains("dafang.north, HEA"));
  CHECK_THAT(vacuum, Contains("dafang.east, EDU"));
  CHECK_THAT(vacuum, !Contains("NFI"));
  CHECK_THAT(vacuum,
             Contains("placed 50,000.00 + elsewhere 0.00 + general 8,000.00 = brought in 58,000.00 - "));
  CHECK(RunPage(desk, "coverage.md") == 6);
  CHECK_THAT(desk.Run("--ledger ledger who-answers dafang.east NFI").out,
             Contains("One answers: Red Cross of Dafang (red-cross) has accepted the lead.\n"));
  CHECK_THAT(desk.Run("--ledger ledger who-answers dafang.north HEA").out, Contains("Nobody answers: "));
  // The most severe first, and nothing came for any of them by name.
  const std::string needs = desk.Run("--ledger ledger needs --place dafang").out;
  CHECK(needs.find("doctor-north") < needs.find("coats-east"));
  CHECK(needs.find("coats-east") < needs.find("lunches-east"));
  CHECK_THAT(needs, !Contains("coats-west"));  // it was withdrawn
  CHECK_THAT(needs, Contains("CNY, open: 3 needs; asked 174,000.00, came 0.00, open 174,000.00\n"));
  CHECK(RunPage(desk, "needs.md") == 2);
  CHECK(RunPage(desk, "publicity.md") == 9);
  CHECK_THAT(desk.Run("--ledger ledger open --place dafang --on 2026-12-01").out,
             Contains("money: A coat for one child, at least 120 CNY. How: Ask at the office\n"));
  const std::string silent = desk.Run("--ledger ledger publicity --silent --on 2026-12-01").out;
  CHECK_THAT(silent, Contains("dafang.north"));
  CHECK_THAT(silent, !Contains("dafang.east"));
  const std::string feed = "--ledger ledger feed ";
  CHECK_THAT(desk.Run(feed + "--kind call --place dafang.east").out,
             Contains("Notice help-coats (call): Coats for dafang.east") && !Contains("plan-coats"));
  CHECK_THAT(desk.Run(feed + "--place dafang.north").out, !Contains("<entry>"));
  CHECK_THAT(desk.Run(feed + "--kind gossip").err, Contains("\"gossip\" is not one of notice, call"));
  CHECK(desk.Run(feed + "--json").exit == 2);
  CHECK_THAT(FileText(desk.path("public/feed/atom.xml")),
             Contains("Notice help-coats (call): Coats for dafang.east"));
  CHECK(RunPage(desk, "match.md") == 2);
  CHECK(desk.Run("verify ledger --vkey \"$(cat ledger/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
