// The example of Ethiopia, end to end: who does what where in August 2025, and poverty by region. What the
// ledger answers must be what the files of OCHA and OPHI say. Each number here was counted in those files by
// python3's csv module, and not by make.py.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "tests/cli/program.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kExample = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/ethiopia-presence/";

class Presence {
 public:
  Presence() {
    desk_.Run("keygen --out k");
    desk_.Run("init l --name example.org/ethiopia --root-key k --date 2026-01-01");
  }
  std::string Load() const {
    const auto ran = desk_.Shell("'" + kExample + "registers' '" + Program() + "' l k root");
    INFO(ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    return ran.out;
  }
  nlohmann::json Ask(const std::string& what) const {
    const auto ran = desk_.Run("--ledger l --json " + what);
    INFO(what << ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    return nlohmann::json::parse(ran.out);
  }
  // In the middle of the month that the file is about.
  nlohmann::json Coverage(const std::string& options) const {
    return Ask("coverage " + options + " --on 2025-08-15");
  }
  std::string Checkpoint() const { return desk_.Run("--ledger l checkpoint").out; }
  const Desk& desk() const { return desk_; }

 private:
  Desk desk_;
};

// Places are pcode:ET and two digits a level: of pcode:ET010108 the zone is pcode:ET0101.
constexpr std::size_t kRegion = 10, kZone = 12;

// Empty where the answer leaves it out.
std::string Text(const nlohmann::json& item, const char* field) { return item.value(field, std::string()); }
std::size_t Teams(const nlohmann::json& line) { return std::stoul(Text(line["figures"], "teams")); }

// "AGR 86, CCM 47": so that a failure shows all of it.
template <typename Number>
std::string Words(const std::map<std::string, Number>& numbers) {
  std::string words;
  for (const auto& [what, number] : numbers)
    words += (words.empty() ? "" : ", ") + what + " " + std::to_string(number);
  return words;
}

// The zones that OCHA's list of 2021 has.
std::set<std::string> ZonesOf2021() {
  std::istringstream lines(FileText(kExample + "places.csv"));
  std::set<std::string> zones;
  const std::string start = "ETH,2,";
  for (std::string line; std::getline(lines, line);)
    if (line.compare(0, start.size(), start) == 0) zones.insert("pcode:" + line.substr(start.size(), 6));
  return zones;
}

std::size_t HowManyOf(const std::set<std::string>& some, const std::set<std::string>& among) {
  return static_cast<std::size_t>(
      std::count_if(some.begin(), some.end(), [&](const auto& one) { return among.count(one) > 0; }));
}

void CheckDeployments(const Presence& ethiopia) {
  const auto answer = ethiopia.Ask("deployment list");
  REQUIRE(answer["lines"].size() == 3'122);  // one a row: each row has an implementing partner's acronym
  std::map<std::string, int> statuses, clusters;
  std::set<std::string> parties, woredas, zones;
  // Who works, or is to work, on one thing in one place.
  std::map<std::tuple<std::string, std::string, std::string>, std::set<std::string>> same;
  for (const auto& line : answer["lines"]) {
    const auto& said = line["action"]["deploy"];
    const std::string place = Text(said, "place"), status = Text(said, "status");
    ++statuses[status];
    ++clusters[Text(said, "category")];
    parties.insert(Text(said, "party"));
    woredas.insert(place);
    zones.insert(place.substr(0, kZone));
    if (status == "ACTIVE" || status == "PLANNED")
      same[{place, Text(said, "category"), Text(said, "activity")}].insert(Text(said, "party"));
  }
  CHECK(Words(statuses) == "ACTIVE 2406, ENDED 657, PLANNED 56, SUSPENDED 3");
  CHECK(Words(clusters) == "AGR 86, CCM 47, EDU 174, HEA 775, NUT 714, PRO 852, SHL 39, WSH 435");
  // So many acronyms, without regard to case. Of names there are 107 spellings, one of them empty.
  CHECK(parties.size() == 100);
  CHECK(woredas.size() == 393);
  CHECK(zones.size() == 73);
  const std::set<std::string> old = ZonesOf2021();
  REQUIRE(old.size() == 92);
  // So 34 zones of the list have no row, and 15 zones with rows are not in the list.
  CHECK(HowManyOf(zones, old) == 58);

  // 210 have several names. Of one of these they are two spellings: Imagine 1 Day and Imagen 1 Day.
  CHECK(same.size() == 2'166);
  std::size_t most = 0;
  for (const auto& [what, who] : same) most = std::max(most, who.size());
  const auto have = [&](std::size_t least) {
    return std::count_if(same.begin(), same.end(),
                         [&](const auto& one) { return one.second.size() >= least; });
  };
  CHECK(have(2) == 209);
  CHECK(most == 4);
  CHECK(have(4) == 2);
  for (const auto& [what, who] : same)
    if (who.size() == 4) CHECK(std::get<0>(what) == "pcode:ET010108");
}

void CheckNeeds(const Presence& ethiopia) {
  const auto answer = ethiopia.Ask("need list");
  REQUIRE(answer["lines"].size() == 11);
  std::map<std::string, int> severities, severe;  // severe: how many of 10,000
  for (const auto& line : answer["lines"]) {
    const auto& said = line["action"]["declare_need"];
    severities[Text(said, "place")] = said["severity"].get<int>();
    severe[Text(said, "place")] = std::stoi(Text(said, "quantity"));
    CHECK(Text(said, "people") == "0");  // the file has shares of people, and no people
  }
  CHECK(Words(severe) ==
        "pcode:ET01 3380, pcode:ET02 6229, pcode:ET03 3861, pcode:ET04 4438, pcode:ET05 6979, "
        "pcode:ET06 3356, pcode:ET07 4115, pcode:ET12 2161, pcode:ET13 2667, pcode:ET14 129, "
        "pcode:ET15 2051");
  CHECK(Words(severities) ==
        "pcode:ET01 4, pcode:ET02 5, pcode:ET03 4, pcode:ET04 4, pcode:ET05 5, pcode:ET06 4, pcode:ET07 4, "
        "pcode:ET12 3, pcode:ET13 3, pcode:ET14 1, pcode:ET15 3");
}

// Rows that are On-going: how many acronyms of implementing partners each place has.
void CheckByPlace(const Presence& ethiopia) {
  const auto answer = ethiopia.Coverage("--by place --place pcode:ET --depth 2");
  std::map<std::string, std::size_t> regions, zones;
  for (const auto& line : answer["lines"]) {
    if (line["kind"] != "ITEM" || Teams(line) == 0) continue;
    const std::string id = Text(line, "id");
    if (id.size() == kRegion) regions[id] = Teams(line);
    if (id.size() == kZone)
      zones[id] = Teams(line);  // contested ones stand below the country, and woredas below them
  }
  CHECK(Words(regions) ==
        "pcode:ET01 39, pcode:ET02 22, pcode:ET03 32, pcode:ET04 26, pcode:ET05 22, pcode:ET06 15, "
        "pcode:ET08 8, pcode:ET11 1, pcode:ET12 7, pcode:ET14 1, pcode:ET15 1");
  // 73 zones have rows. In North Gojam, West Shewa and East Shewa none is On-going.
  CHECK(zones.size() == 70);
  for (const char* none : {"pcode:ET0313", "pcode:ET0405", "pcode:ET0407"}) CHECK(zones.count(none) == 0);
  CHECK(zones["pcode:ET0102"] == 19);  // Central Tigray has the most
  // Zones without a team, in regions whose need is severe (4 or 5); of "Snnp" those that no zone succeeded.
  std::map<std::string, int> severity, empty;
  const auto needs = ethiopia.Ask("need list");
  for (const auto& line : needs["lines"]) {
    const auto& said = line["action"]["declare_need"];
    severity[Text(said, "place")] = said["severity"].get<int>();
  }
  std::set<std::string> succeeded;
  const auto places = ethiopia.Ask("place list");
  for (const auto& line : places["lines"])
    for (const auto& before : line["action"]["declare_place"].value("succeeds", nlohmann::json::array()))
      succeeded.insert(before.get<std::string>());
  CHECK(succeeded.size() == 7);
  for (const auto& line : places["lines"]) {
    const auto& place = line["action"]["declare_place"];
    const std::string id = Text(place, "id");
    if (id.size() != kZone || zones.count(id) > 0 || succeeded.count(id) > 0) continue;
    if (severity[Text(place, "parent")] >= 4) ++empty[Text(place, "parent")];
  }
  CHECK(Words(empty) == "pcode:ET01 1, pcode:ET03 2, pcode:ET04 8, pcode:ET06 1, pcode:ET07 10");
  std::set<std::string> ids;
  for (const auto& [id, teams] : zones) ids.insert(id);
  CHECK(HowManyOf(ids, ZonesOf2021()) == 56);

  const auto& total = answer["total"];
  CHECK(Teams(total) == 86);
  CHECK(total["figures"]["needs"] == "11");
  CHECK(total["figures"]["people"] == "0");
  CHECK(total["crowded_cells"] == "176");
  CHECK(answer["without_amount"] == "11");
  CHECK(answer["not_verified"] == "0");
  CHECK_FALSE(answer.contains("asset"));
}

void CheckByCluster(const Presence& ethiopia) {
  const auto answer = ethiopia.Coverage("--by category --category MPI");
  std::map<std::string, std::size_t> teams;
  for (const auto& line : answer["lines"])
    if (line["kind"] == "ITEM") teams[Text(line, "id")] = Teams(line);
  CHECK(Words(teams) == "AGR 12, CCM 2, EDU 22, HEA 28, NUT 19, PRO 43, SHL 6, WSH 21");
}

// A region's need is for MPI, above all clusters: so whoever is in the region counts, whatever the cluster.
void CheckVacuum(const Presence& ethiopia) {
  const std::string question = "--by place --place pcode:ET --category MPI --state ";
  std::set<std::string> vacuum;
  const auto answer = ethiopia.Coverage(question + "vacuum");
  for (const auto& line : answer["lines"]) vacuum.insert(Text(line, "id"));
  CHECK(vacuum == std::set<std::string>{"pcode:ET07", "pcode:ET13"});
  CHECK(ethiopia.Coverage(question + "unfunded")["lines"].size() == 9);
}

void CheckCrowds(const Presence& ethiopia) {
  const auto answer = ethiopia.Coverage("--by cell --crowded");
  std::map<std::string, int> cells;  // by how many teams they have
  for (const auto& line : answer["lines"]) {
    CHECK(line["crowded"] == true);
    ++cells[Text(line["figures"], "teams")];
    if (Teams(line) < 6) continue;
    CHECK(line["id"] == "pcode:ET010108");
    CHECK(line["name"] == "Shire Endaslasie town");
    CHECK(line["category"] == "PRO");
  }
  CHECK(Words(cells) == "2 138, 3 28, 4 6, 5 3, 6 1");
  std::map<std::string, int> states;
  for (const auto& of : answer["total"]["cells"]) states[Text(of, "state")] = std::stoi(Text(of, "cells"));
  // A region with the need, and a woreda with a cluster's teams, are never one cell. But teams below are help.
  CHECK(Words(states) == "COVERAGE_STATE_UNSPECIFIED 742, UNFUNDED 9, VACUUM 2");
}

// Of each acronym with rows that are On-going: in how many woredas it has each cluster. The deployments come in seven pages.
void CheckMatrix(const Presence& ethiopia) {
  const auto answer = ethiopia.Ask("deployment matrix --on 2025-08-15");
  REQUIRE(answer["rows"].size() == 86);
  CHECK(answer["places"] == 345);
  std::map<std::string, std::size_t> parties, places;
  for (const auto& one : answer["categories"]) {
    parties[Text(one, "category")] = one["parties"].get<std::size_t>();
    places[Text(one, "category")] = one["places"].get<std::size_t>();
  }
  CHECK(Words(parties) == "AGR 12, CCM 2, EDU 22, HEA 28, NUT 19, PRO 43, SHL 6, WSH 21");
  CHECK(Words(places) == "AGR 47, CCM 8, EDU 72, HEA 201, NUT 159, PRO 166, SHL 6, WSH 83");
  CHECK(answer["rows"][0]["party"] == "unicef");
  CHECK(answer["rows"][0]["places"] == 50);
  CHECK(answer["rows"][0]["categories"] == nlohmann::json::object({{"HEA", 50}}));
  CHECK(answer["rows"][1]["party"] == "acf");
  CHECK(answer["rows"][1]["places"] == 36);
  CHECK(answer["rows"][1]["categories"] ==
        nlohmann::json::object({{"HEA", 28}, {"NUT", 29}, {"PRO", 23}, {"WSH", 16}}));

  const auto afar = ethiopia.Ask("deployment matrix --on 2025-08-15 --place pcode:ET02 --category HEA");
  CHECK(afar["rows"].size() == 10);
  CHECK(afar["places"] == 24);
  // Nobody says how many people work, or until when.
  const auto few = ethiopia.Ask("deployment short --on 2025-08-15");
  CHECK(few["there"] == 2'406);
  CHECK(few["no_staff"] == 2'406);
  CHECK(few["teams"].empty());
}

TEST_CASE(
    "Ethiopia 2025: who is where, who is crowded and which region has nobody are as OCHA's file has them") {
  const Presence ethiopia;
  CHECK_THAT(ethiopia.Load(), Contains("3,122 rows, 3,122 deployments added"));
  CheckDeployments(ethiopia);
  CheckNeeds(ethiopia);
  CheckByPlace(ethiopia);
  CheckByCluster(ethiopia);
  CheckVacuum(ethiopia);
  CheckCrowds(ethiopia);
  CheckMatrix(ethiopia);

  const auto contested = ethiopia.Ask("place show pcode:ET9901")["lines"][0]["action"]["declare_place"];
  CHECK(contested["parent"] == "pcode:ET");
  const auto moved = ethiopia.Ask("place show pcode:ET0801")["lines"][0]["action"]["declare_place"];
  REQUIRE(moved["succeeds"].size() == 1);
  CHECK(moved["succeeds"][0] == "pcode:ET0706");

  const std::string before = ethiopia.Checkpoint();
  CHECK_THAT(ethiopia.Load(), Contains("3,122 were in the ledger already"));
  CHECK(ethiopia.Checkpoint() == before);
  CHECK(ethiopia.desk().Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

TEST_CASE("Ethiopia 2025: the registers are as make.py makes them from the files of OCHA and OPHI") {
  const Desk desk;
  const auto ran = desk.Shell("/usr/bin/python3 -B '" + kExample + "make.py' --check");
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
