// A file of activities into a ledger: what becomes of the example, a second run, a run that broke off, and what waits.
#include "ledger/intake/iati_import.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/memory.h"
#include "tests/support/text.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Texts = std::vector<std::string>;

struct Desk {
  Desk() : ledger(Need(NewLedger(store::MakeMemoryStore(), clock.Read()))), target(ledger.get()) {
    options.author = "root";
    options.approve_by = "reviewer";
    options.key = &key;
    options.date = Need(ParseDate("2026-03-01"));
    // Who approves is outside of the bodies that own the projects.
    Need(ledger->AppendOne(SignedBytes(Entry("root", 800, {Party("reviewer", "root")}), {1}), clock.Read())
             .status());
  }

  StatusOr<intake::IatiSummary> Import(const std::string& text) {
    rejects.clear();
    FT_ASSIGN_OR_RETURN(const intake::IatiPlan plan, intake::PlanIati(target, text, options));
    return intake::ImportIati(&target, "water.xml", crypto::Sha256(text), plan, options,
                              [&](const std::string& table, const std::vector<std::string>&,
                                  const sheets::RawRow& row, const std::string& reason) {
                                rejects.push_back(absl::StrCat(table, " ", row.line, ": ", reason));
                                return absl::OkStatus();
                              });
  }

  std::int64_t Held(const std::string& party, const std::string& project, const std::string& fund = "general",
                    const std::string& asset = "EUR") const {
    const auto account = Need(books::FindAccount(ledger->store(), party, fund, project, asset));
    return account.has_value() ? Need(books::GetAccountState(ledger->store(), *account)).held.value() : -1;
  }

  TestClock clock;
  std::unique_ptr<log::Ledger> ledger;
  Watched target;
  crypto::SigningKey key = Key(1);
  intake::IatiOptions options;
  Texts rejects;
};

