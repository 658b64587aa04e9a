// Proofs from the stored tree: that a record stands in the ledger, that an earlier ledger is a beginning of a later.
#pragma once

#include <cstdint>

#include "fundtrail/v1/checkpoint.pb.h"
#include "fundtrail/v1/proof.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The record's bytes and its inclusion proof, against the view's checkpoint or the cosigned one. NOT_FOUND when there is no
// such record; FAILED_PRECONDITION when witnesses did not cosign it yet.
StatusOr<v1::ProveAnswer> Prove(const View& view, const v1::ProveRequest& request);

// The consistency proof between two sizes. INVALID_ARGUMENT when old_size is above new_size, OUT_OF_RANGE when
// new_size is above the checkpoint's, FAILED_PRECONDITION when none is cosigned.
StatusOr<v1::ConsistencyAnswer> Consistency(const View& view, const v1::ConsistencyRequest& request);

// Size and root of the ledger as it stood after a record: what a checkpoint of then covers, without a signature. NOT_FOUND for a record
// that is not there.
StatusOr<v1::CheckpointRef> TreeAfter(const View& view, std::uint64_t record);

}  // namespace fundtrail::query
