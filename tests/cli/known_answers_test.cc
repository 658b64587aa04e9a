// The example of Afghanistan, end to end, against what OCHA published. The plan's requirements are needs, and its flows are money in
// projects. Coverage by category must come out as OCHA's own table, or say by how much it does not and why. Two other plans of
// OCHA's show what is over and what is a vacuum.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/sheets/csv.h"
#include "tests/cli/program.h"
#include "tests/support/entries.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

const std::string kExample = std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/fts-afghanistan/";

// A record of a table by its titles, and under "#" the line on which it begins.
using Row = std::map<std::string, std::string>;

std::vector<Row> RowsOf(const std::string& text) {
  auto reader = Need(sheets::CsvReader::Open(text, ',', sheets::Cells::kRaw));
  std::vector<Row> rows;
  sheets::CsvRecord record;
  while (reader.Next(&record)) {
    Need(record.status);
    Row& row = rows.emplace_back();
    for (std::size_t i = 0; i < record.fields.size(); ++i) row[reader.header()[i]] = record.fields[i];
    row["#"] = std::to_string(record.line);
  }
  return rows;
}
std::vector<Row> Table(const std::string& name) { return RowsOf(FileText(kExample + name)); }

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

nlohmann::json AskIn(const Desk& desk, const std::string& what) {
  const auto ran = desk.Run("--ledger l --json " + what);
  INFO(what << ran.out << ran.err);
  // An import ends with 1 when it rejected a row.
  const int allowed = what.rfind("import csv ", 0) == 0 ? 1 : 0;
  REQUIRE(ran.exit >= 0);
  REQUIRE(ran.exit <= allowed);
  return nlohmann::json::parse(ran.out);
}

// The flows that this map takes: what became of them.
nlohmann::json ImportInto(const Desk& desk, const std::string& map, const std::string& also = "") {
  return AskIn(desk, "import csv flows.csv --map '" + map +
                         "' --key k --as ocha-fts --register --open-missing" + also)["files"][0];
}

// The registers, and then the flows.
nlohmann::json LoadInto(const Desk& desk) {
  const auto registers = desk.Shell("'" + kExample + "registers' '" + Program() + "' l k ocha-fts");
  INFO(registers.out << registers.err);
  REQUIRE(registers.exit == 0);
  return ImportInto(desk, kExample + "fts.toml");
}

// The example, loaded.
class Plan {
 public:
  Plan() {
    desk_.Copied([](const Desk& first) {
      first.Run("keygen --out k");
      first.Run("init l --name example.org/fts --root-key k --root-party ocha-fts --date 2026-01-01");
      std::filesystem::copy_file(kExample + "flows.csv", first.path("flows.csv"));
      first.write("imported.json", LoadInto(first).dump());
    });
  }
  // What became of its flows when it was loaded.
  nlohmann::json imported() const { return nlohmann::json::parse(desk_.read("imported.json")); }
  nlohmann::json Import(const std::string& map, const std::string& also = "") const {
    return ImportInto(desk_, map, also);
  }
  nlohmann::json LoadAgain() const { return LoadInto(desk_); }
  nlohmann::json Ask(const std::string& what) const { return AskIn(desk_, what); }
  std::string Checkpoint() const { return desk_.Run("--ledger l checkpoint").out; }
  const Desk& desk() const { return desk_; }

 private:
  Desk desk_;
};

// The first line of that item.
nlohmann::json LineOf(const nlohmann::json& answer, const std::string& id) {
  for (const auto& line : answer["lines"])
    if (line["kind"] == "ITEM" && line["id"] == id) return line;
  FAIL("there is no line of " << id);
  return {};
}

