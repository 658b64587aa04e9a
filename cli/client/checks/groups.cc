// Of groups, and of places without one: what is checked (checks.h).
#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// Where seats and parties of a group stand.
struct SeatsCounted {
  std::set<std::string> members;
  std::set<int> kinds;
};

Status CheckSeats(const v1::GroupAnswer& answer, const std::string& group, SeatsCounted* counted) {
  std::set<std::string> seats;
  for (const v1::GroupSeat& seat : answer.seats()) {
    if (!seat.seat().action().has_give_seat()) return Bad("a line is not a seat");
    const v1::GiveSeat& said = seat.seat().action().give_seat();
    const std::string of = absl::StrCat("of seat ", Escaped(said.id()), ", ");
    if (said.group() != group) return Bad(of + "it is one of another group");
    if (!seats.insert(said.id()).second) return Bad(of + "it is listed twice");
    // Days sort as their texts do.
    const bool over = seat.seat().has_ended() || (!said.until().empty() && said.until() < answer.on());
    if (over != (seat.state() == v1::GroupSeat::STATE_OVER))
      return Bad(of + "its state is not that of its period");
    if (seat.state() == v1::GroupSeat::STATE_ACCEPTED && said.from() > answer.on())
      return Bad(of + "it counts before it begins");
    if (seat.signed_() > seat.acts() || Wide{seat.acts()} + seat.recused() > Wide{answer.acts()})
      return Bad(of + "its party came more often than the group acted");
    const Wide attendance = seat.acts() == 0 ? Wide{0} : Wide{seat.signed_()} * 10'000 / seat.acts();
    if (Wide{seat.attendance()} != attendance)
      return Bad(of + "the attendance does not follow from its acts");
    if (seat.state() != v1::GroupSeat::STATE_ACCEPTED) continue;
    counted->members.insert(said.party());
    counted->kinds.insert(said.kind());
  }
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::GroupAnswer& answer, const v1::GroupRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const v1::FormGroup& group = answer.group().action().form_group();
  if (group.id() != request.group()) return Bad("it is of another group than was asked for");
  SeatsCounted counted;
  FT_RETURN_IF_ERROR(CheckSeats(answer, group.id(), &counted));
  std::set<int> vacancies;
  for (const int kind : group.required_kinds())
    if (counted.kinds.count(kind) == 0) vacancies.insert(kind);
  if (vacancies != std::set<int>(answer.vacancies().begin(), answer.vacancies().end()))
    return Bad("the kinds that are missing do not follow from the seats");
  const Wide members = static_cast<Wide>(counted.members.size());
  if (Wide{answer.members()} != members) return Bad("the members are not those of the seats");
  const Wide part = (Wide{group.quorum_basis_points()} * members + 9'999) / 10'000;
  const Wide must = std::max(Wide{group.quorum()}, part);
  if (Wide{answer.must_sign()} != must) return Bad("another number must sign than the group says");
  const bool in_term = group.from() <= answer.on() && (group.until().empty() || answer.on() <= group.until());
  if (answer.can_act() != (!answer.group().has_ended() && !answer.party_ended() && in_term &&
                           vacancies.empty() && members >= must))
    return Bad("whether it can act does not follow from its seats");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::MissingGroupsAnswer& answer, const v1::MissingGroupsRequest& request,
                   bool whole) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const v1::FormGroup::Kind kind =
      request.kind() == v1::FormGroup::KIND_UNSPECIFIED ? v1::FormGroup::KIND_COOPERATIVE : request.kind();
  if (request.level() != answer.level() || kind != answer.kind())
    return Bad("it is of another level or kind than was asked for");
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::MissingGroup& line = answer.lines(i);
    if (i > 0 && line.place() <= answer.lines(i - 1).place())
      return Bad(absl::StrCat("place ", Escaped(line.place()), " is out of order"));
    if (line.needs() == 0 || line.severity() > 5)
      return Bad(absl::StrCat("place ", Escaped(line.place()), " has no need, or one of no severity"));
  }
  if (answer.with_group() > answer.with_need() || answer.with_need() > answer.places())
    return Bad("a part is more than its whole");
  const Wide missing = Wide{answer.with_need()} - answer.with_group();
  const Wide lines = Wide{answer.lines_size()};
  const bool all = whole && request.limit() == 0 && request.after().empty();
  if (lines > missing || (all && lines != missing))
    return Bad("it shows another number of places than have a need and no group");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
