// A record whose row somebody else read, as one of many.
#pragma once

#include "ledger/log/seal.h"

namespace fundtrail::log {

// Of the bytes of the row. DATA_LOSS as FindRecord (seal.h) has it.
StatusOr<StoredRecord> ReadRecord(RecordIndex index, Bytes bytes);

}  // namespace fundtrail::log
