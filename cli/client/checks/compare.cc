// Of two periods: what is checked (checks.h).
#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {
namespace {

struct ComparedTotal {
  Wide amount = 0, against = 0, is_new = 0, gone = 0;
  std::uint64_t lines = 0;
};

v1::CompareLine::State StateOf(const v1::CompareLine& line) {
  return line.against() == 0  ? v1::CompareLine::STATE_NEW
         : line.amount() == 0 ? v1::CompareLine::STATE_GONE
                              : v1::CompareLine::STATE_BOTH;
}

template <typename Question>
Status CheckComparison(const v1::CompareAnswer& answer, const v1::CompareRequest& request,
                       const Question& question) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, question));
  FT_RETURN_IF_ERROR(CheckJoined(answer, question.joined()));
  if (answer.since() != question.since() || answer.until() != question.until() ||
      answer.against_since() != request.against_since() || answer.against_until() != request.against_until())
    return Bad("it is of other days than were asked for");
  std::uint64_t top = 0;
  if constexpr (requires { question.top(); }) top = question.top();
  std::map<std::string, ComparedTotal> sums;
  for (const v1::CompareLine& line : answer.lines()) {
    const std::string of = absl::StrCat("of ", Escaped(line.from()), " and ", Escaped(line.to()), ", ");
    if (!question.asset().empty() && line.asset() != question.asset())
      return Bad(of + "it was not asked for");
    if (Wide{line.amount()} - line.against() != line.difference())
      return Bad(of + "the difference is not that of the amounts");
    if ((line.amount() == 0 && line.against() == 0) || line.state() != StateOf(line))
      return Bad(of + "it is not in the periods that it is said to be in");
    ComparedTotal& sum = sums[line.asset()];
    if (top > 0 && sum.lines >= top) return Bad("more lines are shown than were asked for");
    ++sum.lines;
    sum.amount += line.amount();
    sum.against += line.against();
    if (line.state() == v1::CompareLine::STATE_NEW) sum.is_new += line.amount();
    if (line.state() == v1::CompareLine::STATE_GONE) sum.gone += line.against();
  }
  for (const v1::CompareTotal& total : answer.totals()) {
    const std::string of = absl::StrCat("of ", Escaped(total.asset()), ", ");
    const auto its = sums.extract(total.asset());
    if (Wide{total.amount()} - total.against() != total.difference() ||
        Wide{total.new_amount()} - total.gone_amount() + total.changed() != total.difference())
      return Bad(of + "the total does not add up");
    if (its.empty() || total.left_out() > total.lines() ||
        its.mapped().lines != total.lines() - total.left_out() ||
        total.new_lines() + total.gone_lines() > total.lines())
      return Bad(of + "the lines are not as many as is said");
    const ComparedTotal& shown = its.mapped();
    if (total.left_out() == 0 && (shown.amount != total.amount() || shown.against != total.against() ||
                                  shown.is_new != total.new_amount() || shown.gone != total.gone_amount()))
      return Bad(of + "the total is not that of the lines");
    if (shown.amount > total.amount() || shown.against > total.against() ||
        shown.is_new > total.new_amount() || shown.gone > total.gone_amount())
      return Bad(of + "the lines have more than the total");
  }
  return sums.empty() ? absl::OkStatus() : Bad("there are lines without a total");
}

}  // namespace

Status CheckAnswer(const v1::CompareAnswer& answer, const v1::CompareRequest& request) {
  if (request.has_top()) return CheckComparison(answer, request, request.top());
  if (request.has_flows()) return CheckComparison(answer, request, request.flows());
  return CheckComparison(answer, request, request.series());
}

}  // namespace fundtrail::cli
