// Importing while other things happen to the ledger: another run of the same file, a run that broke off, a ledger that has
// changed since.
#include "ledger/intake/import.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/sheets/party_id.h"
#include "ledger/store/memory.h"
#include "tests/support/csv_import.h"
#include "tests/support/projects.h"
#include "tests/support/supply.h"
#include "tests/support/text.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;

// Enough rows for several entries. The ministry pays out a little of what it gets; line 3 wants back what was never paid.
std::string ManyRows(int count) {
  std::string rows = "date,from,to,amount,asset,fund,purpose\n";
  for (int i = 0; i < count; ++i) {
    rows += i == 1 ? std::string("2026-01-01,donor,village,-7.00,CNY,flood,never paid\n")
                   : absl::StrCat("2026-01-01,donor,ministry,", i + 1, ".00,CNY,flood,",
                                  std::string(400, 'p'), "\n");
  }
  return rows;
}

TEST_CASE("two imports of one file at the same time: each row is in once, and counted once") {
  const bool same_day = GENERATE(true, false);
  const int when = GENERATE(1, 2);  // before which entry of the first the second comes by
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  CsvImport first{ManyRows(400)}, second{first.text};
  if (!same_day) second.date = Need(ParseDate("2026-03-02"));
  Watched own(ledger.get()), others(ledger.get());
  intake::ImportSummary of_second;
  own.before = [&](int number) {
    if (number == when) of_second = Need(second.Into(&others));
    return absl::OkStatus();
  };
  const auto of_first = Need(first.Into(&own));
  CHECK(of_first.imported + of_second.imported == 399);
  CHECK(of_first.imported + of_first.present == 399);
  CHECK(of_second.imported + of_second.present == 399);
  CHECK((of_first.imported == 0) == (when == 1));
  CHECK(of_first.entries + of_second.entries + 1 == ledger->size());
  CHECK(of_second.entries >= 2);  // else there was nothing in between
  CHECK(of_first.first_record.has_value() == (of_first.entries > 0));
  CHECK(std::min(of_first.first_record.value_or(1), *of_second.first_record) == 1);
  CHECK(std::max(of_first.last_record.value_or(0), *of_second.last_record) + 1 == ledger->size());
  CHECK(of_first.rejected == 1);
}

TEST_CASE("an entry of an import that was queued when its sender died is passed over") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const CsvImport import{ManyRows(10)};
  Watched died(ledger.get());
  Watched again(ledger.get());
  again.before = [&](int number) { return number == 1 ? import.Into(&died).status() : absl::OkStatus(); };
  const auto summary = Need(import.Into(&again));
  CHECK(summary.present == 9);
  CHECK(summary.imported == 0);
}

TEST_CASE("an import that broke off has the reasons of its rejected rows when it is run again") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const CsvImport import{ManyRows(400)};
  Watched target(ledger.get());
  target.before = [](int number) {
    return number == 2 ? absl::UnavailableError("the line broke") : absl::OkStatus();
  };
  const Status broken = import.Into(&target).status();
  REQUIRE(absl::IsUnavailable(broken));
  CHECK_THAT(
      std::string(broken.message()),
      Contains(
          "the line broke; what was recorded of the file before that stays: import the same file again"));
  std::vector<std::string> rejects;
  const auto summary = Need(import.Into(&target, &rejects));
  CHECK(summary.present > 0);
  CHECK(summary.imported > 0);
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].rfind("3: RETURN_SHORT: ", 0) == 0);
  CHECK(summary.reject_codes.count("RETURN_SHORT") == 1);
  CHECK(summary.reject_codes.size() == 1);
  // Of a file of which nothing was recorded there is nothing to say.
  const CsvImport other{"date,from,to,amount,asset,fund\n2026-01-02,donor,ministry,1.00,CNY,flood\n"};
  Watched none(ledger.get());
  none.before = [](int) { return absl::UnavailableError("the line broke"); };
  const Status nothing = other.Into(&none).status();
  REQUIRE(absl::IsUnavailable(nothing));
  CHECK_THAT(std::string(nothing.message()), Catch::Matchers::EndsWith("the line broke"));
}

TEST_CASE("a row that was refused and would be taken now says so, and is not brought in by the way") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const CsvImport import{ManyRows(5)};
  Watched target(ledger.get());
  Need(import.Into(&target).status());
  Need(ledger->AppendOne(SignedBytes(Entry("root", 99, {Pay("donor", "village", 1'000)}), {1}), clock.Read())
           .status());
  const std::uint64_t size = ledger->size();
  std::vector<std::string> rejects;
  const auto summary = Need(import.Into(&target, &rejects));
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].find("would take it now, from a file of its own") != std::string::npos);
  CHECK(summary.reject_codes.count("REFUSED_BEFORE") == 1);
  CHECK(ledger->size() == size);
}

TEST_CASE(
    "a recipient that nobody stated is inferred, and a commitment is one, with what is made up for it") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const CsvImport import{
      "date,from,to,amount,asset,fund,stage,to_role\n"
      "2026-01-01,hub,hamlet,7.00,CNY,flood,committed,\n"
      "2026-01-02,hub,farm,2.00,CNY,flood,paid,recipient\n"
      "2026-01-03,hub,hamlet,-3.00,CNY,flood,committed,\n"
      "2026-01-04,hub,hamlet,1.00,CNY,flood,pledged,\n",
      Need(ParseDate("2026-03-01")), true};
  Watched target(ledger.get());
  std::vector<std::string> rejects;
  const auto summary = Need(import.Into(&target, &rejects));
  CHECK(summary.sums.at("CNY").imported == Amount(900));
  CHECK(summary.sums.at("CNY").committed == Amount(700));
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].find("\"pledged\" is neither paid nor committed") != std::string::npos);
  const auto inferred = [&](const char* party) {
    return Need(books::GetParty(ledger->store(), party))->role_inferred();
  };
  CHECK(inferred("hamlet"));
  CHECK_FALSE(inferred("farm"));
  CHECK_FALSE(inferred("hub"));
  CHECK_FALSE(inferred("unrecorded"));
  const auto stored = Need(log::NeedRecord(ledger->store(), RecordIndex(ledger->size() - 1)));
  v1::Entry entry;
  REQUIRE(entry.ParseFromString(stored.record.signed_entry().entry()));
  std::string transfers;
  for (const auto& action : entry.actions()) {
    if (!action.has_transfer()) continue;
    const auto& transfer = action.transfer();
    absl::StrAppend(&transfers, transfer.from(), " ", transfer.to(), " ", transfer.amount(), " ",
                    model::WordOf(transfer.stage()), "; ");
  }
  CHECK(transfers ==
        "unrecorded hub 700 COMMITTED; hub hamlet 700 COMMITTED; unrecorded hub 200 PAID; hub farm 200 PAID; "
        "hamlet hub 300 COMMITTED; ");
}

