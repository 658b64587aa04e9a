// Importing while other things happen to the ledger: another run of the same file, a run that broke off, a ledger that has
// changed since.
#include "ledger/intake/import.h"

#include <catch2/catch.hpp>

#include "ledger/books/state.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/memory.h"
#include "tests/support/watched.h"

namespace fundtrail::testing {
namespace {

struct Import {
  std::string text;
  Date date = Need(ParseDate("2026-03-01"));
  bool open_missing = false;

  // The summary; what was rejected, as "line: reason", goes to `rejects`.
  StatusOr<intake::ImportSummary> Into(intake::Target* target,
                                       std::vector<std::string>* rejects = nullptr) const {
    const auto key = Key(1);
    intake::ImportOptions options;
    options.author = "root";
    options.key = &key;
    options.register_unknown = true;
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

}  // namespace
}  // namespace fundtrail::testing
