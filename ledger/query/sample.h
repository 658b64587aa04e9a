// The question for the members of a sample: anyone who has the records comes to the same ones.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The payments with the lowest SHA-256(seed ‖ record ‖ line), record in 8 bytes and line in 4, the highest byte first.
// The seed is the root of the tree of the sample's record and the one after it: docs/decisions/0018-sample-seed.md. It
// reads all payments before the sample. NOT_FOUND for no sample; OUT_OF_RANGE for a record that is not there yet;
// RESOURCE_EXHAUSTED for a sample of more than 20,000 members.
StatusOr<v1::SampleAnswer> Sample(const View& view, const v1::SampleRequest& request);

}  // namespace fundtrail::query
