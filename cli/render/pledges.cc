// See pledges.h.
#include "cli/render/pledges.h"

#include <string>

#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/decimal.h"

namespace fundtrail::render {
namespace {

std::string StateWord(v1::PledgeState state) {
  switch (state) {
    case v1::PLEDGE_STATE_PLEDGE_IN_FORCE:
      return "in force";
    case v1::PLEDGE_STATE_PLEDGE_NOT_BEGUN:
      return "not begun";
    case v1::PLEDGE_STATE_PLEDGE_OVER:
      return "over";
    case v1::PLEDGE_STATE_PLEDGE_WITHDRAWN:
      return "withdrawn";
    default:
      return "";
  }
}

// Other lines of Chinese have another word for "over".
Shown StateShown(v1::PledgeState state) {
  if (state == v1::PLEDGE_STATE_PLEDGE_OVER)
    return Shown::Made(StateWord(state), std::string(ChineseOf("its last day is over")));
  return OwnWord(StateWord(state));
}

}  // namespace

Shown Text(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request, const Style& style) {
  Shown heading = Say("Pledges on {}", answer.on());
  if (!request.donor().empty()) heading += Say(", of {}", request.donor());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"pledge", false, true},
               {"donor"},
               {"of"},
               {"pledged", true},
               {"assigned", true},
               {"not assigned", true},
               {"paid", true},
               {"kept", true},
               {"state"},
               {"until"}});
  for (const v1::PledgeLine& line : answer.lines()) {
    const v1::Pledge& pledge = line.pledge();
    const bool money = pledge.amount() > 0;
    const auto much = [&](std::int64_t number) { return Money(number, money ? line.decimals() : 0); };
    table.Add({pledge.id(), Say("{} ({})", line.donor_name(), pledge.owner()),
               money ? pledge.asset() : pledge.unit(), much(line.pledged()), much(line.assigned()),
               much(line.left()), money ? much(line.paid()) : std::string(),
               line.has_kept() ? Percent(line.kept()) : std::string(), StateShown(line.state()),
               pledge.until()});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const v1::DonorPledges& sum : answer.donors()) {
    const auto money = [&](std::int64_t amount) { return Money(amount, sum.decimals()); };
    text += Say("{}: pledged {} {}, assigned {}, paid {}: {} kept, of {} {} that began.\n", sum.donor_name(),
                money(sum.pledged()), sum.asset(), money(sum.assigned()), money(sum.paid()),
                Percent(sum.kept()), sum.pledges(), sum.pledges() == 1 ? "pledge" : "pledges");
  }
  if (!request.all()) text += "Pledges that are not in force on that day are not shown (--all shows them).\n";
  return text + CountThen({"pledge", "pledges"}, answer.lines_size(), answer, !request.after().empty()) +
         AsOf(answer.as_of(), style);
}

}  // namespace fundtrail::render
