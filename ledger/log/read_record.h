// A record read back into a message that lies where the caller wants it: lists read thousands, and have them in arenas.
#pragma once

#include "fundtrail/v1/record.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail::log {

// As ReadRecord in seal.h, of bytes that need not be kept.
Status ReadRecordInto(RecordIndex index, ByteView bytes, v1::Record* record);

}  // namespace fundtrail::log
