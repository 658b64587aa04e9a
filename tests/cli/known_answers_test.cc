// The example of Afghanistan, end to end, against what OCHA published: the plan's requirements are needs, its flows are money in
// projects, and coverage by category must come out as OCHA's own table, or say by how much it does not and why.
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>

#include "ledger/sheets/csv.h"
#include "tests/cli/program.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kExample = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/fts-afghanistan/";

std::vector<std::map<std::string, std::string>> Table(const std::string& name) {
  const std::string text = FileText(kExample + name);
  auto reader = Need(sheets::CsvReader::Open(text, ',', sheets::Cells::kRaw));
  std::vector<std::map<std::string, std::string>> rows;
  sheets::CsvRecord record;
  while (reader.Next(&record)) {
    Need(record.status);
    auto& row = rows.emplace_back();
    for (std::size_t i = 0; i < record.fields.size(); ++i) row[reader.header()[i]] = record.fields[i];
  }
  return rows;
}

std::int64_t Dollars(const std::string& text) { return text.empty() ? 0 : std::stoll(text); }

// What OCHA published of a cluster with its line for COVID-19.
struct Published {
  std::int64_t asked = 0, funded = 0;
};
std::map<std::string, Published> PublishedByCluster() {
  static const std::map<std::string, std::string> kCodes = {
      {"Aviation", "LOG"},      {"Coordination", "COO"},
      {"Food Security", "FSC"}, {"Education in Emergencies", "EDU"},
      {"Health", "HEA"},        {"Emergency Shelter and NFIs", "SHL"},
      {"Nutrition", "NUT"},     {"Water, Sanitation and Hygiene", "WSH"},
      {"Protection", "PRO"}};
  std::map<std::string, Published> all;
  for (const auto& row : Table("requirements.csv")) {
    const std::string& name = row.at("cluster");
    const auto code = kCodes.find(name.substr(0, name.find(" COVID-19")));
    Published& one = all[code == kCodes.end() ? name : code->second];
    one.asked += Dollars(row.at("requirements"));
    one.funded += Dollars(row.at("funding"));
  }
  return all;
}

// Whole dollars: the example has no cents.
std::int64_t Of(const nlohmann::json& figures, const char* name) {
  const std::int64_t cents = std::stoll(figures.at(name).get<std::string>());
  REQUIRE(cents % 100 == 0);
  return cents / 100;
}

class Plan {
 public:
  Plan() {
    desk_.Run("keygen --out k");
    desk_.Run("init l --name example.org/fts --root-key k --root-party ocha-fts --date 2026-01-01");
    std::filesystem::copy_file(kExample + "flows.csv", desk_.path("flows.csv"));
  }
  nlohmann::json Load() const {
    const auto registers = desk_.Shell("'" + kExample + "registers' '" + Program() + "' l k ocha-fts");
    INFO(registers.out << registers.err);
    REQUIRE(registers.exit == 0);
    return Ask("import csv flows.csv --map '" + kExample +
               "fts.toml' --key k --as ocha-fts --register --open-missing")["files"][0];
  }
  nlohmann::json Ask(const std::string& what) const {
    const auto ran = desk_.Run("--ledger l --json " + what);
    INFO(what << ran.out << ran.err);
    REQUIRE(ran.exit == 0);
    return nlohmann::json::parse(ran.out);
  }
  std::string Checkpoint() const { return desk_.Run("--ledger l checkpoint").out; }
  const Desk& desk() const { return desk_; }

 private:
  Desk desk_;
};

// The first line of that item.
nlohmann::json LineOf(const nlohmann::json& answer, const std::string& id) {
  for (const auto& line : answer["lines"])
    if (line["id"] == id && line["kind"] == "ITEM") return line;
  FAIL("there is no line of " << id);
  return {};
}

