// See root.h.
#include "ledger/books/root.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/grants.h"
#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

namespace {

// Keeps the present threshold for answers as of an earlier record, when another follows. One that an earlier action of the
// same record gave never stood after a record. Nor did that of genesis when its own record changes it.
void KeepThreshold(RecordIndex record, std::uint32_t next, v1::GenesisRow* genesis) {
  if (genesis->threshold() == next || record.value() == 0) return;
  const auto& past = genesis->past_thresholds();
  if (!past.empty() && past.rbegin()->until() == record.value()) return;
  auto* kept = genesis->add_past_thresholds();
  kept->set_until(record.value());
  kept->set_threshold(genesis->threshold());
}

}  // namespace

Status ApplyRotateLedgerKey(store::Overlay* state, RecordIndex record, const std::string& ledger,
                            const v1::RotateLedgerKey& action, Authority* authority,
                            const std::string& field) {
  FT_RETURN_IF_ERROR(authority->RequireRoot(field));
  FT_ASSIGN_OR_RETURN(const auto old_key, crypto::PublicKey::FromBytes(action.old_key()));
  FT_ASSIGN_OR_RETURN(const auto new_key, crypto::PublicKey::FromBytes(action.new_key()));
  FT_ASSIGN_OR_RETURN(const auto history, GetLedgerKeys(*state));
  if (!history.empty() && history.back().row.key != old_key) {
    return Refuse(
        v1::REFUSAL_CODE_KEY_UNKNOWN, field + ".old_key",
        absl::StrCat("the ledger's key at this point of the log is ", history.back().row.key.hex()));
  }
  if (const auto place = model::PlaceOf(history, new_key); place.has_value()) {
    return Refuse(v1::REFUSAL_CODE_KEY_EXISTS, field + ".new_key",
                  absl::StrCat("this was the ledger's key before, from record ",
                               history[*place].record.value(), " on, and never is again"));
  }
  model::LedgerKeyRow row{new_key, std::nullopt};
  if (!action.endorsement().empty()) {
    FT_ASSIGN_OR_RETURN(row.endorsement, crypto::Signature::FromBytes(action.endorsement()));
    if (!crypto::Verify(old_key, model::EndorsementText(ledger, new_key), *row.endorsement)) {
      return Refuse(v1::REFUSAL_CODE_SIGNATURE_INVALID, field + ".endorsement",
                    "this is not the old key's signature over the new one");
    }
  }
  if (history.empty()) {
    state->Put(keys::LedgerKey(RecordIndex(0)), model::Encode(model::LedgerKeyRow{old_key, std::nullopt}));
  }
  state->Put(keys::LedgerKey(record), model::Encode(row));
  return absl::OkStatus();
}

Status ApplyChangeRoot(store::Overlay* state, RecordIndex record, const v1::ChangeRoot& action,
                       Authority* authority, const std::string& field) {
  FT_RETURN_IF_ERROR(authority->RequireRoot(field));
  FT_ASSIGN_OR_RETURN(auto genesis, NeedGenesis(*state));
  for (const auto& key : action.remove_keys()) {
    FT_ASSIGN_OR_RETURN(const auto grant,
                        GetMessage<v1::GrantRow>(*state, keys::Grant(key, genesis.root_party())));
    if (!grant.has_value() || !grant->root())
      return Refuse(v1::REFUSAL_CODE_KEY_UNKNOWN, field + ".remove_keys",
                    absl::StrCat("key ", HexEncode(key), " is not a root key"));
    EndGrant(state, record, key, genesis.root_party(), *grant);
  }
  v1::GrantRow added;
  added.set_descendants(true);
  added.set_root(true);
  added.set_record(record.value());
  for (const auto& key : action.add_keys()) {
    const Bytes row = keys::Grant(key, genesis.root_party());
    FT_ASSIGN_OR_RETURN(const auto grant, state->Get(row));
    if (grant.has_value())
      return Refuse(v1::REFUSAL_CODE_KEY_EXISTS, field + ".add_keys",
                    absl::StrCat("key ", HexEncode(key), " is authorised for ", genesis.root_party(),
                                 " already: revoke it first, if it is not a root key"));
    PutMessage(state, row, added);
  }
  FT_ASSIGN_OR_RETURN(const std::uint64_t roots, CountRootKeys(*state));
  if (roots > model::kMaxSignatures)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".add_keys",
                  absl::StrCat("there would be more than ", model::kMaxSignatures, " root keys"));
  if (roots < action.threshold())
    return Refuse(v1::REFUSAL_CODE_ROOT_QUORUM_LOST, field + ".threshold",
                  absl::StrCat(roots, " root keys would be left, and ", action.threshold(), " must sign"));
  KeepThreshold(record, action.threshold(), &genesis);
  genesis.set_threshold(action.threshold());
  PutMessage(state, keys::Genesis(), genesis);
  authority->Forget();
  // Whoever decides from now on has shown with this entry that they can.
  return authority->RequireRoot(field + ".threshold");
}

Status ApplyAdoptRules(store::Overlay* state, RecordIndex record, const v1::AdoptRules& action,
                       Authority* authority, const std::string& field) {
  FT_RETURN_IF_ERROR(authority->RequireRoot(field));
  FT_ASSIGN_OR_RETURN(auto genesis, NeedGenesis(*state));
  FT_ASSIGN_OR_RETURN(const std::uint32_t present, RulesInForce(*state));
  if (action.version() <= present)
    return Refuse(v1::REFUSAL_CODE_RULES_NOT_NEWER, field + ".version",
                  absl::StrCat("rules ", present, " are in force, and only newer ones can follow"));
  auto* next = genesis.add_rules();
  next->set_record(record.value() + 1);
  next->set_version(action.version());
  PutMessage(state, keys::Genesis(), genesis);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
