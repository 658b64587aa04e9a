// See replay.h.
#include "ledger/query/replay.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "ledger/query/marked_units.h"

namespace fundtrail::query {
namespace {

constexpr std::int32_t kDaysOfWeek = 7, kThursday = 3;  // 1970-01-01 was one

std::int32_t WindowOf(const ReplayedTransfer& transfer, ReplayWindow window) {
  if (window == ReplayWindow::kMonth) return transfer.month;
  if (window == ReplayWindow::kDay) return transfer.day;
  const std::int32_t since_monday = transfer.day + kThursday;
  return (since_monday < 0 ? since_monday - kDaysOfWeek + 1 : since_monday) / kDaysOfWeek;
}

// Finds an order that can be paid, run by run. What accounts hold between two runs is the same in every order.
class Turner {
 public:
  Turner(const Replay& replay, const GoOn& go_on)
      : replay_(replay), go_on_(go_on), held_(replay.accounts), came_(replay.transfers.size()) {
    order_.reserve(replay.transfers.size());
  }

  Status Take(std::uint32_t from, std::uint32_t to) {
    FT_RETURN_IF_ERROR(go_on_());
    if (to - from < 2) {
      for (std::uint32_t at = from; at < to; ++at) Pay(at);
      return absl::OkStatus();
    }
    const std::size_t paid = order_.size();
    waiting_.clear();
    for (std::uint32_t at = to; at > from; --at) TryWithThoseThatWait(at - 1);
    if (order_.size() - paid == to - from) return absl::OkStatus();
    while (order_.size() > paid) TakeBack();
    const std::uint32_t middle = from + (to - from) / 2;
    FT_RETURN_IF_ERROR(Take(from, middle));
    return Take(middle, to);
  }

  std::vector<std::uint32_t> order() && { return std::move(order_); }

 private:
  bool CanPay(const ReplayedTransfer& transfer) const {
    const auto named = replay_.NamedBy(transfer);
    return (transfer.mints || held_[transfer.from] >= transfer.amount) &&
           std::all_of(named.begin(), named.end(), [&](std::uint32_t receipt) { return came_[receipt]; });
  }
  void Pay(std::uint32_t at) {
    const ReplayedTransfer& transfer = replay_.transfers[at];
    if (!transfer.mints) held_[transfer.from] -= transfer.amount;
    held_[transfer.to] += transfer.to_amount;
    came_[at] = true;
    order_.push_back(at);
  }
  void TakeBack() {
    const ReplayedTransfer& transfer = replay_.transfers[order_.back()];
    held_[transfer.to] -= transfer.to_amount;
    if (!transfer.mints) held_[transfer.from] += transfer.amount;
    came_[order_.back()] = false;
    order_.pop_back();
  }

  // Those that wait at an account are taken in their turn, as long as each can be paid.
  void TryWithThoseThatWait(std::uint32_t at) {
    if (!CanPay(replay_.transfers[at])) {
      waiting_[replay_.transfers[at].from].push_back(at);
      return;
    }
    Pay(at);
    std::vector<std::uint32_t> received{replay_.transfers[at].to};
    while (!received.empty()) {
      const auto found = waiting_.find(received.back());
      if (found == waiting_.end() || found->second.empty() ||
          !CanPay(replay_.transfers[found->second.front()])) {
        received.pop_back();
        continue;
      }
      const std::uint32_t next = found->second.front();
      found->second.pop_front();
      Pay(next);
      received.push_back(replay_.transfers[next].to);
    }
  }

  const Replay& replay_;
  const GoOn& go_on_;
  std::vector<std::int64_t> held_;
  std::vector<bool> came_;
  std::vector<std::uint32_t> order_;
  absl::flat_hash_map<std::uint32_t, std::deque<std::uint32_t>> waiting_;  // by payer
};

// Draws the lowest units of receipts.
class FifoDrawer {
 public:
  FifoDrawer(const Replay& replay, FifoDraws* draws)
      : replay_(replay), draws_(*draws), lines_(replay.accounts), first_(replay.accounts) {}

