// The single paths of a trace: each unit's own way, until the budget ends.
#include "ledger/model/references.h"
#include "ledger/query/trace_flows.h"

namespace fundtrail::query {
namespace {

constexpr int kMaxSteps = 1'000;  // money that goes round and round is cut here, and the answer says so

class Paths {
 public:
  Paths(Walker* walker, std::size_t budget, v1::AssetTrace* trace)
      : walker_(*walker), budget_(budget), trace_(*trace) {}

  Status From(const Fragment& root) {
    struct Open {
      Fragment fragment;
      int depth;
    };
    std::vector<Open> open{{root, 0}};
    std::vector<Fragment> way;
    while (!open.empty()) {
      FT_RETURN_IF_ERROR(walker_.view().GoOn());
      const Open now = open.back();
      open.pop_back();
      way.resize(static_cast<std::size_t>(now.depth));
      way.push_back(now.fragment);
      if (static_cast<std::size_t>(trace_.paths_size()) >= budget_ || now.depth >= kMaxSteps) {
        trace_.set_truncated(true);
        continue;
      }
      std::vector<Open> next;
      // More branches than paths that may still be shown need not be kept.
      const auto room = budget_ - static_cast<std::size_t>(trace_.paths_size());
      const auto take = [&](const Step& step) -> StatusOr<bool> {
        if (next.size() > room) return false;
        if (!step.ends) {
          // What was asked about may be moved on by the transfer that brought it in, and nothing else.
          FT_RETURN_IF_ERROR(walker_.CheckTime(now.fragment.ref, step.ref, now.depth == 0));
          next.push_back({step.next, now.depth + 1});
          return true;
        }
        FT_RETURN_IF_ERROR(Add(way, step));
        return true;
      };
      FT_ASSIGN_OR_RETURN(const bool whole, walker_.Walk(now.fragment.account, now.fragment.at, take));
      if (!whole) trace_.set_truncated(true);
      open.insert(open.end(), next.rbegin(), next.rend());
    }
    return absl::OkStatus();
  }

 private:
  // `way` ends in the fragment of which `end` is a part. A step's position is where its fragment begins.
  Status Add(const std::vector<Fragment>& way, const Step& end) {
    if (static_cast<std::size_t>(trace_.paths_size()) >= budget_) {
      trace_.set_truncated(true);
      return absl::OkStatus();
    }
    auto* path = trace_.add_paths();
    path->set_amount(end.at.length().value());
    trace_.set_shown(trace_.shown() + end.at.length().value());
    for (const Fragment& fragment : way) {
      auto* step = path->add_steps();
      FT_ASSIGN_OR_RETURN(const auto* account, walker_.Recorded(fragment.account));
      *step->mutable_account() = *account;
      step->set_position(fragment.at.from.value());
      model::SetRef(fragment.ref, step->mutable_ref());
      FT_ASSIGN_OR_RETURN(const auto moved, walker_.Look(fragment.ref));
      step->set_date(fundtrail::ToString(moved.date));
    }
    path->mutable_steps(path->steps_size() - 1)->set_position(end.at.from.value());
    auto* last = path->mutable_end();
    last->set_kind(end.kind);
    last->set_amount(end.at.length().value());
    *last->mutable_account() = path->steps(path->steps_size() - 1).account();
    last->set_first_date(path->steps(path->steps_size() - 1).date());
    last->set_last_date(last->first_date());
    FT_ASSIGN_OR_RETURN(const auto moved, walker_.Look(way.back().ref));
    if (moved.committed) last->set_committed(last->amount());
    if (end.kind == v1::END_KIND_EXCHANGED) model::SetRef(end.ref, last->add_exchanges());
    return walker_.view().Grow(path->ByteSizeLong());
  }

  Walker& walker_;
  std::size_t budget_;
  v1::AssetTrace& trace_;
};

}  // namespace

Status BuildPaths(Walker* walker, const TraceQuestion& question, const Roots& roots, v1::AssetTrace* trace) {
  Paths paths(walker, question.path_budget, trace);
  for (const Fragment& root : roots.fragments) FT_RETURN_IF_ERROR(paths.From(root));
  if (trace->shown() != trace->asked()) trace->set_truncated(true);
  return absl::OkStatus();
}

}  // namespace fundtrail::query
