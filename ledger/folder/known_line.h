// What a machine knows of the log that is kept in a database too: on which line of the database's history nothing was forgotten
// that anybody has a receipt for, and which machines may know more. It is the file `log-line` in the ledger's folder. Its first
// line names that line, and each further one a machine, or behind `=` the holder by which a command took the log.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail::folder {

struct KnownLine {
  std::string line;                // as store::LogHead has it
  std::set<std::string> machines;  // that served the ledger, by the name before the process
  // By which a command, and no server, took the log of this folder last: what it recorded is here. It goes by the host's name.
  std::string taken_as = {};
  friend bool operator==(const KnownLine&, const KnownLine&) = default;
};

// Bytes of a name that is kept.
inline constexpr std::size_t kMostMachineName = 256;
// Whether a machine of that name is remembered: in one line, not begun with `=`, and no longer than that.
bool IsMachineName(std::string_view name);

// Nothing when there is none, as in a backup; DATA_LOSS when it cannot be one.
StatusOr<std::optional<KnownLine>> ReadKnownLine(const std::string& dir);
// It is on the disk when this returns. Names that anybody may have written are kept if they can be: so many, so long, of one line.
// Of too many machines those stay that the file has already, whatever names come later.
Status WriteKnownLine(const std::string& dir, const KnownLine& known);
Status RemoveKnownLine(const std::string& dir);

// The machine of a holder: its name without the process, as `a` of `a:4711`.
std::string MachineOf(const std::string& holder);

}  // namespace fundtrail::folder
