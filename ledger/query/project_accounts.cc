// See project_accounts.h.
#include "ledger/query/project_accounts.h"

#include <utility>

#include "ledger/base/quantity.h"

namespace fundtrail::query {

namespace keys = model::keys;

ProjectAccounts::ProjectAccounts(const View& view, AsOfRecord as_of, const Joins& joins)
    : view_(view), then_(Then(view, as_of)), as_of_(as_of), joins_(joins) {}

StatusOr<const ProjectAccounts::Party*> ProjectAccounts::PartyOf(const std::string& id) {
  const auto known = parties_.find(id);
  if (known != parties_.end()) return &known->second;
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, id));
  Party known_now{party.role(), !party.role_inferred(), party.place()};
  if (const std::string& standing = joins_.StandingFor(id); standing != id) {
    FT_ASSIGN_OR_RETURN(const auto seated, NeedParty(then_, standing));
    known_now.seat = seated.place();
  }
  return &parties_.emplace(id, std::move(known_now)).first->second;
}

Status ProjectAccounts::Each(const std::string& project, const std::string& asset, std::int64_t placed,
                             const std::function<Status(const HeldInProject&)>& take) {
  const Bytes all = keys::ProjectAccountsOf(project);
  const auto cursor = view_.rows->Scan(all, store::PrefixEnd(all));
  std::int64_t sum = 0;
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto account, keys::ReadProjectAccount(cursor->key()));
    FT_ASSIGN_OR_RETURN(auto name, NeedAccountName(view_, account));
    if (name.project() != project) return model::Damaged(cursor->key(), "is not what the account says");
    if (name.asset() != asset) continue;
    FT_ASSIGN_OR_RETURN(const Amount amount, HeldBy(view_, account, as_of_));
    if (amount.is_zero()) continue;
    FT_ASSIGN_OR_RETURN(const Party* party, PartyOf(name.party()));
    if (party->role == v1::SOURCE) continue;
    if (!AddTo(&sum, amount.value())) break;
    HeldInProject held;
    held.fund = std::move(*name.mutable_fund());
    held.party = std::move(*name.mutable_party());
    held.role = party->role;
    held.reached = party->role == v1::RECIPIENT && party->stated;
    held.seat = party->seat;
    held.amount = amount.value();
    FT_RETURN_IF_ERROR(take(held));
  }
  FT_RETURN_IF_ERROR(cursor->status());
  if (sum == placed) return absl::OkStatus();
  return model::Damaged(keys::ProjectSumsOf(project, asset), "is not what its accounts hold");
}

}  // namespace fundtrail::query
