// Every command that the tutorial and the page on registers show runs, on the ledger that quickstart makes. What the
// tutorial calls the published archive is served by a server of that ledger.
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/served/daemon.h"

namespace fundtrail::testing {
namespace {

const std::string kSource = FUNDTRAIL_SOURCE_DIR;

void MakeDemo(const Desk& desk) {
  std::filesystem::create_directory(desk.path("demo"));
  desk.Run("keygen --out root.key");
  REQUIRE(desk.Run("init demo/ledger --name example.org/fts-demo --root-key root.key --root-party ocha-fts")
              .exit == 0);
  const std::string example = kSource + "/examples/fts-afghanistan/";
  REQUIRE(desk.Run("--ledger demo/ledger import csv " + example + "flows.csv --map " + example +
                   "fts.toml --key root.key --register --open-missing --rejects-dir demo")
              .exit == 0);
}

// Runs each line of the page that is a command; answers how many there are.
int RunPage(const Desk& desk, const std::string& page, const std::string& served = "") {
  const std::string published = "https://ledger.example.org", start = "    fundtrail ";
  std::istringstream text(FileText(kSource + "/docs/" + page));
  int commands = 0;
  for (std::string line; std::getline(text, line);) {
    if (line.compare(0, start.size(), start) != 0) continue;
    ++commands;
    if (const auto at = line.find(published); at != std::string::npos)
      line.replace(at, published.size(), served);
    INFO(line);
    const auto ran = desk.Run(line.substr(start.size()));
    INFO(ran.err);
    CHECK(ran.exit == 0);
    CHECK_FALSE(ran.out.empty());
  }
  return commands;
}

TEST_CASE("the tutorial's commands run") {
  const Desk desk;
  MakeDemo(desk);
  std::filesystem::create_directory_symlink(desk.path("demo/ledger"), desk.path("l"));
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  REQUIRE(daemon.Says("archive at "));
  CHECK(RunPage(desk, "tutorial.md", daemon.Said("archive at ")) >= 24);
}

TEST_CASE("the commands of the page on registers run") {
  const Desk desk;
  MakeDemo(desk);
  CHECK(RunPage(desk, "registers.md") >= 9);
}

}  // namespace
}  // namespace fundtrail::testing
