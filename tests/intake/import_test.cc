// Importing while other things happen to the ledger: another run of the same file, a run that broke off, a ledger that has
// changed since.
#include "ledger/intake/import.h"

#include <catch2/catch.hpp>

#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/memory.h"
#include "tests/support/text.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

struct Import {
  std::string text;
  Date date = Need(ParseDate("2026-03-01"));
  bool open_missing = false;
  bool register_unknown = true;

  // The summary; what was rejected, as "line: reason", goes to `rejects`.
  StatusOr<intake::ImportSummary> Into(intake::Target* target,
                                       std::vector<std::string>* rejects = nullptr) const {
    const auto key = Key(1);
    intake::ImportOptions options;
    options.author = "root";
    options.key = &key;
    options.register_unknown = register_unknown;
    options.open_missing = open_missing;
    options.map = exchange::DefaultMap();
    options.date = date;
    return intake::ImportCsv(target, "rows.csv", text, crypto::Sha256(text), options,
                             [&](const exchange::RawRow& row, const std::string& reason) {
                               if (rejects != nullptr)
                                 rejects->push_back(absl::StrCat(row.line, ": ", reason));
                               return absl::OkStatus();
                             });
  }
};

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
  Import first{ManyRows(400)}, second{first.text};
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
  CHECK(of_first.rejected == 1);
}

TEST_CASE("an entry of an import that was queued when its sender died is passed over") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Import import{ManyRows(10)};
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
  const Import import{ManyRows(400)};
  Watched target(ledger.get());
  target.before = [](int number) {
    return number == 2 ? absl::UnavailableError("the line broke") : absl::OkStatus();
  };
  REQUIRE(absl::IsUnavailable(import.Into(&target).status()));
  std::vector<std::string> rejects;
  const auto summary = Need(import.Into(&target, &rejects));
  CHECK(summary.present > 0);
  CHECK(summary.imported > 0);
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0].rfind("3: RETURN_SHORT: ", 0) == 0);
  CHECK(summary.reject_codes.count("RETURN_SHORT") == 1);
  CHECK(summary.reject_codes.size() == 1);
}

TEST_CASE("a row that was refused and would be taken now says so, and is not brought in by the way") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Import import{ManyRows(5)};
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
  const Import import{
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
                    v1::Stage_Name(transfer.stage()), "; ");
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

// Of the last record.
v1::Entry LastEntry(const log::Ledger& ledger) {
  const auto stored = Need(log::NeedRecord(ledger.store(), RecordIndex(ledger.size() - 1)));
  return Need(model::ParseEntry(stored.record.signed_entry().entry()));
}

TEST_CASE("a later file in which an inferred recipient pays makes it a holder, and says by which row") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  const Import first{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"};
  CHECK(Need(first.Into(&target)).parties == 1);
  REQUIRE(PartyRow(*ledger, "hamlet").action().register_party().role_inferred());
  const std::uint64_t made = PartyRow(*ledger, "hamlet").record();

  // Without --register nothing is made up, and the reason names the way out.
  Import second{std::string(kHeader) +
                "2026-01-02,donor,hamlet,1.00,CNY,flood\n"
                "2026-01-03,hamlet,village,2.00,CNY,flood\n"
                "2026-01-04,hamlet,village,3.00,CNY,flood\n"};
  Import without{std::string(kHeader) + "2026-01-03,hamlet,village,2.50,CNY,flood\n"};
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
  CHECK(row.action().register_party().role() == v1::HOLDER);
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
  Need(Import{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"}.Into(&target).status());
  const std::uint64_t made = PartyRow(*ledger, "hamlet").record();
  const std::string header = "date,from,to,amount,asset,fund,to_role\n";
  // A row that says nothing of it states nothing.
  Need(Import{header + "2026-01-02,donor,hamlet,1.00,CNY,flood,\n"}.Into(&target).status());
  Import without{header + "2026-01-02,donor,hamlet,2.00,CNY,flood,recipient\n"};
  without.register_unknown = false;
  CHECK(Need(without.Into(&target)).imported == 1);
  CHECK(PartyRow(*ledger, "hamlet").record() == made);
  CHECK(Need(Import{header + "2026-01-02,donor,hamlet,3.00,CNY,flood,recipient\n"}.Into(&target)).imported ==
        1);
  const v1::RegisterRow row = PartyRow(*ledger, "hamlet");
  CHECK(row.action().register_party().role() == v1::RECIPIENT);
  CHECK_FALSE(row.action().register_party().role_inferred());
  CHECK(row.action().amends().record() == made);
  CHECK(row.action().amends().reason() == "as rows.csv:2 shows");
  // A stated recipient pays nobody, whatever a file says.
  std::vector<std::string> rejects;
  const Import paying{std::string(kHeader) + "2026-01-03,hamlet,village,2.00,CNY,flood\n"};
  CHECK(Need(paying.Into(&target, &rejects)).imported == 0);
  REQUIRE(rejects.size() == 1);
  CHECK_THAT(rejects[0], Contains("RECIPIENT_CANNOT_PAY"));
  CHECK_THAT(rejects[0], !Contains("an amendment can make it a HOLDER"));
}

TEST_CASE("money taken back from an inferred recipient is no payment by the recipient") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(Import{std::string(kHeader) + "2026-01-01,donor,hamlet,7.00,CNY,flood\n"}.Into(&target).status());
  CHECK(Need(Import{std::string(kHeader) + "2026-01-02,donor,hamlet,-2.00,CNY,flood\n"}.Into(&target))
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
  Import without{header + known + unknown};
  without.register_unknown = false;
  std::vector<std::string> rejects;
  CHECK(Need(without.Into(&target, &rejects)).imported == 3);
  REQUIRE(rejects.size() == 1);
  CHECK(rejects[0] == "5: REFERENCE_UNKNOWN: there is no place Herat; --register makes it");
  CHECK(places() == "gbt2260:52; kabul; ; ");
  rejects.clear();
  CHECK(Need(Import{header + unknown + "2026-01-05,donor,ministry,5.00,CNY,flood,herat\n"}.Into(&target,
                                                                                                &rejects))
            .imported == 2);
  CHECK(rejects.empty());
  CHECK(places() == "new herat; herat; herat; ");
  const auto row = Need(books::GetItem(ledger->store(), v1::Action::kDeclarePlace, "herat"));
  REQUIRE(row.has_value());
  CHECK(row->action().declare_place().name() == "Herat");
  CHECK(row->action().declare_place().parent().empty());
}

TEST_CASE("of a cell with several places none is taken, and that is told") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Watched target(ledger.get());
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1, {Place("kabul"), Place("herat")}), {1}), clock.Read())
           .status());
  const auto summary =
      Need(Import{"date,from,to,amount,asset,fund,place\n"
                  "2026-01-01,donor,ministry,1.00,CNY,flood,kabul\n"
                  "2026-01-02,donor,ministry,2.00,CNY,flood,kabul; herat\n"}
               .Into(&target));
  CHECK(summary.imported == 2);
  REQUIRE(summary.changed.count(exchange::Change::kPlaces) == 1);
  CHECK(summary.changed.at(exchange::Change::kPlaces).rows == 1);
  CHECK(summary.changed.at(exchange::Change::kPlaces).lines == std::vector<std::uint64_t>{3});
  CHECK(summary.changed.size() == 1);
  const v1::Entry entry = LastEntry(*ledger);
  REQUIRE(entry.actions_size() == 2);
  CHECK(entry.actions(0).transfer().place() == "kabul");
  CHECK(entry.actions(1).transfer().place().empty());
}

}  // namespace
}  // namespace fundtrail::testing
