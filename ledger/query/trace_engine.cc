// See trace_engine.h. Fragments wait in the order of the transfers that moved them, forward or backward in
// time, so that all of what one transfer moved is taken together, and parts that touch are one again.
#include "ledger/query/trace_engine.h"

#include <algorithm>

namespace fundtrail::query {
namespace {

using model::AccountNumber;

// Positions of one line, without overlap.
class IntervalSet {
 public:
  // Adds what is not there yet, and answers those parts.
  std::vector<Interval> Add(Interval interval) {
    std::vector<Interval> added;
    Position at = interval.from;
    auto next = ends_.lower_bound(at);  // keyed by where an interval ends
    while (at < interval.to) {
      while (next != ends_.end() && next->first <= at) ++next;
      if (next == ends_.end() || next->second >= interval.to) {
        added.push_back({at, interval.to});
        break;
      }
      if (at < next->second) added.push_back({at, next->second});
      at = next->first;
      ++next;
    }
    for (const Interval& part : added) ends_.emplace(part.to, part.from);
    return added;
  }

 private:
  std::map<Position, Position> ends_;
};

struct Waiting {
  Fragment fragment;
  AccountNumber mover;  // the account on the other side of the move
  bool asked = false;   // starts here
  bool minted = false;
};

class Engine {
 public:
  explicit Engine(Walker* walker) : walker_(*walker) {}

  StatusOr<Flows> Run(const std::vector<Asked>& asked) {
    for (const Asked& one : asked) {
      asked_accounts_.emplace(one.fragment.account, IntervalSet());
      Wait({one.fragment, one.fragment.account, true, one.minted});
    }
    while (!waiting_.empty()) {
      auto group = std::move(waiting_.begin()->second);
      const TransferRef ref = waiting_.begin()->first.ref;
      waiting_.erase(waiting_.begin());
      FT_RETURN_IF_ERROR(Take(ref, std::move(group)));
    }
    return std::move(result_);
  }

 private:
  struct Turn {
    TransferRef ref;
    int phase = 0;  // of one transfer: what a SOURCE minted, then what moved, then the receipts asked about
    bool forward = true;
    bool operator<(const Turn& other) const {
      const auto order = ref <=> other.ref;
      if (order != 0) return forward ? order < 0 : order > 0;
      return phase < other.phase;
    }
  };

  void Wait(Waiting waiting) {
    const int phase = waiting.minted ? 0 : waiting.asked ? 2 : 1;
    waiting_[Turn{waiting.fragment.ref, phase, walker_.forward()}].push_back(waiting);
  }

  // All that one transfer moved, or that is asked about it.
  Status Take(TransferRef ref, std::vector<Waiting> group) {
    if (group.front().asked) {
      for (const Waiting& one : group) {
        for (const Interval& part : asked_accounts_.at(one.fragment.account).Add(one.fragment.at)) {
          const Fragment root{one.fragment.account, part, ref};
          FT_ASSIGN_OR_RETURN(const auto* account, walker_.Describe(root.account));
          Amount& sum = result_.asked[account->asset()];
          const auto total = CheckedAdd(sum, part.length());
          if (!total.has_value())
            return absl::OutOfRangeError("more is asked about than 63 bits can count: ask by fund or period");
          sum = *total;
          result_.roots.push_back(root);
          FT_RETURN_IF_ERROR(Follow(root));
        }
      }
      return absl::OkStatus();
    }
    std::sort(group.begin(), group.end(),
              [](const Waiting& a, const Waiting& b) { return a.fragment.at.from < b.fragment.at.from; });
    Amount moved;
    std::vector<Fragment> joined;
    for (const Waiting& one : group) {
      moved += one.fragment.at.length();
      if (!joined.empty() && joined.back().at.to == one.fragment.at.from) {
        joined.back().at.to = one.fragment.at.to;
      } else {
        joined.push_back(one.fragment);
      }
    }
    FT_RETURN_IF_ERROR(CountFlow(ref, group.front(), moved));
    for (const Fragment& fragment : joined) {
      const auto set = asked_accounts_.find(fragment.account);
      if (set != asked_accounts_.end()) set->second.Add(fragment.at);
      FT_RETURN_IF_ERROR(Follow(fragment));
    }
    return absl::OkStatus();
  }

  Status CountFlow(TransferRef ref, const Waiting& one, Amount moved) {
    auto key = std::pair(one.mover, one.fragment.account);
    if (!walker_.forward()) std::swap(key.first, key.second);
    FT_ASSIGN_OR_RETURN(const Date date, walker_.DateOf(ref));
    const auto [found, fresh] = result_.flows.emplace(key, FlowSum{moved, 1, date, date, ref});
    if (fresh) return absl::OkStatus();
    FlowSum& flow = found->second;
    const auto total = CheckedAdd(flow.amount, moved);
    if (!total.has_value()) return absl::OutOfRangeError("a flow is larger than 63 bits can count");
    flow.amount = *total;
    ++flow.transfers;
    flow.first = std::min(flow.first, date);
    flow.last = std::max(flow.last, date);
    flow.first_ref = std::min(flow.first_ref, ref);
    return absl::OkStatus();
  }

  Status Follow(const Fragment& fragment) {
    return walker_.Walk(fragment.account, fragment.at, [&](const Step& step) -> Status {
      if (!step.ends) {
        Wait({step.next, fragment.account, false, false});
        return absl::OkStatus();
      }
      FT_ASSIGN_OR_RETURN(const Date date, walker_.DateOf(fragment.ref));
      EndSum& end = result_.ends[{step.kind, fragment.account}];
      if (end.amount.is_zero()) end.first = end.last = date;
      end.amount += step.at.length();
      end.first = std::min(end.first, date);
      end.last = std::max(end.last, date);
      if (step.kind == v1::EXCHANGED && end.exchanges.size() < kMaxExchangesShown &&
          std::find(end.exchanges.begin(), end.exchanges.end(), step.ref) == end.exchanges.end()) {
        end.exchanges.push_back(step.ref);
      }
      return absl::OkStatus();
    });
  }

  Walker& walker_;
  std::map<Turn, std::vector<Waiting>> waiting_;
  std::map<AccountNumber, IntervalSet> asked_accounts_;
  Flows result_;
};

}  // namespace

StatusOr<Flows> FollowAll(Walker* walker, const std::vector<Asked>& asked) {
  return Engine(walker).Run(asked);
}

void SetRef(TransferRef ref, v1::TransferRef* out) {
  out->set_record(ref.record.value());
  out->set_line(ref.line);
}

}  // namespace fundtrail::query
