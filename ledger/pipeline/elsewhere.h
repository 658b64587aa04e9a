// "Another server takes entries", said so that programs understand it: the error carries where, on the wire as
// google.rpc.ErrorInfo, and how long to wait before asking anywhere.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::pipeline {

// Of the payload in an absl::Status and of the detail in google.rpc.Status; the value is a v1.ErrorInfo.
inline constexpr char kErrorInfo[] = "type.googleapis.com/google.rpc.ErrorInfo";

// UNAVAILABLE, with a RetryInfo of a second. `address`: HOST:PORT of the server that records; empty when none is known.
Status NotActive(const std::string& address, std::string_view sentence);
// The address in such an error, which may be empty; nothing for any other error. Whoever sent it may have put anything there.
std::optional<std::string> ActiveIn(const Status& status);

}  // namespace fundtrail::pipeline
