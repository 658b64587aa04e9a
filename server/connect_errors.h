// How an error is told over the Connect protocol (connect.h): by its code, its HTTP status, and JSON.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "ledger/base/status.h"
#include "ledger/net/http_exchange.h"
#include "ledger/net/http_message.h"

namespace fundtrail::server {

// The protocol's name and HTTP status of an error.
std::string_view ConnectCode(absl::StatusCode code);
int ConnectStatus(absl::StatusCode code);
// The error as JSON: {"code": …, "message": …, "details": […]}, with our Refusal and RetryInfo as details.
std::string ConnectError(const Status& status);

// Answers with the error instead of a message. `http`: another HTTP status than that of its code. `more`: headers beside those of all.
void RefuseCall(const net::HttpExchange& reply, const Status& status, int http = 0,
                const net::HttpHeaders& more = {});

}  // namespace fundtrail::server
