// See group_names.h.
#include "ledger/query/group_names.h"

#include "ledger/model/enum_word.h"
#include "ledger/query/item_names.h"

namespace fundtrail::query {

StatusOr<std::string> GroupNames::Party(const SummedParty& party) {
  const auto [found, is_new] = parties_.try_emplace(party.number);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found)));
  FT_ASSIGN_OR_RETURN(found->second, walk_.IdOf(party));
  return found->second;
}

StatusOr<std::string> GroupNames::Fund(const SummedAccount& of, model::AccountNumber account) {
  const auto [found, is_new] = funds_.try_emplace(of.fund);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found)));
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
  found->second = name.fund();
  return found->second;
}

StatusOr<std::string> GroupNames::Project(model::AccountNumber account) {
  const auto [found, is_new] = projects_.try_emplace(account);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found)));
  FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
  found->second = name.project();
  return found->second;
}

StatusOr<std::string> GroupNames::Programme(model::AccountNumber account) {
  const auto [found, is_new] = programmes_.try_emplace(account);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found)));
  FT_ASSIGN_OR_RETURN(const std::string project, Project(account));
  if (project.empty()) return std::string();
  FT_ASSIGN_OR_RETURN(const auto item, ItemThen(view_, v1::Action::kProposeProject, project, as_of_));
  if (item.has_value()) found->second = item->action().propose_project().programme();
  return found->second;
}

StatusOr<std::string> GroupNames::Kind(const SummedParty& party) {
  const auto [found, is_new] = kinds_.try_emplace(party.number);
  if (!is_new) return found->second;
  FT_RETURN_IF_ERROR(view_.Grow(sizeof(*found)));
  FT_ASSIGN_OR_RETURN(const std::string id, Party(party));
  FT_ASSIGN_OR_RETURN(const auto said, NeedParty(Then(view_, as_of_), id));
  if (said.kind() != v1::RegisterParty::KIND_UNSPECIFIED) found->second = model::WordOf(said.kind());
  return found->second;
}

StatusOr<std::string> GroupNames::NameOf(v1::Action::ActionCase of, const std::string& id) const {
  return NameOfItem(view_, of, id, as_of_);
}

}  // namespace fundtrail::query
