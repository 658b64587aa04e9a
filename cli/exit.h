// How a command ends, for scripts: as docs/exit-codes.md and --help have it.
#pragma once

#include "ledger/base/status.h"

namespace fundtrail::cli {

// kNo is an answer, never an accident. A script may conclude that the ledger refused the entry, or that what was
// checked does not hold. What might go better the next time, or was said by who knows which machine on the way to the
// ledger, is kUnavailable.
enum class Exit { kYes = 0, kNo = 1, kUsage = 2, kUnavailable = 3 };

// The one place that maps errors.
Exit ExitFor(const Status& status);

}  // namespace fundtrail::cli
