// Lists of transfers, and what these have in common.
#pragma once

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// The transfers that fit the request, in the order of the log. Its page tokens are references, which people write too: the
// request's `after` takes them, and `paging` has none. The view must outlive the pages. What is counted (list_facets.h) is
// counted before the first page. NOT_FOUND for a party, fund or asset that the ledger does not have. OUT_OF_RANGE for a record that
// is not there yet. INVALID_ARGUMENT for more values than are counted, and for a least amount as LeastAmount says.
//
// A list steps over records by the rows of transfers (`t`), and one of parties by the rows of their statements. Such rows are derived:
// `verify` compares them with what the records say. Of the records between, a list reads nothing and says nothing.
StatusOr<Pages<v1::ListAnswer>> List(const View& view, const v1::ListRequest& request, const Paging& paging);

}  // namespace fundtrail::query
