// A trace as one file to read and to pass on: the pictures, and all that they fold away in tables. It has no script,
// and asks no other file of anybody.
#pragma once

#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

// HTML: of each asset its flow, its ends and its flows from hand to hand, and the accounts that the picture folds. The
// error is that of Flow. An answer without money says so.
StatusOr<std::string> Page(const v1::TraceAnswer& answer, const Words& words = {});

}  // namespace fundtrail::picture
