// Trust policies (C2SP tlog-policy): which logs a reader takes checkpoints from, and how many of which witnesses
// must have cosigned them. A policy is a file of lines, its items apart by spaces and tabs:
//
//   log <vkey> [<url>]                      a log that is accepted; its key's name is its origin
//   witness <name> <vkey> [<url>]           a witness; the name is the policy's own
//   group <name> all|any|<k> <member>...    holds when so many of its members hold
//   quorum <name>|none                      what must hold; exactly once
//
// A line is blank, a comment (# first on it), or one of these, and refers to names of lines above it only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/tree/checkpoint.h"
#include "ledger/tree/note.h"

namespace fundtrail::tree {

// What is above these is refused. The standard asks for 32 of each at least.
inline constexpr std::size_t kMaxPolicyBytes = std::size_t{1} << 20;
inline constexpr std::size_t kMaxPolicyEach = 256;  // logs, witnesses, groups

struct PolicyKey {
  Verifier key;
  std::string url;  // empty when the policy names none
  friend bool operator==(const PolicyKey&, const PolicyKey&) = default;
};

// A witness or a group: what a quorum is made of.
struct PolicyMember {
  std::string name;
  std::optional<PolicyKey> witness;  // a witness's key; a group has none, but
  std::size_t threshold = 0;         // so many of
  std::vector<std::size_t> members;  // these, as places in Policy::members, all of them before its own
  friend bool operator==(const PolicyMember&, const PolicyMember&) = default;
};

struct Policy {
  std::vector<PolicyKey> logs;        // type 01, no public key twice
  std::vector<PolicyKey> other_logs;  // whose word does not count, yet a bad signature by one spoils a note
  std::vector<PolicyMember> members;  // in the order of the file; no witness's public key twice
  std::optional<std::size_t> quorum;  // a place in `members`; nothing for `quorum none`
  friend bool operator==(const Policy&, const Policy&) = default;
};

// INVALID_ARGUMENT, beginning "line 7: ", for what the standard does not allow. Witnesses' keys are of type 04:
// a policy with one of another type (06, ML-DSA-44) is refused, since its cosignatures could not be counted.
StatusOr<Policy> ParsePolicy(std::string_view text);

// The policy for these logs alone, known to the reader from elsewhere; others that it lists go to `other_logs`.
// INVALID_ARGUMENT when the policy lists logs and not each of these, or one is given twice.
StatusOr<Policy> ForLogs(const Policy& policy, const std::vector<Verifier>& logs);
StatusOr<Policy> ForLog(const Policy& policy, const Verifier& log);

// Whether the quorum is there when these witnesses, as places in Policy::members, have cosigned.
bool QuorumHolds(const Policy& policy, const std::vector<std::size_t>& witnesses);

struct Cosigned {
  std::size_t member = 0;  // the witness, as a place in Policy::members
  std::uint64_t timestamp = 0;
  friend bool operator==(const Cosigned&, const Cosigned&) = default;
};

struct Accepted {
  Checkpoint checkpoint;
  std::size_t log = 0;                 // who signed it, as a place in Policy::logs
  std::vector<Cosigned> cosignatures;  // by witnesses of the policy, whether the quorum needs them or not
};

// A checkpoint that the policy accepts: signed by one of its logs, whose name is its origin, and cosigned by its
// quorum. Everything else is an error. INVALID_ARGUMENT when the note is not one, no listed log signed it, or a
// signature by a key of the policy is bad. FAILED_PRECONDITION, with who is missing, when the quorum is not there.
StatusOr<Accepted> OpenUnderPolicy(const Policy& policy, std::string_view note);

}  // namespace fundtrail::tree
