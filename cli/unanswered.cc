// See unanswered.h.
#include "cli/unanswered.h"

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::cli {
namespace {

// In a Status of this program only, never on the wire: the id and a line feed and the date.
constexpr char kUnanswered[] = "fundtrail/unanswered-entry";

}  // namespace

void MarkUnanswered(const Unanswered& unanswered, Status* failed) {
  failed->SetPayload(kUnanswered, absl::Cord(absl::StrCat(unanswered.id, "\n", unanswered.date)));
}

std::optional<Unanswered> UnansweredOf(const Status& status) {
  const auto payload = status.GetPayload(kUnanswered);
  if (!payload.has_value()) return std::nullopt;
  const std::string text(*payload);
  const auto at = text.find('\n');
  return Unanswered{text.substr(0, at), text.substr(at + 1)};
}

}  // namespace fundtrail::cli
