// See trace_parts.h.
#include "cli/client/checks/trace_parts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {
namespace {

using RefPair = std::pair<std::uint64_t, std::uint32_t>;
RefPair PairOf(const v1::TransferRef& ref) { return {ref.record(), ref.line()}; }

Status CheckOrders(const v1::AssetTrace& trace, const std::string& of) {
  using Order = v1::OrderChange;
  const v1::ProRata& beside = trace.pro_rata();
  const std::array<Order::Window, 3> windows = {Order::WINDOW_WITHIN_DAY, Order::WINDOW_WITHIN_WEEK,
                                                Order::WINDOW_WITHIN_MONTH};
  if (beside.orders_size() != static_cast<int>(windows.size())) return Bad(of + "it is not of three windows");
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const Order& order = beside.orders(static_cast<int>(i));
    if (order.window() != windows[i] || !IsPart(order.changed(), trace.asked()) ||
        order.moved() > beside.transfers())
      return Bad(of + "more changes with the order of payments than there is");
    const Wide share = trace.asked() == 0 ? Wide{0} : Wide{order.changed()} * kWhole / trace.asked();
    if (order.share() != share) return Bad(of + "a share is not that of what changes");
  }
  return absl::OkStatus();
}

}  // namespace

AccountKey KeyOf(const v1::Account& account) {
  return {account.party(), account.fund(), account.project(), account.asset()};
}

Status CheckReceipts(const v1::TraceAnswer& answer, const v1::TraceRequest& request) {
  std::set<RefPair> asked;
  for (const v1::TransferRef& ref : request.refs()) asked.insert(PairOf(ref));
  if (request.has_ref() && !asked.empty()) asked.insert(PairOf(request.ref()));
  // What a whole record has is told with it.
  std::erase_if(asked, [&asked](const RefPair& ref) {
    return ref.second != 0 && asked.count({ref.first, 0}) > 0;
  });
  std::map<std::string, Wide> due;
  for (const v1::AssetTrace& trace : answer.assets())
    due[trace.asset()] = Wide{trace.asked()} + trace.came_round();
  std::set<RefPair> told;
  std::pair<RefPair, std::string> last;
  for (const v1::TraceReceipt& receipt : answer.receipts()) {
    const RefPair ref = PairOf(receipt.ref());
    const std::string of = absl::StrCat("of receipt ", ref.first, ".", ref.second, ", ");
    if (asked.count(ref) == 0) return Bad(of + "it was not asked for");
    if (!told.empty() && std::pair(ref, receipt.asset()) <= last) return Bad(of + "it is out of order");
    last = {ref, receipt.asset()};
    told.insert(ref);
    Wide ended = 0;
    for (const v1::TraceEnd& end : receipt.ends()) {
      if (end.amount() <= 0 || !IsPart(end.committed(), end.amount()))
        return Bad(of + "an end has no amount, or more is committed than there is");
      ended += end.amount();
    }
    if (ended != receipt.asked() || receipt.came_round() < 0)
      return Bad(of + "what ended is not what was asked");
    due[receipt.asset()] -= Wide{receipt.asked()} + receipt.came_round();
  }
  if (told != asked) return Bad("a receipt that was asked for is not told");
  const bool adds_up = std::all_of(due.begin(), due.end(), [](const auto& left) { return left.second == 0; });
  if (!asked.empty() && !adds_up) return Bad("the receipts together are not what was asked");
  return absl::OkStatus();
}

Status CheckProRata(const v1::AssetTrace& trace, bool wanted) {
  const std::string of = absl::StrCat("of ", Escaped(trace.asset()), " by two methods, ");
  if (trace.has_pro_rata() != wanted) return Bad(of + "it was not asked for, or it is not there");
  if (!wanted) return absl::OkStatus();
  const v1::ProRata& beside = trace.pro_rata();
  std::map<std::pair<v1::EndKind, AccountKey>, Wide> first;
  for (const v1::TraceEnd& end : trace.ends()) first[{end.kind(), KeyOf(end.account())}] += end.amount();
  Wide ended = 0, differs = 0;
  for (const v1::ProRataEnd& end : beside.ends()) {
    if (end.fifo() < 0 || end.pro_rata() < 0) return Bad(of + "an end is below zero");
    first[{end.kind(), KeyOf(end.account())}] -= end.fifo();
    ended += end.pro_rata();
    if (end.fifo() > end.pro_rata()) differs += Wide{end.fifo()} - end.pro_rata();
  }
  if (std::any_of(first.begin(), first.end(), [](const auto& left) { return left.second != 0; }))
    return Bad(of + "the ends of the first method are not those of the trace");
  if (ended != beside.asked() || beside.came_round() < 0 ||
      Wide{beside.asked()} + beside.came_round() != Wide{trace.asked()} + trace.came_round())
    return Bad(of + "what ended is not what was asked");
  if (differs != beside.differs()) return Bad(of + "what differs is not the difference of the ends");
  return CheckOrders(trace, of);
}

}  // namespace fundtrail::cli