TEST_CASE(
    "Afghanistan 2020: coverage by cluster is what OCHA published, to the dollar where the file has it") {
  const Plan plan;
  const auto file = plan.Load();
  CHECK(file["imported"] == "456");
  CHECK(file["rejected"] == "9");
  CHECK(file["transfers"] == "545");
  const auto& sums = file["assets"][0];
  CHECK(Of(sums, "imported") == 772'637'614);
  CHECK(Of(sums, "committed") == 249'456'593);
  CHECK(Of(sums, "unrecorded") == 61'844'723);
  CHECK(Of(sums, "in_projects") == 404'928'092);
  CHECK(Of(sums, "from_sources_in_projects") == 301'926'844);
  CHECK(Of(sums, "drawn_in_projects") == 2'041'089);  // WFP and FAO pay OXFAM for food security
  CHECK(Of(sums, "put_in_projects") == 41'845'865);
  CHECK(Of(sums, "unrecorded_in_projects") == 59'114'294);
  for (const auto& change : file["changed"])
    CHECK_THAT(change["what"].get<std::string>(), !Contains("no such project"));

  const auto answer = plan.Ask("coverage --by category --on 2020-12-31");
  const auto published = PublishedByCluster();
  CHECK(published.at("FSC").funded == 164'264'546);
  // What the ledger has less than OCHA. WFP and FAO pay OXFAM for food security out of money for food security, which OCHA
  // counts twice. Of flows for several clusters OCHA gave a part to health and to water, and the file does not show which. One
  // flow for water names no payer, and was rejected.
  const std::map<std::string, std::int64_t> less = {{"FSC", 1'842'952 + 198'137},
                                                    {"SHL", 0},
                                                    {"NUT", 0},
                                                    {"EDU", 0},
                                                    {"COO", 0},
                                                    {"LOG", 0},
                                                    {"PRO", 0},
                                                    {"HEA", 255'999},
                                                    {"WSH", 568'828 + 31'928}};
  for (const auto& [code, missing] : less) {
    INFO(code);
    const auto figures = LineOf(answer, code)["figures"];
    CHECK(Of(figures, "asked") == published.at(code).asked);
    CHECK(Of(figures, "placed") == published.at(code).funded - missing);
  }
  CHECK(Of(LineOf(answer, "MS")["figures"], "placed") == 376'645);
  CHECK(LineOf(answer, "MS")["state"] == "UNDECLARED");
  std::int64_t shared = 0;
  for (const auto& line : answer["lines"])
    if (line["kind"] == "SHARED") shared += Of(line["figures"], "placed");
  CHECK(shared == 25'645'977);

  const auto total = answer["total"]["figures"];
  CHECK(Of(total, "asked") == 1'131'050'820);
  CHECK(total["needs"] == "16");
  CHECK(Of(total, "placed") == 402'887'003);
  CHECK(Of(answer, "general") == 325'821'045);
  CHECK(Of(answer, "brought_in") == 728'708'048);
  CHECK(Of(answer, "unrecorded") == 61'844'723);
  CHECK(Of(total, "placed") + Of(answer, "general") == Of(answer, "brought_in"));
  CHECK(answer["not_verified"] == "0");
  // The fund's own receipts name no cluster. It puts them all in projects, and 28,438,842 more than the file gives it.
  const auto fund = plan.Ask("balance afghanistan-humanitarian-fund");
  std::int64_t held = 0, received = 0;
  for (const auto& line : fund["lines"]) {
    held += Of(line, "held");
    received += Of(line, "received");
  }
  CHECK(held == 0);
  CHECK(received == 41'445'865 + 28'438'842);
}

TEST_CASE("Afghanistan 2020: a line of the plan that nobody gave for is a vacuum") {
  const Plan plan;
  plan.Load();
  const auto answer = plan.Ask("coverage --by category --depth 2 --on 2020-12-31");
  const auto shelter = LineOf(answer, "SHL-C19");
  CHECK(Of(shelter["figures"], "asked") == 67'456'238);
  CHECK(Of(shelter["figures"], "placed") == 0);
  CHECK(shelter["state"] == "VACUUM");
  CHECK(Of(LineOf(answer, "FSC-C19")["figures"], "placed") == 5'405'405);
}

TEST_CASE("Afghanistan 2020: the registers and the map are as make.py makes them from OCHA's files") {
  const Desk desk;
  const auto ran = desk.Shell("/usr/bin/python3 -B '" + kExample + "make.py' --check");
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
}

TEST_CASE("Afghanistan 2020: a second run adds nothing, and the ledger verifies") {
  const Plan plan;
  plan.Load();
  const std::string before = plan.Checkpoint();
  const auto again = plan.Load();
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "456");
  CHECK(plan.Checkpoint() == before);
  CHECK(plan.desk().Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

}  // namespace
}  // namespace fundtrail::testing
