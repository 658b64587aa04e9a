// How errors travel: absl::Status and absl::StatusOr, and the two macros that pass them on. What can go wrong with
// input, disk or keys is a Status with a sentence for a person. What cannot happen unless the program is wrong is an
// assert. No exception crosses a room.
#pragma once

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace fundtrail {

using absl::Status;
using absl::StatusOr;

// Puts `where` and a colon before the message, keeping code and payloads: "flows.csv line 7: …".
Status Annotate(const Status& status, const std::string& where);

}  // namespace fundtrail

#define FT_CONCAT_INNER(a, b) a##b
#define FT_CONCAT(a, b) FT_CONCAT_INNER(a, b)

#define FT_RETURN_IF_ERROR(expression)       \
  do {                                       \
    ::absl::Status ft_status = (expression); \
    if (!ft_status.ok()) return ft_status;   \
  } while (false)

#define FT_ASSIGN_OR_RETURN(target, expression) \
  FT_ASSIGN_OR_RETURN_IMPL(FT_CONCAT(ft_status_or_, __LINE__), target, expression)
#define FT_ASSIGN_OR_RETURN_IMPL(temporary, target, expression) \
  auto temporary = (expression);                                \
  if (!temporary.ok()) return std::move(temporary).status();    \
  target = *std::move(temporary)
