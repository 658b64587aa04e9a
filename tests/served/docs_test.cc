// Every command that the tutorial and the page on registers show runs, on the ledger that quickstart makes; what it calls the published archive is
// served by a server of that ledger.
#include <catch2/catch.hpp>
#include <sstream>

#include "tests/served/daemon.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("the commands of the tutorial and of the page on registers run") {
  const Desk desk;
  const std::string source = FUNDTRAIL_SOURCE_DIR;
  std::filesystem::create_directory(desk.path("demo"));
  desk.Run("keygen --out root.key");
  REQUIRE(desk.Run("init demo/ledger --name example.org/fts-demo --root-key root.key --root-party ocha-fts")
              .exit == 0);
  REQUIRE(desk.Run("--ledger demo/ledger import csv " + source +
                   "/examples/fts-afghanistan/flows.csv --map " + source +
                   "/examples/fts-afghanistan/fts.toml --key root.key --register --open-missing "
                   "--rejects-dir demo")
              .exit == 0);
  std::filesystem::create_directory_symlink(desk.path("demo/ledger"), desk.path("l"));
  const Daemon daemon(desk, {"--listen", "127.0.0.1:0", "--http", "127.0.0.1:0"});
  REQUIRE(daemon.Says("archive at "));
  const std::string published = "https://ledger.example.org", served = daemon.Said("archive at ");
  std::istringstream pages(FileText(source + "/docs/tutorial.md") + FileText(source + "/docs/registers.md"));
  int commands = 0;
  for (std::string line; std::getline(pages, line);) {
    const std::string start = "    fundtrail ";
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
  CHECK(commands >= 32);
}

}  // namespace
}  // namespace fundtrail::testing
