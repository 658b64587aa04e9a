// See id.h.
#include "ledger/base/id.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace fundtrail {

bool IsValidId(std::string_view id) {
  if (id.empty() || id.size() > kMaxIdBytes || !absl::ascii_isalnum(static_cast<unsigned char>(id[0])))
    return false;
  return std::all_of(id.begin(), id.end(), [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_' || c == ':' || c == '-';
  });
}

}  // namespace fundtrail