const char kHeader[] = "date,from,to,amount,asset,fund\n";

v1::RegisterRow PartyRow(const log::Ledger& ledger, const std::string& id) {
  const auto row = Need(books::GetItem(ledger.store(), v1::Action::kRegisterParty, id));
  REQUIRE(row.has_value());
  return *row;
}

TEST_CASE("a later file in which an inferred recipient pays makes it a holder, and says by which row") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  const CsvImport first{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"};
  CHECK(Need(first.Into(&target)).parties == 1);
  REQUIRE(PartyRow(*ledger, "hamlet").action().register_party().role_inferred());
  const std::uint64_t made = PartyRow(*ledger, "hamlet").record();

  // Without --register nothing is made up, and the reason names the way out.
  CsvImport second{std::string(kHeader) +
                   "2026-01-02,donor,hamlet,1.00,CNY,flood\n"
                   "2026-01-03,hamlet,village,2.00,CNY,flood\n"
                   "2026-01-04,hamlet,village,3.00,CNY,flood\n"};
  CsvImport without{std::string(kHeader) + "2026-01-03,hamlet,village,2.50,CNY,flood\n"};
  without.register_unknown = false;
  std::vector<std::string> rejects;
  CHECK(Need(without.Into(&target, &rejects)).imported == 0);
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Catch::StartsWith("2: RECIPIENT_CANNOT_PAY: "));
  CHECK_THAT(rejects[0], Contains("nobody stated that role, and an amendment can make it a HOLDER"));
  CHECK(PartyRow(*ledger, "hamlet").record() == made);

  rejects.clear();
  const auto summary = Need(second.Into(&target, &rejects));
  CHECK(rejects.empty());
  CHECK(summary.imported == 3);
  CHECK(summary.parties == 0);  // none was registered
  const v1::RegisterRow row = PartyRow(*ledger, "hamlet");
  CHECK(row.action().register_party().role() == v1::ROLE_HOLDER);
  CHECK_FALSE(row.action().register_party().role_inferred());
  CHECK(row.action().register_party().name() == "hamlet");
  CHECK(row.action().amends().record() == made);
  CHECK(row.action().amends().reason() == "as rows.csv:3 shows");
  CHECK(row.opened() == made);
  CHECK(row.record() == ledger->size() - 1);
  std::string kinds;
  const v1::Entry entry = LastEntry(*ledger);
  for (const auto& action : entry.actions())
    kinds += action.has_transfer() ? "t" : action.has_amends() ? "a" : "?";
  CHECK(kinds == "tatt");  // amended once, before it pays
  // Again: all of it is there.
  CHECK(Need(second.Into(&target)).present == 3);
}

TEST_CASE("a row that states a recipient states it from then on, and only with --register") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(CsvImport{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"}.Into(&target).status());
  const std::uint64_t made = PartyRow(*ledger, "hamlet").record();
  const std::string header = "date,from,to,amount,asset,fund,to_role\n";
  // A row that says nothing of it states nothing.
  Need(CsvImport{header + "2026-01-02,donor,hamlet,1.00,CNY,flood,\n"}.Into(&target).status());
  CsvImport without{header + "2026-01-02,donor,hamlet,2.00,CNY,flood,recipient\n"};
  without.register_unknown = false;
  CHECK(Need(without.Into(&target)).imported == 1);
  CHECK(PartyRow(*ledger, "hamlet").record() == made);
  CHECK(
      Need(CsvImport{header + "2026-01-02,donor,hamlet,3.00,CNY,flood,recipient\n"}.Into(&target)).imported ==
      1);
  const v1::RegisterRow row = PartyRow(*ledger, "hamlet");
  CHECK(row.action().register_party().role() == v1::ROLE_RECIPIENT);
  CHECK_FALSE(row.action().register_party().role_inferred());
  CHECK(row.action().amends().record() == made);
  CHECK(row.action().amends().reason() == "as rows.csv:2 shows");
  // A stated recipient pays nobody, whatever a file says.
  std::vector<std::string> rejects;
  const CsvImport paying{std::string(kHeader) + "2026-01-03,hamlet,village,2.00,CNY,flood\n"};
  CHECK(Need(paying.Into(&target, &rejects)).imported == 0);
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Contains("RECIPIENT_CANNOT_PAY"));
  CHECK_THAT(rejects[0], !Contains("an amendment can make it a HOLDER"));
}

TEST_CASE("money taken back from an inferred recipient is no payment by the recipient") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(CsvImport{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"}.Into(&target).status());
  CHECK(Need(CsvImport{std::string(kHeader) + "2026-01-02,donor,hamlet,-2.00,CNY,flood\n"}.Into(&target))
            .imported == 1);
  CHECK(PartyRow(*ledger, "hamlet").action().register_party().role_inferred());
}

TEST_CASE("a place is named by its id or by its name; one that is not there is made with --register alone") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(
      ledger
          ->AppendOne(SignedBytes(Entry("root", 1, {Place("gbt2260:52"), Place("kabul")}), {1}), clock.Read())
          .status());
  const std::string header = "date,from,to,amount,asset,fund,place\n";
  const std::string known =
      "2026-01-01,donor,ministry,1.00,CNY,flood,gbt2260:52\n"
      "2026-01-02,donor,ministry,2.00,CNY,flood,Kabul\n"
      "2026-01-03,donor,ministry,3.00,CNY,flood,\n";
  const std::string unknown = "2026-01-04,donor,ministry,4.00,CNY,flood,Herat\n";
  const auto places = [&] {
    std::string text;
    const v1::Entry entry = LastEntry(*ledger);
    for (const auto& action : entry.actions()) {
      if (action.has_transfer()) absl::StrAppend(&text, action.transfer().place(), "; ");
      if (action.has_declare_place()) absl::StrAppend(&text, "new ", action.declare_place().id(), "; ");
    }
    return text;
  };
  CsvImport without{header + known + unknown};
  without.register_unknown = false;
  std::vector<std::string> rejects;
  CHECK(Need(without.Into(&target, &rejects)).imported == 3);
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0] == "5: REFERENCE_UNKNOWN: there is no place Herat; --register makes it");
  CHECK(places() == "gbt2260:52; kabul; ; ");
  rejects.clear();
  CHECK(Need(CsvImport{header + unknown + "2026-01-05,donor,ministry,5.00,CNY,flood,herat\n"}.Into(&target,
                                                                                                   &rejects))
            .imported == 2);
  CHECK(rejects.empty());
  CHECK(places() == "new herat; herat; herat; ");
  const auto row = Need(books::GetItem(ledger->store(), v1::Action::kDeclarePlace, "herat"));
  REQUIRE(row.has_value());
  CHECK(row->action().declare_place().name() == "Herat");
  CHECK(row->action().declare_place().parent().empty());
}

