// Of the money of a project: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {

namespace {

Status CheckTotals(const v1::ProjectTotals& totals) {
  const std::string of = absl::StrCat("of ", Escaped(totals.asset()), ", ");
  for (const std::int64_t sum :
       {totals.minted(), totals.moved_in(), totals.held(), totals.ended(), totals.reached(),
        totals.with_sources(), totals.sent_back(), totals.taken_out(), totals.committed_minted()})
    if (sum < 0) return Bad(of + "a sum is below zero");
  const Wide in = Wide{totals.minted()} + totals.moved_in();
  const Wide there = Wide{totals.held()} + totals.ended() + totals.reached() + totals.with_sources();
  if (in != there + totals.sent_back() + totals.taken_out())
    return Bad(of + "what came in is not what lies somewhere and what went out");
  if (!IsPart(totals.unrecorded(), totals.minted()) || !IsPart(totals.committed_minted(), totals.minted()) ||
      totals.committed_in() < 0 || totals.committed_in() > in)
    return Bad(of + "a part is more than its whole");
  return absl::OkStatus();
}

// Of each target of the project one result, which says no more than follows from its own numbers.
Status CheckResults(const v1::ProjectMoneyAnswer& answer) {
  const auto& targets = answer.project().action().propose_project().targets();
  if (answer.results_size() != targets.size())
    return Bad("it does not have one result for each target of the project");
  for (int i = 0; i < answer.results_size(); ++i) {
    const v1::ProjectResult& result = answer.results(i);
    const v1::Target& target = targets.Get(i);
    const std::string of = absl::StrCat("of the target ", Escaped(target.indicator()), ", ");
    if (result.target().SerializeAsString() != target.SerializeAsString())
      return Bad(of + "the result is of another one");
    const bool reported = result.reports() > 0;
    if (reported != result.has_reported() || reported != result.has_newest())
      return Bad(of + "there is a number without reports, or none of what was reported");
    if (result.reported() < 0) return Bad(of + "less than nothing was reported");
    if (result.has_ratio() != (reported && target.target() > 0))
      return Bad(of + "a ratio is there without a target, or is missing");
    if (!result.has_ratio()) continue;
    const Wide ratio = std::min(Wide{result.reported()} * 10'000 / target.target(),
                                Wide{std::numeric_limits<std::int64_t>::max()});
    if (result.ratio() != ratio) return Bad(of + "the ratio is not that of what was reported");
  }
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::ProjectMoneyAnswer& answer, const v1::ProjectMoneyRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (answer.has_project() == request.project().empty())
    return Bad("it is of another project than was asked for");
  if (answer.has_project()) {
    const v1::RegisterLine& line = answer.project();
    if (!line.action().has_propose_project() || model::IdOf(line.action()) != request.project())
      return Bad("it is of another project than was asked for");
    for (const v1::Attestation& said : line.attestations())
      if (!IsAbout(said, line.action()))
        return Bad("what was said about the project is about something else");
  }
  if (answer.has_verdict()) {
    const v1::ProjectVerdict& verdict = answer.verdict();
    const bool stops = verdict.counts_as() == v1::Evaluate::VERDICT_SUSPEND ||
                       verdict.counts_as() == v1::Evaluate::VERDICT_WITHDRAW;
    if (!answer.has_project() || verdict.counts_as() == v1::Evaluate::VERDICT_UNSPECIFIED)
      return Bad("there is a verdict that says nothing, or one over no project");
    if (verdict.frozen() != stops) return Bad("what is frozen does not follow from the verdict");
  }
  FT_RETURN_IF_ERROR(CheckResults(answer));
  bool all_known = true;
  std::map<std::string, Wide> left;  // of what holders hold, less the accounts that are shown
  for (const v1::ProjectTotals& totals : answer.totals()) {
    FT_RETURN_IF_ERROR(CheckTotals(totals));
    all_known = all_known && !totals.beyond();
    if (!left.emplace(totals.asset(), Wide{totals.held()}).second)
      return Bad(absl::StrCat("it has the sums of ", Escaped(totals.asset()), " twice"));
  }
  for (const v1::ProjectHolding& holding : answer.holdings()) {
    if (holding.account().project() != request.project())
      return Bad(absl::StrCat(OfAccount(holding.account()), " is not an account of the project"));
    left[holding.account().asset()] -= holding.held();
    if (holding.held() < 0)
      return Bad(absl::StrCat(OfAccount(holding.account()), " holds less than nothing"));
  }
  // Of general money no holder is shown.
  const bool all_shown = answer.has_project() && answer.more_holdings() == 0;
  for (const auto& [asset, rest] : left) {
    if (!all_known) break;
    if (rest < 0 || (all_shown && rest != 0))
      return Bad(absl::StrCat("of ", Escaped(asset), ", the accounts do not hold what is held"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
