// Evaluations as rows: of all that is judged, or of one programme.
#pragma once

#include "fundtrail/v1/standing.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

Table EvaluationTable(const Asking& asking, const v1::EvaluationsAnswer& answer);

}  // namespace fundtrail::pages