std::string Example() {
  std::ifstream in(std::string(FUNDTRAIL_SOURCE_DIR) + "/examples/iati/water.xml");
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

TEST_CASE("the example becomes parties, a programme, projects, duties and payments that add up") {
  Desk desk;
  const auto summary = Need(desk.Import(Example()));
  CHECK(desk.rejects == Texts{});
  REQUIRE(summary.payments.has_value());
  CHECK(summary.payments->imported == 6);
  CHECK(summary.waiting.empty());
  CHECK(desk.Held("XX-NGO-9", "") == 150'000);
  CHECK(desk.Held("XX-NGO-9", "XX-GOV-1-WATER-SCHOOLS") == 200'000);
  CHECK(desk.Held("XX-NGO-7", "XX-NGO-7-WELLS") == 500'000 + 25'000 - 120'000 - 80'000);
  CHECK(desk.Held("payees-that-puits-vie-does-not-name", "XX-NGO-7-WELLS") == 80'000);
  const auto wells =
      Need(books::GetItem(desk.ledger->store(), v1::Action::kProposeProject, "XX-NGO-7-WELLS"));
  REQUIRE(wells.has_value());
  CHECK(wells->action().propose_project().name() == "Puits de la vallée & des collines");
  CHECK(wells->action().propose_project().owner() == "XX-NGO-7");
  const auto schools =
      Need(books::GetItem(desk.ledger->store(), v1::Action::kProposeProject, "XX-GOV-1-WATER-SCHOOLS"));
  REQUIRE(schools.has_value());
  CHECK(schools->action().propose_project().name() == "学校饮水");
  CHECK(schools->action().propose_project().programme() == "XX-GOV-1-WATER");
  CHECK(schools->action().propose_project().budget() == 300'000);
}

TEST_CASE("a second run of a file adds nothing, also where all of it stands on one line") {
  Desk desk;
  std::string text = Example();
  if (GENERATE(false, true)) text.erase(std::remove(text.begin(), text.end(), '\n'), text.end());
  // A row that the rules refuse, among those that they take.
  const std::string back =
      "<transaction><transaction-type code=\"4\"/><transaction-date iso-date=\"2025-04-02\"/>"
      "<value>-9999.00</value></transaction>";
  text.insert(text.rfind("</iati-activity>"), back);
  const auto first = Need(desk.Import(text));
  CHECK(first.payments->imported == 6);
  CHECK(first.payments->rejected == 1);
  const Texts rejects = desk.rejects;
  const std::uint64_t size = desk.ledger->size();
  const auto second = Need(desk.Import(text));
  CHECK(desk.ledger->size() == size);
  CHECK(second.payments->imported == 0);
  CHECK(second.payments->present == 6);
  CHECK(second.payments->rejected == 1);
  CHECK(desk.rejects == rejects);
}

TEST_CASE("an import that broke off goes on where it ended") {
  const int at = GENERATE(1, 2, 3, 4, 5, 6);
  Desk desk;
  desk.target.before = [at](int number) {
    return number == at ? absl::UnavailableError("the line broke") : absl::OkStatus();
  };
  const auto broken = desk.Import(Example());
  CHECK(absl::IsUnavailable(broken.status()));
  const auto summary = Need(desk.Import(Example()));
  CHECK(desk.rejects == Texts{});
  CHECK(summary.payments->imported + summary.payments->present == 6);
  CHECK(desk.Held("XX-NGO-7", "XX-NGO-7-WELLS") == 325'000);
}

TEST_CASE("payments wait until the projects are approved, and none of them is recorded before") {
  Desk desk;
  desk.options.approve_by.clear();
  const auto waiting = Need(desk.Import(Example()));
  CHECK(waiting.waiting == Texts{"XX-GOV-1-WATER-SCHOOLS", "XX-NGO-7-WELLS"});
  CHECK_FALSE(waiting.payments.has_value());
  CHECK(desk.Held("XX-NGO-9", "") == -1);
  desk.options.approve_by = "reviewer";
  CHECK(Need(desk.Import(Example())).payments->imported == 6);
}

TEST_CASE("a party that the ledger has by its id of the standard is not registered again") {
  Desk desk;
  v1::Action party = Party("puits", "root");
  party.mutable_register_party()->add_alternative_ids()->set_scheme("iati");
  party.mutable_register_party()->mutable_alternative_ids(0)->set_id("XX-NGO-7");
  Need(desk.ledger->AppendOne(SignedBytes(Entry("root", 900, {party}), {1}), desk.clock.Read()).status());
  CHECK(Need(desk.Import(Example())).payments->imported == 6);
  CHECK(desk.Held("puits", "XX-NGO-7-WELLS") == 325'000);
  CHECK_FALSE(Need(books::GetItem(desk.ledger->store(), v1::Action::kRegisterParty, "XX-NGO-7")).has_value());
}

TEST_CASE("money of one activity goes into another: it leaves the one project and lies in the other") {
  Desk desk;
  const std::string r =
      "<reporting-org ref='R' type='10'><narrative>R</narrative></reporting-org>"
      "<title><narrative>A</narrative></title>"
      "<transaction><transaction-type code='1'/><transaction-date iso-date='2025-01-01'/><value>10</value>"
      "<provider-org ref='F'/></transaction>\n"
      "<transaction><transaction-type code='3'/><transaction-date iso-date='2025-01-02'/><value>4</value>"
      "<receiver-org ref='Q' receiver-activity-id='Q-B'/></transaction>\n";
  const std::string q =
      "<reporting-org ref='Q' type='22'><narrative>Q</narrative></reporting-org>"
      "<title><narrative>B</narrative></title>"
      "<transaction><transaction-type code='4'/><transaction-date iso-date='2025-01-03'/><value>1</value>"
      "<receiver-org ref='V'/></transaction>\n"
      "<transaction><transaction-type code='4'/><transaction-date iso-date='2025-01-04'/><value>-0.25</value>"
      "<receiver-org ref='V'/></transaction>\n";
  const auto summary =
      Need(desk.Import("<iati-activities version='2.03'>\n"
                       "<iati-activity default-currency='EUR'><iati-identifier>R-A</iati-identifier>" +
                       r +
                       "</iati-activity>"
                       "<iati-activity default-currency='EUR'><iati-identifier>Q-B</iati-identifier>" +
                       q +
                       "</iati-activity>"
                       "</iati-activities>"));
  CHECK(desk.rejects == Texts{});
  CHECK(summary.payments->imported == 4);
  CHECK(desk.Held("R", "R-A") == 600);
  CHECK(desk.Held("R", "Q-B") == 0);
  CHECK(desk.Held("Q", "Q-B") == 325);
  CHECK(desk.Held("V", "Q-B") == 75);
}

TEST_CASE("what an activity takes back of another one's money lies again in its own") {
  Desk desk;
  const auto summary = Need(desk.Import(
      "<iati-activities version='2.03'>\n"
      "<iati-activity default-currency='EUR'><iati-identifier>R-A</iati-identifier>"
      "<reporting-org ref='R' type='10'><narrative>R</narrative></reporting-org>"
      "<title><narrative>A</narrative></title>"
      "<transaction><transaction-type code='1'/><transaction-date iso-date='2025-01-01'/><value>10</value>"
      "<provider-org ref='F'/></transaction>\n"
      "<transaction><transaction-type code='3'/><transaction-date iso-date='2025-01-02'/><value>4</value>"
      "<receiver-org ref='Q' receiver-activity-id='Q-B'/></transaction>\n"
      "<transaction><transaction-type code='3'/><transaction-date iso-date='2025-01-03'/><value>-1</value>"
      "<receiver-org ref='Q' receiver-activity-id='Q-B'/></transaction>\n"
      "</iati-activity>"
      "<iati-activity default-currency='EUR'><iati-identifier>Q-B</iati-identifier>"
      "<reporting-org ref='Q' type='22'><narrative>Q</narrative></reporting-org>"
      "<title><narrative>B</narrative></title></iati-activity></iati-activities>"));
  CHECK(desk.rejects == Texts{});
  CHECK(summary.payments->imported == 3);
  CHECK(desk.Held("R", "R-A") == 700);
  CHECK(desk.Held("R", "Q-B") == 0);
  CHECK(desk.Held("Q", "Q-B") == 300);
}

TEST_CASE("what the ledger learns between two runs never makes the second take one payment for another") {
  // Both sides tell one payment. That the two names of the payer are one party, the ledger knows only later.
  const std::string text =
      "<iati-activities version='2.03'>\n"
      "<iati-activity default-currency='EUR'><iati-identifier>R-A</iati-identifier>"
      "<reporting-org ref='R' type='10'><narrative>R</narrative></reporting-org>"
      "<title><narrative>A</narrative></title>\n"
      "<transaction><transaction-type code='1'/><transaction-date iso-date='2025-01-01'/><value>9</value>"
      "<provider-org ref='F'/></transaction>\n"
      "<transaction><transaction-type code='3'/><transaction-date iso-date='2025-01-02'/><value>5</value>"
      "<receiver-org ref='Q-OLD'/></transaction>\n"
      "<transaction><transaction-type code='3'/><transaction-date iso-date='2025-01-05'/><value>1</value>"
      "<receiver-org ref='Q'/></transaction>\n"
      "</iati-activity>"
      "<iati-activity default-currency='EUR'><iati-identifier>Q-B</iati-identifier>"
      "<reporting-org ref='Q' type='22'><narrative>Q</narrative></reporting-org>"
      "<title><narrative>B</narrative></title>\n"
      "<transaction><transaction-type code='1'/><transaction-date iso-date='2025-01-02'/><value>5</value>"
      "<provider-org ref='R'/></transaction>\n"
      "</iati-activity></iati-activities>";
  Desk desk;
  desk.options.open_missing = true;
  CHECK(Need(desk.Import(text)).payments->imported == 4);
  const auto amended = [&](const std::string& id, const std::vector<std::string>& refs) {
    const auto row = Need(books::GetItem(desk.ledger->store(), v1::Action::kRegisterParty, id));
    v1::Action action = row->action();
    action.mutable_amends()->set_record(row->record());
    action.mutable_amends()->set_reason("one body");
    action.mutable_register_party()->clear_alternative_ids();
    for (const std::string& ref : refs) {
      auto* other = action.mutable_register_party()->add_alternative_ids();
      other->set_scheme("iati");
      other->set_id(ref);
    }
    return action;
  };
  Need(desk.ledger
           ->AppendOne(
               SignedBytes(Entry("root", 901, {amended("Q-OLD", {}), amended("Q", {"Q", "Q-OLD"})}), {1}),
               desk.clock.Read())
           .status());
  const auto second = Need(desk.Import(text));
  CHECK(second.payments->rows == 3);
  CHECK(second.payments->present == 0);
  CHECK(second.payments->rejected + second.payments->imported == 3);
  CHECK(second.payments->reject_codes.at("DUPLICATE_SUSPECTED") >= 2);
}

TEST_CASE("what another file told before is suspected, whatever number each side gave it") {
  Desk desk;
  CHECK(Need(desk.Import(Example())).payments->imported == 6);
  std::string later = Example();
  later.insert(later.find("<iati-activity "), "<!-- a year later -->");
  const auto again = Need(desk.Import(later));
  CHECK(again.payments->imported == 0);
  CHECK(again.payments->reject_codes.at("DUPLICATE_SUSPECTED") == 6);
  desk.options.accept_duplicates = true;
  desk.options.open_missing = true;
  CHECK(Need(desk.Import(later)).payments->imported == 6);
}

TEST_CASE("a text that is no file of activities is refused, and nothing is recorded") {
  Desk desk;
  const std::uint64_t size = desk.ledger->size();
  CHECK(absl::IsInvalidArgument(desk.Import("date,from,to\n").status()));
  CHECK(absl::IsInvalidArgument(desk.Import("<iati-activities version='2.03'>").status()));
  CHECK(desk.ledger->size() == size);
}

}  // namespace
}  // namespace fundtrail::testing
