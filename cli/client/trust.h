// Whom a reader trusts: the ledger's key, and witnesses by a policy; and what a reader saw before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/context.h"
#include "ledger/audit/signer.h"
#include "ledger/tree/policy.h"

namespace fundtrail::cli {

struct Trust {
  std::vector<std::string> vkeys;  // of one ledger, whose key may have been rotated
  std::string policy_file;         // empty: no witnesses are asked for
};
CLI::Option* AddVkeys(CLI::App* command, Trust* trust);  // --vkey, several times
void AddPolicy(CLI::App* command, Trust* trust);         // --policy

// The policy of the file, or one without witnesses, for the keys that the vkeys name. INVALID_ARGUMENT when one is
// malformed or given twice, or the policy lists logs and not it.
StatusOr<tree::Policy> PolicyOf(const Trust& trust);
// The file's policy as it stands.
StatusOr<tree::Policy> ReadPolicy(const std::string& file);

// A checkpoint that the reader kept, by that key or another that the ledger had. INVALID_ARGUMENT when it is not.
StatusOr<audit::PresentedCheckpoint> ReadCheckpoint(const std::string& file, const tree::Verifier& log,
                                                    Pipes pipes = Pipes::kRead);

// The reader's memory: a file with the newest checkpoint that held, one for each ledger's key.
//
// `file` when it is given, else $XDG_STATE_HOME/fundtrail/seen/<SHA-256 of the vkey, hex>, by default under
// ~/.local/state. Empty when neither variable is set.
std::string SeenFile(const std::string& file, const std::string& vkey);
// Nothing when there is none. INVALID_ARGUMENT when it is damaged, UNAVAILABLE when it cannot be read. Neither must
// pass for "nothing was seen before".
StatusOr<std::optional<audit::PresentedCheckpoint>> ReadSeen(const std::string& file,
                                                             const tree::Verifier& log);
// Keeps `note`, which is that checkpoint, unless the one that is kept counts as many records or more. Each verifier
// holds the lock on `file`.lock meanwhile, so the memory never goes backwards. Mode 0600, its folders 0700.
Status WriteSeen(const std::string& file, const tree::Verifier& log, const tree::Checkpoint& checkpoint,
                 std::string_view note);

}  // namespace fundtrail::cli
