// The second method beside the first, where a reader asks for both: where money ends in proportion, and how much of the answer follows
// from the order in which payments of one day, week or month were recorded (docs/decisions/0025-two-methods.md).
#pragma once

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// Whether the pages of a folder have both, where the page will lie in one.
StatusOr<bool> FolderHasBoth(const Asking& asking);
// Whether the question asks for both. In a folder, which nobody asks, both stand on each page of a small ledger. INVALID_ARGUMENT for a
// method that is none.
StatusOr<bool> AsksBothMethods(const Asking& asking);
// All payments are played again for it. Whether that is too much for a page: then the page says so, and has the first method alone.
StatusOr<bool> TooManyForBoth(const Asking& asking);
Html TooManyShown(const Asking& asking);

// The way to both methods, or back to one. Nothing in a folder.
Html MethodLink(const Asking& asking, bool both);
// Bars of both methods, the ends side by side, and what depends on the order. The trace has both. `number` tells its bars from others.
Html BothMethods(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, int number);
// The same as a file: ends with both amounts, and a row for each window.
Table MethodsFile(const Asking& asking, const v1::TraceAnswer& answer);

}  // namespace fundtrail::pages
