// The items of a register one after the other, for files that have all of them.
#pragma once

#include <functional>
#include <string>

#include "fundtrail/v1/registers.pb.h"
#include "ledger/base/status.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {

// Calls `take` with the items of a register as they are now, until it answers false.
Status EachItem(const query::View& view, const std::string& of,
                const std::function<bool(const v1::RegisterLine& line)>& take);
// A household is in no list for others: the site's map, a feed, the names to look in.
bool IsPerson(const v1::RegisterLine& line);

}  // namespace fundtrail::pages
