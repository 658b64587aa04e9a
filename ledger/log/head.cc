// See head.h.
#include "ledger/log/head.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::log {

namespace keys = model::keys;

StatusOr<tree::Checkpoint> ReadUnverifiedCheckpoint(const store::Reader& rows) {
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  if (!note.has_value()) return model::Damaged(keys::Checkpoint(), "is missing");
  const auto parsed = tree::ParseNote(*note);
  auto unverified = parsed.ok() ? tree::ParseCheckpoint(parsed->text) : parsed.status();
  if (unverified.ok()) return unverified;
  return model::Damaged(keys::Checkpoint(),
                        absl::StrCat("cannot be read (", unverified.status().message(), ")"));
}

Status CheckKinds(const store::Reader& rows) {
  // One cursor, that goes from each kind to what follows it: to make one costs more than to move it.
  const auto row = rows.Scan("", "");
  for (const char tag : keys::kTags) {
    const Bytes kind = keys::AllOf(tag);
    if (!row->Valid() || row->key() < kind) break;
    row->SkipTo(store::PrefixEnd(kind));
  }
  FT_RETURN_IF_ERROR(row->status());
  if (row->Valid()) return model::Damaged(row->key(), "is no row of a ledger");
  return absl::OkStatus();
}

Status CheckRules(const store::Reader& rows, books::Rulebook known) {
  const auto version = books::RulesInForce(rows);
  if (absl::IsDataLoss(version.status())) return absl::OkStatus();
  FT_RETURN_IF_ERROR(version.status());
  return Annotate(books::FindRules(known, *version).status(), "the ledger");
}

StatusOr<Head> LoadHead(const store::Reader& rows, const crypto::PublicKey& first, books::Rulebook known) {
  // Before the kinds of rows, of which newer rules may have more.
  FT_RETURN_IF_ERROR(CheckRules(rows, known));
  FT_RETURN_IF_ERROR(CheckKinds(rows));
  FT_ASSIGN_OR_RETURN(const auto history, books::GetLedgerKeys(rows));
  const crypto::PublicKey& key = history.empty() ? first : history.back().row.key;
  FT_ASSIGN_OR_RETURN(const auto unverified, ReadUnverifiedCheckpoint(rows));
  FT_ASSIGN_OR_RETURN(const auto note, rows.Get(keys::Checkpoint()));
  const auto verifier = tree::MakeVerifier(unverified.origin, tree::KeyType::kEd25519, key);
  const auto checkpoint = verifier.ok() ? tree::OpenCheckpoint(*note, *verifier) : verifier.status();
  if (!checkpoint.ok()) {
    return absl::DataLossError("the checkpoint is not signed by this ledger's signing key");
  }
  FT_ASSIGN_OR_RETURN(auto tip, LoadTip(rows, checkpoint->size));
  if (tip.tree.Root() != checkpoint->root) {
    return model::Damaged("the tree does not have the checkpoint's root");
  }
  FT_ASSIGN_OR_RETURN(const auto genesis, books::GetGenesis(rows));
  if (!genesis.has_value() || genesis->ledger() != checkpoint->origin) {
    return model::Damaged(
        absl::StrCat("its genesis is not that of ", checkpoint->origin, ", which its checkpoint names"));
  }
  return Head{checkpoint->origin, key, *note, std::move(tip)};
}

}  // namespace fundtrail::log
