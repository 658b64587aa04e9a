// Whether money went back out of what a concern is about.
#pragma once

#include <optional>

#include "ledger/base/date.h"
#include "ledger/books/concerns.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The first RETURN or REVERSAL after that record, recorded on `until` at the latest: of what the payment brought. Out
// of an account of the party, or of the project; of what was paid straight for the need. Nothing where there is none,
// nor of any other subject.
StatusOr<std::optional<TransferRef>> MoneyBack(const View& view, const books::ConcernSubject& subject,
                                               RecordIndex after, Date until, AsOfRecord as_of);

}  // namespace fundtrail::query
