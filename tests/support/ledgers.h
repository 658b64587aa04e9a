// Ledgers to append to: a genesis with a small world, payments, and a clock that the test turns.
#pragma once

#include <memory>
#include <string>

#include "ledger/log/ledger.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {

inline constexpr int kLedgerKey = 77;  // the ledger's own

struct TestClock {
  std::int64_t now = 1'772'359'200'000'000;  // 2026-03-01T10:00:00Z
  log::Clock Read() {
    return [this] { return Timestamp(now); };
  }
};

// Key 1 is the root's; donor (SOURCE) pays ministry, which pays village (RECIPIENT).
inline Bytes GenesisBytes() {
  return SignedBytes(
      Entry("root", 0,
            {Genesis({1}, 1), Party("donor", "root", v1::ROLE_SOURCE), Party("ministry", "root"),
             Party("village", "root", v1::ROLE_RECIPIENT), Fund("flood", "root"), Asset("CNY")}),
      {1});
}
inline Bytes PaymentBytes(std::uint64_t id, std::int64_t amount = 100) {
  return SignedBytes(Entry("root", id, {Pay("donor", "ministry", amount)}), {1});
}

inline StatusOr<std::unique_ptr<log::Ledger>> NewLedger(std::unique_ptr<store::Store> store,
                                                        const log::Clock& clock) {
  return log::Ledger::Create(std::move(store), kLedgerName, Key(kLedgerKey), GenesisBytes(), clock);
}

}  // namespace fundtrail::testing
