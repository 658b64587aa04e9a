// What a payer paid a payee, in one asset: the sums that who pays whom is told in (flows_by.h, party_flows.h).
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "fundtrail/v1/flows.pb.h"
#include "ledger/base/wide.h"
#include "ledger/model/rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The sums of LogMoney, in its order: paid, moved, sent back, committed, withdrawn.
struct FlowSums {
  struct One {
    std::uint64_t transfers = 0;
    Wide amount = 0;
  };
  std::array<One, 5> sums;

  // `own`: between accounts of one party.
  void Add(const model::TransferRow& row, bool own);
  FlowSums& operator+=(const FlowSums& more);
  Wide paid() const { return sums[0].amount; }
};

struct FlowGroup {
  std::string asset, from, to, project;
  friend auto operator<=>(const FlowGroup&, const FlowGroup&) = default;
};
using FlowGroups = std::map<FlowGroup, FlowSums>;
// The sums of a group, which may be new. view.Grow hears of it then.
StatusOr<FlowSums*> SumsOfGroup(const View& view, FlowGroup group, FlowGroups* groups);

// The groups as lines: by asset, then what was paid, the most first, then by ids; of each asset at most `top`, 0: all. `name` gives a line
// its names. And what all groups of an asset have together. OUT_OF_RANGE for a sum that does not fit in 63 bits.
Status SayFlows(const View& view, const FlowGroups& groups, std::uint64_t top,
                const std::function<Status(v1::FlowsByLine*)>& name, v1::FlowsByAnswer* answer);

}  // namespace fundtrail::query
