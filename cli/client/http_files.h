// The files of an archive behind a URL.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ledger/audit/archive_files.h"

namespace fundtrail::cli {

// http:// or https://, at the front of a text.
bool IsUrl(const std::string& text);

// `url` is where the archive's `checkpoint` lies: http://host:8080/ledger. With https, the host's certificate must be
// by the system's authorities or by those in `ca_file`. A file that does not come is asked for again, a few times, and
// all that `within` a time. INVALID_ARGUMENT when it is not such a URL.
StatusOr<std::unique_ptr<audit::Files>> OpenHttpFiles(const std::string& url, const std::string& ca_file,
                                                      std::chrono::seconds within);

}  // namespace fundtrail::cli
