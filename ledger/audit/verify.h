// Verifying a ledger that one does not trust: everything that can be computed again is.
//
// Each record's bytes are parsed, its signatures checked, its entry applied by the ledger's own rules to an
// empty store. The record that comes out must be the stored one byte for byte (so hash chain, order, times
// and outcome are right). Then the tree's root must be the one that the checkpoint signs. Every other row
// of the store, and every tile of an archive, must be the replayed one.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/verdict.pb.h"
#include "ledger/audit/signer.h"
#include "ledger/audit/source.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"
#include "ledger/tree/policy.h"

namespace fundtrail::audit {

struct VerifyOptions {
  std::string
      vkey;  // whom the auditor trusts: the ledger's published key, or one that it had before (signer.h)
  std::string scratch_dir;  // the replay's store is made here and removed; empty: the system's folder
  std::optional<tree::Policy> policy;  // the checkpoint must be accepted by it too
  std::vector<KeptCheckpoint> earlier;
  books::Rulebook known_rules = books::KnownRules();
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  // The records hold, but some row differs: all is replayed once more, to name the first such row. The progress begins anew.
  std::function<void()> again;
};

// An answer with `needs_rules` when this program is too old to tell. One with `holds` false, and the first bad record or
// row, when the ledger is not what it should be. An error only when that cannot be told. Causes are a vkey that is not one,
// or that the policy does not list, no room to replay, and files that cannot be read.
StatusOr<v1::VerifyAnswer> VerifySource(Source* source, const VerifyOptions& options);
StatusOr<v1::VerifyAnswer> VerifyStore(const store::Reader& rows, const VerifyOptions& options);
// Of a ledger's folder or of an archive's; nothing in the folder is changed.
StatusOr<v1::VerifyAnswer> VerifyFolder(const std::string& dir, const VerifyOptions& options);

}  // namespace fundtrail::audit
