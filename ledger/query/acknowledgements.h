// The question for payments to recipients: which arrived, which are disputed, of which nobody says anything.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// In pages, in the order of the log. It reads every payment of the ledger, or of the recipient that is asked for; the
// first page once more, for the counts. NOT_FOUND for a party, fund or project that the ledger does not have.
// INVALID_ARGUMENT for an unknown status, and for a day that is not one; OUT_OF_RANGE for a record that is not there
// yet. The view must outlive the pages.
StatusOr<Pages<v1::AcknowledgementsAnswer>> Acknowledgements(const View& view,
                                                             const v1::AcknowledgementsRequest& request,
                                                             const Paging& paging);

}  // namespace fundtrail::query
