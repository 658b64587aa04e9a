// See ledger_key.h.
#include "ledger/model/ledger_key.h"

#include <algorithm>
#include <cassert>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace fundtrail::model {

Bytes EndorsementText(std::string_view ledger, const crypto::PublicKey& new_key) {
  return absl::StrCat("fundtrail ledger key v1\n", std::string(ledger), "\n", new_key.hex(), "\n");
}

std::size_t PlaceAt(const LedgerKeys& keys, std::uint64_t size) {
  assert(!keys.empty());
  const auto after = std::find_if(keys.begin() + 1, keys.end(),
                                  [&](const LedgerKey& key) { return key.record.value() >= size; });
  return static_cast<std::size_t>(std::distance(keys.begin(), after)) - 1;
}

std::optional<std::size_t> PlaceOf(const LedgerKeys& keys, const crypto::PublicKey& key) {
  const auto found =
      std::find_if(keys.begin(), keys.end(), [&](const LedgerKey& one) { return one.row.key == key; });
  if (found == keys.end()) return std::nullopt;
  return static_cast<std::size_t>(std::distance(keys.begin(), found));
}

std::optional<RotationIn> FindRotation(const v1::Entry& entry) {
  for (int i = 0; i < entry.actions_size(); ++i) {
    if (!entry.actions(i).has_rotate_ledger_key()) continue;
    return RotationIn{&entry.actions(i).rotate_ledger_key(),
                      absl::StrCat("actions[", i, "].rotate_ledger_key")};
  }
  return std::nullopt;
}

}  // namespace fundtrail::model
