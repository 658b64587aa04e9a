// Proofs to keep and to send (C2SP tlog-proof): that an entry stands in a log, in one text file. It is checked with
// the log's key, or a policy, and nothing else.
//
//   c2sp.org/tlog-proof@v1
//   extra <base64>           optional; bytes that the format does not authenticate
//   index <decimal>
//   <base64 of a hash>...    the inclusion proof, the leaf's sibling first
//                            (an empty line)
//   <the signed checkpoint as the log gave it>
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/tree/policy.h"

namespace fundtrail::tree {

inline constexpr std::size_t kMaxProofBytes = std::size_t{2} << 20;  // of the whole file
inline constexpr std::size_t kMaxProofHashes = 64;                   // of a tree of any 64-bit size

struct Proof {
  Bytes extra;
  std::uint64_t index = 0;
  std::vector<Hash> path;
  std::string checkpoint;  // a signed note, verbatim
  friend bool operator==(const Proof&, const Proof&) = default;
};

// What ParseProof returns, FormatProof writes back byte for byte: one text for one proof. It judges the form
// alone, and not the checkpoint's: that is for OpenUnderPolicy. INVALID_ARGUMENT with the line that is wrong.
StatusOr<Proof> ParseProof(std::string_view text);
std::string FormatProof(const Proof& proof);

// That the leaf stands at the proof's index in a tree that the policy accepts the checkpoint of. Errors are
// OpenUnderPolicy's and VerifyInclusion's.
StatusOr<Accepted> VerifyProof(const Proof& proof, const Hash& leaf_hash, const Policy& policy);

}  // namespace fundtrail::tree
