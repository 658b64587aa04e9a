// Ids, as all of a ledger and its sheets have them.
#pragma once

#include <cstddef>
#include <string_view>

namespace fundtrail {

inline constexpr std::size_t kMaxIdBytes = 64;

// One to kMaxIdBytes of A-Z a-z 0-9 . _ : - that begin with a letter or a digit.
bool IsValidId(std::string_view id);

}  // namespace fundtrail
