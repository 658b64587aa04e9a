// Reads a file of activities.
#pragma once

#include <cstddef>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/iati/activity.h"

namespace fundtrail::iati {

inline constexpr std::size_t kMaxActivities = 200'000;
inline constexpr std::size_t kMaxTransactions = 500'000;
inline constexpr std::size_t kMaxParts = 2'000'000;  // who takes part, budgets, and related activities

// INVALID_ARGUMENT, with the line, when the text is no XML, or not a file of activities of version 2.01 to 2.03. What is wrong
// in one activity or transaction is no error of the file: whoever makes payments of it says so.
StatusOr<Document> ReadActivities(std::string_view text);

}  // namespace fundtrail::iati
