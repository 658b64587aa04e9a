// What a store stands for: the ledger's name, its checkpoint, its key, and where its log goes on.
#pragma once

#include <string>

#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/log/seal.h"
#include "ledger/store/store.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::log {

// Of a store whose checkpoint is signed by the ledger's key, has the tree's root, and names the ledger that genesis
// does. DATA_LOSS when it is none; UNIMPLEMENTED when its rules are not `known`. The rows name the key once it was
// rotated; `first` is the one before.
struct Head {
  std::string name;
  crypto::PublicKey key;
  std::string checkpoint;  // a signed note
  Tip tip;
};
StatusOr<Head> LoadHead(const store::Reader& rows, const crypto::PublicKey& first,
                        books::Rulebook known = books::KnownRules());

// UNIMPLEMENTED when the next record is judged by rules that are not `known`: what the rows say may then mean more than
// this program sees. Of rows that do not say by which, nothing is said here.
Status CheckRules(const store::Reader& rows, books::Rulebook known = books::KnownRules());

// That every row is of a kind that a ledger has, by the first byte of its key: DATA_LOSS names the first that is not. It
// steps over all others, and costs a few look-ups.
Status CheckKinds(const store::Reader& rows);

// The checkpoint that the rows have; nothing is verified. The note is the ledger's own: if it cannot be read, that is
// damage (DATA_LOSS) and not somebody's input.
StatusOr<tree::Checkpoint> ReadUnverifiedCheckpoint(const store::Reader& rows);

}  // namespace fundtrail::log
