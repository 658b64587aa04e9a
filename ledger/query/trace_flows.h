// Ends and flows of a trace, and its flows by hop, exact whatever the fragmentation.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/hash/hash.h"
#include "ledger/base/wide.h"
#include "ledger/query/marked_units.h"
#include "ledger/query/trace_question.h"
#include "ledger/query/trace_start.h"

namespace fundtrail::query {

struct EndSum {
  Amount amount;
  Amount committed;  // of it
  Date first;
  Date last;
  std::vector<TransferRef> exchanges;
};

struct FlowSum {
  Amount amount;
  Amount committed;  // of it
  std::uint64_t transfers = 0;
  Date first;
  Date last;
  TransferRef first_ref;
  TransferRef latest;  // the one counted last
};

// What one transfer moved of the question's money, on the other account's line.
struct Moved {
  model::AccountNumber account;
  model::AccountNumber mover;  // the account on the other side of the move
  Position begin;
  MarkedUnits marks;
  Position piece;  // where the whole piece begins
  Position end() const { return begin + marks.length(); }
};

// Units that are asked about at a receipt, and at no other.
struct AskedUnits {
  model::AccountNumber account;
  Position begin;
  MarkedUnits marks;
  TransferRef ref;
};

using EndKey = std::pair<v1::EndKind, model::AccountNumber>;
using FlowKey = std::pair<model::AccountNumber, model::AccountNumber>;  // payer, payee

struct KeyHash {
  std::size_t operator()(const EndKey& key) const {
    return absl::HashOf(static_cast<int>(key.first), key.second.value());
  }
  std::size_t operator()(const FlowKey& key) const {
    return absl::HashOf(key.first.value(), key.second.value());
  }
};
using CountedEnds = absl::flat_hash_map<EndKey, EndSum, KeyHash>;
using CountedFlows = absl::flat_hash_map<FlowKey, FlowSum, KeyHash>;

// What was counted, the largest amount first, and by key among equals. It lasts as long as the sums.
template <typename Sums>
std::vector<const typename Sums::value_type*> LargestFirst(const Sums& sums) {
  std::vector<const typename Sums::value_type*> sorted;
  sorted.reserve(sums.size());
  for (const auto& one : sums) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(), [](const auto* a, const auto* b) {
    return a->second.amount != b->second.amount ? a->second.amount > b->second.amount : a->first < b->first;
  });
  return sorted;
}

struct Flows {
  CountedEnds ends;
  CountedFlows flows;
  std::vector<AskedUnits> units;  // what was asked, each unit once
  std::vector<Fragment> roots;    // the same as fragments, up to kFragmentBudget
  struct AskedSum {
    Amount amount;      // each unit once
    Amount committed;   // of it
    Wide receipts = 0;  // all that was asked about, together: the amount, and what came round again
  };
  std::map<std::string, AskedSum> asked;  // by asset
  std::map<model::AccountNumber, Amount> asked_of;
};

// What the tree, the paths and the layers of one asset begin with.
struct Roots {
  std::vector<AskedUnits> units;                    // all
  std::vector<Fragment> fragments;                  // up to the budget
  std::map<model::AccountNumber, Amount> accounts;  // all that was asked, by Walker::Standing
};

// Units that come into sight at a later (or earlier) receipt that is asked about too are asked once.
StatusOr<Flows> FollowAll(Walker* walker, const std::vector<TraceStart>& asked);

// Parts of what one transfer moved become one again where they are of one move, with what lies between them unmarked.
// DATA_LOSS where two overlap.
StatusOr<std::vector<Moved>> Joined(const Walker& walker, TransferRef ref, std::vector<Moved> parts);

// Counts what `ref` moved between two accounts. True when nothing was counted of them before.
StatusOr<bool> CountMove(Walker* walker, TransferRef ref, const FlowKey& key, Amount amount,
                         CountedFlows* flows);
// Counts what ends in `account`, where `ref` brought it (backward: from where it took it).
Status CountEnd(Walker* walker, TransferRef ref, model::AccountNumber account, const Step& step,
                Amount amount, CountedEnds* ends);

// Ends and flows of accounts that are described alike as one. OUT_OF_RANGE where a sum does not fit.
Status Merge(Walker* walker, CountedEnds* ends);
Status Merge(Walker* walker, CountedFlows* flows);

// As messages.
Status FillEnd(Walker* walker, const EndKey& key, const EndSum& sum, v1::TraceEnd* end);
Status FillFlow(Walker* walker, const FlowKey& key, const FlowSum& sum, v1::TraceFlow* flow);

// The tree below `roots`, and the single paths, into `trace` for the accounts of its asset.
Status BuildTree(Walker* walker, const TraceQuestion& question, Amount min, const Roots& roots,
                 v1::AssetTrace* trace);
Status BuildPaths(Walker* walker, const TraceQuestion& question, const Roots& roots, v1::AssetTrace* trace);
// The flows by hop, from hop 0 to `hops`, which is at most kMaxHops.
Status BuildLayers(Walker* walker, std::uint32_t hops, const Roots& roots, v1::AssetTrace* trace);

// Told to View::Grow when a flow is first seen; the rest of it when it is described. (Two dates alone have so many.)
inline constexpr std::size_t kLeastFlowBytes = 24;

inline constexpr int kMaxExchangesShown = 100;
// Fragments looked at for one tree: two accounts that pay each other back and forth make millions.
inline constexpr std::size_t kFragmentBudget = 200'000;

}  // namespace fundtrail::query
