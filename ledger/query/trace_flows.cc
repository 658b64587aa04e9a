// See trace_flows.h. What was moved waits in the order of the transfers that moved it, forward or backward
// in time. So all of what one transfer moved is taken together. Each piece is walked once, with marks
// for the units that are the question's (docs/one-idea.md: O(transfers · log n), whatever the fragmentation).
#include "ledger/query/trace_flows.h"

#include <algorithm>
#include <iterator>
#include <memory>

#include "absl/container/btree_map.h"
#include "absl/strings/str_cat.h"

namespace fundtrail::query {
namespace {

using model::AccountNumber;

Status Overlaps(TransferRef ref, AccountNumber account, Position at) {
  return model::Damaged(model::keys::Transfer(ref),
                        absl::StrCat("has a piece at position ", at.value(), " of account ", account.value(),
                                     " that overlaps another"));
}

Status PiecesExceed(AccountNumber account) {
  return model::Damaged(model::keys::AccountState(account), "is less than what its pieces add up to");
}

// Of one account that is asked about: its receipts that are, and what of its line came into sight.
class AskedLine {
 public:
  void Ask(const Fragment& receipt) { receipts_.emplace(receipt.at.from, receipt); }

  // Adds what was not in sight yet, and answers those parts.
  std::vector<Interval> See(Interval interval) {
    std::vector<Interval> added;
    Position at = interval.from;
    for (auto next = seen_.upper_bound(at); at < interval.to; ++next) {
      if (next == seen_.end() || next->second >= interval.to) {
        added.push_back({at, interval.to});
        break;
      }
      if (at < next->second) added.push_back({at, next->second});
      at = next->first;
    }
    for (const Interval& part : added) seen_.emplace(part.to, part.from);
    return added;
  }

  // The receipts that are asked about and have a part in `interval`.
  std::vector<Fragment> ReceiptsIn(Interval interval) const {
    std::vector<Fragment> found;
    auto next = receipts_.upper_bound(interval.from);
    if (next != receipts_.begin()) --next;
    for (; next != receipts_.end() && next->first < interval.to; ++next) {
      if (!Intersect(next->second.at, interval).empty()) found.push_back(next->second);
    }
    return found;
  }

 private:
  std::map<Position, Fragment> receipts_;  // by where they begin
  std::map<Position, Position> seen_;      // intervals without overlap: end, begin
};

// Intervals of one line that do not overlap; those that touch are one. Of most lines a trace meets one, which needs no memory of its own.
class Covered {
 public:
  // False, and nothing changes, when a part of it was there.
  bool Add(Interval interval) {
    if (!intervals_.empty()) return AddToMany(interval);
    if (one_.empty()) {
      one_ = interval;
    } else if (interval.from == one_.to) {
      one_.to = interval.to;
    } else if (interval.to == one_.from) {
      one_.from = interval.from;
    } else if (!Intersect(one_, interval).empty()) {
      return false;
    } else {
      intervals_.emplace(one_.from, one_.to);
      return AddToMany(interval);
    }
    return true;
  }

 private:
  bool AddToMany(Interval interval) {
    auto next = intervals_.lower_bound(interval.from);
    if (next != intervals_.end() && next->first < interval.to) return false;
    if (next != intervals_.begin()) {
      const auto before = std::prev(next);
      if (before->second > interval.from) return false;
      if (before->second == interval.from) {
        interval.from = before->first;
        intervals_.erase(before);
      }
    }
    if (next != intervals_.end() && next->first == interval.to) {
      interval.to = next->second;
      next = intervals_.erase(next);
    }
    intervals_.emplace_hint(next, interval.from, interval.to);
    return true;
  }

  Interval one_;                            // while there are no more
  std::map<Position, Position> intervals_;  // begin, end: all, once they are several
};

class Engine {
 public:
  explicit Engine(Walker* walker) : walker_(*walker) {}

