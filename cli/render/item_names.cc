// See item_names.h.
#include "cli/render/item_names.h"

#include "cli/render/words.h"
#include "ledger/model/register_table.h"

namespace fundtrail::render {

Shown NamesText(const NameTable& names, const Style& style) {
  Shown text;
  for (const v1::ItemName& each : names) {
    if (each.name() == each.id()) continue;
    // A register of a newer server is no word of this program.
    const bool known = model::FindRegister(each.register_()) != nullptr;
    text += Say("{} {}: {}\n", known ? OwnWord(each.register_()) : Safe(each.register_()), each.id(),
                each.name());
  }
  return text.empty() ? text : Toned(style, Tone::kDim, text);
}

void ItemNames::Add(const NameTable& names) {
  for (const v1::ItemName& each : names) names_.try_emplace({each.register_(), each.id()}, each.name());
}

const std::string& ItemNames::Of(std::string_view of_register, const std::string& id) const {
  if (id.empty()) return none_;
  const auto found = names_.find({std::string(of_register), id});
  return found == names_.end() ? none_ : found->second;
}

}  // namespace fundtrail::render