TEST_CASE(
    "Afghanistan 2020: coverage by cluster is what OCHA published, to the dollar where the file has it") {
  const Plan plan;
  const auto file = plan.imported();
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

TEST_CASE("Afghanistan 2020: who paid more than the file gives it, and who pays itself") {
  const Plan plan;
  const auto answer =
      plan.Ask("findings --rule OUT_EXCEEDS_IN --rule ROUND_TRIP --rule DUPLICATE --on 2020-12-31");
  std::vector<nlohmann::json> more_out, circles, twins;
  for (const auto& finding : answer["findings"])
    (finding["rule"] == "OUT_EXCEEDS_IN" ? more_out
     : finding["rule"] == "ROUND_TRIP"   ? circles
                                         : twins)
        .push_back(finding);
  // The largest first: the Afghanistan Humanitarian Fund received 41,445,865 and paid 69,884,707.
  REQUIRE(more_out.size() == 9);
  CHECK(more_out.front()["parties"][0] == "afghanistan-humanitarian-fund");
  CHECK(Of(more_out.front(), "amount") == 28'438'842);
  CHECK(Of(more_out.front(), "compared") == 69'884'707);
  CHECK(69'884'707 - 41'445'865 == 28'438'842);
  CHECK(more_out.front()["count"] == "60");
  CHECK(more_out.back()["parties"][0] == "oxfam");
  CHECK(Of(more_out.back(), "amount") == 20'017);
  std::int64_t sum = 0;
  for (const auto& finding : more_out) sum += Of(finding, "amount");
  CHECK(sum == 61'844'723);  // all that has no recorded source
  // Two rows outside the plan pay the payer itself. Nobody pays in a circle.
  REQUIRE(circles.size() == 2);
  for (const auto& finding : circles) CHECK(finding["kind"] == "PAYS_ITSELF");
  CHECK(Of(circles[0], "amount") == 50'000);
  CHECK(Of(circles[1], "amount") == 42'612);
  // Four pairs of equal rows, whose references differ.
  REQUIRE(twins.size() == 4);
  for (const auto& finding : twins) {
    CHECK(finding["kind"] == "PAYMENTS_ALIKE");
    CHECK(finding["grade"] == "LOOK");
    CHECK(finding["count"] == "2");
  }
}

TEST_CASE("Afghanistan 2020: a line of the plan that nobody gave for is a vacuum") {
  const Plan plan;
  const auto answer = plan.Ask("coverage --by category --depth 2 --on 2020-12-31");
  const auto shelter = LineOf(answer, "SHL-C19");
  CHECK(Of(shelter["figures"], "asked") == 67'456'238);
  CHECK(Of(shelter["figures"], "placed") == 0);
  CHECK(shelter["state"] == "VACUUM");
  CHECK(Of(LineOf(answer, "FSC-C19")["figures"], "placed") == 5'405'405);
  // The rule of findings says the same of the same six. OCHA states no severity, so that each is worth a look.
  std::map<std::string, std::int64_t> vacuums, left_out;
  for (const auto& line : answer["lines"])
    if (line["kind"] == "ITEM" && line["state"] == "VACUUM")
      vacuums[line["id"]] = Of(line["figures"], "asked");
  const auto found = plan.Ask("findings --rule LEFT_OUT --on 2020-12-31");
  for (const auto& finding : found["findings"]) {
    CHECK(finding["grade"] == "LOOK");
    left_out[finding["category"]] = Of(finding, "amount");
  }
  CHECK(left_out == vacuums);
  CHECK(left_out.size() == 6);
  CHECK(left_out["SHL-C19"] == 67'456'238);
  // The projects of the example name clusters and no needs. So of each requirement all is open, and not only the gap that K3 is
  // about (match_test.cc). What is matched is a share of the requirement.
  const auto match = plan.Ask("match --asset USD --extra 160548636 --on 2020-12-31");
  CHECK(Of(match, "open") == 1'131'050'820);
  CHECK(Of(match, "matched") == 160'548'636);
  CHECK(match["needs"].size() == 16);
}

TEST_CASE("Afghanistan 2020: the registers and the map are as make.py makes them from OCHA's files") {
  const Desk desk;
  const auto ran = desk.Shell("/usr/bin/python3 -B '" + kExample + "make.py' --check");
  INFO(ran.out << ran.err);
  CHECK(ran.exit == 0);
}

TEST_CASE("Afghanistan 2020: a second run adds nothing, and the ledger verifies") {
  const Plan plan;
  const std::string before = plan.Checkpoint();
  const auto again = plan.LoadAgain();
  CHECK(again["imported"] == "0");
  CHECK(again["present"] == "456");
  CHECK(plan.Checkpoint() == before);
  CHECK(plan.desk().Run("verify l --vkey \"$(cat l/vkey)\"").exit == 0);
}

// --- K1: what came into the plan -----------------------------------------------------------------------------

const char kPlan[] = "Afghanistan 2020";

struct Sum {
  int rows = 0;
  std::int64_t dollars = 0, committed = 0;
  void Add(std::int64_t more, bool is_committed) {
    ++rows;
    dollars += more;
    if (is_committed) committed += more;
  }
};
// Of the flows of the plan: those that came into it, those inside it, and of these the one in which OXFAM pays itself.
struct PlanSums {
  Sum into, inside, own;
  void Add(const Row& flow, std::int64_t dollars, bool committed) {
    (flow.at("boundary") == "incoming" ? into : inside).Add(dollars, committed);
    if (flow.at("boundary") == "internal" && flow.at("sourceOrg") == flow.at("destOrg"))
      own.Add(dollars, committed);
  }
};

// What the rows of flows.csv became in the ledger, by their lines: each transfer's reference begins with "flows.csv:LINE".
struct Became {
  std::int64_t paid = 0, brought = 0;  // brought: by `unrecorded`, so that it could be paid
  bool committed = false;
  // Where nothing else was done, what was brought in is the row's own.
  std::int64_t dollars() const { return paid > 0 ? paid : brought; }
};
std::map<std::string, Became> InLedger(const Plan& plan) {
  const auto listed = plan.desk().Run("--ledger l list --csv --raw");
  REQUIRE(listed.exit == 0);
  const std::string file = "flows.csv:", cents = ".00";
  std::map<std::string, Became> by_line;
  for (const Row& row : RowsOf(listed.out)) {
    const std::string &reference = row.at("reference"), &amount = row.at("amount");
    REQUIRE(reference.compare(0, file.size(), file) == 0);
    REQUIRE(amount.size() > cents.size());
    REQUIRE(amount.substr(amount.size() - cents.size()) == cents);
    Became& became = by_line[reference.substr(file.size(), reference.find(' ') - file.size())];
    const std::int64_t dollars = Dollars(amount.substr(0, amount.size() - cents.size()));
    (row.at("from") == "unrecorded" ? became.brought : became.paid) += dollars;
    became.committed = row.at("stage") == "committed";
  }
  return by_line;
}

TEST_CASE(
    "Afghanistan 2020, K1: what came into the plan is what OCHA published, but for rows that name one "
    "party") {
  // What the file says, against the total that OCHA published.
  PlanSums file;
  const auto flows = Table("flows.csv");
  for (const Row& flow : flows)
    if (flow.at("destPlan") == kPlan)
      file.Add(flow, Dollars(flow.at("amountUSD")), flow.at("status") == "commitment");
  CHECK(file.into.rows == 250);
  CHECK(file.into.dollars == 564'447'748);
  CHECK(file.into.committed == 191'941'629);
  CHECK(file.into.dollars - file.into.committed == 372'506'119);
  CHECK(file.own.rows == 1);
  CHECK(file.own.dollars == 20'017);
  std::int64_t asked = 0, published = 0;
  for (const Row& row : Table("requirements.csv")) {
    asked += Dollars(row.at("requirements"));
    published += Dollars(row.at("funding"));
  }
  CHECK(asked == 1'131'050'820);
  CHECK(published == 564'467'765);
  CHECK(published == file.into.dollars + file.own.dollars);
  CHECK(1'000 * published / asked == 499);
  // To add what the plan's bodies pay on among themselves would count money twice.
  CHECK(file.inside.rows == 156);
  CHECK(file.inside.dollars == 71'958'119);
  CHECK(file.into.dollars + file.inside.dollars == 636'405'867);

  // What the ledger has of it.
  const Plan plan;
  const auto imported = plan.imported();
  const auto by_line = InLedger(plan);
  std::set<std::string> rejected;
  PlanSums ledger, missing;
  for (const Row& row : RowsOf(plan.desk().read("flows.csv.rejects.csv"))) {
    INFO(row.at("line"));
    rejected.insert(row.at("line"));
    CHECK_THAT(row.at("reason"), Contains("the row does not say who"));  // paid, or was paid
  }
  CHECK(rejected.size() == 9);
  CHECK(imported["reject_codes"]["UNREADABLE"] == "9");
  for (const Row& flow : flows) {
    if (flow.at("destPlan") != kPlan) continue;
    INFO("line " << flow.at("#"));
    const std::int64_t dollars = Dollars(flow.at("amountUSD"));
    const bool committed = flow.at("status") == "commitment";
    const auto found = by_line.find(flow.at("#"));
    if (found == by_line.end()) {
      // It is 0 and was skipped, or it was rejected.
      CHECK((dollars == 0) != (rejected.count(flow.at("#")) == 1));
      if (dollars > 0) missing.Add(flow, dollars, committed);
      continue;
    }
    CHECK(found->second.dollars() == dollars);
    CHECK(found->second.committed == committed);
    ledger.Add(flow, found->second.dollars(), found->second.committed);
  }
  CHECK(ledger.into.rows == 246);
  CHECK(ledger.into.dollars == 563'182'192);
  CHECK(ledger.into.committed == 191'941'629);
  CHECK(ledger.into.dollars - ledger.into.committed == 371'240'563);
  CHECK(ledger.own.dollars == 20'017);
  CHECK(ledger.own.committed == 0);
  CHECK(missing.into.rows == 3);
  CHECK(missing.into.dollars == 1'265'556);
  CHECK(missing.into.committed == 0);
  CHECK(missing.inside.rows == 2);
  CHECK(missing.inside.dollars == 12'306);
  CHECK(ledger.into.dollars + ledger.own.dollars + missing.into.dollars == published);
}

// --- K11: who takes part -------------------------------------------------------------------------------------

// Of each kind of source, what it gave; and what each of them gave.
struct Givers {
  std::map<std::string, std::int64_t> by_kind, by_name;
  std::int64_t all = 0;
  void Add(const Row& flow) {
    const std::int64_t dollars = Dollars(flow.at("amountUSD"));
    if (dollars == 0) return;
    by_kind[flow.at("sourceOrgType")] += dollars;
    by_name[flow.at("sourceOrg")] += dollars;
    all += dollars;
  }
};

TEST_CASE(
    "Afghanistan 2020, K11: hot government, weak society, cold market; and who takes part by what the ledger "
    "has") {
  const std::map<std::string, std::string> kKinds = {{"Government", "GOVERNMENT"},
                                                     {"Inter-governmental", "INTERGOVERNMENTAL"},
                                                     {"Private organization/foundation", "FOUNDATION"}};
  // What OCHA's file says of what came into the plan, in basis points.
  Givers plan_givers, givers;
  for (const Row& flow : Table("flows.csv")) {
    if (flow.at("destPlan") == kPlan && flow.at("boundary") == "incoming") plan_givers.Add(flow);
    const bool taken = flow.at("destLocation").find("Afghanistan") != std::string::npos &&
                       kKinds.count(flow.at("sourceOrgType")) == 1 && !flow.at("destOrg").empty();
    if (taken) givers.Add(flow);
  }
  CHECK(plan_givers.all == 564'447'748);
  const std::map<std::string, std::int64_t> published = {
      {"Government", 7'561}, {"Inter-governmental", 1'818},          {"UN agency", 281}, {"Pooled fund", 276},
      {"NGO", 43},           {"Private organization/foundation", 10}};
  for (const auto& [kind, share] : published) {
    INFO(kind);
    CHECK((10'000 * plan_givers.by_kind.at(kind) + plan_givers.all / 2) / plan_givers.all == share);
  }
  const std::string usa = "United States of America, Government of";
  CHECK(plan_givers.by_name.at(usa) == 226'292'348);

  // The ledger has all of Afghanistan, and not the plan alone. Its sources are governments, commissions and private donors. What
  // the UN, pooled funds and NGOs paid beyond what the file gives them comes from `unrecorded`, and is in no share. Four
  // flows of sources name nobody who was paid, and were rejected. So the shares are others than those above.
  const Plan plan;
  std::map<std::string, std::string> kind_of;
  for (const Row& flow : Table("flows.csv"))
    if (const auto kind = kKinds.find(flow.at("sourceOrgType")); kind != kKinds.end())
      kind_of[flow.at("sourceOrg")] = kind->second;
  std::string table = "id,kind\n";
  const auto parties = plan.Ask("party list");
  for (const auto& line : parties["lines"]) {
    const auto& party = line["action"]["register_party"];
    const auto kind = kind_of.find(party["name"].get<std::string>());
    if (party["role"] == "SOURCE" && kind != kind_of.end())
      table += party["id"].get<std::string>() + "," + kind->second + "\n";
  }
  plan.desk().write("kinds.csv", table);
  CHECK(plan.Ask("import registers party kinds.csv --amend --key k --as ocha-fts")["files"][0]["rejected"] ==
        "0");
  const auto answer = plan.Ask("participation --fund humanitarian-2020")["assets"][0];
  CHECK(Of(answer, "brought") == givers.all);
  CHECK(givers.all == 666'863'325);
  CHECK(Of(answer, "unrecorded") == 61'844'723);
  CHECK(answer["sources"] == std::to_string(givers.by_name.size()));
  CHECK(answer["largest_name"] == usa);
  CHECK(Of(answer, "largest_brought") == givers.by_name.at(usa));
  REQUIRE(answer["kinds"].size() == givers.by_kind.size());
  int shares = 0;
  for (const auto& [kind, dollars] : givers.by_kind) {
    INFO(kind);
    for (const auto& line : answer["kinds"]) {
      if (line["kind"] != kKinds.at(kind)) continue;
      CHECK(Of(line, "brought") == dollars);
      shares += line["share"].get<int>();
    }
  }
  CHECK(shares == 10'000);
  CHECK(Of(answer, "brought") + Of(answer, "unrecorded") ==
        Of(answer, "held") + Of(answer, "ended") + Of(answer, "reached") + Of(answer, "with_sources"));
}

// --- each plan has a fund of its own -------------------------------------------------------------------------

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

// What the party has in that fund.
std::int64_t HeldIn(const Plan& plan, const std::string& party, const std::string& fund) {
  std::int64_t held = 0;
  const auto balance = plan.Ask("balance " + party);
  for (const auto& line : balance["lines"])
    if (line["account"]["fund"] == fund) held += Of(line, "held");
  return held;
}

TEST_CASE(
    "row 225339, of another country: in a fund of its own it moves nothing of Afghanistan, in the same fund "
    "it does") {
  const Plan plan;
  const std::string unicef = "united-nations-children-s-fund", afghan = "humanitarian-2020";
  const std::int64_t held = HeldIn(plan, unicef, afghan);
  const std::string shared = Replaced(FileText(kExample + "fts.toml"),
                                      "[[only]]\ncolumn = \"destLocation\"\ncontains = [\"Afghanistan\"]",
                                      "[[only]]\ncolumn = \"id\"\nvalues = [\"225339\"]");
  plan.desk().write("own.toml", Replaced(shared, "fund = \"" + afghan + "\"", "fund = \"hpse20\""));
  plan.desk().write("shared.toml", shared);
  const auto own = plan.Import("own.toml");
  CHECK(own["imported"] == "1");
  CHECK(Of(own["assets"][0], "unrecorded") == 1'032'670);
  CHECK(HeldIn(plan, unicef, afghan) == held);
  CHECK(HeldIn(plan, "world-health-organization", "hpse20") == 1'032'670);
  const auto answer = plan.Ask("coverage --by category --on 2020-12-31");
  CHECK(Of(answer["total"]["figures"], "placed") == 402'887'003);
  CHECK(Of(answer, "general") == 325'821'045 + 1'032'670);
  CHECK(Of(answer, "unrecorded") == 61'844'723 + 1'032'670);

  const auto same =
      plan.Import("shared.toml", " --accept-duplicates");  // the ledger has that row, in another fund
  CHECK(same["imported"] == "1");
  CHECK(Of(same["assets"][0], "unrecorded") == 0);
  CHECK(HeldIn(plan, unicef, afghan) == held - 1'032'670);
}

// --- K10: what is over, and what is a vacuum -----------------------------------------------------------------

// One of OCHA's other plans. Each line with a requirement is a category and a need; the lines in `projects` have a project too.
// Categories are called by OCHA's number of the line.
class OtherPlan {
 public:
  OtherPlan(const std::string& file, std::string code, const std::string& place,
            const std::set<std::string>& projects)
      : code_(std::move(code)) {
    desk_.Run("keygen --out k");
    desk_.Run("init l --name example.org/fts --root-key k --root-party ocha-fts --date 2026-01-01");
    std::string categories = "id,name\n", needs = "id,owner,place,category,asset,amount,from,until\n",
                proposed = "id,name,owner,places,categories,asset,targets\n";
    for (const Row& row : Table(file)) {
      const std::string &line = row.at("clusterCode"), &amount = row.at("requirements");
      asked_ += Dollars(amount);
      given_ += Dollars(row.at("funding"));
      if (amount.empty()) continue;
      lines_.push_back(row);
      categories += line + "," + row.at("cluster") + "\n";
      needs += "need-" + line + ",icct," + place + "," + line + ",USD," + amount + ".00," +
               row.at("startDate") + "," + row.at("endDate") + "\n";
      if (projects.count(line) > 0) proposed += Proposal(line, place, line);
    }
    Load("asset", "code,decimals\nUSD,2\n");
    Load("place", "id,name,level\n" + place + "," + place + ",0\n");
    Load("party", "id,name,place\nicct,Who asks," + place + "\nhct,Who verifies," + place + "\n");
    Load("category", categories);
    Load("need", needs, " --verify-by hct");
    Load("project", proposed, " --approve-by hct");
  }
  std::string Proposal(const std::string& name, const std::string& place,
                       const std::string& categories) const {
    return code_ + "-" + name + ",Line " + name + ",icct," + place + "," + categories + ",USD,funded=1=USD\n";
  }
  void Load(const std::string& of, const std::string& table, const std::string& by = "") const {
    desk_.write("table.csv", table);
    Ask("import registers " + of + " table.csv --key k --as ocha-fts" + by);
  }
  nlohmann::json Ask(const std::string& what) const { return AskIn(desk_, what); }
  // The lines in that state; all of them when it is empty.
  std::set<std::string> In(const std::string& state) const {
    std::set<std::string> ids;
    const auto answer = Ask("coverage --by category --on 2020-12-31 --state " + state);
    for (const auto& line : answer["lines"]) ids.insert(line["id"].get<std::string>());
    return ids;
  }
  const Desk& desk() const { return desk_; }
  const std::vector<Row>& lines() const { return lines_; }  // those with a requirement
  std::int64_t asked() const { return asked_; }
  std::int64_t given() const { return given_; }

 private:
  Desk desk_;
  const std::string code_;
  std::vector<Row> lines_;
  std::int64_t asked_ = 0, given_ = 0;
};

// That each line of the plan has what OCHA published; `answer` is its coverage by category.
void CheckLines(const OtherPlan& plan, const nlohmann::json& answer) {
  for (const Row& row : plan.lines()) {
    INFO(row.at("cluster"));
    const auto figures = LineOf(answer, row.at("clusterCode"))["figures"];
    const std::int64_t asked = Dollars(row.at("requirements")), given = Dollars(row.at("funding"));
    CHECK(Of(figures, "asked") == asked);
    CHECK(Of(figures, "placed") == given);
    CHECK(Of(figures, "over") == std::max<std::int64_t>(0, given - asked));
    CHECK(Of(figures, "gap") == std::max<std::int64_t>(0, asked - given));
    // OCHA rounds to whole per cent.
    const std::int64_t ratio = std::stoll(figures.at("ratio").get<std::string>());
    CHECK((ratio + 50) / 100 == Dollars(row.at("percentFunded")));
  }
  CHECK(Of(answer["total"]["figures"], "asked") == plan.asked());
  CHECK(Of(answer["total"]["figures"], "placed") + Of(answer, "general") == plan.given());
  CHECK(Of(answer, "brought_in") == plan.given());
}

TEST_CASE(
    "Jordan 2020, K10: from OCHA's flows, one line is over ten times what it asked for, and one is a "
    "vacuum") {
  // As in Afghanistan, a line has a project when a flow names it.
  const OtherPlan plan("requirements_jor.csv", "ojor20", "JOR", {"5833", "5831"});
  std::filesystem::copy_file(kExample + "flows.csv", plan.desk().path("flows.csv"));
  const auto file = plan.Ask("import csv flows.csv --map '" + kExample +
                             "jordan.toml' --key k --as ocha-fts --register --open-missing")["files"][0];
  CHECK(file["imported"] == "12");
  CHECK(file["rejected"] == "0");
  CHECK(Of(file["assets"][0], "imported") == 18'604'280);
  CHECK(Of(file["assets"][0], "committed") == 1'438'193);
  // Qatar Charity pays itself 1,330,943; two funds of the United Nations pay 1,087,503 that no row gives them.
  CHECK(Of(file["assets"][0], "unrecorded") == 1'330'943 + 1'087'503);

  const auto answer = plan.Ask("coverage --by category --on 2020-12-31");
  CheckLines(plan, answer);
  CHECK(plan.given() == 18'604'280);
  CHECK(Of(answer, "general") == 16'135'147);  // for no cluster, as OCHA says too
  const auto multi = LineOf(answer, "5831");
  CHECK(multi["state"] == "OVER");
  CHECK(Of(multi["figures"], "over") == 1'948'882);
  CHECK(multi["figures"]["ratio"] == "107444");
  const auto education = LineOf(answer, "5832");
  CHECK(education["state"] == "VACUUM");
  CHECK(Of(education["figures"], "gap") == 600'000);
  CHECK(plan.In("over") == std::set<std::string>{"5831"});
  CHECK(plan.In("vacuum") == std::set<std::string>{"5832"});
  CHECK(plan.In("under") == std::set<std::string>{"5833"});
}

TEST_CASE(
    "occupied Palestinian territory 2020, K10: OCHA's published sums, paid as such and not from its flows: "
    "what is over") {
  // The flows do not show which line of this plan they are for, and their sums are not OCHA's. So the published sum of each line is
  // taken as known, and paid by a made transfer. This tests what the ledger calls it, and not how the money came there.
  std::set<std::string> all;
  for (const Row& row : Table("requirements_pse.csv"))
    if (!row.at("requirements").empty()) all.insert(row.at("clusterCode"));
  const OtherPlan plan("requirements_pse.csv", "hpse20", "PSE", all);
  plan.Load("project",
            "id,name,owner,places,categories,asset,targets\n" + plan.Proposal("shared", "PSE", "4904; 4906"),
            " --approve-by hct");
  std::string paid = "date,from,to,amount,asset,project,from_role\n";
  for (const Row& row : Table("requirements_pse.csv")) {
    const bool shared = row.at("cluster") == "Multiple clusters/sectors (shared)";
    const std::string project = shared                          ? "hpse20-shared"
                                : row.at("clusterCode").empty() ? ""
                                                                : "hpse20-" + row.at("clusterCode");
    paid += "2020-12-31,All donors,All bodies," + row.at("funding") + ".00,USD," + project + ",source\n";
  }
  plan.desk().write("made.csv", paid);
  const auto file = plan.Ask("import csv made.csv --key k --as ocha-fts --register")["files"][0];
  CHECK(file["imported"] == "15");
  CHECK(file["rejected"] == "0");

  const auto answer = plan.Ask("coverage --by category --on 2020-12-31");
  CheckLines(plan, answer);
  CHECK(plan.lines().size() == 13);
  CHECK(plan.given() == 295'077'912);
  CHECK(Of(answer, "general") == 41'594'013);
  for (const auto& line : answer["lines"])
    if (line["kind"] == "SHARED") CHECK(Of(line["figures"], "placed") == 7'456'391);
  CHECK(plan.In("over") == std::set<std::string>{"4904"});
  CHECK(Of(LineOf(answer, "4904")["figures"], "over") == 5'784'569);  // protection
  const auto health = LineOf(answer, "5520");
  CHECK(health["state"] == "COVERED");  // over what it asked for, but by less than a tenth
  CHECK(Of(health["figures"], "over") == 746'895);
  CHECK(LineOf(answer, "4908")["state"] == "UNDER");  // shelter has 30.90 % beside it
  CHECK(plan.In("vacuum").empty());
}

}  // namespace
}  // namespace fundtrail::testing
