// The ledger's own key, which signs its checkpoints, and how it is replaced: docs/formats.md, "The ledger's key".
//
// A record that rotates the key is the first that a checkpoint of the new key covers. A checkpoint of size s is by the
// key that the last rotation in a record below s named. When there is none, it is by the first key.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/model/rows.h"

namespace fundtrail::model {

// What an old key signs when it names the new one. It is "fundtrail ledger key v1\n", the ledger's name, "\n", the new key
// in lower-case hex, "\n". No checkpoint reads so: no ledger's name, the first line of a checkpoint, has a space.
Bytes EndorsementText(std::string_view ledger, const crypto::PublicKey& new_key);

// One of the keys that a ledger had.
struct LedgerKey {
  RecordIndex record;  // that rotated to it; of the first, 0
  LedgerKeyRow row;
  friend bool operator==(const LedgerKey&, const LedgerKey&) = default;
};
// All of them, oldest first; none when the key was never rotated, for then nothing but a checkpoint names it.
using LedgerKeys = std::vector<LedgerKey>;

// The place of the key that signs a checkpoint of `size` records. The history must not be empty.
std::size_t PlaceAt(const LedgerKeys& keys, std::uint64_t size);
// The place of that key, if it is one of them.
std::optional<std::size_t> PlaceOf(const LedgerKeys& keys, const crypto::PublicKey& key);

// The entry's rotation and the name of its place, "actions[2].rotate_ledger_key"; nothing when it has none. An entry that
// has its form has at most one.
struct RotationIn {
  const v1::RotateLedgerKey* rotation = nullptr;
  std::string field;
};
std::optional<RotationIn> FindRotation(const v1::Entry& entry);

}  // namespace fundtrail::model
