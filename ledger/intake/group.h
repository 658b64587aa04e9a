// What all imports share that put as many actions into one signed entry as fit: each is tried by the rules before it is signed.
// gatherer.h has what rows of payments need besides.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/target.h"
#include "ledger/store/overlay.h"

namespace fundtrail::intake {

// What the actions of an entry may take: the rest of a record's 65,534 bytes is for its header, the entry's, and one
// signature.
inline constexpr std::size_t kMaxGroupBytes = 64'000;
inline constexpr int kMaxTries = 20;  // to fit an entry to a ledger that others write to

// The bytes that one more action takes in an entry.
std::size_t BytesInGroup(const v1::Action& action);

// An entry with all that it needs but actions; its id stands in for its own.
v1::Entry EmptyEntry(const Target& target, const std::string& author, Date date,
                     const crypto::PublicKey& signer);

// Applies one action to `trial`, as an entry like `empty` would, signed by `signer`. A refusal leaves `trial` as it was.
Status TryAction(const Target& target, const v1::Entry& empty, const v1::Action& action, Date date,
                 const crypto::PublicKey& signer, store::Overlay* trial);

// Gives the entry its id, signs it and appends it. The id follows from the actions, which are never taken twice, and from
// the size of the ledger. Whether somebody else had sent the same entry.
StatusOr<bool> AppendGroup(Target* target, std::string_view domain, const crypto::SigningKey& key,
                           v1::Entry* entry);

}  // namespace fundtrail::intake
