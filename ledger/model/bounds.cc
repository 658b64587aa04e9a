// See bounds.h.
#include "ledger/model/bounds.h"

#include <algorithm>

namespace fundtrail::model {

bool IsValidLedgerName(std::string_view name) {
  if (name.empty() || name.size() > 128) return false;
  return std::all_of(name.begin(), name.end(), [](char c) { return c > ' ' && c <= '~' && c != '+'; });
}

}  // namespace fundtrail::model
