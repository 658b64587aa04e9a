// Which of the keys that signed count for which party, where several parties must sign each by itself. So do the approvers
// of a fund and the members of a group.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// The keys that signed, by their places in the entry, in order.
using KeyPlaces = std::vector<std::size_t>;

// Those that have the permission by a grant to the party itself: a grant to one above it does not count. Root keys never do,
// whatever else they were given.
StatusOr<KeyPlaces> OwnKeysOf(const store::Reader& state, const std::vector<crypto::PublicKey>& signers,
                              const std::string& party, v1::Permission permission);

// One that must sign by itself, and the keys that may count for it.
struct OwnKeys {
  std::string party;
  KeyPlaces keys;
};

// Which of the parties sign when each key counts for one party and each party once. As many as can, and of several such
// choices the one with the earlier parties. There is an answer for each party.
std::vector<bool> MatchOwnKeys(const std::vector<OwnKeys>& parties);

}  // namespace fundtrail::books
