// A store whose snapshots remember together what was read of them lately. Questions come one after another, each on a snapshot of
// its own, and read the same few rows of each party and account: a look in a large store costs ten times one in memory.
#pragma once

#include <cstddef>
#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// Keeps up to about `bytes` of keys and values of what Get of a snapshot answered, and that a key is not there. A snapshot
// answers as it would without: of a row that was written after it was taken, it reads the store. The snapshots keep notes too
// (notes.h), within the same bound. Cursors, and Get of the store itself, read the store. Many threads may read; one may write beside
// them. What a snapshot read is kept while it is the same, whatever else was written since: beside writes snapshots remember as well.
std::unique_ptr<Store> WithSnapshotCache(std::unique_ptr<Store> store, std::size_t bytes);

}  // namespace fundtrail::store
