// archive: a static copy, verified by whoever has it.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("an archive is written, brought up to date, and verified without the ledger") {
  const Desk desk;
  desk.MakeLedger();
  const auto first = desk.Run("--ledger l archive public");
  INFO(first.err);
  CHECK(first.exit == 0);
  CHECK_THAT(first.out, Contains("7 records of example.org/l in public"));
  CHECK(desk.read("public/checkpoint") == desk.Run("--ledger l checkpoint").out);
  CHECK_THAT(desk.Run("--ledger l archive public").out, Contains("up to date: 7 records"));
  REQUIRE(desk.Run("--ledger l pay --from donor --to hub --amount 5 --asset CNY --fund winter --key clerk")
              .exit == 0);
  const auto json = nlohmann::json::parse(desk.Run("--ledger l --json archive public").out);
  CHECK(json["size"] == "8");
  CHECK(json["previous_size"] == "7");
  CHECK(json["files"] == "3");

  std::filesystem::rename(desk.path("l"), desk.path("hidden"));
  const std::string vkey = " --vkey \"$(cat hidden/vkey)\"";
  const auto verified = desk.Run("verify public" + vkey);
  CHECK(verified.exit == 0);
  CHECK_THAT(verified.out, Contains("HOLDS"));
  CHECK_THAT(verified.out, Contains("1 transfers by the rules; 3 tiles are what the records give"));
  const std::string tile = desk.read("public/tile/0/000.p/8");
  desk.write("public/tile/0/000.p/8", tile.substr(0, 255) + static_cast<char>(tile[255] ^ 1));
  const auto bad = desk.Run("verify public" + vkey);
  CHECK(bad.exit == 1);
  CHECK_THAT(bad.out, Contains("DOES NOT HOLD"));
  CHECK_THAT(bad.out, Contains("tile/0/000.p/8 is not what the records give"));
}

TEST_CASE("archive says what it cannot do, and does nothing then") {
  const Desk desk;
  desk.MakeLedger();
  std::filesystem::create_directory(desk.path("mine"));
  desk.write("mine/letter", "dear");
  const struct {
    std::string arguments;
    int exit;
    std::string says;
  } kCases[] = {
      {"--ledger l archive", 2, "DIR"},
      {"archive public", 2, "--ledger"},
      {"--ledger none archive public", 2, "not a ledger"},
      {"--server 127.0.0.1:1 archive public", 2, "--ledger"},
      {"--ledger l archive mine", 2, "letter"},
      {"--ledger l archive l", 2, "is not an archive"},
      {"--ledger l archive k", 3, "cannot"},
      {"verify mine --vkey \"$(cat l/vkey)\"", 2, "nor an archive"},
  };
  for (const auto& one : kCases) {
    INFO(one.arguments);
    const auto ran = desk.Run(one.arguments);
    INFO(ran.err);
    CHECK(ran.exit == one.exit);
    CHECK_THAT(ran.err, Contains(one.says));
    CHECK_FALSE(std::filesystem::exists(desk.path("public")));
  }
}

}  // namespace
}  // namespace fundtrail::testing
