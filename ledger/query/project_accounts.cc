// See project_accounts.h.
#include "ledger/query/project_accounts.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/quantity.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<v1::RegisterRow> FindProject(const View& view, const std::string& id, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view.rows, v1::Action::kProposeProject, id));
  if (row.has_value() && as_of.has_value()) {
    FT_ASSIGN_OR_RETURN(row, books::AsOf(*view.rows, *std::move(row), RecordIndex(*as_of)));
  }
  if (row.has_value()) return *std::move(row);
  return absl::NotFoundError(absl::StrCat("this ledger has no project \"", Escaped(id), "\"",
                                          as_of.has_value() ? " at that record" : ""));
}

Status EachAccountIn(const View& view, const std::string& project,
                     const std::function<Status(model::AccountNumber, v1::AccountName)>& take) {
  const Bytes all = keys::ProjectAccountsOf(project);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto account, keys::ReadProjectAccount(cursor->key()));
    FT_ASSIGN_OR_RETURN(auto name, NeedAccountName(view, account));
    if (name.project() != project) return model::Damaged(cursor->key(), "is not what the account says");
    FT_RETURN_IF_ERROR(take(account, std::move(name)));
  }
  return cursor->status();
}

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
  std::int64_t sum = 0;
  bool fits = true;
  const auto add = [&](model::AccountNumber account, v1::AccountName name) -> Status {
    if (!fits || name.asset() != asset) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Amount amount, HeldBy(view_, account, as_of_));
    if (amount.is_zero()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Party* party, PartyOf(name.party()));
    if (party->role == v1::ROLE_SOURCE) return absl::OkStatus();
    fits = AddTo(&sum, amount.value());
    if (!fits) return absl::OkStatus();
    HeldInProject held;
    held.fund = std::move(*name.mutable_fund());
    held.party = std::move(*name.mutable_party());
    held.role = party->role;
    held.reached = party->role == v1::ROLE_RECIPIENT && party->stated;
    held.seat = party->seat;
    held.amount = amount.value();
    return take(held);
  };
  FT_RETURN_IF_ERROR(EachAccountIn(view_, project, add));
  if (fits && sum == placed) return absl::OkStatus();
  return model::Damaged(keys::ProjectSumsOf(project, asset), "is not what its accounts hold");
}

}  // namespace fundtrail::query
