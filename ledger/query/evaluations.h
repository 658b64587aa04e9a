// Evaluations with their totals and grades, what was said about them, and whether their verdicts stand.
#pragma once

#include "fundtrail/v1/standing.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/books/standing.h"
#include "ledger/query/pages.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By id. With a subject or a group only the evaluations that name it are read. INVALID_ARGUMENT for several subjects,
// an unknown verdict or a day that is not one. NOT_FOUND for a subject or a group that is not there; OUT_OF_RANGE for a
// record that is not there yet. The view must outlive the pages.
StatusOr<Pages<v1::EvaluationsAnswer>> Evaluations(const View& view, const v1::EvaluationsRequest& request,
                                                   const Paging& paging);

// Whether an evaluation withdrew it after that record, and on the day `until` at the latest. One that was annulled since
// says nothing any more, and does not count.
StatusOr<bool> WasWithdrawn(const View& view, const books::Subject& subject, RecordIndex after, Date until,
                            AsOfRecord as_of);

}  // namespace fundtrail::query
