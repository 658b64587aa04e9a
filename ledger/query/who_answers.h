// Who answers for help of a category in a place: nobody, one body, or several of which each may point to another.
#pragma once

#include "fundtrail/v1/duties.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads all duties, and the projects of those that are for a project or a programme. At most 1,000 lines are kept
// and shown; the verdict is of all duties. NOT_FOUND for a place or a category that is not there. INVALID_ARGUMENT for
// a day that is not one; OUT_OF_RANGE for a record that is not there yet.
StatusOr<v1::WhoAnswersAnswer> WhoAnswers(const View& view, const v1::WhoAnswersRequest& request);

}  // namespace fundtrail::query
