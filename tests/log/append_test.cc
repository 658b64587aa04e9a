// Appending to a ledger, in memory and on disk: receipts, the checkpoint, entries that come again, entries
// that are refused, the clock.
#include <catch2/catch.hpp>

#include "ledger/model/bounds.h"
#include "ledger/store/memory.h"
#include "ledger/store/rocks.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

// Where a ledger's rows are kept while the ledger comes and goes.
class Place {
 public:
  explicit Place(bool on_disk) {
    if (on_disk) {
      dir_ = std::make_unique<TempDir>();
    } else {
      memory_ = store::MakeMemoryStore();
    }
  }
  std::unique_ptr<store::Store> Open() {
    if (memory_ != nullptr) return std::make_unique<FaultyStore>(memory_);
    const auto access = made_ ? store::Access::kWrite : store::Access::kCreate;
    made_ = true;
    return Need(store::OpenRocks(*dir_ / "store", access));
  }

 private:
  std::unique_ptr<TempDir> dir_;
  std::shared_ptr<store::Store> memory_;
  bool made_ = false;
};

TEST_CASE("a new ledger is made in an empty store only") {
  Need(crypto::Init());
  TestClock clock;
  auto store = store::MakeMemoryStore();
  REQUIRE(store->Write({{"x", "of something else"}}).ok());
  CHECK(NewLedger(std::move(store), clock.Read()).status().code() == absl::StatusCode::kAlreadyExists);
}

TEST_CASE(
    "a ledger takes entries, gives receipts that a naive reader confirms, and goes on after reopening") {
  const bool on_disk = GENERATE(false, true);
  INFO((on_disk ? "RocksDB" : "memory"));
  Place place(on_disk);
  TestClock clock;
  auto ledger = Need(NewLedger(place.Open(), clock.Read()));
  const std::string vkey = ledger->vkey();
  CHECK(ledger->name() == kLedgerName);
  CHECK(ledger->size() == 1);
  CHECK(WhatIsWrong(ledger->store(), vkey) == "");

  std::uint64_t id = 1;
  for (const std::size_t group : {std::size_t{1}, std::size_t{2}, std::size_t{5}}) {
    clock.now += 1000;
    std::vector<Bytes> entries;
    for (std::size_t i = 0; i < group; ++i) entries.push_back(PaymentBytes(id++));
    const std::uint64_t first = ledger->size();
    const auto receipts = ledger->Append(entries, clock.Read());
    REQUIRE(receipts.size() == group);
    for (std::size_t i = 0; i < group; ++i) {
      const log::Receipt receipt = Need(receipts[i]);
      CHECK(receipt.record == RecordIndex(first + i));
      CHECK(receipt.recorded == Timestamp(clock.now + static_cast<std::int64_t>(i)));
      CHECK_FALSE(receipt.repeated);
      CHECK(receipt.checkpoint == ledger->checkpoint());  // one for the whole group
      const Bytes record = *Need(ledger->store().Get(model::keys::Record(receipt.record)));
      CHECK(receipt.leaf_hash == tree::LeafHash(record));
      CHECK(model::SerialiseDeterministic(Need(log::ParseRecord(record)).signed_entry()) == entries[i]);
    }
    CHECK(ledger->size() == first + group);
    CHECK(WhatIsWrong(ledger->store(), vkey) == "");
  }

  const std::string checkpoint = ledger->checkpoint();
  ledger.reset();
  ledger = Need(log::Ledger::Open(place.Open(), Key(kLedgerKey)));
  CHECK(ledger->checkpoint() == checkpoint);
  CHECK(ledger->size() == 9);
  CHECK(ledger->vkey() == vkey);
  CHECK(Need(ledger->AppendOne(PaymentBytes(id), clock.Read())).record == RecordIndex(9));
  CHECK(WhatIsWrong(ledger->store(), vkey) == "");
}

