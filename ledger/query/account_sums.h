// The sums of an account, or of several as one, as transfers are added up.
#pragma once

#include <cstdint>
#include <limits>
#include <string>

#include "fundtrail/v1/sums.pb.h"
#include "ledger/base/wide.h"
#include "ledger/query/money_accounts.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// MoneySums as they are added up. A sum that does not fit in 63 bits stays at the most or at the least, and is `beyond` for good:
// ToMessage refuses it.
struct AccountSums {
  // First what almost each transfer changes, so that it lies together.
  std::int64_t held = 0, reached = 0, received = 0, paid = 0, ends_here = 0;
  std::uint64_t transfers = 0;
  bool beyond = false;
  std::int64_t before = 0, brought_in = 0, unrecorded = 0, moved = 0, returned = 0;
  std::int64_t committed_brought_in = 0, committed_received = 0, committed_paid = 0, committed_moved = 0;
  std::uint64_t committed_transfers = 0;

  // The side that pays, or the side that receives, of a transfer which is one of theirs. `inside`: the other side is too, and in
  // the same asset. `begun`: the period has begun; what came before it counts in `before` alone.
  void AddPaid(const SummedTransfer& transfer, bool inside, bool begun);
  void AddReceived(const SummedTransfer& transfer, bool inside, bool begun);
  Wide there() const { return Wide{held} + reached + ends_here + returned; }
  // Nothing moved, and nothing is there or was.
  bool empty() const { return transfers == 0 && before == 0 && there() == 0 && !beyond; }
  // Adds to one of the sums.
  void Add(Wide amount, std::int64_t* sum) {
    const Wide exact = *sum + amount;
    *sum = static_cast<std::int64_t>(exact);
    if (*sum == exact) return;
    *sum = exact > 0 ? kMaxInt64 : std::numeric_limits<std::int64_t>::min();
    beyond = true;
  }
  // What is there at the end of other sums, which come before these.
  void AddEnds(const AccountSums& earlier);
  // Each field by itself.
  AccountSums& operator+=(const AccountSums& more);
};

// OUT_OF_RANGE when a sum does not fit in 63 bits.
StatusOr<v1::MoneySums> ToMessage(const AccountSums& sums);
// The same with the asset and its decimals.
StatusOr<v1::AssetSums> ToMessage(const View& view, const std::string& asset, const AccountSums& sums);

}  // namespace fundtrail::query
