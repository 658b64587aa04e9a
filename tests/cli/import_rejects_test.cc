// What imports reject: the file of rejects, when it can be written and when not, and when it goes away.
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/import_desk.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("a map that is no TOML is told with its own signs") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv", "date,from,to,amount\n");
  desk.write("map.toml", "asset = \"a\\z\"\n");
  const auto ran = desk.Run(std::string(kImport) + " --map map.toml");
  CHECK(ran.exit == 2);
  CHECK_THAT(ran.err, Contains("map.toml line 1: not TOML") && Contains("'\\\\z'") && !Contains("\\\\\\\\z"));
}

TEST_CASE("rejects that cannot be written are named with the reason, and what was recorded stays") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv",
             "date,from,to,amount,asset,from_role\n2026-01-01,Donor,Hub,1.00,USD,source\n"
             "2026-99-01,Donor,Hub,1.00,USD,source\n");
  REQUIRE(desk.Shell("ln -s /dev/full rows.csv.rejects.csv.part").exit == 0);
  const auto full = desk.Run(kImport);
  CHECK(full.exit == 3);
  CHECK_THAT(full.err,
             Contains("cannot write rows.csv.rejects.csv: No space left on device; what was recorded stays: "
                      "import the file again with --rejects-dir DIR"));
  // What was paid is told all the same.
  CHECK(nlohmann::json::parse(full.out)["files"][0]["imported"] == "1");
  CHECK(nlohmann::json::parse(full.out)["files"][0]["rejected"] == "1");
  const auto nowhere = desk.Run(std::string(kImport) + " --rejects-dir none");
  CHECK(nowhere.exit == 3);
  CHECK_THAT(nowhere.err, Contains("cannot write none/rows.csv.rejects.csv: No such file or directory"));
  const auto later = desk.Run(kImport);
  CHECK(later.exit == 1);
  CHECK(nlohmann::json::parse(later.out)["files"][0]["present"] == "1");
  CHECK_THAT(desk.read("rows.csv.rejects.csv"), Contains("2026-99-01"));
}

TEST_CASE("a list of rejects that is imported itself names the reason of each row once") {
  const Desk desk;
  BeginImport(desk);
  desk.write("rows.csv",
             "date,from,to,amount,asset,from_role\n2026-01-01,Donor,Hub,1.00,USD,source\n"
             "2026-99-01,Donor,Hub,1.00,USD,source\n2026-01-02,Donor\n");
  REQUIRE(desk.Run(kImport).exit == 1);
  const std::string again =
      std::string(kImport).replace(std::string(kImport).find("rows.csv"), 8, "rows.csv.rejects.csv");
  CHECK(desk.Run(again).exit == 1);
  const std::string rejects = desk.read("rows.csv.rejects.csv.rejects.csv");
  CHECK_THAT(rejects, Catch::StartsWith("reason,line,date,from,to,amount,asset,from_role\n"));
  CHECK_THAT(rejects,
             Contains(",2,2026-99-01,Donor,Hub,1.00,USD,source\n") && Contains(",3,2026-01-02,Donor\n"));
  // A file of another name may have such columns of its own.
  desk.write("rows.csv",
             "reason,line,date,from,to,amount,asset,from_role\nx,7,2026-99-02,Donor,Hub,1.00,USD,source\n");
  CHECK(desk.Run(kImport).exit == 1);
  CHECK_THAT(desk.read("rows.csv.rejects.csv"), Catch::StartsWith("reason,line,reason,line,date,"));
}

TEST_CASE("the rejects of an import of a register go away with the rows that were rejected") {
  const Desk desk;
  BeginImport(desk);
  desk.write("places.csv", "id,name\na b,Bad\ncn,China\ncn,Zhongguo\n");
  const std::string import = "--ledger l import registers place places.csv --key k";
  const auto first = desk.Run(import);
  CHECK(first.exit == 1);
  CHECK_THAT(first.out, Contains("2 rows rejected"));
  CHECK_THAT(desk.read("places.csv.rejects.csv"), Contains("FIELD_INVALID at id"));
  CHECK_THAT(desk.read("places.csv.rejects.csv"), Contains("place cn stands in an earlier row of this file"));
  // A run that adds nothing judges every row all the same.
  desk.write("places.csv", "id,name\ncn,China\nc d,Worse\n");
  CHECK(desk.Run(import).exit == 1);
  CHECK_THAT(desk.read("places.csv.rejects.csv"), Contains("c d"));
  CHECK_THAT(desk.read("places.csv.rejects.csv"), !Contains("a b"));
  desk.write("places.csv", "id,name\ncn,China\n");
  CHECK(desk.Run(import).exit == 0);
  CHECK_FALSE(std::filesystem::exists(desk.path("places.csv.rejects.csv")));
}

}  // namespace
}  // namespace fundtrail::testing