TEST_CASE("an entry that comes again gets the receipt it had, marked as repeated") {
  auto memory = std::make_shared<FaultyStore>(store::MakeMemoryStore());
  TestClock clock;
  auto ledger = Need(NewLedger(std::make_unique<FaultyStore>(memory), clock.Read()));
  const log::Receipt first = Need(ledger->AppendOne(PaymentBytes(1), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(2), clock.Read()).status());
  const Rows before = AllRows(ledger->store());
  const int writes = memory->writes();
  clock.now += 5'000'000;

  const auto same = [&](const Bytes& bytes) {
    const log::Receipt again = Need(ledger->AppendOne(bytes, clock.Read()));
    CHECK(again.repeated);
    CHECK(again.record == first.record);
    CHECK(again.recorded == first.recorded);
    CHECK(again.leaf_hash == first.leaf_hash);
    CHECK(again.checkpoint == ledger->checkpoint());
  };
  SECTION("the same bytes") { same(PaymentBytes(1)); }
  SECTION("after reopening") {
    ledger.reset();
    ledger = Need(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(kLedgerKey)));
    same(PaymentBytes(1));
  }
  SECTION("genesis") {
    CHECK(Need(ledger->AppendOne(GenesisBytes(), clock.Read())).record == RecordIndex(0));
  }
  SECTION("other bytes under the same id") {
    CHECK(Verdict(ledger->AppendOne(PaymentBytes(1, 101), clock.Read()).status()) == "ID_REUSED at id");
  }
  SECTION("the same by other signers is another entry: its bytes name them") {
    const Bytes by_two = SignedBytes(Entry("root", 1, {Pay("donor", "ministry", 100)}), {1, 9});
    CHECK(Verdict(ledger->AppendOne(by_two, clock.Read()).status()) == "ID_REUSED at id");
  }
  SECTION("a signature added or exchanged on its way") {
    auto passed_on = Sign(Entry("root", 1, {Pay("donor", "ministry", 100)}), {1});
    passed_on.add_signatures(std::string(Key(9).Sign(Bytes(model::kEntryDomain) + passed_on.entry()).view()));
    CHECK(Verdict(ledger->AppendOne(model::SerialiseDeterministic(passed_on), clock.Read()).status()) ==
          "SIGNATURE_INVALID at signatures");
  }
  CHECK(AllRows(ledger->store()) == before);
  CHECK(memory->writes() == writes);
}

TEST_CASE("one group may hold an entry twice, and another under its id") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto receipts =
      ledger->Append({PaymentBytes(1), PaymentBytes(1), PaymentBytes(1, 5), PaymentBytes(2)}, clock.Read());
  CHECK_FALSE(Need(receipts[0]).repeated);
  CHECK(Need(receipts[1]).repeated);
  CHECK(receipts[1]->record == receipts[0]->record);
  CHECK(receipts[1]->leaf_hash == receipts[0]->leaf_hash);
  CHECK(receipts[1]->checkpoint == receipts[0]->checkpoint);
  CHECK(Verdict(receipts[2].status()) == "ID_REUSED at id");
  CHECK(Need(receipts[3]).record == RecordIndex(2));
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("the id of another author is another id, and that of a refused entry is free") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const Bytes other = SignedBytes(Entry("donor", 1, {Pay("donor", "ministry", 100)}), {1});
  CHECK_FALSE(Need(ledger->AppendOne(other, clock.Read())).repeated);
  const auto pay = [](std::int64_t amount) {
    return SignedBytes(Entry("root", 9, {Pay("ministry", "village", amount)}), {1});
  };
  CHECK(Verdict(ledger->AppendOne(pay(201), clock.Read()).status()) ==
        "INSUFFICIENT_FUNDS at actions[0].transfer.amount");
  CHECK(ledger->AppendOne(pay(200), clock.Read()).ok());
}

