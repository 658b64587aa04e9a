// A ledger in memory that the root appends to, each entry with the next id, and that is asked.
#pragma once

#include <memory>
#include <vector>

#include "ledger/query/view.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"

namespace fundtrail::testing {

struct ViewedLedger {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));

  // Whether the ledger took them, as one entry.
  bool Takes(const std::vector<v1::Action>& actions) { return Append(actions).ok(); }
  void Do(const std::vector<v1::Action>& actions) { Need(Append(actions)); }
  // As it is now.
  query::View view() const { return Need(query::MakeView(ledger->store())); }

 private:
  Status Append(const std::vector<v1::Action>& actions) {
    return ledger->AppendOne(SignedBytes(Entry("root", ledger->size(), actions), {1}), clock.Read()).status();
  }
};

}  // namespace fundtrail::testing
