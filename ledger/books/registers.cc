// See registers.h.
#include "ledger/books/registers.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/keys.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

Status ApplyGenesis(store::Overlay* state, const std::string& ledger, const v1::Genesis& genesis) {
  v1::GenesisRow row;
  row.set_ledger(ledger);
  row.set_root_party(genesis.root_party());
  row.set_threshold(genesis.threshold());
  row.add_rules()->set_version(genesis.rules());
  PutMessage(state, keys::Genesis(), row);

  v1::PartyRow party;
  party.mutable_party()->set_id(genesis.root_party());
  party.mutable_party()->set_name(genesis.root_name());
  party.mutable_party()->set_role(v1::HOLDER);
  PutMessage(state, keys::Party(genesis.root_party()), party);

  v1::GrantRow grant;
  grant.set_descendants(true);
  grant.set_root(true);
  for (const auto& key : genesis.root_keys())
    PutMessage(state, keys::Grant(key, genesis.root_party()), grant);
  return absl::OkStatus();
}

Status ApplyRegisterParty(store::Overlay* state, const Moment& moment, const v1::RegisterParty& action,
                          Authority* authority, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto existing, GetParty(*state, action.id()));
  if (existing.has_value()) {
    return Refuse(v1::PARTY_EXISTS, field + ".id",
                  absl::StrCat("party ", action.id(), " is registered already"));
  }
  FT_ASSIGN_OR_RETURN(const auto parent, GetParty(*state, action.parent()));
  if (!parent.has_value()) {
    return Refuse(v1::PARTY_UNKNOWN, field + ".parent", absl::StrCat("there is no party ", action.parent()));
  }
  int depth = 0;
  FT_RETURN_IF_ERROR(EachAbove(*state, action.parent(), [&](const std::string&) -> StatusOr<bool> {
    ++depth;
    return true;
  }));
  if (depth > moment.rules.party_depth) {
    return Refuse(v1::FIELD_INVALID, field + ".parent",
                  absl::StrCat("more than ", moment.rules.party_depth, " parties above"));
  }
  FT_RETURN_IF_ERROR(authority->Require(action.parent(), v1::ADMINISTER, field + ".parent"));
  for (const auto& alternative : action.alternative_ids()) {
    const Bytes key = keys::AlternativeId(alternative.scheme(), alternative.id());
    FT_ASSIGN_OR_RETURN(const auto taken, state->Get(key));
    if (taken.has_value()) {
      return Refuse(v1::ALTERNATIVE_ID_EXISTS, field + ".alternative_ids",
                    absl::StrCat(alternative.scheme(), " ", alternative.id(), " is party ", *taken));
    }
    state->Put(key, action.id());
  }
  v1::PartyRow row;
  *row.mutable_party() = action;
  row.set_record(moment.record.value());
  PutMessage(state, keys::Party(action.id()), row);
  state->Put(keys::Child(action.parent(), action.id()), "");
  authority->Forget();
  return absl::OkStatus();
}

Status ApplyDeclareAsset(store::Overlay* state, RecordIndex record, const v1::DeclareAsset& action,
                         Authority* authority, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(*state));
  FT_RETURN_IF_ERROR(authority->Require(genesis.root_party(), v1::ADMINISTER, field));
  const Bytes key = keys::Asset(action.code());
  FT_ASSIGN_OR_RETURN(const auto existing, state->Get(key));
  if (existing.has_value()) {
    return Refuse(v1::ASSET_EXISTS, field + ".code",
                  absl::StrCat("asset ", action.code(), " is declared already"));
  }
  v1::AssetRow row;
  *row.mutable_asset() = action;
  row.set_record(record.value());
  PutMessage(state, key, row);
  return absl::OkStatus();
}

Status ApplyOpenFund(store::Overlay* state, RecordIndex record, const v1::OpenFund& action,
                     Authority* authority, const std::string& field) {
  FT_ASSIGN_OR_RETURN(const auto owner, GetParty(*state, action.owner()));
  if (!owner.has_value()) {
    return Refuse(v1::PARTY_UNKNOWN, field + ".owner", absl::StrCat("there is no party ", action.owner()));
  }
  FT_RETURN_IF_ERROR(authority->Require(action.owner(), v1::ADMINISTER, field + ".owner"));
  const Bytes key = keys::Fund(action.id());
  FT_ASSIGN_OR_RETURN(const auto existing, state->Get(key));
  if (existing.has_value()) {
    return Refuse(v1::FUND_EXISTS, field + ".id", absl::StrCat("fund ", action.id(), " is open already"));
  }
  v1::FundRow row;
  *row.mutable_fund() = action;
  row.set_record(record.value());
  PutMessage(state, key, row);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
