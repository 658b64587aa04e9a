// See authority.h.
#include "ledger/books/authority.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

StatusOr<Authority::Root> Authority::TheRoot() {
  if (root_.has_value()) return *root_;
  FT_ASSIGN_OR_RETURN(const auto genesis, items_.Genesis(state_));
  Root root;
  root.threshold = genesis->threshold();
  for (const auto& key : signers_) {
    FT_ASSIGN_OR_RETURN(const auto grant,
                        GetMessage<v1::GrantRow>(state_, keys::Grant(key.view(), genesis->root_party())));
    if (grant.has_value() && grant->root()) ++root.signers;
  }
  root_ = root;
  return root;
}

StatusOr<bool> Authority::GrantReaches(const crypto::PublicKey& key, std::string_view party,
                                       v1::Permission permission) {
  // Up from the party: its own grant, then those of its ancestors that hold for descendants.
  bool reaches = false;
  FT_RETURN_IF_ERROR(
      ancestors_.EachAbove(v1::Action::kRegisterParty, party, [&](const std::string& at) -> StatusOr<bool> {
        FT_ASSIGN_OR_RETURN(const auto grant, GetMessage<v1::GrantRow>(state_, keys::Grant(key.view(), at)));
        if (grant.has_value() && !grant->root() && (at == party || grant->descendants())) {
          const auto& permissions = grant->permissions();
          reaches = permission == v1::PERMISSION_UNSPECIFIED ||
                    std::find(permissions.begin(), permissions.end(), permission) != permissions.end();
        }
        return !reaches;
      }));
  return reaches;
}

Status Authority::Require(std::string_view party, v1::Permission permission, std::string_view field) {
  FT_ASSIGN_OR_RETURN(const Root root, TheRoot());
  if (root.decides()) return absl::OkStatus();
  const std::pair<std::string, int> question(std::string(party), permission);
  const auto known = known_.find(question);
  if (known != known_.end() && known->second) return absl::OkStatus();
  bool allowed = false;
  for (std::size_t i = 0; !allowed && i < signers_.size(); ++i) {
    FT_ASSIGN_OR_RETURN(allowed, GrantReaches(signers_[i], party, permission));
  }
  known_[question] = allowed;
  if (allowed) return absl::OkStatus();
  if (root.signers > 0) {
    return Refuse(v1::REFUSAL_CODE_QUORUM_MISSING, field,
                  absl::StrCat(root.signers, " root key(s) signed, and ", root.threshold, " must"));
  }
  const std::string what = permission == v1::PERMISSION_UNSPECIFIED
                               ? "speak for "
                               : absl::StrCat(model::WordOf(permission), " for ");
  return Refuse(v1::REFUSAL_CODE_KEY_NOT_AUTHORISED, field,
                absl::StrCat("no key that signed may ", what, "party ", std::string(party),
                             " at this point of the log"));
}

Status Authority::RequireEither(std::string_view party, v1::Permission first, v1::Permission second,
                                std::string_view field) {
  Status refused = Require(party, first, field);
  if (refused.ok() || !model::RefusalOf(refused).has_value()) return refused;
  const Status other = Require(party, second, field);
  return other.ok() || !model::RefusalOf(other).has_value() ? other : refused;
}

Status Authority::RequireRoot(std::string_view field) {
  FT_ASSIGN_OR_RETURN(const Root root, TheRoot());
  if (root.signers >= root.threshold) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_QUORUM_MISSING, field,
                absl::StrCat(root.signers, " root key(s) signed, and ", root.threshold, " must"));
}

StatusOr<const KeyPlaces*> Authority::Own(const std::string& party, v1::Permission permission) {
  const std::pair<std::string, int> question(party, permission);
  const auto known = own_.find(question);
  if (known != own_.end()) return &known->second;
  FT_ASSIGN_OR_RETURN(KeyPlaces own, OwnKeysOf(state_, signers_, party, permission));
  return &own_.emplace(question, std::move(own)).first->second;
}

StatusOr<KeyPlaces> Authority::OwnKeys(const std::string& party, v1::Permission permission) {
  FT_ASSIGN_OR_RETURN(const KeyPlaces* own, Own(party, permission));
  return *own;
}

StatusOr<const KeyPlaces*> Authority::Paying(const std::string& payer) {
  const auto known = paying_.find(payer);
  if (known != paying_.end()) return &known->second;
  FT_ASSIGN_OR_RETURN(const auto genesis, items_.Genesis(state_));
  KeyPlaces paying;
  for (std::size_t i = 0; i < signers_.size(); ++i) {
    FT_ASSIGN_OR_RETURN(
        const auto grant,
        GetMessage<v1::GrantRow>(state_, keys::Grant(signers_[i].view(), genesis->root_party())));
    // Root keys may pay for everybody, where enough of them sign.
    bool pays = grant.has_value() && grant->root();
    if (!pays) {
      FT_ASSIGN_OR_RETURN(pays, GrantReaches(signers_[i], payer, v1::PERMISSION_PAY));
    }
    if (pays) paying.push_back(i);
  }
  return &paying_.emplace(payer, std::move(paying)).first->second;
}

StatusOr<KeyPlaces> Authority::ApprovingFor(const std::string& party, const std::string& payer) {
  FT_ASSIGN_OR_RETURN(const KeyPlaces* approving, Own(party, v1::PERMISSION_APPROVE));
  KeyPlaces left;
  if (approving->empty()) return left;
  // A group decides by its quorum: a key that was given to its party approves nothing in its name.
  FT_ASSIGN_OR_RETURN(const auto group, GetItem(state_, v1::Action::kFormGroup, party));
  if (group.has_value()) return left;
  FT_ASSIGN_OR_RETURN(const KeyPlaces* paying, Paying(payer));
  std::set_difference(approving->begin(), approving->end(), paying->begin(), paying->end(),
                      std::back_inserter(left));
  return left;
}

}  // namespace fundtrail::books
