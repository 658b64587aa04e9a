// Of traces: what is checked (checks.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/checks/trace_parts.h"
#include "cli/client/checks/untrue.h"
#include "cli/render/trace_sums.h"
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
  return fits(v1::END_KIND_REACHED, trace.reached(), committed.reached()) &&
         fits(v1::END_KIND_ENDS_HERE, trace.ends_here(), committed.ends_here()) &&
         fits(v1::END_KIND_HELD, trace.held(), committed.held()) &&
         fits(v1::END_KIND_RETURNED, trace.returned(), committed.returned()) &&
         fits(v1::END_KIND_EXCHANGED, trace.exchanged(), committed.exchanged()) &&
         fits(v1::END_KIND_BROUGHT_IN, trace.brought_in(), committed.brought_in()) &&
         fits(v1::END_KIND_UNRECORDED, trace.unrecorded(), committed.unrecorded());
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

// By account: what came to a layer, less what ends in it.
using Balances = std::map<AccountKey, Wide>;

// Takes what a layer's flows took from the layer before: all of what was left there. Of the first, `left` is empty.
bool ComesFrom(const v1::TraceLayer& layer, bool forward, Balances left) {
  for (const auto& flow : layer.flows()) {
    if (layer.hop() == 0 && (forward ? flow.has_from() : flow.has_to())) return false;
    if (layer.hop() > 0) left[KeyOf(forward ? flow.from() : flow.to())] -= flow.amount();
  }
  return std::all_of(left.begin(), left.end(), [](const auto& of) { return of.second == 0; });
}

// Of each pair of accounts, and of each end, what a trace says and what is left of it when its layers are taken away.
struct LayerRest {
  std::map<std::pair<AccountKey, AccountKey>, Wide> flows;
  std::map<std::pair<v1::EndKind, AccountKey>, Wide> ends;
};

// That the rest is nothing, or with money beyond the layers no less than nothing.
bool IsRest(const LayerRest& rest, bool beyond) {
  const auto fits = [&](const auto& of) { return beyond ? of.second >= 0 : of.second == 0; };
  return std::all_of(rest.flows.begin(), rest.flows.end(), fits) &&
         std::all_of(rest.ends.begin(), rest.ends.end(), fits);
}

Status CheckLayers(const v1::TraceRequest& request, v1::Direction direction, const v1::AssetTrace& trace) {
  const std::string of = absl::StrCat("of ", Escaped(trace.asset()), ", ");
  if (trace.layers().empty() == (request.hops() > 0))
    return Bad(of + "there are layers that were not asked for, or none that were");
  if (trace.layers().empty()) return absl::OkStatus();
  const bool forward = direction == v1::DIRECTION_FROM;
  LayerRest rest;
  for (const auto& flow : trace.flows()) rest.flows[{KeyOf(flow.from()), KeyOf(flow.to())}] += flow.amount();
  for (const auto& end : trace.ends()) rest.ends[{end.kind(), KeyOf(end.account())}] += end.amount();
  Wide due = trace.asked();
  Balances left;
  for (int i = 0; i < trace.layers_size(); ++i) {
    const v1::TraceLayer& layer = trace.layers(i);
    const bool last = i + 1 == trace.layers_size();
    if (layer.hop() != static_cast<std::uint32_t>(i) || layer.hop() > request.hops() ||
        (layer.beyond() != 0 && (layer.hop() != request.hops() || layer.beyond() < 0)))
      return Bad(of + "the layers are not those of one hop after another");
    if (!ComesFrom(layer, forward, left))
      return Bad(absl::StrCat(of, "what came to hop ", i, " is not what went on from the hop before"));
    left.clear();
    Wide came = 0;
    for (const auto& flow : layer.flows()) {
      if (flow.amount() <= 0 || !IsPart(flow.committed(), flow.amount()))
        return Bad(of + "a flow of a layer has no amount, or more is committed than there is");
      if (i > 0) rest.flows[{KeyOf(flow.from()), KeyOf(flow.to())}] -= flow.amount();
      left[KeyOf(forward ? flow.to() : flow.from())] += flow.amount();
      came += flow.amount();
    }
    Wide goes_on = came;
    for (const auto& end : layer.ends()) {
      if (end.amount() <= 0 || !IsPart(end.committed(), end.amount()))
        return Bad(of + "an end in a layer has no amount, or more is committed than there is");
      Wide& of_account = left[KeyOf(end.account())];
      of_account -= end.amount();
      if (of_account < 0) return Bad(absl::StrCat(of, "more ends at hop ", i, " than came there"));
      rest.ends[{end.kind(), KeyOf(end.account())}] -= end.amount();
      goes_on -= end.amount();
    }
    if (came != due || (last && goes_on != layer.beyond()))
      return Bad(absl::StrCat(of, "at hop ", i, ", what came is not what ends and what goes on"));
    due = goes_on;
  }
  if (!IsRest(rest, due != 0)) return Bad(of + "the layers are not the flows and the ends of the trace");
  return absl::OkStatus();
}

}  // namespace

Status CheckAnswer(const v1::TraceAnswer& answer, const v1::TraceRequest& request) {
  if (answer.direction() != request.direction()) return Bad("it goes another way than was asked for");
  for (const auto& trace : answer.assets()) {
    const std::string asset = Escaped(trace.asset());
    Wide ended = 0, in_tree = 0;
    for (const auto& end : trace.ends()) ended += end.amount();
    if (!render::AddsUp(answer.direction(), trace) || ended != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", what ended is not what was asked"));
    if (!FitsEnds(trace))
      return Bad(absl::StrCat("of ", asset, ", a sum is not that of the ends of its kind"));
    if (!IsPart(trace.committed().asked(), trace.asked()))
      return Bad(absl::StrCat("of ", asset, ", more is committed than was asked for"));
    if (trace.came_round() < 0)
      return Bad(absl::StrCat("of ", asset, ", less than nothing came round again"));
    for (const auto& root : trace.tree()) {
      in_tree += root.amount();
      if (!Tiles(root)) return Bad(absl::StrCat("of ", asset, ", a branch of the tree does not add up"));
    }
    if (!trace.tree().empty() && in_tree != trace.asked())
      return Bad(absl::StrCat("of ", asset, ", the tree is not what was asked"));
    FT_RETURN_IF_ERROR(CheckLayers(request, answer.direction(), trace));
    FT_RETURN_IF_ERROR(CheckProRata(trace, request.pro_rata()));
  }
  FT_RETURN_IF_ERROR(CheckReceipts(answer, request));
  return CheckJoined(answer, request.joined());
}

}  // namespace fundtrail::cli
