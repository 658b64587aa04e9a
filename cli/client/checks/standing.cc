// Of standing, evaluations and participation: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {
namespace {

// What a bar left is another grade than the one that was earned, and it says which concern did it.
template <typename Line>
bool IsCapped(const Line& line) {
  if (!line.has_bar()) return true;
  const v1::GradeBar& bar = line.bar();
  return !bar.earned().empty() && bar.earned() != line.grade() && !bar.concern().empty() &&
         bar.kind() != v1::RaiseConcern::KIND_UNSPECIFIED;
}

}  // namespace

Status CheckAnswer(const v1::StandingAnswer& answer, const v1::StandingRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const std::pair<const char*, const std::string*> subjects[] = {{"project", &request.project()},
                                                                 {"programme", &request.programme()},
                                                                 {"policy", &request.policy()},
                                                                 {"party", &request.party()}};
  for (const auto& [of, id] : subjects)
    if (!id->empty() && (answer.register_() != of || answer.id() != *id))
      return Bad("it is of something else than was asked for");
  auto strictest = v1::Evaluate::VERDICT_UNSPECIFIED;
  for (const v1::StandingLine& line : answer.lines()) strictest = std::max(strictest, line.counts_as());
  for (const v1::StandingLine& line : answer.lines())
    if (line.total() > 100 || !IsCapped(line))
      return Bad(absl::StrCat("evaluation ", Escaped(line.evaluation()), " is not graded as it says"));
  if (answer.verdict() != strictest) return Bad("the verdict is not the strictest of those that stand");
  const bool stops =
      strictest == v1::Evaluate::VERDICT_SUSPEND || strictest == v1::Evaluate::VERDICT_WITHDRAW;
  const bool has_money = answer.register_() == "project" || answer.register_() == "programme";
  if (answer.frozen() != (stops && has_money)) return Bad("what is frozen does not follow from the verdict");
  if (!answer.frozen() && (answer.money_size() > 0 || answer.holdings_size() > 0))
    return Bad("money is called frozen, and is not");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::EvaluationsAnswer& answer, const v1::EvaluationsRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  const std::string* last = nullptr;
  for (const v1::EvaluationLine& line : answer.lines()) {
    if (!line.evaluation().action().has_evaluate()) return Bad("a line is not an evaluation");
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    const std::string of = absl::StrCat("evaluation ", Escaped(said.id()));
    const auto is = [](const std::string& asked, const std::string& id) {
      return asked.empty() || asked == id;
    };
    const bool asked =
        is(request.project(), said.project()) && is(request.programme(), said.programme()) &&
        is(request.policy(), said.policy()) && is(request.party(), said.party()) &&
        is(request.group(), said.group()) && (line.stands() || !request.standing()) &&
        (request.verdict() == v1::Evaluate::VERDICT_UNSPECIFIED || request.verdict() == said.verdict());
    if (!asked) return Bad(of + " was not asked for");
    if (last != nullptr && *last >= said.id()) return Bad(of + " is out of order");
    last = &said.id();
    if (line.stands() && line.annulled()) return Bad(of + " is annulled, and stands");
    if (line.total() > 100) return Bad(of + " has more than 100 points");
    if (!IsCapped(line)) return Bad(of + " has a grade that is not capped as it says");
  }
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more evaluations than were asked for");
  return absl::OkStatus();
}

Status CheckAnswer(const v1::ParticipationAnswer& answer, const v1::ParticipationRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  if (request.fund() != answer.fund() || request.programme() != answer.programme() ||
      request.project() != answer.project())
    return Bad("it is of another fund, programme or project than was asked for");
  for (const v1::AssetParticipation& line : answer.assets()) {
    const std::string of = absl::StrCat("in ", Escaped(line.asset()), ", ");
    Wide brought = 0, sources = 0, share = 0;
    for (const v1::KindOfSource& kind : line.kinds()) {
      if (kind.brought() < 0) return Bad(of + "a kind of source brought in less than nothing");
      brought += kind.brought();
      sources += kind.sources();
      share += kind.share();
    }
    if (brought != line.brought() || sources != line.sources())
      return Bad(of + "the kinds of sources are not all of them");
    if (share != (line.brought() > 0 ? 10'000 : 0)) return Bad(of + "the shares are not the whole");
    if (line.lasting() > line.sources() || !IsPart(line.largest_brought(), line.brought()))
      return Bad(of + "a part is more than the whole");
    const bool all = request.fund().empty() && request.programme().empty() && request.project().empty();
    if ((!all && line.has_pledges()) || line.pledges_paid() > line.pledges() ||
        line.has_pledge_median_days() != (line.pledges_paid() > 0))
      return Bad(of + "the pledges are not those of the whole ledger");
  }
  const bool whole = request.fund().empty() && request.programme().empty() && request.project().empty();
  if ((!whole && answer.has_calls()) || answer.calls_answered() > answer.calls() ||
      answer.has_call_median_days() != (answer.calls_answered() > 0))
    return Bad("the calls are not those of the whole ledger");
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
