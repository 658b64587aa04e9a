// Of pledges: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

Status CheckAnswer(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request) {
  FT_RETURN_IF_ERROR(CheckWhen(answer, request));
  if (request.limit() > 0 && static_cast<std::uint64_t>(answer.lines_size()) > request.limit())
    return Bad("it has more pledges than were asked for");
  const auto kept = [](std::int64_t paid, std::int64_t pledged) {
    return paid >= pledged ? Wide{10'000} : Wide{paid} * 10'000 / pledged;
  };
  std::string last;
  for (const v1::PledgeLine& line : answer.lines()) {
    const v1::Pledge& pledge = line.pledge();
    const std::string of = absl::StrCat("of pledge ", Escaped(pledge.id()), ", ");
    if (pledge.id() <= last) return Bad(of + "it is out of order");
    last = pledge.id();
    if (!request.donor().empty() && pledge.owner() != request.donor())
      return Bad(of + "it is one of another donor");
    if (!request.all() && line.state() != v1::PLEDGE_STATE_PLEDGE_IN_FORCE)
      return Bad(of + "it was not asked for");
    const bool money = pledge.amount() > 0;
    if (line.pledged() <= 0 || line.pledged() != (money ? pledge.amount() : pledge.quantity()))
      return Bad(of + "it says another amount than the pledge");
    if (line.assigned() < 0 || line.paid() < 0) return Bad(of + "a sum is below zero");
    if (line.left() != std::max(Wide{0}, Wide{line.pledged()} - line.assigned()))
      return Bad(of + "what is left is not what was pledged less what is assigned");
    if (line.has_kept() != money || (money && line.kept() != kept(line.paid(), line.pledged())))
      return Bad(of + "what was kept does not follow from what was paid");
  }
  for (const v1::DonorPledges& sum : answer.donors()) {
    if (sum.donor() != request.donor() || sum.pledged() <= 0 || sum.assigned() < 0 || sum.paid() < 0 ||
        sum.kept() != kept(sum.paid(), sum.pledged()))
      return Bad("what a donor kept does not follow from what it paid");
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