  StatusOr<Flows> Run(const std::vector<TraceStart>& asked) {
    for (const TraceStart& one : asked) {
      FT_RETURN_IF_ERROR(CountReceipt(one.fragment));
      asked_[one.fragment.account.value()].Ask(one.fragment);
      At(TurnOf(one)).asked.push_back(one.fragment);
    }
    while (!waiting_.empty()) {
      const Turn turn = waiting_.begin()->first;
      std::unique_ptr<Waiting> waiting = std::move(waiting_.begin()->second);
      waiting_.erase(waiting_.begin());
      FT_RETURN_IF_ERROR(TakeMoved(turn.ref, &waiting->moved));
      for (const Fragment& one : waiting->asked) FT_RETURN_IF_ERROR(TakeAsked(one, turn.phase == 0));
      waiting->moved.clear();
      waiting->asked.clear();
      spare_.push_back(std::move(waiting));
    }
    return std::move(result_);
  }

 private:
  struct Turn {
    TransferRef ref;
    // Of one transfer. Forward: what a SOURCE minted, what moved, the receipt asked about. Backward: the
    // receipt asked about, what moved.
    int phase = 0;
    bool forward = true;
    bool operator<(const Turn& other) const {
      const auto order = ref <=> other.ref;
      if (order != 0) return forward ? order < 0 : order > 0;
      return phase < other.phase;
    }
  };
  struct Waiting {
    std::vector<Moved> moved;
    std::vector<Fragment> asked;
  };

  Turn TurnOf(const TraceStart& asked) const {
    return {asked.fragment.ref, asked.minted || !walker_.forward() ? 0 : 2, walker_.forward()};
  }

  Waiting& At(const Turn& turn) {
    auto& waiting = waiting_[turn];
    if (waiting == nullptr && spare_.empty()) waiting = std::make_unique<Waiting>();
    if (waiting == nullptr) {
      waiting = std::move(spare_.back());
      spare_.pop_back();
    }
    return *waiting;
  }

  // What is still out of sight of a receipt that is asked about.
  Status TakeAsked(const Fragment& receipt, bool own) {
    for (const Interval& part : asked_.at(receipt.account.value()).See(receipt.at)) {
      const MarkedUnits all = MarkedUnits::All(part.length());
      FT_RETURN_IF_ERROR(CountAsked(receipt, part.from, all));
      FT_RETURN_IF_ERROR(Follow(receipt.account, part.from, all, receipt.ref, own));
    }
    return absl::OkStatus();
  }

  Status TakeMoved(TransferRef ref, std::vector<Moved>* all) {
    if (all->size() > 1) {
      FT_ASSIGN_OR_RETURN(*all, Joined(walker_, ref, std::move(*all)));
    }
    for (Moved& whole : *all) {
      // Each unit of a line came there once, and went on once: what a trace meets twice is no ledger's. So no walk is made
      // twice, whatever the rows say.
      if (!moved_[whole.account.value()].Add({whole.begin, whole.end()}))
        return Overlaps(ref, whole.account, whole.begin);
      FT_RETURN_IF_ERROR(CountFlow(ref, whole));
      FT_RETURN_IF_ERROR(AskAboutTheRest(&whole));
      FT_RETURN_IF_ERROR(Follow(whole.account, whole.begin, whole.marks, ref, false));
    }
    return absl::OkStatus();
  }

  // Where a receipt that is asked about lies beside what was moved, all of it is the question's from here on.
  Status AskAboutTheRest(Moved* moved) {
    const auto line = asked_.find(moved->account.value());
    if (line == asked_.end()) return absl::OkStatus();
    const Interval all{moved->begin, moved->end()};
    line->second.See(all);
    for (const Fragment& receipt : line->second.ReceiptsIn(all)) {
      const Interval part = Intersect(receipt.at, all);
      const Amount from = part.from - all.from, to = part.to - all.from;
      FT_RETURN_IF_ERROR(CountAsked(receipt, part.from, moved->marks.Slice(from, to).Inverted()));
      moved->marks = moved->marks.Slice(Amount(0), from)
                         .Then(MarkedUnits::All(part.length()))
                         .Then(moved->marks.Slice(to, moved->marks.length()));
    }
    return absl::OkStatus();
  }

  Status CountReceipt(const Fragment& receipt) {
    FT_ASSIGN_OR_RETURN(const auto* account, walker_.Describe(receipt.account));
    result_.asked[account->asset()].receipts += receipt.at.length().value();
    return absl::OkStatus();
  }

