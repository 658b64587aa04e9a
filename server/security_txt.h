// What an operator says of how a weakness is reported: the file of RFC 9116, as it is served beside the pages.
#pragma once

#include <string>

#include "ledger/base/status.h"

namespace fundtrail::server {

inline constexpr char kSecurityTxtPath[] = "/.well-known/security.txt";

// The file of the setting `http_security_txt`; empty where none is set. INVALID_ARGUMENT when it has no line `Contact:` or no line
// `Expires:`, which the RFC asks for, or is larger than 32 KiB. NOT_FOUND or UNAVAILABLE when it cannot be read.
StatusOr<std::string> ReadSecurityTxt(const std::string& path);

}  // namespace fundtrail::server
