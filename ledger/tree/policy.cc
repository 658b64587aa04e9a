// See policy.h. Judging checkpoints; policy_parse.cc reads the file.
#include "ledger/tree/policy.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/text.h"

namespace fundtrail::tree {
namespace {

// Which members hold when these witnesses cosigned. A group's members stand before it, so one pass is enough.
std::vector<bool> Holding(const Policy& policy, const std::vector<std::size_t>& witnesses) {
  std::vector<bool> holds(policy.members.size(), false);
  for (const std::size_t witness : witnesses) holds[witness] = true;
  for (std::size_t i = 0; i < policy.members.size(); ++i) {
    const PolicyMember& group = policy.members[i];
    if (group.witness.has_value()) continue;
    const auto held = std::count_if(group.members.begin(), group.members.end(),
                                    [&](std::size_t member) { return holds[member]; });
    holds[i] = static_cast<std::size_t>(held) >= group.threshold;
  }
  return holds;
}

// Which members the quorum is made of, at any depth.
std::vector<bool> OfQuorum(const Policy& policy) {
  std::vector<bool> counts(policy.members.size(), false);
  counts[*policy.quorum] = true;
  for (std::size_t i = *policy.quorum + 1; i-- > 0;) {
    if (!counts[i]) continue;
    for (const std::size_t member : policy.members[i].members) counts[member] = true;
  }
  return counts;
}

Status NoQuorum(const Policy& policy, const std::vector<bool>& holds) {
  const std::vector<bool> counts = OfQuorum(policy);
  std::vector<std::string> missing;
  for (std::size_t i = 0; i < policy.members.size(); ++i) {
    if (counts[i] && policy.members[i].witness.has_value() && !holds[i])
      missing.push_back(Escaped(policy.members[i].name));
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the checkpoint is not cosigned by the policy's quorum \"",
                   Escaped(policy.members[*policy.quorum].name), "\": there is no cosignature by ",
                   absl::StrJoin(missing, ", ")));
}

}  // namespace

bool QuorumHolds(const Policy& policy, const std::vector<std::size_t>& witnesses) {
  return !policy.quorum.has_value() || Holding(policy, witnesses)[*policy.quorum];
}

StatusOr<Policy> ForLogs(const Policy& policy, const std::vector<Verifier>& logs) {
  Policy chosen = policy;
  chosen.logs.clear();
  for (const Verifier& log : logs) {
    const auto is_it = [&](const PolicyKey& one) { return one.key == log; };
    if (std::any_of(chosen.logs.begin(), chosen.logs.end(), is_it))
      return absl::InvalidArgumentError(
          absl::StrCat("the key ", Escaped(FormatVkey(log)), " is given twice"));
    const auto listed = std::find_if(policy.logs.begin(), policy.logs.end(), is_it);
    if (!policy.logs.empty() && listed == policy.logs.end())
      return absl::InvalidArgumentError(
          absl::StrCat("the policy lists other logs, and not the key ", Escaped(FormatVkey(log))));
    chosen.logs.push_back(policy.logs.empty() ? PolicyKey{log, ""} : *listed);
  }
  std::copy_if(policy.logs.begin(), policy.logs.end(), std::back_inserter(chosen.other_logs),
               [&](const PolicyKey& one) { return std::count(logs.begin(), logs.end(), one.key) == 0; });
  return chosen;
}

StatusOr<Policy> ForLog(const Policy& policy, const Verifier& log) { return ForLogs(policy, {log}); }

StatusOr<Accepted> OpenUnderPolicy(const Policy& policy, std::string_view note) {
  FT_ASSIGN_OR_RETURN(const Note parsed, ParseNote(note));
  // All keys at once: a bad signature by any of them spoils the note. The logs come first.
  std::vector<Verifier> keys;
  for (const PolicyKey& log : policy.logs) keys.push_back(log.key);
  std::vector<std::size_t> member_of;
  for (std::size_t i = 0; i < policy.members.size(); ++i) {
    if (!policy.members[i].witness.has_value()) continue;
    keys.push_back(policy.members[i].witness->key);
    member_of.push_back(i);
  }
  for (const PolicyKey& log : policy.other_logs) keys.push_back(log.key);
  FT_ASSIGN_OR_RETURN(const auto signatures, VerifyNote(parsed, keys));
  Accepted accepted;
  FT_ASSIGN_OR_RETURN(accepted.checkpoint, ParseCheckpoint(parsed.text));
  FT_RETURN_IF_ERROR(CheckEmptyRoot(accepted.checkpoint));
  bool by_log = false;
  for (const GoodSignature& good : signatures) {
    if (good.verifier >= policy.logs.size() + member_of.size()) continue;
    if (good.verifier >= policy.logs.size()) {
      accepted.cosignatures.push_back({member_of[good.verifier - policy.logs.size()], good.timestamp});
    } else if (!by_log && keys[good.verifier].name == accepted.checkpoint.origin) {
      accepted.log = good.verifier;
      by_log = true;
    }
  }
  if (!by_log) {
    return absl::InvalidArgumentError(
        absl::StrCat("no log of the policy signed the checkpoint of ", Escaped(accepted.checkpoint.origin)));
  }
  if (!policy.quorum.has_value()) return accepted;
  std::vector<std::size_t> witnesses;
  for (const Cosigned& cosigned : accepted.cosignatures) witnesses.push_back(cosigned.member);
  const auto holds = Holding(policy, witnesses);
  if (!holds[*policy.quorum]) return NoQuorum(policy, holds);
  return accepted;
}

}  // namespace fundtrail::tree
