// The flows of a trace by hop. Each layer is followed as a whole: what one transfer moved of it is walked once, with marks
// for its units, as in trace_flows.cc. So a layer costs O(transfers · log n), however often money circles.
#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/query/trace_flows.h"

namespace fundtrail::query {
namespace {

using model::AccountNumber;

class LayerBuilder {
 public:
  LayerBuilder(Walker* walker, v1::AssetTrace* trace) : walker_(*walker), trace_(*trace) {}

  Status Build(std::uint32_t hops, const Roots& roots) {
    // What came before is what is asked about. A layer's own sum becomes that of the next.
    std::int64_t due = trace_.asked();
    std::vector<AskedUnits> asked = roots.units;
    std::stable_sort(asked.begin(), asked.end(),
                     [](const AskedUnits& a, const AskedUnits& b) { return a.ref < b.ref; });
    for (const AskedUnits& units : asked) {
      FT_RETURN_IF_ERROR(Count(units.ref, units.account, units.account, units.marks.count()));
      FT_RETURN_IF_ERROR(Follow(units.account, units.begin, units.marks, units.ref, true));
    }
    for (std::uint32_t hop = 0;; ++hop) {
      FT_ASSIGN_OR_RETURN(due, AddLayer(hop, due, hop == hops));
      if (next_.empty() || hop == hops) return absl::OkStatus();
      flows_.clear();
      ends_.clear();
      const auto moved = std::exchange(next_, {});
      for (const auto& [ref, parts] : moved) FT_RETURN_IF_ERROR(TakeMoved(ref, parts));
    }
  }

 private:
  Status TakeMoved(TransferRef ref, const std::vector<Moved>& parts) {
    FT_ASSIGN_OR_RETURN(const auto joined, Joined(walker_, ref, parts));
    for (const Moved& whole : joined) {
      const bool forward = walker_.forward();
      FT_RETURN_IF_ERROR(Count(ref, forward ? whole.mover : whole.account,
                               forward ? whole.account : whole.mover, whole.marks.count()));
      FT_RETURN_IF_ERROR(Follow(whole.account, whole.begin, whole.marks, ref, false));
    }
    return absl::OkStatus();
  }

  Status Count(TransferRef ref, AccountNumber from, AccountNumber to, Amount amount) {
    return CountMove(&walker_, ref, {from, to}, amount, &flows_).status();
  }

  // What ends of these units is of this layer, and what was moved on waits for the next. `own`: see trace_flows.cc.
  Status Follow(AccountNumber account, Position begin, const MarkedUnits& marks, TransferRef ref, bool own) {
    const auto take = [&](const Step& step, const MarkedUnits& part) -> StatusOr<bool> {
      if (step.ends) {
        FT_RETURN_IF_ERROR(CountEnd(&walker_, ref, account, step, part.count(), &ends_));
        return true;
      }
      FT_RETURN_IF_ERROR(walker_.CheckTime(ref, step.ref, own));
      next_[step.ref].push_back({step.next.account, account, step.next.at.from, part, step.piece});
      return true;
    };
    return walker_.WalkMarked(account, begin, marks, take).status();
  }

  // The layer that was counted, in which `due` must have come. Answers what goes on.
  StatusOr<std::int64_t> AddLayer(std::uint32_t hop, std::int64_t due, bool last) {
    auto* layer = trace_.add_layers();
    layer->set_hop(hop);
    Wide came = 0, ended = 0, goes_on = 0;
    FT_RETURN_IF_ERROR(Merge(&walker_, &flows_));
    FT_RETURN_IF_ERROR(Merge(&walker_, &ends_));
    for (const auto* const one : LargestFirst(flows_)) {
      const auto& [key, sum] = *one;
      auto* flow = layer->add_flows();
      FT_RETURN_IF_ERROR(FillFlow(&walker_, key, sum, flow));
      if (hop == 0) walker_.forward() ? flow->clear_from() : flow->clear_to();
      FT_RETURN_IF_ERROR(walker_.view().Grow(flow->ByteSizeLong()));
      came += sum.amount.value();
    }
    for (const auto* const one : LargestFirst(ends_)) {
      const auto& [key, sum] = *one;
      auto* end = layer->add_ends();
      FT_RETURN_IF_ERROR(FillEnd(&walker_, key, sum, end));
      FT_RETURN_IF_ERROR(walker_.view().Grow(end->ByteSizeLong()));
      ended += sum.amount.value();
    }
    for (const auto& [ref, parts] : next_) {
      for (const Moved& part : parts) goes_on += part.marks.count().value();
    }
    if (came != due || came != ended + goes_on) {
      return model::Damaged(absl::StrCat("the answer does not add up: at hop ", hop,
                                         ", what came is not what ended and what goes on"));
    }
    // It is no more than what came.
    const auto rest = static_cast<std::int64_t>(goes_on);
    if (last) layer->set_beyond(rest);
    return rest;
  }

  Walker& walker_;
  v1::AssetTrace& trace_;
  std::map<TransferRef, std::vector<Moved>> next_;
  CountedFlows flows_;  // of hop 0: the account twice
  CountedEnds ends_;
};

}  // namespace

Status BuildLayers(Walker* walker, std::uint32_t hops, const Roots& roots, v1::AssetTrace* trace) {
  return LayerBuilder(walker, trace).Build(hops, roots);
}

}  // namespace fundtrail::query
