// See standing.h.
#include "ledger/log/standing.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/keys.h"

namespace fundtrail::log {

namespace keys = model::keys;

StatusOr<tree::Checkpoint> StatedCheckpoint(const store::Reader& rows) {
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  if (!note.has_value()) return absl::DataLossError("the store is damaged: it has no checkpoint");
  const auto parsed = tree::ParseNote(*note);
  auto unverified = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  if (unverified.ok()) return unverified;
  return absl::DataLossError(absl::StrCat("the store is damaged: its checkpoint cannot be read (",
                                          unverified.status().message(), "); run verify"));
}

StatusOr<Standing> CheckStanding(const store::Reader& rows, const crypto::PublicKey& first) {
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(rows));
  const crypto::PublicKey& key = history.empty() ? first : history.back().row.key;
  FT_ASSIGN_OR_RETURN(const auto unverified, StatedCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  FT_ASSIGN_OR_RETURN(const auto verifier,
                      tree::MakeVerifier(unverified.origin, tree::KeyType::kEd25519, key));
  const auto checkpoint = tree::OpenCheckpoint(*note, verifier);
  if (!checkpoint.ok()) {
    return absl::DataLossError("the checkpoint is not signed by this ledger's signing key");
  }
  FT_ASSIGN_OR_RETURN(auto tip, LoadTip(rows, checkpoint->size));
  if (tip.tree.Root() != checkpoint->root) {
    return absl::DataLossError(
        "the store is damaged: the tree does not have the checkpoint's root; run verify");
  }
  FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(rows));
  if (!genesis.has_value() || genesis->ledger() != checkpoint->origin) {
    return absl::DataLossError(absl::StrCat("the store is damaged: its genesis is not that of ",
                                            checkpoint->origin, ", which its checkpoint names"));
  }
  return Standing{checkpoint->origin, key, *note, std::move(tip)};
}

}  // namespace fundtrail::log
