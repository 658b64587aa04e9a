// See notices.h.
#include "ledger/books/notices.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

using model::Refuse;

namespace {

bool HasSign(const std::string& text) { return text.find('=') != std::string::npos; }

Status CheckDays(const v1::Announce& notice, const std::string& field) {
  const bool may_be_short =
      notice.kind() == v1::Announce::KIND_CALL || notice.kind() == v1::Announce::KIND_CORRECTION;
  if (may_be_short || notice.days() >= kFewestNoticeDays) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_NOTICE_SHORT, field + ".days",
                absl::StrCat("is ", notice.days(), ", and must be at least ", kFewestNoticeDays,
                             ": people need the time to read it and to object"));
}

Status CheckChannels(const v1::Announce& notice, const std::string& field) {
  std::set<std::pair<int, std::string>> seen;
  for (const v1::NoticeChannel& channel : notice.channels()) {
    // People write a channel as KIND=WHERE.
    if (HasSign(channel.where()))
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                    "the words for where a notice is shown must not contain =");
    if (!seen.emplace(channel.kind(), channel.where()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                    "the same channel is listed twice: name each once");
  }
  return absl::OkStatus();
}

Status CheckWays(const v1::Announce& notice, const std::string& field) {
  if (notice.kind() != v1::Announce::KIND_CALL) {
    if (notice.ways().empty()) return absl::OkStatus();
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "are there, and only a CALL has ways to take part");
  }
  if (notice.ways().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                  "are missing: a CALL says at least one way to take part");
  std::set<std::tuple<int, std::string, std::string, std::string>> seen;
  for (const v1::Way& way : notice.ways()) {
    // People write a way as KIND=WHAT=UNIT=MINIMUM=HOW.
    if (HasSign(way.what()) || HasSign(way.unit()) || HasSign(way.how()))
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field,
                    "the words of a way to take part must not contain =");
    if (!seen.emplace(way.kind(), way.what(), way.unit(), way.how()).second)
      return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "the same way is listed twice: name each once");
  }
  return absl::OkStatus();
}

Status CheckCorrects(const v1::Announce& notice, const std::string& field) {
  if (notice.corrects().empty()) return absl::OkStatus();
  if (notice.kind() != v1::Announce::KIND_CORRECTION)
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "is there, and only a CORRECTION corrects a notice");
  if (notice.corrects() == notice.id())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field, "is the notice itself: amend it instead");
  return absl::OkStatus();
}

}  // namespace

Status CheckNotice(const v1::Announce& notice, const std::string& field) {
  FT_RETURN_IF_ERROR(CheckChannels(notice, field + ".channels"));
  FT_RETURN_IF_ERROR(CheckDays(notice, field));
  FT_RETURN_IF_ERROR(CheckWays(notice, field + ".ways"));
  if (notice.total() > 0 && notice.asset().empty())
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".asset", "is missing: a total counts an asset");
  if (!notice.document().empty() && !IsHashText(notice.document()))
    return Refuse(v1::REFUSAL_CODE_FIELD_INVALID, field + ".document",
                  "must be the SHA-256 of the notice's text, as 64 lower-case hex digits");
  return CheckCorrects(notice, field + ".corrects");
}

}  // namespace fundtrail::books
