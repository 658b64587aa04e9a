// Bodies in gzip (RFC 1952), for clients that take them so (RFC 9110 §12.5.3).
#pragma once

#include <string>
#include <string_view>

#include "ledger/net/http_message.h"

namespace fundtrail::net {

// Whether the client takes gzip, and says of nothing else that it would rather have that: of several Accept-Encoding all count. One who says
// nothing is sent the body as it is.
bool TakesGzip(const HttpRequest& request);

// The same body makes the same bytes: no time and no name is in them. Empty where zlib has no memory, or the body is longer than it counts.
std::string Gzipped(std::string_view body);

}  // namespace fundtrail::net
