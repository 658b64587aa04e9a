// See item_names.h.
#include "ledger/query/item_names.h"

#include <initializer_list>

#include "ledger/model/register_table.h"
#include "ledger/model/typed_item.h"

namespace fundtrail::query {

StatusOr<std::string> NameOfItem(const View& view, v1::Action::ActionCase of, const std::string& id,
                                 AsOfRecord as_of) {
  if (id.empty()) return std::string();
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, of, id, as_of));
  if (!row.has_value()) return std::string();
  // Of the root party, genesis gives the name.
  if (row->action().has_genesis()) return row->action().genesis().root_name();
  if (row->action().action_case() != of) return std::string();
  return model::ItemName(row->action());
}

StatusOr<std::size_t> ItemNames::Add(const View& view, v1::Action::ActionCase of, const std::string& id,
                                     Table* table) {
  return Add(view, of, id, view.as_of, table);
}

StatusOr<std::size_t> ItemNames::Add(const View& view, v1::Action::ActionCase of, const std::string& id,
                                     AsOfRecord as_of, Table* table) {
  if (id.empty() || added_.count({of, id}) > 0) return std::size_t{0};
  if (added_.size() >= kMostRemembered) added_.clear();
  added_.emplace(of, id);
  FT_RETURN_IF_ERROR(view.GoOn());
  FT_ASSIGN_OR_RETURN(const std::string name, NameOfItem(view, of, id, as_of));
  const model::Register* const shown = model::FindRegister(of);
  if (name.empty() || shown == nullptr) return std::size_t{0};
  v1::ItemName* const added = table->Add();
  added->set_register_(std::string(shown->name));
  added->set_id(id);
  added->set_name(name);
  FT_RETURN_IF_ERROR(view.Grow(added->ByteSizeLong()));
  return added->ByteSizeLong();
}

StatusOr<std::size_t> ItemNames::Add(const View& view, const v1::Account& account, Table* table) {
  if (!added_.empty() && account.fund() == fund_ && account.project() == project_) return std::size_t{0};
  fund_ = account.fund();
  project_ = account.project();
  FT_ASSIGN_OR_RETURN(const std::size_t fund, Add(view, v1::Action::kOpenFund, account.fund(), table));
  FT_ASSIGN_OR_RETURN(const std::size_t project,
                      Add(view, v1::Action::kProposeProject, account.project(), table));
  return fund + project;
}

StatusOr<std::size_t> ItemNames::Add(const View& view, const v1::TransferLine& line, Table* table) {
  const v1::Transfer& transfer = line.transfer();
  std::size_t bytes = 0;
  for (const auto& [of, id] : {std::pair(v1::Action::kOpenFund, &transfer.fund()),
                               std::pair(v1::Action::kOpenFund, &transfer.to_fund()),
                               std::pair(v1::Action::kProposeProject, &transfer.project()),
                               std::pair(v1::Action::kProposeProject, &transfer.to_project()),
                               std::pair(v1::Action::kDeclarePlace, &transfer.place())}) {
    FT_ASSIGN_OR_RETURN(const std::size_t more, Add(view, of, *id, table));
    bytes += more;
  }
  return bytes;
}

}  // namespace fundtrail::query
