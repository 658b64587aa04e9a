// The bytes of a record but for its outcome, which is most of them. Whoever makes the outcome again need not read it.
#pragma once

#include "ledger/base/bytes.h"

namespace fundtrail::model {

// What stands before the outcome, in a record that ends with it. Else all of it: of other bytes too. They may be anything.
ByteView WithoutOutcome(ByteView record);

}  // namespace fundtrail::model
