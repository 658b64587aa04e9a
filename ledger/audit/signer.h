// Whose checkpoint it is. A ledger's key may have been rotated since the reader learnt it, and only its records tell.
// So a checkpoint by another key of the same name is taken up unverified, and the records are replayed. Then they must
// lead from the reader's key to the key that signed. `verify` and `clone` both judge by this.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/model/ledger_key.h"
#include "ledger/store/store.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::audit {

// The key that a reader was given for a ledger. INVALID_ARGUMENT when it is malformed, or a witness's (type 04).
StatusOr<tree::Verifier> ParseLedgerVkey(std::string_view vkey);

struct PresentedCheckpoint {
  tree::Checkpoint checkpoint;
  // Empty when the reader's key signed it, which was verified; else the note, by another key of that name.
  std::string unverified = {};
};
// INVALID_ARGUMENT when it is not a checkpoint of the log that `given` names, or `given`'s signature on it is bad.
StatusOr<PresentedCheckpoint> OpenPresented(std::string_view note, const tree::Verifier& given);

// A checkpoint that the reader kept: what is shown now must begin with it.
struct KeptCheckpoint {
  tree::Checkpoint checkpoint;
  std::string name;  // in sentences: "the checkpoint that was seen before"
  // The reader's own memory of what held under this key. A shorter ledger is then a warning, and could be an old copy;
  // else it does not hold.
  bool may_be_longer = false;
  std::string unverified = {};  // as in PresentedCheckpoint
};

struct Signer {
  tree::Verifier key;         // that signed the checkpoint, and is the ledger's at its size
  model::LedgerKeys history;  // up to there; empty when the key was never rotated
};
// `rows` are those that the records up to the checkpoint give, and they begin with all of `earlier` that is not longer.
// DATA_LOSS, in words, unless
// - the checkpoint, and each of `earlier`, is signed by the key that was the ledger's at its size;
// - the reader's key is one of the ledger's, and each rotation from it on is vouched for. The key before endorsed it, or
//   the reader accepted it before. Or it comes after an earlier checkpoint of a key that is trusted so: its records name
//   the root, whose quorum rotates.
StatusOr<Signer> JudgeSigner(const PresentedCheckpoint& shown, const tree::Verifier& given,
                             const store::Reader& rows, const std::vector<KeptCheckpoint>& earlier);

}  // namespace fundtrail::audit
