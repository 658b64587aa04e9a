// Several payments asked about at once: the form that names them, and each by itself beside the sum of all.
#pragma once

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

// Those that `refs` of the question names, with blanks, commas or line feeds between them; a record is all its payments. NOT_FOUND for one
// that was not there yet, INVALID_ARGUMENT for what is none.
Status AddReceiptsAsked(const Asking& asking, v1::TraceRequest* request);
// Where a reader names them.
Html ReceiptsForm(const Asking& asking);
// Each with its own sums. Money that is in two of them counts once in the sum of all, which is said.
Html EachReceipt(const Asking& asking, const v1::TraceAnswer& answer);

}  // namespace fundtrail::pages
