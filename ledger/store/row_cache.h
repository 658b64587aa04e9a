// A store that remembers the rows that were read lately. Rules read the same few rows for each transfer: the
// parties, the keys, the accounts. A look-up in a large store costs far more than one in memory. It also remembers which kinds of
// rows there are none of, by the first byte of their keys: rules ask for the last verdict or commitment, and most ledgers have none.
#pragma once

#include <cstddef>
#include <memory>

#include "ledger/store/store.h"

namespace fundtrail::store {

// Keeps up to about `bytes` of keys and values of what Get answered, and that a key is not there; and of what Last answered about all
// keys that begin alike. Write brings them up to date. Scan, and Last of other ranges, read the store itself where it has rows of
// that kind; snapshots always do. Many threads may read, and none waits while another reads the store; one may write beside them.
std::unique_ptr<Store> WithRowCache(std::unique_ptr<Store> store, std::size_t bytes);

}  // namespace fundtrail::store