  void Take(std::uint32_t at) {
    const ReplayedTransfer& transfer = replay_.transfers[at];
    const auto begin = static_cast<std::uint32_t>(draws_.pieces.size());
    if (!transfer.mints) {
      std::int64_t due = transfer.amount;
      for (const std::uint32_t receipt : replay_.NamedBy(transfer)) due -= Spend(receipt, due);
      for (std::size_t& next = first_[transfer.from]; due > 0; ++next) {
        due -= Spend(lines_[transfer.from][next], due);
        if (due == 0) break;  // it may have some left
      }
    }
    draws_.of[at] = {begin, static_cast<std::uint32_t>(draws_.pieces.size())};
    draws_.left[at] = transfer.to_amount;
    lines_[transfer.to].push_back(at);
  }

 private:
  std::int64_t Spend(std::uint32_t receipt, std::int64_t due) {
    std::int64_t& left = draws_.left[receipt];
    const std::int64_t spent = std::min(left, due);
    if (spent > 0) draws_.pieces.push_back({receipt, replay_.transfers[receipt].to_amount - left, spent});
    left -= spent;
    return spent;
  }

  const Replay& replay_;
  FifoDraws& draws_;
  std::vector<std::vector<std::uint32_t>> lines_;  // the receipts of an account, as they came
  std::vector<std::size_t> first_;                 // in its line: all before it is spent
};

class FifoFollower {
 public:
  FifoFollower(const Replay& replay, const FifoDraws& draws, const ReplayAsked& asked, const GoOn& go_on)
      : replay_(replay), draws_(draws), asked_(asked), go_on_(go_on), marks_(replay.transfers.size()) {}

  StatusOr<ReplayedSums> Forward() {
    for (const std::uint32_t at : draws_.order) {
      FT_RETURN_IF_ERROR(go_on_());
      const ReplayedTransfer& transfer = replay_.transfers[at];
      if (asked_.minted[at]) {
        sums_.asked[transfer.from] += transfer.amount;
        sums_.receipts[transfer.from] += transfer.amount;
        sums_.Add(ReplayEnd::kExchanged, transfer.from, transfer.amount);
      }
      MarkedUnits moved = Moved(at);
      if (transfer.exchange) {
        sums_.Add(ReplayEnd::kExchanged, transfer.from, moved.count().value());
        moved = MarkedUnits();
      }
      marks_[at] = Asked(at, std::move(moved));
      if (marks_[at].length().is_zero()) continue;
      // What is left of it at the end is known already. Marks are kept as long as something is spent of their receipt.
      const Amount end = marks_[at].length();
      sums_.Add(ReplayEnd::kLies, transfer.to,
                marks_[at].Slice(Amount(end.value() - draws_.left[at]), end).count().value());
      if (draws_.left[at] == transfer.to_amount) marks_[at] = MarkedUnits();
    }
    return std::move(sums_);
  }

  StatusOr<ReplayedSums> Backward() {
    for (auto turn = draws_.order.rbegin(); turn != draws_.order.rend(); ++turn) {
      const std::uint32_t at = *turn;
      FT_RETURN_IF_ERROR(go_on_());
      const ReplayedTransfer& transfer = replay_.transfers[at];
      MarkedUnits wanted = Asked(at, std::exchange(marks_[at], {}));
      if (wanted.length().is_zero()) continue;
      if (transfer.exchange || transfer.mints) {
        sums_.Add(transfer.exchange ? ReplayEnd::kExchanged : ReplayEnd::kMinted,
                  transfer.exchange ? transfer.to : transfer.from, wanted.count().value());
        continue;
      }
      // Later payments took higher units: of each receipt the parts come from its end down to its beginning.
      std::int64_t from = 0;
      for (std::uint32_t piece = draws_.of[at].first; piece < draws_.of[at].second; ++piece) {
        const ReplayedPiece& spent = draws_.pieces[piece];
        const MarkedUnits part = wanted.Slice(Amount(from), Amount(from + spent.amount));
        from += spent.amount;
        if (part.count().is_zero()) continue;
        MarkedUnits& of = marks_[spent.receipt];
        const std::int64_t behind =
            of.length().is_zero() ? replay_.transfers[spent.receipt].to_amount : Begin(spent.receipt);
        of = part.Then(MarkedUnits::None(Amount(behind - spent.from - spent.amount))).Then(of);
      }
    }
    return std::move(sums_);
  }

