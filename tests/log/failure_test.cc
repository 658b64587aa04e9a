// What a ledger does when its disk fails, when its rows are damaged, and when it is opened with the wrong
// key.
#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("after a write that failed nothing is promised, nothing more is taken, and reopening goes on") {
  const Fault fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  const bool late = fault == Fault::kAllWritten;
  INFO((late ? "the rows were written after all" : "nothing was written"));
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  auto ledger = Need(NewLedger(std::make_unique<FaultyStore>(memory, 3, fault), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const Rows before = AllRows(*memory);
  const std::string checkpoint = ledger->checkpoint();

  // New ones, one that the ledger has, one that would be refused: all hear the same.
  const auto lost =
      ledger->Append({PaymentBytes(2), PaymentBytes(1), "rubbish", PaymentBytes(3)}, clock.Read());
  REQUIRE(lost.size() == 4);
  for (const auto& receipt : lost) CHECK(receipt.status().code() == absl::StatusCode::kUnavailable);
  CHECK(ledger->size() == 2);
  CHECK(ledger->checkpoint() == checkpoint);
  CHECK((AllRows(*memory) == before) == !late);

  const Rows after = AllRows(*memory);
  for (const auto& bytes : {PaymentBytes(2), PaymentBytes(4), PaymentBytes(1)}) {
    CHECK(ledger->AppendOne(bytes, clock.Read()).status().code() == absl::StatusCode::kUnavailable);
  }
  CHECK(AllRows(*memory) == after);

  ledger.reset();
  ledger = Need(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(kLedgerKey)));
  CHECK(ledger->size() == (late ? 4 : 2));
  // The author asks again, and learns which it was.
  const log::Receipt again = Need(ledger->AppendOne(PaymentBytes(2), clock.Read()));
  CHECK(again.record == RecordIndex(2));
  CHECK(again.repeated == late);
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
}

TEST_CASE("a group of which nothing is accepted writes nothing, so that a full disk does not matter to it") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  auto ledger = Need(NewLedger(std::make_unique<FaultyStore>(memory, 2), clock.Read()));
  CHECK(Verdict(ledger->AppendOne("rubbish", clock.Read()).status()) == "MALFORMED at ");
  CHECK(Need(ledger->AppendOne(GenesisBytes(), clock.Read())).repeated);
}

TEST_CASE("a ledger whose first write fails is none") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  const auto ledger = NewLedger(std::make_unique<FaultyStore>(memory, 1), clock.Read());
  CHECK(ledger.status().code() == absl::StatusCode::kUnavailable);
  CHECK(AllRows(*memory).empty());
}

TEST_CASE("a ledger begins with a genesis for it, or not at all") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  const auto create = [&](const Bytes& first, const std::string& name) {
    return Verdict(
        log::Ledger::Create(std::make_unique<FaultyStore>(memory), name, Key(kLedgerKey), first, clock.Read())
            .status());
  };
  CHECK(create(GenesisBytes(), "ledger.example/other") == "WRONG_LEDGER at ledger");
  CHECK(create(PaymentBytes(1), kLedgerName) == "GENESIS_MISPLACED at actions[0]");
  CHECK(create("rubbish", kLedgerName) == "MALFORMED at ");
  CHECK(create(SignedBytes(Entry("root", 0, {Genesis({1}, 1)}), {2}), kLedgerName) ==
        "QUORUM_MISSING at signatures");
  CHECK(AllRows(*memory).empty());
}

TEST_CASE("opening finds another key, and rows that do not fit the checkpoint") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  {
    auto ledger = Need(NewLedger(std::make_unique<FaultyStore>(memory), clock.Read()));
    Need(ledger->Append({PaymentBytes(1), PaymentBytes(2)}, clock.Read())[1]
             .status());  // size 3: nodes (1,0) and (0,2)
  }
  const auto opened = [&](int key) {
    return log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(key)).status().code();
  };
  REQUIRE(opened(kLedgerKey) == absl::StatusCode::kOk);
  CHECK(opened(kLedgerKey + 1) == absl::StatusCode::kDataLoss);

  const auto damage = [&](const Bytes& key, const std::optional<Bytes>& value) {
    const auto before = Need(memory->Get(key));
    REQUIRE(before.has_value());
    Need(memory->Write({{key, value}}));
    CHECK(opened(kLedgerKey) == absl::StatusCode::kDataLoss);
    Need(memory->Write({{key, before}}));
    CHECK(opened(kLedgerKey) == absl::StatusCode::kOk);
  };
  damage(model::keys::Checkpoint(), std::nullopt);
  damage(model::keys::TreeNode(1, 0), std::nullopt);
  damage(model::keys::TreeNode(1, 0), Bytes(32, 'x'));
  damage(model::keys::TreeNode(0, 2), Bytes(32, 'x'));
  damage(model::keys::Record(RecordIndex(2)), std::nullopt);
  damage(model::keys::Record(RecordIndex(2)), Bytes("\xff\xff"));
}

TEST_CASE("a checkpoint that is no note is damage, too") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  Need(NewLedger(std::make_unique<FaultyStore>(memory), clock.Read()).status());
  Need(memory->Write({{model::keys::Checkpoint(), Bytes("rubbish")}}));
  CHECK(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(kLedgerKey)).status().code() ==
        absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace fundtrail::testing
