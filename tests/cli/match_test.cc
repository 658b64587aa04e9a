// Which pledge could serve which need, with the real program: K3, the gaps that OCHA published of Afghanistan 2020, to the dollar. Also
// pledges with the proof why some needs go without.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

#include "ledger/sheets/csv.h"
#include "tests/cli/root_desk.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

// A need for each line of OCHA's table that has a requirement: of what is lacking. By their ids, OCHA's names.
std::map<std::string, std::string> DeclareGaps(const Desk& desk) {
  const std::string table =
      FileText(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/fts-afghanistan/requirements.csv");
  auto reader = Need(sheets::CsvReader::Open(table, ',', sheets::Cells::kRaw));
  const auto& header = reader.header();
  const auto column = [&](const std::string& name) {
    return static_cast<std::size_t>(std::find(header.begin(), header.end(), name) - header.begin());
  };
  const std::size_t code = column("clusterCode"), cluster = column("cluster"), asked = column("requirements"),
                    given = column("funding");
  std::map<std::string, std::string> names;
  std::string needs = "id,owner,place,category,asset,amount\n";
  sheets::CsvRecord record;
  while (reader.Next(&record)) {
    Need(record.status);
    if (record.fields[asked].empty()) continue;
    const std::string id = "gap-" + record.fields[code];
    names[id] = record.fields[cluster];
    needs += id + ",hub,AFG,all,USD," +
             std::to_string(std::stoll(record.fields[asked]) - std::stoll(record.fields[given])) + "\n";
  }
  desk.write("needs.csv", needs);
  Do(desk, "import registers need needs.csv --as root --verify-by hct");
  return names;
}

void Begin(const Desk& desk, const std::string& decimals) {
  desk.MakeLedger();
  Do(desk, "asset add USD --decimals " + decimals);
  Do(desk, "place add AFG --name Afghanistan --level 0");
  Do(desk, "category add all --name 'All help'");
  Do(desk, "party add hct --name 'Who verifies' --place AFG");
}

// What each line gets, by its name.
std::map<std::string, std::int64_t> Got(const Desk& desk, const std::map<std::string, std::string>& names,
                                        const std::string& method) {
  const auto answer =
      nlohmann::json::parse(Told(desk, "--json match --asset USD --extra 160548636 --method " + method));
  CHECK(answer["open"] == "755888595");
  CHECK(answer["pledged"] == "160548636");
  CHECK(answer["matched"] == "160548636");
  REQUIRE(answer["sets"].size() == 1);
  CHECK(answer["sets"][0]["needs"].size() == 16);
  CHECK(answer["sets"][0]["pledges"] == nlohmann::json::array({""}));
  std::map<std::string, std::int64_t> got;
  for (const auto& need : answer["needs"])
    got[names.at(need["need"].get<std::string>())] = std::stoll(need["matched"].get<std::string>());
  CHECK(got.size() == 16);
  return got;
}

TEST_CASE("Afghanistan 2020, K3: what no cluster has, matched with what each lacks") {
  const Desk desk;
  // In whole dollars, as OCHA's table has them.
  Begin(desk, "0");
  const auto names = DeclareGaps(desk);
  const auto shares = Got(desk, names, "proportional");
  CHECK(shares.at("Food Security") == 41'111'217);
  CHECK(shares.at("Water, Sanitation and Hygiene") == 15'549'790);
  CHECK(shares.at("Emergency Shelter and NFIs COVID-19") == 14'327'517);
  CHECK(shares.at("Coordination") == 2'094'642);
  std::map<std::int64_t, int> counts;
  const auto equal = Got(desk, names, "equal");
  for (const auto& [name, dollars] : equal) ++counts[dollars];
  CHECK(counts == std::map<std::int64_t, int>{{9'861'910, 1}, {10'045'781, 4}, {10'045'782, 11}});
  CHECK(equal.at("Coordination") == 9'861'910);
  const std::string text = Told(desk, "match --asset USD --extra 160548636");
  CHECK_THAT(text, Contains("Needs: 160,548,636 matched + 595,339,959 lacking = 755,888,595 USD\n"));
  CHECK_THAT(text, Contains("Pledges: 160,548,636 matched + 0 left = 160,548,636 USD\n"));
  CHECK_THAT(text, Contains("755,888,595 - 160,548,636 = 595,339,959 USD lacking.\n"));
}

TEST_CASE("match names pledges, and says why a need goes without") {
  const Desk desk;
  Begin(desk, "2");
  Do(desk, "category add roofs --name Roofs");
  desk.write("needs.csv",
             "id,owner,place,category,severity,asset,amount\n"
             "meals,hub,AFG,all,3,USD,100\n"
             "tents,hub,AFG,roofs,4,USD,40.50\n"
             "coats,hub,AFG,roofs,2,USD,10\n");
  Do(desk, "import registers need needs.csv --as root --verify-by hct");
  Do(desk, "pledge add gift --owner donor --asset USD --amount 45 --category roofs --as root");
  const std::string text = Told(desk, "match --asset USD");
  CHECK_THAT(text, Contains("Only gift can serve coats, tents, and nothing of it is left: 50.50 - 45.00 = "
                            "5.50 USD lacking.\n"));
  CHECK_THAT(text, Contains("No pledge is for meals. Lacking: 100.00 USD.\n"));
  CHECK_THAT(text, Contains("Nothing is assigned by this: it is a proposal.\n"));
  CHECK_THAT(
      WithoutCheckpoint(Told(desk, "match --asset USD --category roofs --csv")),
      Contains("tents,AFG,Afghanistan,roofs,Roofs,4,,0,USD,40.50,40.50,pledge,gift,donor,40.50,捐赠人\n"
               "coats,AFG,Afghanistan,roofs,Roofs,2,,0,USD,10.00,4.50,pledge,gift,donor,4.50,捐赠人\n"
               "coats,AFG,Afghanistan,roofs,Roofs,2,,0,USD,10.00,4.50,lacking,,,5.50,\n"));
  CHECK(desk.Run("--ledger l match --asset USD --method best").exit == 2);
  CHECK(desk.Run("--ledger l match --asset USD --extra 0").exit == 2);
  CHECK(desk.Run("--ledger l match --asset EUR").exit == 2);
}

}  // namespace
}  // namespace fundtrail::testing