// The fund of each payment of the last entry, and what the entry registers.
std::string FundsOf(const log::Ledger& ledger) {
  std::string text;
  for (const v1::Entry entry = LastEntry(ledger); const auto& action : entry.actions()) {
    if (action.has_transfer()) absl::StrAppend(&text, action.transfer().fund(), "; ");
    if (action.has_open_fund()) absl::StrAppend(&text, "new ", action.open_fund().id(), "; ");
  }
  return text;
}

v1::Action NamedFund(const std::string& id, const std::string& name) {
  v1::Action action = Fund(id, "root");
  action.mutable_open_fund()->set_name(name);
  return action;
}

TEST_CASE("a fund is found by its name, whatever its id and however a map makes new ones") {
  const bool readable = GENERATE(false, true);
  CAPTURE(readable);
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  const std::string name = "留守儿童专项";
  const std::string id = GENERATE("n-8da2dc9556", "liu-shou-er-tong-zhuan-xiang", "left-behind");
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1, {NamedFund(id, name)}), {1}), clock.Read()).status());
  const std::string header = "date,from,to,amount,asset,fund\n";
  CsvImport import{header + "2026-01-01,donor,ministry,1.00,CNY," + name +
                   "\n2026-01-02,donor,ministry,2.00,CNY," + id + "\n"};
  import.map.readable_ids = readable;
  import.register_unknown = GENERATE(false, true);
  const auto summary = Need(import.Into(&target));
  CHECK(summary.imported == 2);
  CHECK(FundsOf(*ledger) == id + "; " + id + "; ");
  const std::string made = readable ? "liu-shou-er-tong-zhuan-xiang" : sheets::StableId(name);
  CHECK(summary.by_name ==
        (id == made ? std::set<std::string>() : std::set<std::string>{name + " is " + id}));

  // A second of that name: whoever writes the name alone is asked.
  Need(ledger->AppendOne(SignedBytes(Entry("root", 2, {NamedFund("second", name)}), {1}), clock.Read())
           .status());
  import.text =
      header + "2026-01-03,donor,ministry,3.00,CNY," + name + "\n2026-01-04,donor,ministry,4.00,CNY,second\n";
  std::vector<std::string> rejects;
  CHECK(Need(import.Into(&target, &rejects)).imported == 1);
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Contains("2: REFERENCE_UNKNOWN: several funds are called " + name + ", "));
  CHECK(FundsOf(*ledger) == "second; ");
}

TEST_CASE("a fund that a row registers is found by its name in the rows after it") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  // 李明 and 黎明 sound alike, and are two funds.
  CsvImport import{
      "date,from,to,amount,asset,fund\n2026-01-01,donor,ministry,1.00,CNY,李明\n"
      "2026-01-02,donor,ministry,2.00,CNY,黎明\n2026-01-03,donor,ministry,3.00,CNY,李明\n"};
  import.map.readable_ids = true;
  CHECK(Need(import.Into(&target)).imported == 3);
  CHECK(FundsOf(*ledger) == "new li-ming; li-ming; new li-ming-2; li-ming-2; li-ming; ");
}

TEST_CASE("a project, a place and an asset are found by their names; of several the row is refused") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  const auto place = [](const std::string& id, const std::string& name) {
    v1::Action action = Place(id);
    action.mutable_declare_place()->set_name(name);
    return action;
  };
  const auto asset = [](const std::string& code, const std::string& name) {
    v1::Action action = Asset(code, 0);
    action.mutable_declare_asset()->set_name(name);
    return action;
  };
  Need(ledger
           ->AppendOne(
               SignedBytes(Entry("root", 1,
                                 {place("gbt2260:520521", "大方县"), place("a", "朝阳区"),
                                  place("b", "朝阳区"), asset("TENT", "帐篷"), asset("M1", "MASK"),
                                  asset("M2", "MASK"), Project("p-7", "root"), Project("p-8", "root")}),
                           {1}),
               clock.Read())
           .status());
  std::vector<std::string> rejects;
  const auto summary =
      Need(CsvImport{"date,from,to,amount,asset,fund,place,project\n"
                     "2026-01-01,donor,ministry,1,帐篷,flood,大方县,\n"
                     "2026-01-02,donor,ministry,2,TENT,flood,朝阳区,\n"
                     "2026-01-03,donor,ministry,3,MASK,flood,,\n"
                     "2026-01-04,donor,ministry,4,CNY,flood,,Project p-7\n"}
               .Into(&target, &rejects));
  CHECK(summary.imported == 1);
  const v1::Entry last = LastEntry(*ledger);
  REQUIRE(last.actions_size() == 1);
  CHECK(last.actions(0).transfer().asset() == "TENT");
  CHECK(last.actions(0).transfer().amount() == 1);
  CHECK(last.actions(0).transfer().place() == "gbt2260:520521");
  CHECK(summary.by_name == std::set<std::string>{"大方县 is gbt2260:520521"});
  REQUIRE(rejects.size() == 3);
  CHECK(rejects[0] ==
        "3: REFERENCE_UNKNOWN: several places are called 朝阳区, a and b among them: write the id");
  CHECK(rejects[1] ==
        "4: REFERENCE_UNKNOWN: several assets are called MASK, M1 and M2 among them: write the id");
  CHECK_THAT(rejects[2], !Contains("there is no project"));  // found, and nobody approved it
}

