// Which program this is.
#pragma once

#include <string>

namespace fundtrail::server {

// 8 hex digits that another program does not have: what it writes may change with it alone. "unknown" when its file
// cannot be read. It is worked out once.
const std::string& BuildId();

}  // namespace fundtrail::server
