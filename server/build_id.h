// Which program this is.
#pragma once

#include <string>

namespace fundtrail::server {

// The first 8 hex digits of the SHA-256 of this program's file: what it writes may change with it alone. "unknown" when
// it cannot be read. It is worked out once.
const std::string& BuildId();

}  // namespace fundtrail::server