TEST_CASE("refused entries leave no trace: the rows are those of a ledger that never saw them") {
  TestClock clock;
  auto with = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  auto without = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Bytes poor = SignedBytes(
      Entry("root", 7, {Party("new", "root"), Pay("donor", "ministry", 5), Pay("village", "ministry", 1)}),
      {1});
  const Bytes stranger = SignedBytes(Entry("root", 8, {Asset("USD")}), {9});
  const auto receipts =
      with->Append({poor, PaymentBytes(1), stranger, "rubbish", PaymentBytes(2), poor}, clock.Read());
  Need(without->Append({PaymentBytes(1), PaymentBytes(2)}, clock.Read())[1].status());
  CHECK(Verdict(receipts[0].status()) == "RECIPIENT_CANNOT_PAY at actions[2].transfer.from");
  CHECK(receipts[1].ok());
  CHECK(Verdict(receipts[2].status()) == "KEY_NOT_AUTHORISED at author");
  CHECK(Verdict(receipts[3].status()) == "MALFORMED at ");
  CHECK(receipts[4].ok());
  CHECK(Verdict(receipts[5].status()) == "RECIPIENT_CANNOT_PAY at actions[2].transfer.from");
  CHECK(AllRows(with->store()) == AllRows(without->store()));
  CHECK(with->checkpoint() == without->checkpoint());
}

TEST_CASE("a record has at most 65,534 bytes: one more and the entry is refused") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto padded = [](std::size_t bytes) {
    std::vector<v1::Action> actions;
    for (std::size_t left = bytes; left > 0;) {
      const std::size_t here = std::min<std::size_t>(left, 2000);
      actions.push_back(Pay("donor", "ministry", 1));
      actions.back().mutable_transfer()->set_purpose(std::string(here, 'x'));
      left -= here;
    }
    return SignedBytes(Entry("root", 1, actions), {1});
  };
  std::size_t size = 62'400;  // 32 payments; one byte more is one byte more
  const auto record_size = [&] {
    const auto record = Need(log::TryEntry(ledger->store(), padded(size), clock.Read()));
    return model::SerialiseDeterministic(record).size();
  };
  size += model::kMaxRecordBytes - record_size();
  REQUIRE(record_size() == model::kMaxRecordBytes);
  CHECK(padded(size + 1).size() < model::kMaxRecordBytes);  // it is the record that is too large
  const Rows before = AllRows(ledger->store());
  CHECK(Verdict(ledger->AppendOne(padded(size + 1), clock.Read()).status()) == "RECORD_TOO_LARGE at ");
  CHECK(AllRows(ledger->store()) == before);
  CHECK(ledger->AppendOne(padded(size), clock.Read()).ok());
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("when the clock goes back, or stands still, recorded times still rise") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Timestamp start(clock.now);
  clock.now -= 3'600'000'000;
  CHECK(Need(ledger->AppendOne(PaymentBytes(1), clock.Read())).recorded == Timestamp(start.micros() + 1));
  const auto two = ledger->Append({PaymentBytes(2), PaymentBytes(3)}, clock.Read());
  CHECK(Need(two[0]).recorded == Timestamp(start.micros() + 2));
  CHECK(Need(two[1]).recorded == Timestamp(start.micros() + 3));
  clock.now += 7'200'000'000;
  CHECK(Need(ledger->AppendOne(PaymentBytes(4), clock.Read())).recorded == Timestamp(clock.now));
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("to try an entry shows the record it would make, and makes none") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Rows before = AllRows(ledger->store());
  const v1::Record tried = Need(log::TryEntry(ledger->store(), PaymentBytes(1), clock.Read()));
  CHECK(AllRows(ledger->store()) == before);
  CHECK(ledger->size() == 1);
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const Bytes made = *Need(ledger->store().Get(model::keys::Record(RecordIndex(1))));
  CHECK(model::SerialiseDeterministic(tried) == made);
  clock.now += 1000;  // of an entry that is there already: its record
  CHECK(model::SerialiseDeterministic(Need(log::TryEntry(ledger->store(), PaymentBytes(1), clock.Read()))) ==
        made);
  CHECK(Verdict(log::TryEntry(ledger->store(), PaymentBytes(1, 5), clock.Read()).status()) ==
        "ID_REUSED at id");
}

TEST_CASE("an empty group does nothing") {
  TestClock clock;
  auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  CHECK(ledger->Append({}, clock.Read()).empty());
  CHECK(ledger->size() == 1);
}

}  // namespace
}  // namespace fundtrail::testing
