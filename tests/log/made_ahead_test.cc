// A group that is made while the one before it is not written yet: what it is worth when that one is written, and when it is not.
#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {
namespace {

using Receipts = std::vector<StatusOr<log::Receipt>>;

// Entries as a pipeline has them, from which groups are made.
class Candidates {
 public:
  Candidates(const log::Ledger& ledger, const std::vector<Bytes>& entries) {
    for (const Bytes& entry : entries) candidates_.push_back(log::Examine(ledger.store(), entry));
  }
  std::function<const log::Candidate*()> Each() {
    return
        [this, i = std::size_t{0}]() mutable { return i < candidates_.size() ? &candidates_[i++] : nullptr; };
  }

 private:
  std::vector<log::Candidate> candidates_;
};

std::string TextOf(const Receipts& receipts) {
  std::string text;
  for (const auto& receipt : receipts)
    text += (receipt.ok() ? std::to_string(receipt->record.value()) + (receipt->repeated ? " again " : " ") +
                                receipt->leaf_hash.hex() + receipt->checkpoint
                          : Verdict(receipt.status())) +
            "\n";
  return text;
}

Bytes TooMuch(std::uint64_t id) {
  return SignedBytes(Entry("root", id, {Pay("donor", "ministry", 5), Pay("ministry", "village", 1'000'000)}),
                     {1});
}

TEST_CASE("groups that are made one ahead are those that would be made one after another, row by row") {
  Need(crypto::Init());
  // With entries that are refused, first and amid others, that are of the group before, and that spend what came in with it.
  const std::vector<std::vector<Bytes>> groups{
      {PaymentBytes(1), TooMuch(2), PaymentBytes(3)},
      {TooMuch(4), PaymentBytes(1), SignedBytes(Entry("root", 5, {Pay("ministry", "village", 150)}), {1}),
       TooMuch(6), PaymentBytes(7)},
      {PaymentBytes(7), PaymentBytes(3)},
      {SignedBytes(Entry("root", 8, {Pay("ministry", "village", 50)}), {1}), PaymentBytes(1, 7)}};
  std::string answers[2];
  Rows rows[2];
  for (const bool ahead : {false, true}) {
    TestClock clock;
    const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    std::shared_ptr<log::Made> before;
    for (const auto& group : groups) {
      Candidates candidates(*ledger, group);
      if (!ahead) {
        answers[0] += TextOf(ledger->AppendEach(candidates.Each(), clock.Read()));
        continue;
      }
      std::shared_ptr<log::Made> made = ledger->Make(candidates.Each(), clock.Read(), before.get());
      if (before != nullptr) answers[1] += TextOf(ledger->WriteMade(before.get()));
      REQUIRE(ledger->IsNext(made.get()));
      CHECK(ledger->MayGoOnFrom(*made));
      before = std::move(made);
    }
    if (before != nullptr) answers[1] += TextOf(ledger->WriteMade(before.get()));
    rows[ahead ? 1 : 0] = AllRows(ledger->store());
    CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
  }
  CHECK(answers[1] == answers[0]);
  CHECK(rows[1] == rows[0]);
}

TEST_CASE("what was made behind a group that was not written is not next, and nothing of it is written") {
  const Fault fault = GENERATE(Fault::kNothingWritten, Fault::kAllWritten);
  TestClock clock;
  std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  const auto ledger = Need(NewLedger(std::make_unique<FaultyStore>(disk, 2, fault), clock.Read()));
  Candidates first(*ledger, {PaymentBytes(1)}), second(*ledger, {PaymentBytes(2), PaymentBytes(1)});
  const auto before = ledger->Make(first.Each(), clock.Read());
  const auto made = ledger->Make(second.Each(), clock.Read(), before.get());
  CHECK_FALSE(ledger->WriteMade(before.get()).front().ok());
  const Rows left = AllRows(*disk);
  CHECK_FALSE(ledger->IsNext(made.get()));
  for (const auto& receipt : ledger->AppendEach(second.Each(), clock.Read()))
    CHECK(receipt.status().code() == absl::StatusCode::kUnavailable);
  CHECK(AllRows(*disk) == left);
  CHECK(ledger->size() == 1);
}

TEST_CASE("of two groups that were made for one place the second is not next") {
  TestClock clock;
  Need(crypto::Init());
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  Candidates one(*ledger, {PaymentBytes(1)}), other(*ledger, {PaymentBytes(2)});
  const auto first = ledger->Make(one.Each(), clock.Read()),
             second = ledger->Make(other.Each(), clock.Read());
  REQUIRE(ledger->IsNext(first.get()));
  CHECK(ledger->WriteMade(first.get()).front().ok());
  CHECK_FALSE(ledger->IsNext(second.get()));
}

TEST_CASE("nothing is made ahead behind a rotation of the key, nor where others confirm receipts") {
  TestClock clock;
  Need(crypto::Init());
  log::KeyRing ring;
  ring.prepared = [](const crypto::PublicKey&) -> StatusOr<crypto::SigningKey> { return Key(78); };
  const auto ledger = Need(log::Ledger::Create(store::MakeMemoryStore(), kLedgerName, Key(kLedgerKey),
                                               GenesisBytes(), clock.Read(), ring));
  Candidates payment(*ledger, {PaymentBytes(1)}),
      rotation(*ledger, {SignedBytes(Entry("root", 2, {Rotate(kLedgerKey, 78, true)}), {1})});
  const auto pays = ledger->Make(payment.Each(), clock.Read());
  CHECK(ledger->MayGoOnFrom(*pays));
  const auto rotates = ledger->Make(rotation.Each(), clock.Read(), pays.get());
  CHECK_FALSE(ledger->MayGoOnFrom(*rotates));
  ledger->GiveReceiptsAfter([](const std::string& note) -> StatusOr<std::string> { return note; });
  CHECK_FALSE(ledger->MayGoOnFrom(*pays));
}

}  // namespace
}  // namespace fundtrail::testing
