// See status.h.
#include "ledger/base/status.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace fundtrail {

Status Annotate(const Status& status, const std::string& where) {
  if (status.ok()) return status;
  Status annotated(status.code(), absl::StrCat(where, ": ", status.message()));
  status.ForEachPayload(
      [&](absl::string_view url, const absl::Cord& payload) { annotated.SetPayload(url, payload); });
  return annotated;
}

}  // namespace fundtrail
