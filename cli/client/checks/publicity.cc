// Of publicity, and of what is open: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

constexpr int kMaxPublicPlaces = 1'000, kMaxPublicNotices = 500, kMaxOpen = 100;

// What both answers say of a notice, on that day.
Status CheckNotice(const v1::PublicityNotice& line, const std::string& on) {
  const v1::Announce& notice = line.notice();
  const std::string of = absl::StrCat("of notice ", Escaped(notice.id()), ", ");
  const auto from = ParseDate(notice.from());
  const auto last = ParseDate(line.last());
  // A last day after 2200 is said as the last of that year.
  if (!from.ok() || !last.ok() || last->days() < from->days() ||
      std::int64_t{last->days()} - from->days() >= std::max<std::int64_t>(notice.days(), 1))
    return Bad(of + "the last day does not follow from the first");
  if (line.complete() != (line.last() < on)) return Bad(of + "it is not as complete as its days say");
  if (notice.from() > on) return Bad(of + "its first day is to come");
  if ((notice.kind() == v1::Announce::KIND_CALL) != (notice.ways_size() > 0))
    return Bad(of + "a call has ways to take part, and nothing else has");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::PublicityAnswer& answer, const v1::PublicityRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked for");
  if (answer.days() == 0 || (request.days() > 0 && request.days() != answer.days()))
    return Bad("it is for another number of days than was asked for");
  if (answer.places_size() > kMaxPublicPlaces || answer.notices_size() > kMaxPublicNotices)
    return Bad("it shows more than it may");
  std::uint64_t silent = 0, with_need = 0;
  std::set<std::string> places, notices;
  for (const v1::PublicityPlace& line : answer.places()) {
    const std::string of = absl::StrCat("of place ", Escaped(line.place()), ", ");
    if (!places.insert(line.place()).second) return Bad(of + "there are two lines");
    if (line.silent() != (line.needs() > 0 && line.reached_by() == 0))
      return Bad(of + "it is not as silent as its calls say");
    if (line.calls() > line.notices() || line.calls() > line.reached_by() ||
        line.announcers() > line.notices())
      return Bad(of + "a part is more than its whole");
    for (const std::uint64_t channel :
         {line.web(), line.board(), line.meeting(), line.radio(), line.message()})
      if (channel > line.notices()) return Bad(of + "a part is more than its whole");
    if (request.silent() && !line.silent()) return Bad(of + "it is not silent");
    silent += line.silent() ? 1 : 0;
    with_need += line.needs() > 0 ? 1 : 0;
  }
  const bool all = answer.more_places() == 0;
  if (silent > answer.silent() || (all && silent < answer.silent()) || answer.silent() > answer.with_need() ||
      with_need > answer.with_need() || (all && !request.silent() && with_need < answer.with_need()))
    return Bad("the places do not add up to what is said of all");
  for (const v1::PublicityNotice& line : answer.notices()) {
    if (!notices.insert(line.notice().id()).second)
      return Bad(absl::StrCat("notice ", Escaped(line.notice().id()), " is listed twice"));
    FT_RETURN_IF_ERROR(CheckNotice(line, answer.on()));
    if (line.last() < answer.since())
      return Bad(absl::StrCat("of notice ", Escaped(line.notice().id()), ", its last day was before"));
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::OpenAnswer& answer, const v1::OpenRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.place() != answer.place() || request.category() != answer.category())
    return Bad("it is of another place or category than was asked for");
  if (answer.calls_size() > kMaxOpen || answer.needs_size() > kMaxOpen || answer.projects_size() > kMaxOpen)
    return Bad("it shows more than it may");
  for (const v1::OpenCall& line : answer.calls()) {
    FT_RETURN_IF_ERROR(CheckNotice(line.call(), answer.on()));
    if (line.call().notice().kind() != v1::Announce::KIND_CALL || line.call().complete())
      return Bad(absl::StrCat("notice ", Escaped(line.call().notice().id()), " is not a call in force"));
  }
  for (const v1::NeedLine& line : answer.needs()) {
    if (!IsPart(line.open(), line.asked()))
      return Bad(absl::StrCat("of need ", Escaped(line.need().id()), ", more is open than is asked"));
    if (line.state() != v1::NEED_STATE_OPEN && line.state() != v1::NEED_STATE_PARTLY &&
        line.state() != v1::NEED_STATE_WITHOUT_AMOUNT)
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " is not open"));
  }
  for (const v1::OpenProject& line : answer.projects()) {
    if (line.placed() < 0 || line.gap() <= 0 || Wide{line.placed()} + line.gap() != line.budget())
      return Bad(absl::StrCat("of project ", Escaped(line.project()), ", the gap is not what is missing"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
