// Rotating the ledger's key, in memory: the record that does it is the first that the new key's checkpoint covers.
#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

// Holds the keys of these numbers, and remembers which were adopted.
struct Ring {
  std::vector<int> held = {78, 79};
  std::vector<std::string> adopted;
  Status adopts;
  log::KeyRing Use() {
    log::KeyRing ring;
    ring.prepared = [this](const crypto::PublicKey& wanted) -> StatusOr<crypto::SigningKey> {
      for (const int number : held)
        if (Key(number).public_key() == wanted) return Key(number);
      return absl::NotFoundError("that key is not here");
    };
    ring.adopt = [this](const std::string& vkey) {
      adopted.push_back(vkey);
      return adopts;
    };
    return ring;
  }
};

StatusOr<std::unique_ptr<log::Ledger>> Begin(std::unique_ptr<store::Store> store, const log::Clock& clock,
                                             Ring* ring) {
  return log::Ledger::Create(std::move(store), kLedgerName, Key(kLedgerKey), GenesisBytes(), clock,
                             ring->Use());
}

std::string Vkey(int key) {
  return tree::FormatVkey(
      Need(tree::MakeVerifier(kLedgerName, tree::KeyType::kEd25519, Key(key).public_key())));
}
Bytes RotationBytes(std::uint64_t id, int from, int to, bool endorsed = true) {
  return SignedBytes(Entry("root", id, {Rotate(from, to, endorsed)}), {1});
}
// The size of a checkpoint, when that key signed it.
std::uint64_t SizeUnder(const std::string& checkpoint, int key) {
  return Need(tree::OpenCheckpoint(checkpoint, Need(tree::ParseVkey(Vkey(key))))).size;
}

TEST_CASE("a checkpoint that covers the rotation is by the new key, and every one before by the old") {
  TestClock clock;
  Ring ring;
  auto memory = std::make_shared<FaultyStore>(store::MakeMemoryStore());
  auto ledger = Need(Begin(std::make_unique<FaultyStore>(memory), clock.Read(), &ring));
  CHECK(SizeUnder(Need(ledger->AppendOne(PaymentBytes(1), clock.Read())).checkpoint, kLedgerKey) == 2);
  const auto group =
      ledger->Append({PaymentBytes(2), RotationBytes(3, kLedgerKey, 78), PaymentBytes(4)}, clock.Read());
  for (const auto& receipt : group) CHECK(SizeUnder(Need(receipt).checkpoint, 78) == 5);
  CHECK(ledger->vkey() == Vkey(78));
  CHECK(ring.adopted == std::vector<std::string>{Vkey(78)});
  CHECK(SizeUnder(Need(ledger->AppendOne(PaymentBytes(5), clock.Read())).checkpoint, 78) == 6);
  CHECK(WhatIsWrong(ledger->store(), Vkey(78)) == "");
  const Rows rows = AllRows(ledger->store());
  ledger.reset();

  CHECK(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(kLedgerKey)).status().code() ==
        absl::StatusCode::kDataLoss);
  ledger = Need(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(78), ring.Use()));
  const auto again = Need(ledger->AppendOne(RotationBytes(3, kLedgerKey, 78), clock.Read()));
  CHECK((again.repeated && again.record == RecordIndex(3)));
  CHECK(AllRows(ledger->store()) == rows);
  CHECK(SizeUnder(Need(ledger->AppendOne(RotationBytes(6, 78, 79, false), clock.Read())).checkpoint, 79) ==
        7);
  CHECK(WhatIsWrong(ledger->store(), Vkey(79)) == "");
}

TEST_CASE("of two rotations in one group the last key signs") {
  TestClock clock;
  Ring ring;
  const auto ledger = Need(Begin(store::MakeMemoryStore(), clock.Read(), &ring));
  const auto group = ledger->Append(
      {RotationBytes(1, kLedgerKey, 78), PaymentBytes(2), RotationBytes(3, 78, 79)}, clock.Read());
  for (const auto& receipt : group) CHECK(SizeUnder(Need(receipt).checkpoint, 79) == 4);
  CHECK(ring.adopted == std::vector<std::string>{Vkey(79)});
  CHECK(WhatIsWrong(ledger->store(), Vkey(79)) == "");
}

TEST_CASE("a rotation from another key, or to one that is not prepared, is refused and leaves nothing") {
  TestClock clock;
  Ring ring;
  const auto ledger = Need(Begin(store::MakeMemoryStore(), clock.Read(), &ring));
  const Rows before = AllRows(ledger->store());
  const struct {
    Bytes entry;
    std::string verdict;
  } kCases[] = {
      {RotationBytes(1, 76, 78), "KEY_UNKNOWN at actions[0].rotate_ledger_key.old_key"},
      {RotationBytes(1, kLedgerKey, 80), "KEY_UNKNOWN at actions[0].rotate_ledger_key.new_key"},
      {SignedBytes(Entry("root", 1, {Asset("USD"), Rotate(kLedgerKey, 80)}), {1}),
       "KEY_UNKNOWN at actions[1].rotate_ledger_key.new_key"},
      {SignedBytes(Entry("root", 1, {Rotate(kLedgerKey, 78)}), {9}), "KEY_NOT_AUTHORISED at author"},
  };
  for (const auto& one : kCases) {
    CHECK(Verdict(ledger->AppendOne(one.entry, clock.Read()).status()) == one.verdict);
    CHECK(Verdict(log::TryEntry(ledger->store(), one.entry, clock.Read(), ring.Use()).status()) ==
          one.verdict);
  }
  CHECK(AllRows(ledger->store()) == before);
  // Others in its group do not feel it, and the key stays.
  const auto group =
      ledger->Append({PaymentBytes(2), RotationBytes(1, kLedgerKey, 80), PaymentBytes(3)}, clock.Read());
  CHECK(SizeUnder(Need(group[2]).checkpoint, kLedgerKey) == 3);
  CHECK(Need(group[2]).record == RecordIndex(2));
  CHECK(ring.adopted.empty());
  CHECK(WhatIsWrong(ledger->store(), Vkey(kLedgerKey)) == "");
  // To try it changes nothing, and where there is no ring it is not asked for the key.
  CHECK(log::TryEntry(ledger->store(), RotationBytes(1, kLedgerKey, 78), clock.Read(), ring.Use()).ok());
  CHECK(log::TryEntry(ledger->store(), RotationBytes(1, kLedgerKey, 80), clock.Read()).ok());
  CHECK(ledger->vkey() == Vkey(kLedgerKey));
}