  Status CountAsked(const Fragment& receipt, Position begin, const MarkedUnits& marks) {
    if (marks.count().is_zero()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto* account, walker_.Describe(receipt.account));
    Flows::AskedSum& sum = result_.asked[account->asset()];
    const auto total = CheckedAdd(sum.amount, marks.count());
    // Units are of receipts that were counted, and each is asked about once.
    if (!total.has_value())
      return absl::OutOfRangeError("more is asked about than 63 bits can count: ask by fund or period");
    if (total->value() > sum.receipts) return PiecesExceed(receipt.account);
    sum.amount = *total;
    FT_ASSIGN_OR_RETURN(const auto moved, walker_.Look(receipt.ref));
    if (moved.committed) sum.committed += marks.count();
    Amount& of_account = result_.asked_of[receipt.account];
    const auto its = CheckedAdd(of_account, marks.count());
    if (!its.has_value()) return PiecesExceed(receipt.account);
    of_account = *its;
    result_.units.push_back({receipt.account, begin, marks, receipt.ref});
    for (const auto& run : marks.Runs(kFragmentBudget - result_.roots.size())) {
      result_.roots.push_back({receipt.account, {begin + run.from, begin + run.to}, receipt.ref});
    }
    return absl::OkStatus();
  }

  Status CountFlow(TransferRef ref, const Moved& moved) {
    auto key = std::pair(moved.mover, moved.account);
    if (!walker_.forward()) std::swap(key.first, key.second);
    FT_ASSIGN_OR_RETURN(const bool fresh, CountMove(&walker_, ref, key, moved.marks.count(), &result_.flows));
    return fresh ? walker_.view().Grow(kLeastFlowBytes) : absl::OkStatus();
  }

  // `own`: the transfer `ref` itself moved these units on, or brought them: minted, or a receipt asked about.
  Status Follow(AccountNumber from, Position begin, const MarkedUnits& marks, TransferRef ref, bool own) {
    const auto take = [&](const Step& step, const MarkedUnits& part) -> StatusOr<bool> {
      if (!step.ends) {
        FT_RETURN_IF_ERROR(walker_.CheckTime(ref, step.ref, own));
        At(Turn{step.ref, 1, walker_.forward()})
            .moved.push_back({step.next.account, from, step.next.at.from, part, step.piece});
        return true;
      }
      FT_RETURN_IF_ERROR(CountEnd(&walker_, ref, from, step, part.count(), &result_.ends));
      return true;
    };
    return walker_.WalkMarked(from, begin, marks, take).status();
  }

