// Of traces: what is checked (checks.h).
#include "cli/render/trace.h"

#include <cstdint>
#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/untrue.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"

namespace fundtrail::cli {

namespace {

// What ended in each way, and how much of it is committed.
struct EndSums {
  Wide amount = 0;
  Wide committed = 0;
};

bool FitsEnds(const v1::AssetTrace& trace) {
  std::map<v1::EndKind, EndSums> sums;
  for (const auto& end : trace.ends()) {
    if (!IsPart(end.committed(), end.amount())) return false;
    sums[end.kind()].amount += end.amount();
    sums[end.kind()].committed += end.committed();
  }
  const v1::TraceSums& committed = trace.committed();
  const auto fits = [&](v1::EndKind kind, std::int64_t amount, std::int64_t of_it) {
    return sums[kind].amount == amount && sums[kind].committed == of_it;
  };
  return fits(v1::REACHED, trace.reached(), committed.reached()) &&
         fits(v1::ENDS_HERE, trace.ends_here(), committed.ends_here()) &&
         fits(v1::HELD, trace.held(), committed.held()) &&
         fits(v1::RETURNED, trace.returned(), committed.returned()) &&
         fits(v1::EXCHANGED, trace.exchanged(), committed.exchanged()) &&
         fits(v1::BROUGHT_IN, trace.brought_in(), committed.brought_in()) &&
         fits(v1::UNRECORDED, trace.unrecorded(), committed.unrecorded());
}

bool Tiles(const v1::TraceNode& node) {
  if (!IsPart(node.committed(), node.amount())) return false;
  Wide sum = node.cut();
  for (const auto& end : node.ends()) sum += end.amount();
  for (const auto& child : node.children()) {
    if (!Tiles(child)) return false;
    sum += child.amount();
  }
  return sum == node.amount();
}

}  // namespace

Status CheckAnswer(const v1::TraceAnswer& answer) {
  for (const auto& trace : answer.assets()) {
    const std::string asset = Escaped(trace.asset());
    Wide ended = 0, in_tree = 0;
    for (const auto& end : trace.ends()) ended += end.amount();
    if (!render::AddsUp(answer.direction(), trace) || ended != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", what ended is not what was asked"));
    if (!FitsEnds(trace))
      return Bad(absl::StrCat("of ", asset, ", a sum is not that of the ends of its kind"));
    if (!IsPart(trace.committed().asked(), trace.asked()))
      return Bad(absl::StrCat("of ", asset, ", more is committed than was asked"));
    if (trace.came_round() < 0)
      return Bad(absl::StrCat("of ", asset, ", less than nothing came round again"));
    for (const auto& root : trace.tree()) {
      in_tree += root.amount();
      if (!Tiles(root)) return Bad(absl::StrCat("of ", asset, ", a branch of the tree does not add up"));
    }
    if (!trace.tree().empty() && in_tree != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", the tree is not what was asked"));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::cli
