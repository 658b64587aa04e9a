// Checkpoints (C2SP tlog-checkpoint v1.0.0): what a log commits to, as a signed note. The note's text is
//
//   <origin>          the log's name, here also the name of its key
//   <size>            decimal
//   <base64 of the root hash>
//   <extension>...    rarely any
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/tree/note.h"

namespace fundtrail::tree {

struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Hash root;
  std::vector<std::string> extensions;  // lines without line feeds, none empty
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

// The note's text. What ParseCheckpoint returns, FormatCheckpoint writes back byte for byte; the parser knows
// one text for one checkpoint (no leading zeros, strict base64). It judges the form alone.
std::string FormatCheckpoint(const Checkpoint& checkpoint);
StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);
// INVALID_ARGUMENT when the size is 0 and the root is not the empty tree's.
Status CheckEmptyRoot(const Checkpoint& checkpoint);

// The checkpoint as a note signed under its origin's name. Never sign two that contradict each other: that is for the
// caller to see to. INVALID_ARGUMENT when it cannot be one. Its origin may be no key name (spaces, +), or its size 0 without
// the empty tree's root. Or its extensions have line feeds or empty lines.
StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint, const crypto::SigningKey& key);

// Opens a log's checkpoint. `log` must be a type-01 key, and its signature must be good. Its name must be the
// checkpoint's origin, so that one log's checkpoint is never taken for another's. The empty tree's root must be right.
// Other signatures on the note, witnesses' for example, do not matter: VerifyNote sees to them.
StatusOr<Checkpoint> OpenCheckpoint(std::string_view note, const Verifier& log);

}  // namespace fundtrail::tree
