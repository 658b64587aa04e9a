// What a trace of the money of a whole ledger costs, and traces of parts of it.
#pragma once

#include <string>

namespace fundtrail::bench {

// Makes a ledger in `dir`/store: 500 grants that go down four levels through 22,000 accounts by some 200,000 payments, without
// earmarks, so that hardly a payment draws on one receipt alone.
void FillWhole(const std::string& dir);
// Traces all of it and parts of it several times, and prints how long that took: the first time has nothing in its cache.
void TraceWhole(const std::string& dir);

}  // namespace fundtrail::bench