  Walker& walker_;
  absl::btree_map<Turn, std::unique_ptr<Waiting>> waiting_;
  std::vector<std::unique_ptr<Waiting>> spare_;          // empty ones
  absl::flat_hash_map<std::uint64_t, AskedLine> asked_;  // by account
  absl::flat_hash_map<std::uint64_t, Covered> moved_;    // by account: what was followed to there
  Flows result_;
};

}  // namespace

StatusOr<std::vector<Moved>> Joined(const Walker& walker, TransferRef ref, std::vector<Moved> parts) {
  // Forward, all of one transfer between two accounts is one; backward, of one piece.
  const auto is_of = [&](const Moved& whole, const Moved& part) {
    return part.account == whole.account && part.mover == whole.mover &&
           (walker.forward() || part.piece == whole.piece);
  };
  std::sort(parts.begin(), parts.end(), [](const Moved& a, const Moved& b) { return a.begin < b.begin; });
  std::vector<Moved> joined;
  for (Moved& part : parts) {
    if (joined.empty() || !is_of(joined.back(), part)) {
      joined.push_back(std::move(part));
      continue;
    }
    Moved& whole = joined.back();
    if (part.begin < whole.end()) return Overlaps(ref, whole.account, part.begin);
    whole.marks = whole.marks.Then(MarkedUnits::None(part.begin - whole.end())).Then(part.marks);
  }
  return joined;
}

StatusOr<bool> CountMove(Walker* walker, TransferRef ref, const FlowKey& key, Amount amount,
                         CountedFlows* flows) {
  FT_ASSIGN_OR_RETURN(const auto moved, walker->Look(ref));
  const Amount committed = moved.committed ? amount : Amount(0);
  const auto [found, fresh] =
      flows->emplace(key, FlowSum{amount, committed, 1, moved.date, moved.date, ref, ref});
  if (fresh) return true;
  FlowSum& flow = found->second;
  const auto total = CheckedAdd(flow.amount, amount);
  if (!total.has_value()) return absl::OutOfRangeError("a flow is larger than 63 bits can count");
  flow.amount = *total;
  flow.committed += committed;
  if (flow.latest != ref) ++flow.transfers;
  flow.latest = ref;
  flow.first = std::min(flow.first, moved.date);
  flow.last = std::max(flow.last, moved.date);
  flow.first_ref = std::min(flow.first_ref, ref);
  return false;
}

Status CountEnd(Walker* walker, TransferRef ref, AccountNumber account, const Step& step, Amount amount,
                CountedEnds* ends) {
  FT_ASSIGN_OR_RETURN(const auto moved, walker->Look(ref));
  EndSum& end = (*ends)[{step.kind, account}];
  if (end.amount.is_zero()) end.first = end.last = moved.date;
  // Each unit ends once, and they are all of one account.
  const auto total = CheckedAdd(end.amount, amount);
  if (!total.has_value()) return PiecesExceed(account);
  end.amount = *total;
  if (moved.committed) end.committed += amount;
  end.first = std::min(end.first, moved.date);
  end.last = std::max(end.last, moved.date);
  if (step.kind == v1::END_KIND_EXCHANGED && end.exchanges.size() < kMaxExchangesShown &&
      std::find(end.exchanges.begin(), end.exchanges.end(), step.ref) == end.exchanges.end()) {
    end.exchanges.push_back(step.ref);
  }
  return absl::OkStatus();
}

namespace {

// Of what is one when it is told: the sum, and the days.
template <typename Sum>
Status AddSum(const Sum& more, Sum* sum) {
  const auto total = CheckedAdd(sum->amount, more.amount);
  if (!total.has_value())
    return absl::OutOfRangeError(
        "a sum of joined parties is more than 63 bits can count: ask for each of them");
  sum->amount = *total;
  sum->committed += more.committed;
  sum->first = std::min(sum->first, more.first);
  sum->last = std::max(sum->last, more.last);
  return absl::OkStatus();
}

}  // namespace

// In the order of the keys, so that the same question has the same answer.
Status Merge(Walker* walker, CountedEnds* ends) {
  if (walker->joins().empty()) return absl::OkStatus();
  CountedEnds merged;
  for (const auto& [key, sum] : std::map<EndKey, EndSum>(ends->begin(), ends->end())) {
    FT_ASSIGN_OR_RETURN(const AccountNumber account, walker->Standing(key.second));
    const auto [found, is_new] = merged.try_emplace(EndKey(key.first, account), sum);
    if (is_new) continue;
    FT_RETURN_IF_ERROR(AddSum(sum, &found->second));
    std::vector<TransferRef>& shown = found->second.exchanges;
    shown.insert(shown.end(), sum.exchanges.begin(), sum.exchanges.end());
    std::sort(shown.begin(), shown.end());
    if (shown.size() > kMaxExchangesShown) shown.resize(kMaxExchangesShown);
  }
  ends->swap(merged);
  return absl::OkStatus();
}

Status Merge(Walker* walker, CountedFlows* flows) {
  if (walker->joins().empty()) return absl::OkStatus();
  CountedFlows merged;
  for (const auto& [key, sum] : std::map<FlowKey, FlowSum>(flows->begin(), flows->end())) {
    FT_ASSIGN_OR_RETURN(const AccountNumber from, walker->Standing(key.first));
    FT_ASSIGN_OR_RETURN(const AccountNumber to, walker->Standing(key.second));
    const auto [found, is_new] = merged.try_emplace(FlowKey(from, to), sum);
    if (is_new) continue;
    FT_RETURN_IF_ERROR(AddSum(sum, &found->second));
    // Each transfer is of two accounts, and so of one flow before.
    found->second.transfers += sum.transfers;
    found->second.first_ref = std::min(found->second.first_ref, sum.first_ref);
  }
  flows->swap(merged);
  return absl::OkStatus();
}

StatusOr<Flows> FollowAll(Walker* walker, const std::vector<TraceStart>& asked) {
  FT_ASSIGN_OR_RETURN(Flows flows, Engine(walker).Run(asked));
  FT_RETURN_IF_ERROR(Merge(walker, &flows.ends));
  FT_RETURN_IF_ERROR(Merge(walker, &flows.flows));
  return flows;
}

}  // namespace fundtrail::query
