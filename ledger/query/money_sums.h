// The sums of many accounts at once, by one walk over all transfers: what Summary, Top and Series are made of.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "fundtrail/v1/sums.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A party with what sums tell apart.
struct SummedParty {
  std::string id, name;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  bool inferred = false;  // the role
};

// Each lives as long as the walk that it came with.
struct SummedAccount {
  const SummedParty* party = nullptr;
  std::string fund, project, asset;
};

struct SummedTransfer {
  TransferRef ref;
  model::TransferRow row;
  const SummedAccount* from = nullptr;
  const SummedAccount* to = nullptr;
  bool mints = false;  // a SOURCE's payment, of money that it brings in
};

// Every transfer as of the record, in the order of the log. It reads each transfer once, so that it takes time in proportion to
// them, and keeps the accounts in memory, which it tells view.Grow.
//
// After the last it checks, of each account, that what the transfers leave there is what the account holds by its own rows.
// DATA_LOSS when it is not, or when a row cannot be read: then nothing that was taken is of use. OUT_OF_RANGE for a record
// that is not there yet.
Status EachTransfer(const View& view, AsOfRecord as_of,
                    const std::function<Status(const SummedTransfer&)>& take);

// Value dates, both included.
struct DatePeriod {
  std::optional<Date> since, until;
  bool IsOver(Date date) const { return until.has_value() && date > *until; }
  bool HasBegun(Date date) const { return !since.has_value() || date >= *since; }
};

// MoneySums as they are added up: no sum of amounts is too large for it.
struct AccountSums {
  Wide before = 0, brought_in = 0, unrecorded = 0, received = 0, paid = 0, moved = 0;
  Wide held = 0, reached = 0, ends_here = 0, returned = 0;
  Wide committed_brought_in = 0, committed_received = 0, committed_paid = 0, committed_moved = 0;
  std::uint64_t transfers = 0, committed_transfers = 0;

  // The side that pays, or the side that receives, of a transfer which is one of theirs. `inside`: the other side is too, and in
  // the same asset. `begun`: the period has begun; what came before it counts in `before` alone.
  void AddPaid(const SummedTransfer& transfer, bool inside, bool begun);
  void AddReceived(const SummedTransfer& transfer, bool inside, bool begun);
  Wide there() const { return held + reached + ends_here + returned; }
  // Nothing moved, and nothing is there or was.
  bool empty() const { return transfers == 0 && before == 0 && there() == 0; }
  // Each field by itself.
  AccountSums& operator+=(const AccountSums& more);
};

// OUT_OF_RANGE when a sum does not fit in 63 bits.
StatusOr<v1::MoneySums> ToMessage(const AccountSums& sums);
// The same with the asset and its decimals.
StatusOr<v1::AssetSums> ToMessage(const View& view, const std::string& asset, const AccountSums& sums);

}  // namespace fundtrail::query
