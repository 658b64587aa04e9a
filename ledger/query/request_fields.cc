// See request_fields.h.
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

StatusOr<std::optional<Date>> Day(const char* field, const std::string& text) {
  if (text.empty()) return std::optional<Date>();
  const auto date = ParseDate(text);
  if (!date.ok()) return Annotate(date.status(), field);
  return std::optional<Date>(*date);
}

}  // namespace fundtrail::query
