// See items.h.
#include "ledger/books/items.h"

#include <utility>

#include "ledger/model/row_keys.h"
#include "ledger/model/rows.h"

namespace fundtrail::books {

StatusOr<SharedItem> Items::Get(const store::Reader& state, v1::Action::ActionCase action,
                                std::string_view id) {
  Bytes key = model::keys::Item(action, id);
  FT_ASSIGN_OR_RETURN(auto bytes, state.Get(key));
  if (!bytes.has_value()) return SharedItem();
  const auto known = known_.find(key);
  if (known != known_.end() && known->second.bytes == *bytes) return known->second.item;
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::RegisterRow>(key, *bytes));
  auto item = std::make_shared<const v1::RegisterRow>(std::move(row));
  if (known != known_.end()) {
    bytes_ -= known->second.bytes.size();
    known_.erase(known);
  }
  if (known_.size() >= kMost || bytes_ + bytes->size() > kMostBytes) {
    known_.clear();
    bytes_ = 0;
  }
  bytes_ += bytes->size();
  known_.emplace(std::move(key), Known{*std::move(bytes), item});
  return item;
}

StatusOr<SharedGenesis> Items::Genesis(const store::Reader& state) {
  const Bytes key = model::keys::Genesis();
  FT_ASSIGN_OR_RETURN(auto bytes, state.Get(key));
  if (!bytes.has_value()) return model::Damaged(key, "is missing");
  if (genesis_ == nullptr || genesis_bytes_ != *bytes) {
    FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::GenesisRow>(key, *bytes));
    genesis_ = std::make_shared<const v1::GenesisRow>(std::move(row));
    genesis_bytes_ = *std::move(bytes);
  }
  return genesis_;
}

}  // namespace fundtrail::books
