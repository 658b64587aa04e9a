// Receipts that wait until others confirm the checkpoint that they are under.
#include <catch2/catch.hpp>

#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {
namespace {

TEST_CASE("no receipt is given before its checkpoint is confirmed, and nothing more is recorded meanwhile") {
  TestClock clock;
  const auto ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  bool confirms = true;
  int asked = 0;
  ledger->GiveReceiptsAfter([&](const std::string& checkpoint) -> StatusOr<std::string> {
    ++asked;
    CHECK(checkpoint == ledger->checkpoint());
    return confirms ? StatusOr<std::string>(checkpoint + "confirmed")
                    : absl::UnavailableError("nobody is there");
  });
  // What the ledger has already is confirmed first, and then each group once.
  const auto receipts = ledger->Append({PaymentBytes(1), PaymentBytes(2), PaymentBytes(1)}, clock.Read());
  CHECK(asked == 2);
  for (const auto& receipt : receipts) CHECK(Need(receipt).checkpoint == ledger->checkpoint() + "confirmed");
  CHECK(receipts[2]->repeated);
  CHECK(ledger->size() == 3);
  // A refusal is no receipt, and waits for nobody.
  CHECK(model::RefusalOf(ledger->AppendOne(PaymentBytes(1, 999), clock.Read()).status()).has_value());
  CHECK(asked == 2);

  confirms = false;
  CHECK(ledger->AppendOne(PaymentBytes(3), clock.Read()).status() ==
        absl::UnavailableError("nobody is there"));
  CHECK(ledger->size() == 4);  // it is recorded, and nobody was promised it
  for (const std::uint64_t id : {3, 1, 4})
    CHECK_FALSE(ledger->AppendOne(PaymentBytes(id), clock.Read()).ok());
  CHECK(ledger->size() == 4);
  CHECK(asked == 6);

  // It is no failure of the ledger: all goes on when they are there again.
  confirms = true;
  const auto again = Need(ledger->AppendOne(PaymentBytes(3), clock.Read()));
  CHECK(again.repeated);
  CHECK(again.record.value() == 3);
  CHECK(again.checkpoint == ledger->checkpoint() + "confirmed");
  CHECK_FALSE(Need(ledger->AppendOne(PaymentBytes(4), clock.Read())).repeated);
  CHECK(ledger->size() == 5);
}

}  // namespace
}  // namespace fundtrail::testing
