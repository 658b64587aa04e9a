// See trace_parts.h.
#include "cli/render/trace_parts.h"

#include <string>

#include "cli/render/accounts.h"
#include "cli/render/messages.h"
#include "cli/render/table.h"
#include "cli/render/words.h"

namespace fundtrail::render {
namespace {

Shown PartyAndFund(const v1::Account& account) {
  return Say("{} {}", account.party_name(), FundInBrackets(account));
}

const char* WindowWord(v1::OrderChange::Window window) {
  switch (window) {
    case v1::OrderChange::WINDOW_WITHIN_DAY:
      return "a day";
    case v1::OrderChange::WINDOW_WITHIN_WEEK:
      return "a week";
    case v1::OrderChange::WINDOW_WITHIN_MONTH:
      return "a month";
    default:
      return "?";
  }
}

}  // namespace

EndWords WordsOf(v1::EndKind kind) {
  switch (kind) {
    case v1::END_KIND_REACHED:
      return {"reached", Tone::kGood};
    case v1::END_KIND_HELD:
      return {"held", Tone::kWaiting};
    case v1::END_KIND_RETURNED:
      return {"returned", Tone::kBack};
    case v1::END_KIND_EXCHANGED:
      return {"exchanged", Tone::kBack};
    case v1::END_KIND_BROUGHT_IN:
      return {"brought in", Tone::kGood};
    case v1::END_KIND_ENDS_HERE:
      return {"ends here", Tone::kWaiting};
    case v1::END_KIND_UNRECORDED:
      return {"unrecorded origin", Tone::kWaiting};
    default:
      return {"?", Tone::kBad};
  }
}

std::string RefOrRecord(const v1::TransferRef& ref) {
  return ref.line() == 0 ? std::to_string(ref.record())
                         : std::to_string(ref.record()) + "." + std::to_string(ref.line());
}

Shown ReceiptsText(const v1::TraceAnswer& answer, const Style& style) {
  if (answer.receipts().empty()) return {};
  Table table({{"receipt", false, true},
               {"asked about", true},
               {"asset", false, true},
               {"amount", true},
               {"end"},
               {"party"}});
  for (const v1::TraceReceipt& receipt : answer.receipts()) {
    bool first = true;
    for (const v1::TraceEnd& end : receipt.ends()) {
      table.Add({first ? Cell(RefOrRecord(receipt.ref())) : Cell(""),
                 first ? Cell(Money(receipt.asked(), receipt.decimals())) : Cell(""),
                 first ? Cell(receipt.asset()) : Cell(""), Money(end.amount(), receipt.decimals()),
                 WordsOf(end.kind()).word, PartyAndFund(end.account())});
      first = false;
    }
  }
  return "\n" + Toned(style, Tone::kBold, "Receipt by receipt, each by itself") + "\n" + table.Text(style);
}

Shown ProRataText(const v1::AssetTrace& trace, const Style& style) {
  if (!trace.has_pro_rata()) return {};
  const v1::ProRata& beside = trace.pro_rata();
  const auto money = [&](std::int64_t amount) { return Money(amount, trace.decimals()); };
  Table table({{"first in, first out", true}, {"in proportion", true}, {"end"}, {"party"}});
  for (const v1::ProRataEnd& end : beside.ends())
    table.Add(
        {money(end.fifo()), money(end.pro_rata()), WordsOf(end.kind()).word, PartyAndFund(end.account())});
  table.Add({money(trace.asked()), money(beside.asked()), "asked about", ""});
  Shown text = "\n" + Toned(style, Tone::kBold, "By two methods") + "\n" + table.Text(style);
  text += Say("{} of {} ends elsewhere by the second method. Method: {}.\n", money(beside.differs()),
              money(trace.asked()), Told(beside.method()));
  for (const v1::OrderChange& order : beside.orders())
    text += Say("With the payments of {} in the opposite order, {} of it would end elsewhere: {}.\n",
                WindowWord(order.window()), money(order.changed()), Percent(order.share()));
  return text + Toned(style, Tone::kDim, "Other orders may change more.\n");
}

}  // namespace fundtrail::render
