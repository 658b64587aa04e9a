// Of what is committed and not paid: what is checked (checks.h).
#include <cstdint>
#include <map>
#include <string>
#include <tuple>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {
namespace {

using PromiseLines = v1::CommittedRequest;

bool PromisesAddUp(const v1::CommittedSums& sums) {
  return Wide{sums.before()} + sums.committed() - sums.taken_back() == sums.open() && sums.committed() >= 0 &&
         sums.taken_back() >= 0 && (sums.commitments() == 0) == (sums.committed() == 0) &&
         (sums.withdrawals() == 0) == (sums.taken_back() == 0);
}

struct PromiseTotal {
  Wide before = 0, committed = 0, taken_back = 0, open = 0;
  std::uint64_t lines = 0;
};

}  // namespace

Status CheckAnswer(const v1::CommittedAnswer& answer, const v1::CommittedRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  const auto by = request.by() == PromiseLines::BY_UNSPECIFIED ? PromiseLines::BY_PAYER : request.by();
  if (answer.by() != by) return Bad("it has other lines than were asked for");
  const bool years = by == PromiseLines::BY_YEAR;
  std::map<std::string, PromiseTotal> sums;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::CommittedLine& line = answer.lines(i);
    const std::string of = absl::StrCat("of ", Escaped(line.id()), " in ", Escaped(line.asset()), ", ");
    if (!request.asset().empty() && line.asset() != request.asset()) return Bad(of + "it was not asked for");
    if (!PromisesAddUp(line.sums()))
      return Bad(of + "what is open is not what was committed less what was taken back");
    if (!years && request.since().empty() && line.sums().before() != 0)
      return Bad(of + "something was open before the first record");
    PromiseTotal& sum = sums[line.asset()];
    if (years && sum.lines > 0 && line.sums().before() != sum.open)
      return Bad(of + "it does not begin with what the year before ended with");
    if (!years && request.top() > 0 && sum.lines >= request.top())
      return Bad("more lines are shown than were asked for");
    if (!years || sum.lines == 0) sum.before += line.sums().before();
    ++sum.lines;
    sum.committed += line.sums().committed();
    sum.taken_back += line.sums().taken_back();
    sum.open = years ? Wide{line.sums().open()} : sum.open + line.sums().open();
    if (i == 0) continue;
    const v1::CommittedLine& last = answer.lines(i - 1);
    const std::int64_t open = years ? 0 : line.sums().open(), open_before = years ? 0 : last.sums().open();
    if (std::tie(last.asset(), open, last.id()) >= std::tie(line.asset(), open_before, line.id()))
      return Bad(of + "it is out of order");
  }
  for (const v1::CommittedTotal& total : answer.totals()) {
    const std::string of = absl::StrCat("of ", Escaped(total.asset()), ", ");
    const auto its = sums.extract(total.asset());
    if (!PromisesAddUp(total.sums())) return Bad(of + "the total does not add up");
    if (its.empty() || total.left_out() > total.lines() ||
        its.mapped().lines != total.lines() - total.left_out())
      return Bad(of + "the lines are not as many as is said");
    const PromiseTotal& shown = its.mapped();
    const bool fits = shown.before == total.sums().before() && shown.committed == total.sums().committed() &&
                      shown.taken_back == total.sums().taken_back() && shown.open == total.sums().open();
    if (total.left_out() == 0 && !fits) return Bad(of + "the total is not that of the lines");
    if (shown.committed > total.sums().committed() || shown.taken_back > total.sums().taken_back())
      return Bad(of + "the lines have more than the total");
  }
  return sums.empty() ? absl::OkStatus() : Bad("there are lines without a total");
}

}  // namespace fundtrail::cli
