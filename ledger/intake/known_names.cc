// See known_names.h.
#include "ledger/intake/known_names.h"

#include <algorithm>
#include <utility>

#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {

std::vector<std::string> NamedItems::IdsUnder(const Ids& names, const std::string& name) {
  std::vector<std::string> ids;
  const auto [from, to] = names.equal_range(name);
  for (auto at = from; at != to; ++at)
    if (std::find(ids.begin(), ids.end(), at->second) == ids.end()) ids.push_back(at->second);
  return ids;
}

void NamedItems::Add(std::string_view id, std::string_view name) {
  if (names_.size() >= kMost) return;
  std::string line = SingleLine(name);
  if (folded_.has_value()) folded_->emplace(FoldedForSearch(line), std::string(id));
  names_.emplace(std::move(line), std::string(id));
}

void NamedItems::Add(NamedItems more) {
  if (!folded_.has_value() && names_.size() + more.names_.size() <= kMost) {
    names_.merge(more.names_);
    return;
  }
  for (const auto& [name, id] : more.names_) Add(id, name);
}

std::vector<std::string> NamedItems::Called(std::string_view name) const {
  return IdsUnder(names_, SingleLine(name));
}

std::vector<std::string> NamedItems::CalledLike(std::string_view text) const {
  if (!folded_.has_value()) {
    folded_.emplace();
    for (const auto& [name, id] : names_) folded_->emplace(FoldedForSearch(name), id);
  }
  return IdsUnder(*folded_, FoldedForSearch(SingleLine(text)));
}

void ItemNames::Add(const v1::Action& action) {
  if (model::FindRegisterNumbered(static_cast<std::uint32_t>(action.action_case())) == nullptr) return;
  const std::string name = model::TextIn(model::ItemOf(action), "name");
  if (!name.empty()) registers_[action.action_case()].Add(model::IdOf(action), name);
}

void ItemNames::Add(const v1::Entry& entry) {
  for (const auto& action : entry.actions()) Add(action);
}

void ItemNames::Add(ItemNames&& more, const std::set<v1::Action::ActionCase>& kinds) {
  for (auto& [kind, items] : more.registers_)
    if (kinds.count(kind) != 0) registers_[kind].Add(std::move(items));
}

std::vector<std::string> ItemNames::Called(v1::Action::ActionCase kind, std::string_view name,
                                           bool exactly) const {
  const auto items = registers_.find(kind);
  if (items == registers_.end()) return {};
  return exactly ? items->second.Called(name) : items->second.CalledLike(name);
}

StatusOr<std::vector<std::string>> KnownNames::Called(const store::Reader& rows, v1::Action::ActionCase kind,
                                                      std::string_view name, bool exactly) {
  if (read_.count(kind) == 0) {
    const Bytes prefix = model::keys::ItemsOf(kind);
    const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
    for (; cursor->Valid(); cursor->Next()) {
      FT_ASSIGN_OR_RETURN(const auto row,
                          model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
      names_.Add(row.action());
    }
    FT_RETURN_IF_ERROR(cursor->status());
    read_.insert(kind);
  }
  return names_.Called(kind, name, exactly);
}

}  // namespace fundtrail::intake
