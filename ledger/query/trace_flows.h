// Ends and flows of a trace, exact whatever the fragmentation.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/wide.h"
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

struct Flows {
  using EndKey = std::pair<v1::EndKind, model::AccountNumber>;
  using FlowKey = std::pair<model::AccountNumber, model::AccountNumber>;  // payer, payee
  std::map<EndKey, EndSum> ends;
  std::map<FlowKey, FlowSum> flows;
  std::vector<Fragment> roots;  // what was asked, each unit once, up to kFragmentBudget
  struct AskedSum {
    Amount amount;      // each unit once
    Amount committed;   // of it
    Wide receipts = 0;  // all that was asked about, together: the amount, and what came round again
  };
  std::map<std::string, AskedSum> asked;  // by asset
  std::map<model::AccountNumber, Amount> asked_of;
};

// What the tree and the paths of one asset begin with.
struct Roots {
  std::vector<Fragment> fragments;                  // up to the budget
  std::map<model::AccountNumber, Amount> accounts;  // all that was asked
};

// Units that come into sight at a later (or earlier) receipt that is asked about too are asked once.
StatusOr<Flows> FollowAll(Walker* walker, const std::vector<TraceStart>& asked);

// The tree below `roots`, and the single paths, into `trace` for the accounts of its asset.
Status BuildTree(Walker* walker, const TraceQuestion& question, Amount min, const Roots& roots,
                 v1::AssetTrace* trace);
Status BuildPaths(Walker* walker, const TraceQuestion& question, const Roots& roots, v1::AssetTrace* trace);

// Told to View::Grow when a flow is first seen; the rest of it when it is described. (Two dates alone have so many.)
inline constexpr std::size_t kLeastFlowBytes = 24;

inline constexpr int kMaxExchangesShown = 100;
// Fragments looked at for one tree: two accounts that pay each other back and forth make millions.
inline constexpr std::size_t kFragmentBudget = 200'000;

}  // namespace fundtrail::query
