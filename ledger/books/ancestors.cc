// See ancestors.h.
#include "ledger/books/ancestors.h"

#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::books {

namespace keys = model::keys;

StatusOr<Ancestors::Known> Ancestors::Look(v1::Action::ActionCase action, const std::string& id) {
  const auto found = known_.find({action, id});
  if (found != known_.end()) return found->second;
  Items read;
  FT_ASSIGN_OR_RETURN(const auto row, (items_ == nullptr ? read : *items_).Get(state_, action, id));
  if (row == nullptr) return model::Damaged(keys::Item(action, id), "is missing");
  const model::Message& item = model::ItemOf(row->action());
  return known_
      .emplace(std::pair(action, id), Known{model::TextIn(item, "parent"), model::TextIn(item, "keeper")})
      .first->second;
}

Status Ancestors::EachAbove(v1::Action::ActionCase action, std::string_view id,
                            const std::function<StatusOr<bool>(const std::string& id)>& take) {
  std::string at(id);
  // One more than may be, for an item that is only to be opened.
  for (int above = 0; !at.empty(); ++above) {
    if (above > kMaxTreeDepth + 1) return model::Damaged(keys::Item(action, at), "stands above itself");
    FT_ASSIGN_OR_RETURN(const bool more, take(at));
    if (!more) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Known known, Look(action, at));
    at = known.parent;
  }
  return absl::OkStatus();
}

StatusOr<std::string> Ancestors::KeeperOf(v1::Action::ActionCase action, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const Known known, Look(action, id));
  return known.keeper;
}

}  // namespace fundtrail::books
