// What stands in a ledger where the file of an import says nothing. For all parts of an import.
#pragma once

#include "ledger/model/unrecorded.h"

namespace fundtrail::intake {

using model::kUnrecorded;
// The fund of rows that name none.
inline constexpr char kDefaultFund[] = "general";

}  // namespace fundtrail::intake
