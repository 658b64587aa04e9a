// Two histories of one ledger: what a reader has, and what is shown now. Who says so accuses the operator, so it is told
// apart from a source that changed records, which anybody can do.
#pragma once

#include <string>

#include "ledger/audit/signer.h"
#include "ledger/audit/source.h"
#include "ledger/base/status.h"

namespace fundtrail::audit {

enum class Beginning {
  kSame,  // the records shown begin with those that the reader has
  kChanged,  // they do not, nor do they lead to the root of the checkpoint shown: somebody changed records on the way
  kForked,  // they do not, and the checkpoint shown is over them
};

// How the records that the source shows begin, by their hashes alone: none is judged. `had` counts no more than `shown`.
// The source's errors; DATA_LOSS when it has fewer records than the checkpoint counts.
StatusOr<Beginning> CompareBeginning(Source* source, const tree::Checkpoint& had,
                                     const tree::Checkpoint& shown);

// What follows when both histories are there, in words: that the operator signed both is said only when the reader's key
// signed both.
std::string WhoForked(const PresentedCheckpoint& had, const PresentedCheckpoint& shown);

}  // namespace fundtrail::audit
