// Of needs: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// By what needs are sorted.
std::tuple<std::int64_t, std::uint32_t, std::string, std::int64_t, std::string> RankOf(
    const v1::NeedLine& line) {
  const v1::DeclareNeed& need = line.need();
  const std::uint32_t urgency =
      need.priority() == 0 ? std::numeric_limits<std::uint32_t>::max() : need.priority();
  // Behind every day.
  const std::string until = need.until().empty() ? std::string("~") : need.until();
  return {-std::int64_t{line.severity()}, urgency, until, -line.people(), need.id()};
}

// The state that follows from a need's figures and its last day.
v1::NeedState StateFrom(const v1::NeedLine& line, const std::string& on) {
  const Wide came = Wide{line.direct()} + line.by_projects();
  // Days sort as their texts do.
  if (!line.need().until().empty() && line.need().until() < on) return v1::NEED_STATE_EXPIRED;
  if (line.asked() == 0) return v1::NEED_STATE_WITHOUT_AMOUNT;
  if (line.beyond()) return v1::NEED_STATE_UNSPECIFIED;
  if (came >= line.asked()) return v1::NEED_STATE_MET;
  if (came + line.assigned() >= line.asked()) return v1::NEED_STATE_ASSIGNED;
  return came + line.assigned() > 0 ? v1::NEED_STATE_PARTLY : v1::NEED_STATE_OPEN;
}

// One need by itself.
Status CheckNeed(const v1::NeedLine& line, const std::string& on) {
  const v1::DeclareNeed& need = line.need();
  const std::string of = absl::StrCat("of need ", Escaped(need.id()), ", ");
  for (const std::int64_t sum : {line.people(), line.asked(), line.direct(), line.by_projects(),
                                 line.committed(), line.open(), line.assigned(), need.amount()})
    if (sum < 0) return Bad(of + "a sum is below zero");
  const Wide came = Wide{line.direct()} + line.by_projects();
  if (Wide{line.committed()} > came) return Bad(of + "more is committed than came");
  if (line.beyond() && came > 0) return Bad(of + "what came is not known, and is said");
  const Wide open = line.beyond() ? Wide{0} : std::max(Wide{0}, Wide{line.asked()} - came - line.assigned());
  if (line.open() != open)
    return Bad(of + "what is open is not what is asked less what came and is assigned");
  if (line.found() != v1::VerifyNeed::RESULT_CORRECTED &&
      (line.people() != need.people() || line.severity() != need.severity() ||
       line.asked() != Capped(Wide{need.amount()} * line.years())))
    return Bad(of + "nobody corrected it, and it has other figures than its own");
  // One that ended, or has not begun, has no state; nor has one for which more came than can be counted.
  if (line.state() != v1::NEED_STATE_UNSPECIFIED && line.state() != StateFrom(line, on))
    return Bad(of + "the state does not follow from what came");
  return absl::OkStatus();
}

// Whether the question asks for such a need.
bool IsAskedFor(const v1::NeedLine& line, const v1::NeedsRequest& request) {
  const auto has = [](const auto& list, const auto& one) {
    return std::find(list.begin(), list.end(), one) != list.end();
  };
  if (request.ids_size() > 0) return has(request.ids(), line.need().id());
  if (line.state() == v1::NEED_STATE_UNSPECIFIED && !(line.beyond() && request.states().empty()))
    return false;
  const bool verified =
      line.found() == v1::VerifyNeed::RESULT_CONFIRMED || line.found() == v1::VerifyNeed::RESULT_CORRECTED;
  if (!verified && !request.unverified()) return false;
  return request.states_size() == 0 ? line.state() != v1::NEED_STATE_EXPIRED
                                    : has(request.states(), static_cast<int>(line.state()));
}

struct NeedSums {
  std::uint64_t needs = 0;
  Wide asked = 0, met = 0, open = 0, assigned = 0;
};

// That the counts are of the lines.
Status CheckCounts(const v1::NeedsAnswer& answer) {
  std::map<std::pair<std::string, int>, NeedSums> sums;
  for (const v1::NeedLine& line : answer.lines()) {
    NeedSums& of = sums[{line.need().asset(), line.state()}];
    ++of.needs;
    of.asked += line.asked();
    of.met += Wide{line.direct()} + line.by_projects();
    of.open += line.open();
    of.assigned += line.assigned();
  }
  for (const v1::NeedCount& count : answer.counts()) {
    const auto of = sums.extract(std::pair<std::string, int>(count.asset(), count.state()));
    const bool fits = !of.empty() && of.mapped().needs == count.needs() &&
                      Capped(of.mapped().asked) == count.asked() && Capped(of.mapped().met) == count.met() &&
                      Capped(of.mapped().open) == count.open() &&
                      Capped(of.mapped().assigned) == count.assigned();
    if (!fits) return Bad("the counts are not those of the needs");
  }
  return sums.empty() ? absl::OkStatus() : Bad("the counts are not those of the needs");
}

}  // namespace

Status CheckAnswer(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::set<std::string> ids;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::NeedLine& line = answer.lines(i);
    FT_RETURN_IF_ERROR(CheckNeed(line, answer.on()));
    if (!IsAskedFor(line, request))
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " was not asked for"));
    if (!ids.insert(line.need().id()).second)
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " is listed twice"));
    if (i > 0 && RankOf(line) < RankOf(answer.lines(i - 1)))
      return Bad(absl::StrCat("need ", Escaped(line.need().id()), " is out of order"));
  }
  if (!whole) return absl::OkStatus();
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more needs than were asked for");
  if (request.limit() > 0 || !request.after().empty()) return absl::OkStatus();
  if (request.ids_size() > 0 && answer.lines_size() != request.ids_size())
    return Bad("it lacks needs that were asked for");
  return CheckCounts(answer);
}

}  // namespace fundtrail::cli