TEST_CASE("of a cell with several places none is taken, and that is told") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1, {Place("kabul"), Place("herat")}), {1}), clock.Read())
           .status());
  const auto summary =
      Need(CsvImport{"date,from,to,amount,asset,fund,place\n"
                     "2026-01-01,donor,ministry,1.00,CNY,flood,kabul\n"
                     "2026-01-02,donor,ministry,2.00,CNY,flood,kabul; herat\n"}
               .Into(&target));
  CHECK(summary.imported == 2);
  REQUIRE(summary.changed.count(sheets::Change::kPlaces) == 1);
  CHECK(summary.changed.at(sheets::Change::kPlaces).rows == 1);
  CHECK(summary.changed.at(sheets::Change::kPlaces).lines == std::vector<std::uint64_t>{3});
  CHECK(summary.changed.size() == 1);
  const v1::Entry entry = LastEntry(*ledger);
  REQUIRE(entry.actions_size() == 2);
  CHECK(entry.actions(0).transfer().place() == "kabul");
  CHECK(entry.actions(1).transfer().place().empty());
}

// A ledger in which the ministry's project "warm-lunches" is approved, and "wells" is not.
class InProjects {
 public:
  InProjects() : ledger_(Need(NewLedger(store::MakeMemoryStore(), clock_.Read()))), target_(ledger_.get()) {
    proposed_ = ledger_->size();
    Append(90, {Party("panel", "root"), Proposed("warm-lunches"), Proposed("wells")});
    Approve(91, "warm-lunches");
  }

  void Approve(std::uint64_t id, const std::string& project) {
    v1::Action approval;
    auto* said = approval.mutable_approve_project();
    said->set_project(project);
    said->set_version(proposed_);
    said->set_by("panel");
    said->set_decision(v1::ApproveProject::DECISION_APPROVED);
    Append(id, {approval});
  }

  // The summary; why rows were rejected is in rejects().
  intake::ImportSummary Take(const CsvImport& import) {
    rejects_.clear();
    return Need(import.Into(&target_, &rejects_));
  }
  // "donor ministry 500 warm-lunches; ministry village 300 > warm-lunches; ", of the last record. Draws are counted: "*2".
  std::string Moves() const {
    std::string text;
    const v1::Entry entry = LastEntry(*ledger_);
    for (const auto& action : entry.actions()) {
      if (!action.has_transfer()) continue;
      const auto& transfer = action.transfer();
      absl::StrAppend(&text, transfer.from(), " ", transfer.to(), " ", transfer.amount());
      if (!transfer.project().empty()) absl::StrAppend(&text, " ", transfer.project());
      if (!transfer.to_project().empty()) absl::StrAppend(&text, " > ", transfer.to_project());
      if (!transfer.need().empty()) absl::StrAppend(&text, " for ", transfer.need());
      if (!transfer.pledge().empty()) absl::StrAppend(&text, " keeps ", transfer.pledge());
      if (!transfer.commitment().empty()) absl::StrAppend(&text, " uses ", transfer.commitment());
      if (transfer.draws_size() > 0) absl::StrAppend(&text, " *", transfer.draws_size());
      text += "; ";
    }
    return text;
  }
  std::int64_t Held(const std::string& party, const std::string& project) const {
    const auto account = Need(books::FindAccount(ledger_->store(), party, "flood", project, "CNY"));
    return account.has_value() ? Need(books::GetAccountState(ledger_->store(), *account)).held.value() : -1;
  }
  const std::vector<std::string>& rejects() const { return rejects_; }
  const log::Ledger& ledger() const { return *ledger_; }
  void Append(std::uint64_t id, const std::vector<v1::Action>& actions) {
    Need(ledger_->AppendOne(SignedBytes(Entry("root", id, actions), {1}), clock_.Read()).status());
  }

 private:
  static v1::Action Proposed(const std::string& id) {
    v1::Action action;
    auto* project = action.mutable_propose_project();
    project->set_id(id);
    project->set_name("Project " + id);
    project->set_owner("ministry");
    project->add_targets()->set_indicator("pupils");
    project->mutable_targets(0)->set_target(400);
    return action;
  }

  TestClock clock_;
  std::unique_ptr<log::Ledger> ledger_;
  Watched target_;
  std::uint64_t proposed_ = 0;  // the record that has the projects
  std::vector<std::string> rejects_;
};

// Rows as "01,donor,ministry,5.00,warm-lunches": the day, and what is the same in all of them is left out.
CsvImport RowsInProjects(const std::vector<std::string>& rows, bool open_missing = true) {
  CsvImport import{"date,from,to,amount,project,asset,fund\n"};
  for (const std::string& row : rows) import.text += "2026-01-" + row + ",CNY,flood\n";
  import.open_missing = open_missing;
  return import;
}

TEST_CASE("a row names the pledge that it keeps, and the commitment that it uses") {
  InProjects world;
  world.Append(92, {PledgeOf("gift", "donor", 80'000), Pay("donor", "ministry", 1'000)});
  world.Append(93, {CommitOf("kept", "ministry", 600)});
  CsvImport import{
      "date,from,to,amount,asset,fund,pledge,commitment,project\n"
      "2026-01-01,donor,ministry,5.00,CNY,flood,gift,,\n"
      "2026-01-02,ministry,village,4.00,CNY,flood,,kept,\n"
      "2026-01-03,ministry,village,2.00,CNY,flood,,kept,warm-lunches\n"
      "2026-01-04,ministry,village,1.00,CNY,flood,,kept,\n"  // nothing is left of it
      "2026-01-05,donor,ministry,1.00,CNY,flood,nobody,,\n"
      "2026-01-06,donor,ministry,-1.00,CNY,flood,gift,,\n"};
  import.open_missing = true;
  world.Take(import);
  CHECK(world.Moves() ==
        "donor ministry 500 keeps gift; ministry village 400 uses kept; "
        "ministry village 200 > warm-lunches uses kept; ");
  REQUIRE(world.rejects().size() == 3);
  CHECK_THAT(world.rejects()[0], Catch::StartsWith("5: COMMITMENT_SHORT: "));
  CHECK_THAT(world.rejects()[1], Catch::StartsWith("6: REFERENCE_UNKNOWN: there is no pledge nobody"));
  CHECK_THAT(world.rejects()[2], Catch::StartsWith("7: KIND_MISMATCH: "));
  CHECK(world.Held("ministry", "") == 900);
}