TEST_CASE("a rotation whose write fails is there or not, and the rows say which key it is") {
  const Fault fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  const bool late = fault == Fault::kAllWritten;
  INFO((late ? "the rows were written after all" : "nothing was written"));
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  Ring ring;
  auto ledger = Need(Begin(std::make_unique<FaultyStore>(memory, 2, fault), clock.Read(), &ring));
  const Bytes rotation = RotationBytes(1, kLedgerKey, 78);
  CHECK(ledger->AppendOne(rotation, clock.Read()).status().code() == absl::StatusCode::kUnavailable);
  CHECK(ring.adopted.empty());
  CHECK(ledger->vkey() == Vkey(kLedgerKey));
  ledger.reset();
  const auto open = [&](int key) {
    return log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(key), ring.Use());
  };
  CHECK(open(late ? kLedgerKey : 78).status().code() == absl::StatusCode::kDataLoss);
  ledger = Need(open(late ? 78 : kLedgerKey));
  CHECK(Need(ledger->AppendOne(rotation, clock.Read())).repeated == late);
  CHECK(WhatIsWrong(ledger->store(), Vkey(78)) == "");
}

TEST_CASE("when the new key cannot be put in its place, the receipt stands and nothing more is taken") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  Ring ring;
  ring.adopts = absl::UnavailableError("no such folder");
  auto ledger = Need(Begin(std::make_unique<FaultyStore>(memory), clock.Read(), &ring));
  CHECK(SizeUnder(Need(ledger->AppendOne(RotationBytes(1, kLedgerKey, 78), clock.Read())).checkpoint, 78) ==
        2);
  CHECK(ledger->AppendOne(PaymentBytes(2), clock.Read()).status().code() == absl::StatusCode::kUnavailable);
  ledger = Need(log::Ledger::Open(std::make_unique<FaultyStore>(memory), Key(78), ring.Use()));
  CHECK(ledger->AppendOne(PaymentBytes(2), clock.Read()).ok());
}

TEST_CASE("a ledger whose key is lost takes nothing but its rotation, and then everything") {
  std::shared_ptr<store::Store> memory = store::MakeMemoryStore();
  TestClock clock;
  Ring ring;
  Need(Begin(std::make_unique<FaultyStore>(memory), clock.Read(), &ring).status());
  const auto open = [&](int key) {
    return log::Ledger::OpenWithoutKey(std::make_unique<FaultyStore>(memory), Key(key).public_key(),
                                       ring.Use());
  };
  CHECK(open(76).status().code() == absl::StatusCode::kDataLoss);
  const auto ledger = Need(open(kLedgerKey));
  const Rows before = AllRows(*memory);
  CHECK(ledger->AppendOne(PaymentBytes(1), clock.Read()).status().code() ==
        absl::StatusCode::kFailedPrecondition);
  CHECK(Need(ledger->AppendOne(GenesisBytes(), clock.Read())).repeated);  // needs no signature
  CHECK(AllRows(*memory) == before);
  const auto group = ledger->Append({PaymentBytes(1), RotationBytes(2, kLedgerKey, 78, false)}, clock.Read());
  CHECK(SizeUnder(Need(group[0]).checkpoint, 78) == 3);
  CHECK(ledger->AppendOne(PaymentBytes(3), clock.Read()).ok());
  CHECK(WhatIsWrong(ledger->store(), Vkey(78)) == "");
}

TEST_CASE("a key that is taken back works before that entry and not after it, in one group as in several") {
  const bool one_group = GENERATE(true, false);
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const auto by = [](std::uint64_t id, int key) {
    return SignedBytes(Entry("root", id, {Pay("donor", "ministry", 5)}), {key});
  };
  const std::vector<Bytes> entries = {
      SignedBytes(Entry("root", 1, {Authorise(3, "root", {v1::PERMISSION_PAY}, true), ChangeRoot(1, {4})}),
                  {1}),
      by(2, 3),
      by(3, 4),
      SignedBytes(Entry("root", 4, {Revoke(3, "root")}), {4}),
      by(5, 3),
      by(6, 4),
      SignedBytes(Entry("root", 7, {ChangeRoot(1, {}, {4})}), {1}),
      by(8, 4),
      by(9, 1),
  };
  std::vector<StatusOr<log::Receipt>> receipts;
  if (one_group) {
    receipts = ledger->Append(entries, clock.Read());
  } else {
    for (const auto& entry : entries) receipts.push_back(ledger->AppendOne(entry, clock.Read()));
  }
  std::vector<std::string> verdicts;
  for (const auto& receipt : receipts) verdicts.push_back(Verdict(receipt.status()));
  const std::string no = "KEY_NOT_AUTHORISED at author";
  CHECK(verdicts == std::vector<std::string>{"OK", "OK", "OK", "OK", no, "OK", "OK", no, "OK"});
  CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");  // what they signed before stands
}

}  // namespace
}  // namespace fundtrail::testing
