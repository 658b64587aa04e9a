// See grants.h.
#include "ledger/books/grants.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

Status ApplyAuthoriseKey(store::Overlay* state, RecordIndex record, const v1::AuthoriseKey& action,
                         Authority* authority, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto party, FindParty(*state, action.party(), field + ".party"));
  FT_RETURN_IF_ERROR(CheckGoesOn(party, field + ".party"));
  FT_RETURN_IF_ERROR(authority->Require(action.party(), v1::PERMISSION_ADMINISTER, field + ".party"));
  const Bytes key = keys::Grant(action.public_key(), action.party());
  FT_ASSIGN_OR_RETURN(const auto existing, GetMessage<v1::GrantRow>(*state, key));
  if (existing.has_value()) {
    return Refuse(v1::REFUSAL_CODE_KEY_EXISTS, field + ".public_key",
                  "this key is authorised for this party already: revoke it first to change what it may do");
  }
  v1::GrantRow row;
  row.mutable_permissions()->CopyFrom(action.permissions());
  row.set_descendants(action.descendants());
  row.set_record(record.value());
  PutMessage(state, key, row);
  authority->Forget();
  return absl::OkStatus();
}

Status ApplyRevokeKey(store::Overlay* state, RecordIndex record, const v1::RevokeKey& action,
                      Authority* authority, const std::string& field) {
  const Bytes key = keys::Grant(action.public_key(), action.party());
  FT_RETURN_IF_ERROR(FindParty(*state, action.party(), field + ".party").status());
  FT_RETURN_IF_ERROR(authority->Require(action.party(), v1::PERMISSION_ADMINISTER, field + ".party"));
  FT_ASSIGN_OR_RETURN(const auto grant, GetMessage<v1::GrantRow>(*state, key));
  if (!grant.has_value()) {
    return Refuse(v1::REFUSAL_CODE_KEY_UNKNOWN, field + ".public_key",
                  "this key is not authorised for this party");
  }
  if (grant->root()) {
    FT_RETURN_IF_ERROR(authority->RequireRoot(field + ".public_key"));
    FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(*state));
    FT_ASSIGN_OR_RETURN(const std::uint64_t roots, CountRootKeys(*state));
    if (roots <= genesis.threshold()) {
      return Refuse(
          v1::REFUSAL_CODE_ROOT_QUORUM_LOST, field + ".public_key",
          absl::StrCat("this is one of ", roots, " root keys, and ", genesis.threshold(), " are needed"));
    }
  }
  EndGrant(state, record, action.public_key(), action.party(), *grant);
  authority->Forget();
  return absl::OkStatus();
}

void EndGrant(store::Overlay* state, RecordIndex record, ByteView public_key, std::string_view party,
              const v1::GrantRow& grant) {
  state->Delete(keys::Grant(public_key, party));
  if (grant.record() < record.value()) PutMessage(state, keys::PastGrant(public_key, party, record), grant);
}

}  // namespace fundtrail::books