TEST_CASE("in a project: its money first, then general money, then what nobody recorded, which is told") {
  InProjects world;
  const CsvImport import = RowsInProjects({
      "01,donor,ministry,5.00,Warm   LUNCHES",  // by its name
      "02,donor,ministry,3.00,",
      "03,ministry,village,10.00,warm-lunches",
  });
  const auto summary = world.Take(import);
  CHECK(world.rejects().empty());
  CHECK(world.Moves() ==
        "donor ministry 500 warm-lunches; donor ministry 300; unrecorded ministry 200 warm-lunches; "
        "ministry village 700 warm-lunches; ministry village 300 > warm-lunches; ");
  CHECK(world.Held("village", "warm-lunches") == 1'000);
  CHECK(world.Held("village", "") == -1);
  CHECK(world.Held("ministry", "warm-lunches") == 0);
  CHECK(world.Held("ministry", "") == 0);
  const auto& sums = summary.sums.at("CNY");
  CHECK(sums.imported == Amount(1'800));
  CHECK(sums.in_projects == Amount(1'500));
  CHECK(sums.from_sources == Amount(500));
  CHECK(sums.drawn == Amount(500));
  CHECK(sums.put_in == Amount(300));
  CHECK(sums.unrecorded_in == Amount(200));
  CHECK(sums.unrecorded == Amount(200));
  // Again: all of it is there.
  const std::uint64_t size = world.ledger().size();
  CHECK(world.Take(import).present == 3);
  CHECK(world.ledger().size() == size);
}

TEST_CASE("in a project: what a payer lacks is refused, unless somebody said to make it up") {
  InProjects world;
  const auto summary = world.Take(RowsInProjects(
      {
          "01,donor,ministry,5.00,warm-lunches",
          "02,donor,ministry,3.00,",
          "03,ministry,village,10.00,warm-lunches",
          "04,ministry,village,6.00,warm-lunches",
          "05,ministry,village,2.00,warm-lunches",
          "06,village,ministry,1.00,warm-lunches",
      },
      false));
  CHECK(world.Moves() ==
        "donor ministry 500 warm-lunches; donor ministry 300; ministry village 500 warm-lunches; "
        "ministry village 100 > warm-lunches; ministry village 200 > warm-lunches; ");
  REQUIRE(world.rejects().size() == 2);
  CHECK(
      world.rejects()[0] ==
      "4: INSUFFICIENT_FUNDS: ministry holds 5.00 CNY in project warm-lunches and 3.00 in general money, in "
      "fund flood, and 10.00 should be paid");
  CHECK_THAT(world.rejects()[1], Catch::StartsWith("7: RECIPIENT_CANNOT_PAY: "));
  CHECK(summary.sums.at("CNY").put_in == Amount(300));
  CHECK(summary.sums.at("CNY").in_projects == Amount(1'300));
}

TEST_CASE("a project that the ledger does not have, or that nobody approved, takes no money") {
  InProjects world;
  CsvImport import = RowsInProjects({
      "01,donor,ministry,5.00,Cold lunches",
      "02,donor,ministry,4.00,cold-lunches",
      "03,donor,ministry,3.00,wells",
  });
  auto summary = world.Take(import);
  CHECK(summary.imported == 0);
  REQUIRE(world.rejects().size() == 3);
  CHECK(world.rejects()[0] ==
        "2: REFERENCE_UNKNOWN: there is no project Cold lunches (with the id cold-lunches); add it and have "
        "it approved first, or empty the cell");
  CHECK(world.rejects()[1] ==
        "3: REFERENCE_UNKNOWN: there is no project cold-lunches; add it and have it approved first, or empty "
        "the cell");
  CHECK_THAT(world.rejects()[2], Catch::StartsWith("4: PROJECT_NOT_OPEN: "));
  // A map may take it for general money. That is told, and what is not approved is no general money either.
  import.map.ignore_unknown_projects = true;
  summary = world.Take(import);
  CHECK(summary.imported == 2);
  CHECK(world.Moves() == "donor ministry 500; donor ministry 400; ");
  REQUIRE(world.rejects().size() == 1);
  CHECK_THAT(world.rejects()[0], Catch::StartsWith("4: PROJECT_NOT_OPEN: "));
  REQUIRE(summary.changed.count(sheets::Change::kProject) == 1);
  CHECK(summary.changed.at(sheets::Change::kProject).lines == std::vector<std::uint64_t>{2, 3});
  CHECK(summary.sums.at("CNY").in_projects == Amount(0));
}

TEST_CASE("money taken back in a project goes to the very account that paid it, the latest first") {
  InProjects world;
  const auto summary = world.Take(RowsInProjects({
      "01,donor,ministry,3.00,warm-lunches",
      "02,donor,ministry,4.00,",
      "03,ministry,village,5.00,warm-lunches",  // 3.00 of the project, 2.00 put in
      "04,ministry,village,-4.00,warm-lunches",
      "05,ministry,village,-2.00,warm-lunches",  // 1.00 is left
      "06,ministry,village,-1.00,",              // nothing of it is general
      "07,donor,ministry,-1.00,warm-lunches",
  }));
  CHECK(world.Moves() ==
        "donor ministry 300 warm-lunches; donor ministry 400; ministry village 300 warm-lunches; "
        "ministry village 200 > warm-lunches; village ministry 200 warm-lunches; "
        "village ministry 200 warm-lunches; ");
  CHECK(world.Held("ministry", "") == 400);
  CHECK(world.Held("ministry", "warm-lunches") == 200);
  CHECK(world.Held("village", "warm-lunches") == 100);
  CHECK(summary.sums.at("CNY").returned == Amount(400));
  CHECK(summary.sums.at("CNY").in_projects == Amount(800));
  REQUIRE(world.rejects().size() == 3);
  CHECK(world.rejects()[0] ==
        "6: RETURN_SHORT: is below zero, and village holds too little of what ministry paid in project "
        "warm-lunches: 1.00 is missing");
  CHECK_THAT(world.rejects()[1], Catch::StartsWith("7: RETURN_SHORT: "));
  // What the ministry paid on and got back came from the village: it is no receipt from the donor.
  CHECK_THAT(world.rejects()[2], Catch::StartsWith("8: RETURN_SHORT: "));
}

TEST_CASE("what a body pays itself in a project is its own: it comes from outside when the map says so") {
  const bool own = GENERATE(true, false);
  InProjects world;
  CsvImport import = RowsInProjects({
      "01,donor,ministry,4.00,", "02,ministry,ministry,2.50,warm-lunches",
      "03,ministry,ministry,-1.00,warm-lunches",
      "04,ministry,ministry,1.00,",  // in no project: as any other payment
  });
  import.map.own_is_unrecorded = own;
  const auto summary = world.Take(import);
  const auto& sums = summary.sums.at("CNY");
  CHECK(world.rejects().empty());
  CHECK(sums.in_projects == Amount(250));
  CHECK(sums.from_sources == Amount(0));
  if (own) {
    CHECK(world.Moves() ==
          "donor ministry 400; unrecorded ministry 250 warm-lunches; ministry unrecorded 100 warm-lunches; "
          "ministry ministry 100; ");
    CHECK(world.Held("ministry", "") == 400);
    CHECK(sums.unrecorded == Amount(250));
    CHECK(sums.unrecorded_in == Amount(250));
    CHECK(sums.put_in == Amount(0));
  } else {
    CHECK(world.Moves() ==
          "donor ministry 400; ministry ministry 250 > warm-lunches; ministry ministry 100 warm-lunches; "
          "ministry ministry 100; ");
    CHECK(world.Held("ministry", "") == 250);
    CHECK(sums.unrecorded == Amount(0));
    CHECK(sums.put_in == Amount(250));
  }
  CHECK(world.Held("ministry", "warm-lunches") == 150);
}

// Rows as "01,ministry,village,4.00,warm-lunches,wells": as RowsInProjects has them, and the project that is paid out of.
CsvImport RowsPaidFrom(const std::vector<std::string>& rows, bool open_missing = true) {
  CsvImport import = RowsInProjects(rows, open_missing);
  import.text.replace(0, import.text.find('\n'), "date,from,to,amount,project,from_project,asset,fund");
  return import;
}

TEST_CASE("a row may say out of which project's money it is paid, and takes it back to there") {
  InProjects world;
  world.Approve(92, "wells");
  const auto summary = world.Take(RowsPaidFrom({
      "01,donor,ministry,5.00,wells,",
      "02,donor,ministry,3.00,,",
      "03,ministry,village,4.00,warm-lunches,Wells",
      "04,ministry,village,2.00,warm-lunches,-",
      "05,ministry,village,1.50,,wells",  // which has 1.00
      "06,ministry,village,-1.00,warm-lunches,wells",
      "07,ministry,village,-1.00,warm-lunches,",  // the latest: general money
      "08,ministry,village,-0.50,warm-lunches,-",
  }));
  CHECK(world.rejects() == std::vector<std::string>{});
  CHECK(world.Moves() ==
        "donor ministry 500 wells; donor ministry 300; "
        "ministry ministry 400 wells > warm-lunches; ministry village 400 warm-lunches; "
        "ministry village 200 > warm-lunches; ministry ministry 100 wells; ministry village 150; "
        "village ministry 100 warm-lunches; ministry ministry 100 warm-lunches > wells; "
        "village ministry 100 warm-lunches; village ministry 50 warm-lunches; ");
  CHECK(world.Held("ministry", "wells") == 100);
  CHECK(world.Held("ministry", "warm-lunches") == 0);
  CHECK(world.Held("ministry", "") == 300 - 200 + 100 - 150 + 100 + 50);
  CHECK(world.Held("village", "warm-lunches") == 350);
  const auto& sums = summary.sums.at("CNY");
  CHECK(sums.in_projects == Amount(1'100));
  CHECK(sums.from_sources == Amount(500));
  CHECK(sums.drawn == Amount(400));
  CHECK(sums.put_in == Amount(200));
  CHECK(sums.unrecorded == Amount(0));
}

TEST_CASE("a body moves money of its own from one project to another, and back") {
  InProjects world;
  world.Approve(92, "wells");
  const auto summary = world.Take(RowsPaidFrom({
      "01,donor,ministry,5.00,wells,",
      "02,ministry,ministry,3.00,warm-lunches,wells",
      "03,ministry,ministry,4.00,warm-lunches,wells",  // of which 2.00 are there
      "04,ministry,ministry,1.00,,warm-lunches",
      "05,ministry,ministry,0.50,wells,-",
      "06,ministry,ministry,-2.00,warm-lunches,wells",
  }));
  CHECK(world.rejects() == std::vector<std::string>{});
  CHECK(world.Moves() ==
        "donor ministry 500 wells; ministry ministry 300 wells > warm-lunches; "
        "unrecorded ministry 200 wells; ministry ministry 400 wells > warm-lunches; "
        "ministry ministry 100 warm-lunches; ministry ministry 50 > wells; "
        "ministry ministry 200 warm-lunches; ");
  CHECK(world.Held("ministry", "wells") == 250);
  CHECK(world.Held("ministry", "warm-lunches") == 400);
  CHECK(world.Held("ministry", "") == 50);
  const auto& sums = summary.sums.at("CNY");
  CHECK(sums.in_projects == Amount(1'250));
  CHECK(sums.from_sources == Amount(500));
  CHECK(sums.drawn == Amount(500));
  CHECK(sums.put_in == Amount(50));
  CHECK(sums.unrecorded_in == Amount(200));
}

TEST_CASE("what a row is paid out of must be there, and a map may leave it out") {
  InProjects world;
  world.Approve(92, "wells");
  CsvImport import = RowsPaidFrom(
      {
          "01,donor,ministry,2.00,wells,",
          "02,donor,ministry,1.00,,",
          "03,ministry,village,9.00,warm-lunches,wells",
          "04,ministry,ministry,9.00,warm-lunches,wells",
          "05,ministry,village,0.50,,Cold lunches",
      },
      false);
  world.Take(import);
  REQUIRE(world.rejects().size() == 3);
  CHECK(world.rejects()[0] ==
        "4: INSUFFICIENT_FUNDS: ministry holds 0.00 CNY in project warm-lunches, 2.00 in project wells and "
        "1.00 "
        "in general money, in fund flood, and 9.00 should be paid");
  CHECK_THAT(world.rejects()[1], Catch::StartsWith("5: INSUFFICIENT_FUNDS: "));
  CHECK_THAT(world.rejects()[2], Catch::StartsWith("6: REFERENCE_UNKNOWN: there is no project Cold lunches"));
  CHECK(world.Held("ministry", "wells") == 200);
  import.map.ignore_unknown_projects = true;
  InProjects other;
  other.Approve(92, "wells");
  const auto summary = other.Take(import);
  CHECK(other.rejects().size() == 2);
  CHECK(other.Held("village", "") == 50);
  CHECK(summary.changed.count(sheets::Change::kProject) == 0);
  REQUIRE(summary.changed.count(sheets::Change::kFromProject) == 1);
  CHECK(summary.changed.at(sheets::Change::kFromProject).lines == std::vector<std::uint64_t>{6});
}

TEST_CASE("what was moved for a row is no receipt to draw on, and what a body moves keeps no pledge") {
  InProjects world;
  world.Approve(92, "wells");
  world.Append(93, {PledgeOf("gift", "donor", 80'000)});
  CsvImport import{
      "date,from,to,amount,project,from_project,asset,fund,to_role,id,draws,pledge\n"
      "2026-01-01,donor,ministry,5.00,wells,,CNY,flood,,A,,\n"
      "2026-01-02,ministry,clinic,4.00,warm-lunches,wells,CNY,flood,HOLDER,B,,\n"
      "2026-01-03,clinic,village,3.00,warm-lunches,,CNY,flood,,C,B,\n"
      "2026-01-04,ministry,ministry,1.00,warm-lunches,wells,CNY,flood,,D,,gift\n"};
  import.map.row_id = "id";
  world.Take(import);
  REQUIRE(world.rejects().size() == 1);
  CHECK_THAT(world.rejects()[0], Catch::StartsWith("5: KIND_MISMATCH: "));
  CHECK(world.Moves() ==
        "donor ministry 500 wells; ministry ministry 400 wells > warm-lunches; ministry clinic 400 "
        "warm-lunches; "
        "clinic village 300 warm-lunches *1; ");
}

TEST_CASE("a row in a project may draw on receipts in the project and on general ones") {
  InProjects world;
  CsvImport import{
      "date,from,to,amount,project,asset,fund,id,draws\n"
      "2026-01-01,donor,ministry,3.00,warm-lunches,CNY,flood,A,\n"
      "2026-01-02,donor,ministry,4.00,,CNY,flood,B,\n"
      "2026-01-03,donor,ministry,9.00,warm-lunches,CNY,flood,C,\n"
      "2026-01-04,ministry,village,6.00,warm-lunches,CNY,flood,D,B; A\n"
      "2026-01-05,ministry,ministry,1.00,warm-lunches,CNY,flood,E,\n"
      "2026-01-06,ministry,village,1.00,warm-lunches,CNY,flood,F,E\n"
      "2026-01-07,ministry,village,2.00,,CNY,flood,G,C\n"
      "2026-01-08,ministry,village,2.00,warm-lunches,CNY,flood,H,B\n"};
  import.map.row_id = "id";
  import.map.own_is_unrecorded = true;
  world.Take(import);
  CHECK(world.Moves() ==
        "donor ministry 300 warm-lunches; donor ministry 400; donor ministry 900 warm-lunches; "
        "ministry village 300 warm-lunches *1; ministry village 300 > warm-lunches *1; "
        "unrecorded ministry 100 warm-lunches; ministry village 100 warm-lunches *1; ");
  REQUIRE(world.rejects().size() == 2);
  CHECK(world.rejects()[0] ==
        "8: EARMARK_UNKNOWN: row C is no receipt of the payer");  // it is in the project
  CHECK(world.rejects()[1] == "9: EARMARK_SHORT: what the row draws on holds 1.00");
  CHECK(world.Held("ministry", "warm-lunches") == 900);
  CHECK(world.Held("ministry", "") == 100);
}

TEST_CASE("a row may name the need that it meets, and what it takes back was paid for that need") {
  InProjects world;
  world.Append(92, {Place("gz"), Category("SHL"), Asking(NeedAt("cold", "ministry", "gz", "SHL"), 1'000),
                    NeedAt("crowd", "ministry", "gz", "SHL")});
  const CsvImport import{
      "date,from,to,amount,need,project,asset,fund\n"
      "2026-01-01,donor,ministry,9.00,,,CNY,flood\n"
      "2026-01-02,ministry,village,4.00,cold,,CNY,flood\n"
      "2026-01-03,ministry,village,3.00,,,CNY,flood\n"
      "2026-01-04,ministry,village,-1.00,cold,,CNY,flood\n"
      "2026-01-05,ministry,village,-2.00,,,CNY,flood\n"
      "2026-01-06,ministry,village,-4.00,cold,,CNY,flood\n"
      "2026-01-07,donor,village,1.00,drought,,CNY,flood\n"
      "2026-01-08,donor,village,1.00,the cold,,CNY,flood\n"
      "2026-01-09,donor,ministry,1.00,cold,,CNY,flood\n"
      "2026-01-10,donor,village,1.00,cold,warm-lunches,CNY,flood\n"
      "2026-01-11,donor,village,1.00,crowd,,CNY,flood\n"};
  const auto summary = world.Take(import);
  CHECK(world.Moves() ==
        "donor ministry 900; ministry village 400 for cold; ministry village 300; village ministry 100; "
        "village ministry 200; ");
  const auto sums = Need(books::GetNeedSums(world.ledger().store(), "cold", "flood", "CNY"));
  CHECK(sums.paid == Amount(300));
  CHECK(summary.imported == 5);
  REQUIRE(world.rejects().size() == 6);
  CHECK(world.rejects()[0] ==
        "7: RETURN_SHORT: is below zero, and village holds too little of what ministry paid for need cold: "
        "1.00 is missing");
  CHECK(world.rejects()[1] ==
        "8: REFERENCE_UNKNOWN: there is no need drought; declare it first, or empty the cell");
  CHECK(world.rejects()[2] ==
        "9: REFERENCE_UNKNOWN: there is no need the cold; declare it first, or empty the cell");
  CHECK_THAT(world.rejects()[3], Catch::StartsWith("10: SCOPE_MISMATCH: "));
  CHECK(world.rejects()[4] ==
        "11: SCOPE_MISMATCH: the row is in project warm-lunches, and money of a project meets the needs that "
        "the project names");
  CHECK_THAT(world.rejects()[5], Catch::StartsWith("12: SCOPE_MISMATCH: "));
  // Again: all of it is there.
  CHECK(world.Take(import).present == 5);
}

TEST_CASE("money for a need goes to a recipient whose role the ledger, the file or the map states") {
  InProjects world;
  world.Append(92,
               {Place("gz"), Category("SHL"), Asking(NeedAt("cold", "ministry", "gz", "SHL"), 1'000),
                Inferred("hamlet", "ministry"), Inferred("barn", "ministry"), Inferred("mill", "ministry")});
  CsvImport import{
      "date,from,to,amount,need,to_role,asset,fund\n"
      "2026-01-01,donor,village,1.00,cold,,CNY,flood\n"
      "2026-01-02,donor,hamlet,2.00,cold,,CNY,flood\n"
      "2026-01-03,donor,farm,3.00,cold,,CNY,flood\n"
      "2026-01-04,donor,yard,4.00,cold,recipient,CNY,flood\n"
      "2026-01-05,donor,barn,5.00,cold,recipient,CNY,flood\n"
      "2026-01-06,donor,barn,6.00,cold,,CNY,flood\n"
      "2026-01-07,donor,hamlet,7.00,,,CNY,flood\n"
      "2026-01-08,donor,hamlet,-1.00,cold,,CNY,flood\n"};
  const auto summary = world.Take(import);
  CHECK(world.Moves() ==
        "donor village 100 for cold; donor yard 400 for cold; donor barn 500 for cold; "
        "donor barn 600 for cold; donor hamlet 700; ");
  CHECK(summary.imported == 5);
  const auto unstated = [](int line, const std::string& party) {
    return absl::StrCat(line, ": SCOPE_MISMATCH: nobody stated that ", party,
                        " is a RECIPIENT: state its role in the file or the map and give --register, or "
                        "amend the party first");
  };
  REQUIRE(world.rejects().size() == 3);
  CHECK(world.rejects()[0] == unstated(3, "hamlet"));
  CHECK(world.rejects()[1] == unstated(4, "farm"));
  CHECK(world.rejects()[2] ==
        "9: RETURN_SHORT: is below zero, and hamlet holds too little of what donor paid for need cold: 1.00 "
        "is missing");
  // What is refused registers nobody, and states nothing.
  const auto& rows = world.ledger().store();
  CHECK_FALSE(Need(books::GetParty(rows, "farm")).has_value());
  CHECK(Need(books::GetParty(rows, "hamlet")).value_or(v1::RegisterParty()).role_inferred());
  CHECK_FALSE(Need(books::GetParty(rows, "barn")).value_or(v1::RegisterParty()).role_inferred());
  CHECK(Need(books::GetNeedSums(rows, "cold", "flood", "CNY")).paid == Amount(1'600));

  // By the map, and not without --register.
  CsvImport by_map{"date,from,to,amount,need,asset,fund\n2026-01-09,donor,mill,8.00,cold,CNY,flood\n"};
  by_map.map.to_role = sheets::PartyRole::kRecipient;
  by_map.register_unknown = false;
  CHECK(world.Take(by_map).imported == 0);
  REQUIRE(world.rejects().size() == 1);
  CHECK(world.rejects()[0] == unstated(2, "mill"));
  by_map.register_unknown = true;
  CHECK(world.Take(by_map).imported == 1);
  CHECK(Need(books::GetNeedSums(rows, "cold", "flood", "CNY")).paid == Amount(2'400));
}

TEST_CASE("many rows that take money back for two needs find what is left for each of them") {
  InProjects world;
  world.Append(92, {Place("gz"), Category("SHL"), Asking(NeedAt("cold", "ministry", "gz", "SHL"), 1'000),
                    Asking(NeedAt("thirst", "ministry", "gz", "SHL"), 1'000)});
  // For each need 40 times 1.00, and as much that names none; taken back in turn.
  const std::vector<std::string> needs = {"cold", "thirst", ""};
  std::string text = "date,from,to,amount,need,asset,fund\n";
  const auto add = [&](const char* day, const char* amount, const std::string& need) {
    absl::StrAppend(&text, "2026-01-", day, ",donor,village,", amount, ",", need, ",CNY,flood\n");
  };
  for (int i = 0; i < 40; ++i)
    for (const std::string& need : needs) add("01", "1.00", need);
  for (int i = 0; i < 40; ++i)
    for (const std::string& need : {needs[0], needs[1]}) add("02", "-1.00", need);
  add("03", "-0.01", needs[0]);  // nothing is left for it
  add("04", "2.00", needs[0]);
  add("05", "-1.50", needs[0]);
  add("06", "-40.50", "");  // what names no need takes back whatever is left
  add("07", "-0.01", needs[0]);
  const auto summary = world.Take(CsvImport{text});
  CHECK(summary.imported == 203);
  REQUIRE(world.rejects().size() == 2);
  CHECK_THAT(world.rejects()[0], Catch::StartsWith("202: RETURN_SHORT: "));
  CHECK_THAT(world.rejects()[1], Catch::StartsWith("206: RETURN_SHORT: "));
  const auto& rows = world.ledger().store();
  CHECK(Need(books::GetNeedSums(rows, "cold", "flood", "CNY")) == model::NeedSums());
  CHECK(Need(books::GetNeedSums(rows, "thirst", "flood", "CNY")) == model::NeedSums());
}

}  // namespace
}  // namespace fundtrail::testing
