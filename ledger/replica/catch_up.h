// Bringing a machine's rows and the log that several keep (ledger/store/group_log.h) to the same records. Whoever does it
// holds the log: what it says has been acknowledged by its standby. Whoever only follows goes by what was signed.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder.h"
#include "ledger/store/group_log.h"
#include "ledger/store/store.h"

namespace fundtrail::replica {

using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Replays what the log has and the rows have not, with every check that a verifier makes: an administrator of the database
// can withhold records, and make none. `head`: what Take gave. Rows come in some at a time, each time under a checkpoint that
// `sign` signs, so a crash leaves a beginning. FAILED_PRECONDITION when the log has fewer records than the rows; DATA_LOSS
// when it has others, or a record that does not hold. `head.size` may be that of the rows already.
// What is there is on the disk when this returns. Up to `hold` records come in at once, when their root is known.
Status CatchUp(store::Store* rows, store::GroupLog* log, const store::LogHead& head,
               const folder::SignRows& sign, const Progress& progress = {}, std::uint64_t hold = 1);

// How a machine signs as the ledger.
struct Signing {
  folder::SignRows sign;
  std::vector<crypto::PublicKey> held;  // the public halves of those that it may do so with
};
// So many records are in memory, some tens of megabytes.
inline constexpr std::uint64_t kFollowHold = 20'000;

// For a machine that does not hold the log: the same up to the checkpoint in `note`, which whoever held it signed when it
// was acknowledged. It must be one that `own.sign` signs, too. More than `hold` records come in some at a time, as above. Then
// all are read once before, to know that each part is a beginning of what a held key signed: FAILED_PRECONDITION when none
// did, DATA_LOSS when it is no such beginning. Nothing comes in then.
Status Follow(store::Store* rows, store::GroupLog* log, ByteView note, const Signing& own,
              std::uint64_t hold = kFollowHold);

// Appends to the log what the rows have and it has not, with their bytes as they are. The log must be a beginning of the rows:
// DATA_LOSS else. UNAVAILABLE when it is not known how far it came: the next call goes on there. The head afterwards.
StatusOr<store::LogHead> GiveBack(const store::Reader& rows, store::GroupLog* log, store::LogHead head,
                                  const Progress& progress = {});

}  // namespace fundtrail::replica