 private:
  // Of what is wanted of a receipt so far: where its part begins.
  std::int64_t Begin(std::uint32_t receipt) const {
    return replay_.transfers[receipt].to_amount - marks_[receipt].length().value();
  }

  // What of the question's money the payment moves; of no length where it is none. The marks of a receipt go with the last of it.
  MarkedUnits Moved(std::uint32_t at) {
    MarkedUnits moved;
    std::int64_t unmarked = 0;
    for (std::uint32_t piece = draws_.of[at].first; piece < draws_.of[at].second; ++piece) {
      const ReplayedPiece& spent = draws_.pieces[piece];
      MarkedUnits& marks = marks_[spent.receipt];
      const MarkedUnits part = marks.length().is_zero()
                                   ? MarkedUnits()
                                   : marks.Slice(Amount(spent.from), Amount(spent.from + spent.amount));
      if (spent.from + spent.amount == replay_.transfers[spent.receipt].to_amount) marks = MarkedUnits();
      if (part.count().is_zero()) {
        unmarked += spent.amount;
        continue;
      }
      moved = moved.Then(MarkedUnits::None(Amount(unmarked))).Then(part);
      unmarked = 0;
    }
    return moved.length().is_zero() ? moved : moved.Then(MarkedUnits::None(Amount(unmarked)));
  }

  // All of the receipt where it is asked about; else as it was.
  MarkedUnits Asked(std::uint32_t at, MarkedUnits marks) {
    const ReplayedTransfer& transfer = replay_.transfers[at];
    if (!asked_.receipts[at]) {
      if (!marks.length().is_zero() && marks.length().value() < transfer.to_amount)
        marks = MarkedUnits::None(Amount(transfer.to_amount - marks.length().value())).Then(marks);
      return marks;
    }
    sums_.asked[transfer.to] += transfer.to_amount - marks.count().value();
    sums_.receipts[transfer.to] += transfer.to_amount;
    return MarkedUnits::All(Amount(transfer.to_amount));
  }

  const Replay& replay_;
  const FifoDraws& draws_;
  const ReplayAsked& asked_;
  const GoOn& go_on_;
  std::vector<MarkedUnits> marks_;  // of each receipt: of no length where none of it is the question's
  ReplayedSums sums_;
};

}  // namespace

StatusOr<std::vector<std::uint32_t>> TurnedRound(const Replay& replay, ReplayWindow window,
                                                 const GoOn& go_on) {
  Turner turner(replay, go_on);
  const auto all = static_cast<std::uint32_t>(replay.transfers.size());
  for (std::uint32_t from = 0, to = 0; from < all; from = to) {
    const std::int32_t of = WindowOf(replay.transfers[from], window);
    for (to = from; to < all && WindowOf(replay.transfers[to], window) == of;) ++to;
    FT_RETURN_IF_ERROR(turner.Take(from, to));
  }
  return std::move(turner).order();
}

StatusOr<FifoDraws> DrawFifo(const Replay& replay, std::vector<std::uint32_t> order, const GoOn& go_on) {
  FifoDraws draws;
  draws.order = std::move(order);
  draws.of.resize(replay.transfers.size());
  draws.left.resize(replay.transfers.size());
  FifoDrawer drawer(replay, &draws);
  for (const std::uint32_t at : draws.order) {
    FT_RETURN_IF_ERROR(go_on());
    drawer.Take(at);
  }
  return draws;
}

StatusOr<ReplayedSums> FollowFifo(const Replay& replay, const FifoDraws& draws, const ReplayAsked& asked,
                                  bool forward, const GoOn& go_on) {
  FifoFollower follower(replay, draws, asked, go_on);
  return forward ? follower.Forward() : follower.Backward();
}

}  // namespace fundtrail::query
