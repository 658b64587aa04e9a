// "Ask again in a moment", said so that programs understand it: the error carries how long to wait, on the wire as
// google.rpc.RetryInfo. What has none will not get better by asking again.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::pipeline {

// Of the payload in an absl::Status and of the detail in google.rpc.Status; the value is a v1.RetryInfo.
inline constexpr char kRetryInfo[] = "type.googleapis.com/google.rpc.RetryInfo";

// RESOURCE_EXHAUSTED for the moment.
Status AgainIn(std::chrono::milliseconds wait, std::string_view sentence);
// How long whoever said this asks to wait: a minute at most, whatever they say. Nothing when they did not.
std::optional<std::chrono::milliseconds> RetryDelay(const Status& status);

}  // namespace fundtrail::pipeline
