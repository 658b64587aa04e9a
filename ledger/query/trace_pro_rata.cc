// The second method beside the first (trace_parts.h).
#include <map>
#include <numeric>
#include <set>
#include <string>
#include <tuple>

#include "ledger/query/pro_rata.h"
#include "ledger/query/replay_read.h"
#include "ledger/query/trace_parts.h"

namespace fundtrail::query {
namespace {

using EndAmounts = std::map<EndKey, std::int64_t>;

// One answer to the question, by asset.
struct MethodSums {
  std::map<std::string, EndAmounts> ends;
  std::map<std::string, Wide> asked, receipts;
};

v1::OrderChange::Window WindowNamed(ReplayWindow window) {
  return window == ReplayWindow::kDay    ? v1::OrderChange::WINDOW_WITHIN_DAY
         : window == ReplayWindow::kWeek ? v1::OrderChange::WINDOW_WITHIN_WEEK
                                         : v1::OrderChange::WINDOW_WITHIN_MONTH;
}

// What `one` has more at some ends than `other`.
Wide Differs(const EndAmounts& one, const EndAmounts& other) {
  Wide sum = 0;
  for (const auto& [key, amount] : one) {
    const auto found = other.find(key);
    const std::int64_t less = found == other.end() ? 0 : found->second;
    if (amount > less) sum += amount - less;
  }
  return sum;
}

class SecondMethod {
 public:
  SecondMethod(Walker* walker, const ReadReplay& read, const ReplayAsked& asked)
      : walker_(*walker), read_(read), asked_(asked), go_on_([this] { return walker_.view().GoOn(); }) {}

  Status Add(const Flows& flows, v1::TraceAnswer* answer) {
    FT_ASSIGN_OR_RETURN(const MethodSums fifo, FirstMethod(LogOrder()));
    FT_RETURN_IF_ERROR(CheckSame(fifo, flows));
    FT_ASSIGN_OR_RETURN(const auto draws, DrawProRata(read_.replay, go_on_));
    FT_ASSIGN_OR_RETURN(const auto followed,
                        FollowProRata(read_.replay, draws, asked_, walker_.forward(), go_on_));
    FT_ASSIGN_OR_RETURN(const MethodSums pro_rata, Told(followed));
    for (v1::AssetTrace& trace : *answer->mutable_assets())
      FT_RETURN_IF_ERROR(Fill(fifo, pro_rata, trace.asset(), trace.mutable_pro_rata()));
    for (const ReplayWindow window : {ReplayWindow::kDay, ReplayWindow::kWeek, ReplayWindow::kMonth}) {
      FT_ASSIGN_OR_RETURN(auto order, TurnedRound(read_.replay, window, go_on_));
      std::uint64_t moved = 0;
      for (std::uint32_t at = 0; at < order.size(); ++at) moved += order[at] != at ? 1 : 0;
      FT_ASSIGN_OR_RETURN(const MethodSums turned, FirstMethod(std::move(order)));
      for (v1::AssetTrace& trace : *answer->mutable_assets()) AddOrder(fifo, turned, window, moved, &trace);
    }
    return absl::OkStatus();
  }

 private:
  std::vector<std::uint32_t> LogOrder() const {
    std::vector<std::uint32_t> order(read_.refs.size());
    std::iota(order.begin(), order.end(), 0U);
    return order;
  }

  StatusOr<MethodSums> FirstMethod(std::vector<std::uint32_t> order) {
    FT_ASSIGN_OR_RETURN(const auto draws, DrawFifo(read_.replay, std::move(order), go_on_));
    FT_ASSIGN_OR_RETURN(const auto followed,
                        FollowFifo(read_.replay, draws, asked_, walker_.forward(), go_on_));
    return Told(followed);
  }

  // By the accounts and the kinds of ends that a trace tells.
  StatusOr<MethodSums> Told(const ReplayedSums& sums) {
    MethodSums told;
    for (const auto& [key, amount] : sums.ends) {
      const model::AccountNumber account = read_.accounts[key.second];
      FT_ASSIGN_OR_RETURN(const auto* described, walker_.Describe(account));
      v1::EndKind kind = v1::END_KIND_EXCHANGED;
      if (key.first != ReplayEnd::kExchanged) {
        FT_ASSIGN_OR_RETURN(kind, walker_.EndOf(account, Position(0)));
      }
      FT_ASSIGN_OR_RETURN(const auto standing, walker_.Standing(account));
      if (!AddTo(&told.ends[described->asset()][{kind, standing}], amount))
        return absl::OutOfRangeError("pro rata: a sum is more than 63 bits can count: ask for less");
    }
    FT_RETURN_IF_ERROR(Sum(sums.asked, &told.asked));
    FT_RETURN_IF_ERROR(Sum(sums.receipts, &told.receipts));
    return told;
  }
  Status Sum(const std::map<std::uint32_t, std::int64_t>& by_account, std::map<std::string, Wide>* by_asset) {
    for (const auto& [number, amount] : by_account) {
      FT_ASSIGN_OR_RETURN(const auto* account, walker_.Describe(read_.accounts[number]));
      (*by_asset)[account->asset()] += amount;
    }
    return absl::OkStatus();
  }

