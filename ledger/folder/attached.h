// Whether a ledger's log is kept in a database too: the file `log-url` in its folder. Its first line is a URL. A second one,
// `quorum_ok`, says that any of several standbys may acknowledge. While the file is there, nobody writes to the folder without
// that log.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::folder {

struct Attached {
  std::string url;
  bool quorum_ok = false;
  friend bool operator==(const Attached&, const Attached&) = default;
};

// Nothing when there is none; DATA_LOSS when it cannot be one.
StatusOr<std::optional<Attached>> ReadAttached(const std::string& dir);
// It is on the disk when this returns.
Status WriteAttached(const std::string& dir, const Attached& attached);
Status RemoveAttached(const std::string& dir);

}  // namespace fundtrail::folder
