// Proofs from the stored tree: that a record stands in the ledger, that an earlier ledger is a beginning of a later.
#pragma once

#include <cstdint>

#include "ledger/query/view.h"

namespace fundtrail::query {

// The record's bytes and its inclusion proof against the view's checkpoint. NOT_FOUND when there is none.
StatusOr<v1::ProveAnswer> Prove(const View& view, RecordIndex index);

// The consistency proof between two sizes. INVALID_ARGUMENT when old_size is above new_size, OUT_OF_RANGE when
// new_size is above the checkpoint's.
StatusOr<v1::ConsistencyAnswer> Consistency(const View& view, std::uint64_t old_size, std::uint64_t new_size);

}  // namespace fundtrail::query
