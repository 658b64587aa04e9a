// What is promised to needs: assigned to them, and not paid. The rows of sums, as they stood after a record.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How much money is assigned to a need and not paid, in the asset that it asks for. Of each that has any, by id. It
// looks at a few rows for each need to which something was ever assigned.
Status EachPromised(const View& view, AsOfRecord as_of,
                    const std::function<Status(const std::string& need, std::int64_t promised)>& take);

}  // namespace fundtrail::query
