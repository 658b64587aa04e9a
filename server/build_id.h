// Which program this is.
#pragma once

#include <string>
#include <vector>

namespace fundtrail::server {

// 8 hex digits that another program does not have: what it writes may change with it alone. "unknown" when its file
// cannot be read. It is worked out once.
const std::string& BuildId();

// 8 hex digits of this program together with settings, which change what it writes as well. Of no setting they are BuildId().
std::string BuildIdWith(const std::vector<std::string>& settings);

}  // namespace fundtrail::server
