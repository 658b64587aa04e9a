// Entries that were judged before their turn came: at the place they were judged for they become the very record that the rules
// make of them, and anywhere else they are judged again.
#include <catch2/catch.hpp>
#include <memory>
#include <utility>
#include <vector>

#include "ledger/books/apply.h"
#include "ledger/crypto/sha256.h"
#include "ledger/store/memory.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

// An entry with what was judged of it, whose rows it keeps.
struct Made {
  Bytes bytes;
  std::unique_ptr<store::Batch> rows;
  std::shared_ptr<log::Judged> judged;
  log::Candidate candidate() const { return log::ExamineJudged(bytes, judged); }
};

log::Place PlaceAfter(const log::Ledger& ledger) {
  const auto last = Need(log::NeedRecord(ledger.store(), RecordIndex(ledger.size() - 1)));
  const std::int64_t recorded = last.record.recorded_micros();
  return {RecordIndex(ledger.size()), Timestamp(recorded), Timestamp(recorded + 1)};
}

// Judges the actions one by one on these rows.
Made Judge(const store::Reader& rows, const log::Place& place, std::uint64_t id,
           const std::vector<v1::Action>& actions) {
  Made made;
  books::GrowingEntry entry(rows, {place.record, DateOf(place.recorded), books::kRules[0]},
                            {Key(1).public_key()});
  for (const auto& action : actions) {
    Need(entry.Try(Entry("root", id, {action})).status());
    entry.Keep();
  }
  made.bytes = SignedBytes(Entry("root", id, actions), {1});
  made.judged = std::make_shared<log::Judged>();
  made.judged->place = place;
  made.judged->entry = crypto::Sha256(Need(model::DecodeSignedEntry(made.bytes)).signed_entry.entry());
  made.judged->outcome = entry.TakeOutcome();
  made.rows = std::make_unique<store::Batch>(entry.TakeRows());
  made.judged->rows = made.rows.get();
  return made;
}

std::vector<StatusOr<log::Receipt>> Append(log::Ledger* ledger, const std::vector<log::Candidate>& all,
                                           const log::Clock& clock) {
  std::size_t next = 0;
  return ledger->AppendEach([&] { return next < all.size() ? &all[next++] : nullptr; }, clock);
}

std::vector<v1::Action> First() {
  return {Party("team", "root"), Pay("donor", "team", 50), Pay("team", "village", 20)};
}

TEST_CASE(
    "what was judged for its place is the record that the rules make there, alone and one after another") {
  TestClock clock;
  auto judged = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  auto asked = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const log::Place place = PlaceAfter(*judged);
  const Made first = Judge(judged->store(), place, 1, First());
  store::Overlay after(judged->store());
  after.Add(*first.rows);
  const log::Place then{RecordIndex(place.record.value() + 1), place.recorded,
                        Timestamp(place.recorded.micros() + 1)};
  const Made second = Judge(after, then, 2, {Pay("team", "village", 30)});
  for (const auto& receipt : Append(judged.get(), {first.candidate(), second.candidate()}, clock.Read()))
    CHECK(receipt.ok());
  const auto receipts = asked->Append({first.bytes, second.bytes}, clock.Read());
  CHECK(receipts[1].ok());
  CHECK(AllRows(judged->store()) == AllRows(asked->store()));
  CHECK(WhatIsWrong(judged->store(), judged->vkey()) == "");
}

TEST_CASE("at another place than it was judged for, an entry is judged again") {
  const int what = GENERATE(0, 1, 2, 3);
  INFO(what);
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Need(ledger->AppendOne(SignedBytes(Entry("root", 50, {Pay("donor", "ministry", 10)}), {1}), clock.Read())
           .status());
  Made made = Judge(ledger->store(), PlaceAfter(*ledger), 1, {Pay("ministry", "village", 10)});
  std::string verdict = "OK";
  switch (what) {
    case 0:  // the money went meanwhile
      Need(ledger
               ->AppendOne(SignedBytes(Entry("root", 51, {Pay("ministry", "village", 1)}), {1}), clock.Read())
               .status());
      verdict = "INSUFFICIENT_FUNDS at actions[0].transfer.amount";
      break;
    case 1:  // of another record before it
      made.judged->place.before = Timestamp(made.judged->place.before.micros() - 1);
      break;
    case 2:  // of another entry
      made.judged->entry = crypto::Sha256("another");
      break;
    default:  // for a time that is not after the record before it
      made.judged->place.recorded = made.judged->place.before;
      break;
  }
  // Were it taken as it was judged, the rows would show this.
  made.rows->insert_or_assign("zzz", "no rule made it");
  const auto receipts = Append(ledger.get(), {made.candidate()}, clock.Read());
  CHECK(Verdict(receipts.at(0).status()) == verdict);
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("what was judged must be signed and new, as anything else") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Made made = Judge(ledger->store(), PlaceAfter(*ledger), 1, First());
  Bytes forged = made.bytes;
  forged.back() = static_cast<char>(forged.back() ^ 1);
  auto receipts = Append(ledger.get(), {log::ExamineJudged(forged, made.judged)}, clock.Read());
  CHECK(Verdict(receipts.at(0).status()) == "SIGNATURE_INVALID at signatures[0]");
  receipts = Append(ledger.get(), {made.candidate(), made.candidate()}, clock.Read());
  CHECK((receipts.at(0).ok() && !receipts[0]->repeated));
  CHECK((receipts.at(1).ok() && receipts[1]->repeated));
  CHECK(ledger->size() == 2);
}

}  // namespace
}  // namespace fundtrail::testing
