// Of policies, their pairs and gaps: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
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

Status CheckPair(const v1::PolicyPair& pair, const v1::PolicyPairsRequest& request) {
  const std::string of =
      absl::StrCat("of policies ", Escaped(pair.one().id()), " and ", Escaped(pair.other().id()), ", ");
  if (pair.one().id() >= pair.other().id()) return Bad(of + "the first is not the first by id");
  const std::string& asked = request.policy();
  if (!asked.empty() && asked != pair.one().id() && asked != pair.other().id())
    return Bad(of + "neither was asked for");
  __extension__ using Cells = unsigned __int128;
  const auto cells = [](const v1::PolicyExtent& extent) {
    return Cells{extent.places()} * extent.categories() * extent.target_groups();
  };
  const v1::PolicyExtent &one = pair.one().extent(), &other = pair.other().extent(), &both = pair.common();
  // Fewer than 2^31 of each, so that no product is too large.
  const auto fits = [](std::uint32_t common, std::uint32_t x, std::uint32_t y) {
    return common <= std::min(x, y) && std::max(x, y) <= std::numeric_limits<std::int32_t>::max();
  };
  if (!fits(both.places(), one.places(), other.places()) ||
      !fits(both.categories(), one.categories(), other.categories()) ||
      !fits(both.target_groups(), one.target_groups(), other.target_groups()))
    return Bad(of + "more is common than either has");
  const Cells common = cells(both), either = cells(one) + cells(other) - common;
  const Cells degree = either == 0 ? Cells{0} : common * 10'000 / either;
  if (Cells{pair.degree()} != degree) return Bad(of + "the degree does not follow from what is common");
  if ((pair.duplication() && common == 0) || (pair.to_integrate() && !pair.duplication()))
    return Bad(of + "it says the same without having anything in common");
  for (const v1::PolicyStake& stake : pair.at_stake())
    if (stake.amount() <= 0 || pair.beyond()) return Bad(of + "the money at stake is none");
  using Kind = v1::PolicyPairsRequest;
  const bool conflicts = !pair.conflicts().empty();
  const bool wanted = request.kind() == Kind::KIND_OVERLAP       ? common > 0
                      : request.kind() == Kind::KIND_DUPLICATION ? pair.duplication()
                      : request.kind() == Kind::KIND_INTEGRATE   ? pair.to_integrate()
                      : request.kind() == Kind::KIND_CONFLICT    ? conflicts
                                                                 : common > 0 || conflicts;
  return wanted ? absl::OkStatus() : Bad(of + "it is of another kind than was asked for");
}

}  // namespace

Status CheckAnswer(const v1::PoliciesAnswer& answer, const v1::PoliciesRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.lines_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::string last;
  for (const v1::PolicyLine& line : answer.lines()) {
    if (!line.policy().action().has_open_policy() || line.policy().has_ended())
      return Bad("a line is not a policy that goes on");
    const v1::OpenPolicy& said = line.policy().action().open_policy();
    const std::string of = absl::StrCat("of policy ", Escaped(said.id()), ", ");
    if (said.id() <= last) return Bad(of + "it is out of order");
    last = said.id();
    // Days sort as their texts do.
    if (said.from() > answer.on() || (!said.until().empty() && said.until() < answer.on()))
      return Bad(of + "it is not in force on that day");
    if (line.responsible_size() != said.responsible_size())
      return Bad(of + "it does not show all who answer");
    for (int i = 0; i < said.responsible_size(); ++i) {
      const v1::PolicyParty& party = line.responsible(i);
      if (party.party() != said.responsible(i).party() || party.role() != said.responsible(i).role())
        return Bad(of + "others answer than it says");
      const bool answered = party.acceptance() != v1::DutyLine::ACCEPTANCE_NAMED;
      if (answered != party.has_accepted_in() || answered == party.duty().empty())
        return Bad(of + "no record says what a party answered");
    }
  }
  return absl::OkStatus();
}

Status CheckAnswer(const v1::PolicyPairsAnswer& answer, const v1::PolicyPairsRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.pairs_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  std::pair<std::string, std::string> last;
  for (const v1::PolicyPair& pair : answer.pairs()) {
    FT_RETURN_IF_ERROR(CheckPair(pair, request));
    const std::pair<std::string, std::string> ids(pair.one().id(), pair.other().id());
    if (ids <= last) return Bad("pairs of policies do not stand in order");
    last = ids;
  }
  if (!answer.has_counts()) return absl::OkStatus();
  const v1::PolicyPairCounts& counts = answer.counts();
  if (counts.duplications() > counts.overlaps() || counts.to_integrate() > counts.duplications())
    return Bad("a part of the pairs is more than all of them");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::PolicyGapsAnswer& answer, const v1::PolicyGapsRequest& request) {
  FT_RETURN_IF_ERROR(CheckInAll(answer, answer.gaps_size()));
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  using Rank = std::tuple<std::int64_t, std::int64_t, std::string, std::string, std::string>;
  std::optional<Rank> last;
  Wide without = 0;
  for (const v1::PolicyGap& gap : answer.gaps()) {
    if (gap.needs() == 0 || gap.people() < 0 || gap.severity() > 5) return Bad("a gap has no needs");
    Rank rank(-static_cast<std::int64_t>(gap.severity()), -gap.people(), gap.place(), gap.category(),
              gap.target_group());
    if (last.has_value() && !(*last < rank)) return Bad("gaps do not stand in order");
    last = std::move(rank);
    without += gap.needs();
  }
  if (answer.with_policy() > answer.needs()) return Bad("more needs have a policy than there are");
  const bool all = request.limit() == 0 && request.after().empty() && answer.next().empty();
  if (all && answer.needs() > 0 && without > Wide{answer.needs()} - answer.with_policy())
    return Bad("more needs have no policy than there are");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
