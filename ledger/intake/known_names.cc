// See known_names.h.
#include "ledger/intake/known_names.h"

#include <algorithm>
#include <utility>

#include "ledger/base/names.h"
#include "ledger/base/text.h"
#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::intake {
namespace {

using NamesOfIds = std::multimap<std::string, std::string, std::less<>>;

std::vector<std::string> IdsUnder(const NamesOfIds& names, std::string_view name) {
  std::vector<std::string> ids;
  const auto [from, to] = names.equal_range(name);
  for (auto at = from; at != to; ++at)
    if (std::find(ids.begin(), ids.end(), at->second) == ids.end()) ids.push_back(at->second);
  return ids;
}

}  // namespace

void NamedParties::Add(std::string_view id, std::string_view name) {
  if (names_.size() >= kMost) return;
  const std::string line = SingleLine(name);
  folded_.emplace(FoldedForSearch(line), std::string(id));
  names_.emplace(line, std::string(id));
}

void NamedParties::Add(const v1::Entry& entry) {
  for (const auto& action : entry.actions())
    if (action.has_register_party()) Add(action.register_party().id(), action.register_party().name());
}

std::vector<std::string> NamedParties::Called(std::string_view name) const {
  return IdsUnder(names_, SingleLine(name));
}

std::vector<std::string> NamedParties::CalledLike(std::string_view text) const {
  return IdsUnder(folded_, FoldedForSearch(SingleLine(text)));
}

StatusOr<const NamedParties*> KnownNames::Of(const store::Reader& rows) {
  if (names_.has_value()) return &*names_;
  NamedParties read;
  const Bytes prefix = model::keys::ItemsOf(v1::Action::kRegisterParty);
  const auto cursor = rows.Scan(prefix, store::PrefixEnd(prefix));
  for (; cursor->Valid(); cursor->Next()) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    read.Add(row.action().register_party().id(), row.action().register_party().name());
  }
  FT_RETURN_IF_ERROR(cursor->status());
  names_ = std::move(read);
  return &*names_;
}

void KnownNames::Add(const v1::Entry& entry) {
  if (names_.has_value()) names_->Add(entry);
}

}  // namespace fundtrail::intake
