// The id and date of an entry that got no answer and may have been taken. They go in the error that says so: from whoever
// sends entries to whoever prints errors, which knows nothing of sending.
#pragma once

#include <optional>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::cli {

struct Unanswered {
  std::string id;  // 32 hex digits
  std::string date;
};
void MarkUnanswered(const Unanswered& unanswered, Status* failed);
// Nothing when the error is not so marked.
std::optional<Unanswered> UnansweredOf(const Status& status);

}  // namespace fundtrail::cli