  // In the order of the log, first in, first out is what the ledger recorded.
  Status CheckSame(const MethodSums& fifo, const Flows& flows) {
    EndAmounts recorded, replayed;
    for (const auto& [key, sum] : flows.ends) recorded.emplace(key, sum.amount.value());
    for (const auto& [asset, ends] : fifo.ends) replayed.insert(ends.begin(), ends.end());
    if (recorded == replayed) return absl::OkStatus();
    return model::Damaged(
        "the pieces that are recorded are not those that the payments, played once more, lead to");
  }

  Status Fill(const MethodSums& fifo, const MethodSums& pro_rata, const std::string& asset,
              v1::ProRata* said) {
    said->set_method("earmarks first, then in proportion");
    said->set_transfers(read_.refs.size());
    const auto at = [&](const std::map<std::string, Wide>& of) {
      const auto found = of.find(asset);
      return found == of.end() ? Wide{0} : found->second;
    };
    const Wide asked = at(pro_rata.asked), came_round = at(pro_rata.receipts) - asked;
    if (asked > kMaxInt64 || came_round > kMaxInt64)
      return absl::OutOfRangeError("pro rata: more came round again than 63 bits can count: ask for less");
    said->set_asked(static_cast<std::int64_t>(asked));
    said->set_came_round(static_cast<std::int64_t>(came_round));
    const EndAmounts none;
    const auto found = fifo.ends.find(asset), beside = pro_rata.ends.find(asset);
    const EndAmounts& first = found == fifo.ends.end() ? none : found->second;
    const EndAmounts& second = beside == pro_rata.ends.end() ? none : beside->second;
    said->set_differs(static_cast<std::int64_t>(Differs(first, second)));
    // The largest of the first method, then of the second, then by key.
    std::set<std::tuple<std::int64_t, std::int64_t, EndKey>> sorted;
    for (const auto& [key, amount] : first) {
      const auto its = second.find(key);
      sorted.emplace(-amount, its == second.end() ? 0 : -its->second, key);
    }
    for (const auto& [key, amount] : second)
      if (first.count(key) == 0) sorted.emplace(0, -amount, key);
    Wide ended = 0;
    for (const auto& [one, other, key] : sorted) {
      v1::ProRataEnd* const end = said->add_ends();
      end->set_kind(key.first);
      FT_ASSIGN_OR_RETURN(const auto* account, walker_.Describe(key.second));
      *end->mutable_account() = *account;
      end->set_fifo(-one);
      end->set_pro_rata(-other);
      ended += end->pro_rata();
      FT_RETURN_IF_ERROR(walker_.view().Grow(end->ByteSizeLong()));
    }
    return ended == asked ? absl::OkStatus()
                          : absl::InternalError("pro rata: what ended is not what was asked about");
  }

  static void AddOrder(const MethodSums& fifo, const MethodSums& turned, ReplayWindow window,
                       std::uint64_t moved, v1::AssetTrace* trace) {
    const EndAmounts none;
    const auto found = fifo.ends.find(trace->asset()), beside = turned.ends.find(trace->asset());
    const Wide changed = Differs(found == fifo.ends.end() ? none : found->second,
                                 beside == turned.ends.end() ? none : beside->second);
    v1::OrderChange* const order = trace->mutable_pro_rata()->add_orders();
    order->set_window(WindowNamed(window));
    order->set_changed(static_cast<std::int64_t>(changed));  // no more than was asked about
    order->set_moved(moved);
    if (trace->asked() > 0) order->set_share(static_cast<std::uint32_t>(changed * kWhole / trace->asked()));
  }

  Walker& walker_;
  const ReadReplay& read_;
  const ReplayAsked& asked_;
  const GoOn go_on_;
};

}  // namespace

Status AddProRata(Walker* walker, const std::vector<TraceStart>& asked, const Flows& flows,
                  v1::TraceAnswer* answer) {
  FT_ASSIGN_OR_RETURN(const ReadReplay read, ReadForReplay(walker));
  FT_ASSIGN_OR_RETURN(const ReplayAsked marked, AskedInReplay(read, asked));
  return SecondMethod(walker, read, marked).Add(flows, answer);
}

}  // namespace fundtrail::query
