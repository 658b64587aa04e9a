// What is known of an entry before its turn: nothing that a signature would have to be checked for.
#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

v1::SignedEntry Parsed(const Bytes& bytes) {
  v1::SignedEntry entry;
  REQUIRE(entry.ParseFromString(bytes));
  return entry;
}

TEST_CASE("only recorded bytes are answered without a check") {
  TestClock clock;
  Need(crypto::Init());
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  const Bytes payment = PaymentBytes(1);
  const auto first = Need(ledger->AppendOne(payment, clock.Read()));
  const auto again = log::Examine(ledger->store(), payment);
  REQUIRE(again.recorded.has_value());
  CHECK(again.recorded->record == first.record);
  CHECK(again.recorded->leaf_hash == first.leaf_hash);
  CHECK(again.recorded->recorded == first.recorded);
  CHECK(again.recorded->repeated);
  CHECK(again.recorded->checkpoint.empty());  // it gets the one of its turn
  CHECK_FALSE(again.decoded.ok());            // nobody looked

  v1::SignedEntry forged = Parsed(payment), unsigned_entry = forged, more = forged, other = forged;
  (*forged.mutable_signatures(0))[5] ^= 1;
  unsigned_entry.clear_signatures();
  more.add_signatures(Bytes(64, 'x'));
  *other.mutable_entry() =
      Parsed(PaymentBytes(1, 7)).entry();  // the same id, and a signature of something else
  const struct {
    const char* what;
    Bytes bytes;
    const char* verdict;  // as if nothing were looked up
  } cases[] = {{"a new one", PaymentBytes(2), ""},
               {"with a forged signature", model::SerialiseDeterministic(forged), "SIGNATURE_INVALID"},
               {"with none", model::SerialiseDeterministic(unsigned_entry), "SIGNATURE_INVALID"},
               {"with one more", model::SerialiseDeterministic(more), "SIGNATURE_INVALID"},
               {"the id with other bytes", PaymentBytes(1, 7), ""},
               {"the same, not signed", model::SerialiseDeterministic(other), "SIGNATURE_INVALID"},
               {"one byte more", payment + "x", "MALFORMED"},
               {"rubbish", "rubbish", "MALFORMED"},
               {"nothing", "", ""},
               {"more than a record holds", Bytes(70'000, 'x'), "RECORD_TOO_LARGE"}};
  for (const auto& one : cases) {
    INFO(one.what);
    const auto examined = log::Examine(ledger->store(), one.bytes);
    CHECK_FALSE(examined.recorded.has_value());
    const auto decoded = model::DecodeSignedEntry(one.bytes);
    CHECK(examined.decoded.status() == decoded.status());
    if (*one.verdict != '\0') CHECK(Verdict(decoded.status()).find(one.verdict) == 0);
  }
}

TEST_CASE("examined before, what is appended has the same answers, in the same order, under one checkpoint") {
  TestClock clock;
  Need(crypto::Init());
  const std::vector<Bytes> entries{PaymentBytes(2), PaymentBytes(1),    PaymentBytes(1, 7), "rubbish",
                                   PaymentBytes(3), PaymentBytes(2, 5), PaymentBytes(2)};
  std::vector<std::string> answers;
  for (const bool examined : {false, true}) {
    const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
    Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
    std::vector<log::Candidate> candidates;
    for (const Bytes& entry : entries) candidates.push_back(log::Examine(ledger->store(), entry));
    std::size_t next = 0;
    const auto receipts =
        examined ? ledger->AppendEach(
                       [&] { return next < candidates.size() ? &candidates[next++] : nullptr; }, clock.Read())
                 : ledger->Append(entries, clock.Read());
    std::string text;
    for (const auto& receipt : receipts) {
      text += receipt.ok() ? std::to_string(receipt->record.value()) + (receipt->repeated ? " again " : " ") +
                                 receipt->checkpoint
                           : Verdict(receipt.status());
      text += "\n";
    }
    answers.push_back(text);
    CHECK(ledger->size() == 4);
  }
  CHECK(answers[0] == answers[1]);
}

TEST_CASE("after a write that failed, recorded bytes have no receipt either") {
  std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  TestClock clock;
  Need(crypto::Init());
  const auto ledger =
      Need(NewLedger(std::make_unique<FaultyStore>(disk, 3, Fault::kAllWritten), clock.Read()));
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  CHECK(ledger->AppendOne(PaymentBytes(2), clock.Read()).status().code() == absl::StatusCode::kUnavailable);
  for (const std::uint64_t id : {1, 2}) {
    const auto known = log::Examine(*disk, PaymentBytes(id));
    REQUIRE(known.recorded.has_value());
    const log::Candidate* next = &known;
    const auto receipts = ledger->AppendEach([&] { return std::exchange(next, nullptr); }, clock.Read());
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].status().code() == absl::StatusCode::kUnavailable);
  }
}

}  // namespace
}  // namespace fundtrail::testing
