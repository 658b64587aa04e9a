// Of grouped flows: what is checked (checks.h).
#include <array>
#include <cstddef>
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

struct FlowTotal {
  std::array<Wide, 5> amounts{};
  std::array<Wide, 5> transfers{};
  std::uint64_t groups = 0;
};

std::array<const v1::LogSum*, 5> FlowSumsOf(const v1::LogMoney& money) {
  return {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()};
}

}  // namespace

Status CheckAnswer(const v1::FlowsByAnswer& answer, const v1::FlowsByRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  FT_RETURN_IF_ERROR(CheckJoined(answer, request.joined()));
  const auto by =
      request.by() == v1::FlowsByRequest::BY_UNSPECIFIED ? v1::FlowsByRequest::BY_PARTY : request.by();
  if (answer.by() != by) return Bad("it is by other groups than were asked for");
  std::map<std::string, FlowTotal> sums;
  for (int i = 0; i < answer.lines_size(); ++i) {
    const v1::FlowsByLine& line = answer.lines(i);
    const std::string of = absl::StrCat("of ", Escaped(line.from()), " and ", Escaped(line.to()), ", ");
    if (!request.asset().empty() && line.money().asset() != request.asset())
      return Bad(of + "it was not asked for");
    FlowTotal& sum = sums[line.money().asset()];
    if (request.top() > 0 && sum.groups >= request.top())
      return Bad("more groups are shown than were asked for");
    ++sum.groups;
    const auto parts = FlowSumsOf(line.money());
    for (std::size_t at = 0; at < parts.size(); ++at) {
      if (parts[at]->amount() < 0 || (parts[at]->transfers() == 0) != (parts[at]->amount() == 0))
        return Bad(of + "a sum cannot be of so many transfers");
      sum.amounts[at] += parts[at]->amount();
      sum.transfers[at] += parts[at]->transfers();
    }
    if (i == 0) continue;
    const v1::FlowsByLine& before = answer.lines(i - 1);
    const std::int64_t paid = line.money().paid().amount(), paid_before = before.money().paid().amount();
    if (std::tie(before.money().asset(), paid, before.from(), before.to(), before.project()) >=
        std::tie(line.money().asset(), paid_before, line.from(), line.to(), line.project()))
      return Bad(of + "it is out of order");
  }
  for (const v1::FlowsByTotal& total : answer.totals()) {
    const std::string of = absl::StrCat("of ", Escaped(total.money().asset()), ", ");
    const auto its = sums.extract(total.money().asset());
    if (its.empty() || total.left_out() > total.groups() ||
        its.mapped().groups != total.groups() - total.left_out())
      return Bad(of + "the groups are not as many as is said");
    const auto parts = FlowSumsOf(total.money());
    for (std::size_t at = 0; at < parts.size(); ++at) {
      const Wide amount = parts[at]->amount(), transfers = parts[at]->transfers();
      const bool fits = total.left_out() == 0
                            ? amount == its.mapped().amounts[at] && transfers == its.mapped().transfers[at]
                            : amount >= its.mapped().amounts[at] && transfers >= its.mapped().transfers[at];
      if (!fits) return Bad(of + "the total is not that of the groups");
    }
  }
  return sums.empty() ? absl::OkStatus() : Bad("there are groups without a total");
}

}  // namespace fundtrail::cli
