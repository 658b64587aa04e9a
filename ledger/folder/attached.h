// Whether a ledger's log is kept in a database too: the file `log-url` in its folder, one line. While it is there, nobody
// writes to the folder without that log.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::folder {

// Nothing when there is none; DATA_LOSS when it cannot be one.
StatusOr<std::optional<std::string>> ReadLogUrl(const std::string& dir);
// It is on the disk when this returns.
Status WriteLogUrl(const std::string& dir, const std::string& url);
Status RemoveLogUrl(const std::string& dir);

}  // namespace fundtrail::folder
