// Items of registers that are asked for again and again: a payment names two parties, a fund and an asset, and the next one hardly
// others. What is kept is what the bytes of a row mean, and these are looked at each time. So it is true of any state.
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include "absl/container/flat_hash_map.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

using SharedItem = std::shared_ptr<const v1::RegisterRow>;
using SharedGenesis = std::shared_ptr<const v1::GenesisRow>;

// Not thread-safe.
class Items {
 public:
  // It keeps so many, of rows that have so many bytes together. Most rows have some hundred bytes; one may have 60,000.
  static constexpr std::size_t kMost = 8192, kMostBytes = std::size_t{8} << 20;

  // The present version of the item, as GetItem (state.h) has it. Null when there is none.
  StatusOr<SharedItem> Get(const store::Reader& state, v1::Action::ActionCase action, std::string_view id);
  // As NeedGenesis (state.h) has it. Each entry is asked by it, and it hardly ever changes.
  StatusOr<SharedGenesis> Genesis(const store::Reader& state);

 private:
  struct Known {
    Bytes bytes;
    SharedItem item;
  };
  absl::flat_hash_map<Bytes, Known> known_;  // by key
  std::size_t bytes_ = 0;                    // of their rows
  Bytes genesis_bytes_;
  SharedGenesis genesis_;
};

}  // namespace fundtrail::books
