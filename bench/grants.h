// A ledger in a folder, of grants that each reach twenty recipients: what clients ask traces of (Kind::kTraces).
#pragma once

#include <string>

#include "bench/bench.h"
#include "bench/clients.h"
#include "ledger/folder/folder.h"

namespace fundtrail::bench {

inline void MakeGrants(const std::string& dir) {
  const auto key = Key();
  const auto clock = log::SystemClock();
  const auto ledger =
      Must(folder::CreateFolder(dir, kName, Signed(Genesis(), key), clock, crypto::SystemRandom()));
  Must(ledger->AppendOne(Signed(Names(), key), clock).status());
  v1::Entry more = EntryWith(2);
  for (int i = 0; i < 1000; ++i) AddParty(&more, fmt::format("r{}", i), v1::ROLE_RECIPIENT);
  for (std::uint64_t g = 0; g < kGrants; ++g) AddParty(&more, fmt::format("hub{}", g), v1::ROLE_HOLDER);
  Must(ledger->AppendOne(Signed(more, key), clock).status());
  for (std::uint64_t g = 0; g < kGrants; ++g) {
    v1::Entry grant = EntryWith(3 + g);
    const std::string hub = fmt::format("hub{}", g);
    AddPayment(&grant, "donor", hub, 2000);
    for (std::uint64_t r = 0; r < 20; ++r)
      AddPayment(&grant, hub, fmt::format("r{}", (g * 20 + r) % 1000), 100);
    Must(ledger->AppendOne(Signed(grant, key), clock).status());
  }
}

}  // namespace fundtrail::bench
