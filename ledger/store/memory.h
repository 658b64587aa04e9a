// A store in memory, for tests and for small ledgers that are only verified. Nothing survives the process.
#pragma once

#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// An empty store; every Write succeeds. All functions may be called from many threads at once. Scan pins the
// rows as they are, as Snapshot does: a Write while a cursor or a snapshot is alive copies all rows once.
std::unique_ptr<Store> MakeMemoryStore();

}  // namespace fundtrail::store
