// What each body brought in, received, paid and holds: the lines that Top and Summary rank.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fundtrail/v1/top.pb.h"
#include "ledger/query/money_sums.h"

namespace fundtrail::query {

// One body in one asset. The line has no sums yet: `sums` become those when it is shown.
struct BodySum {
  v1::TopLine line;
  AccountSums sums;
};

// Which accounts and transfers count.
struct BodyFilter {
  AsOfRecord as_of;
  std::string fund, asset;  // empty: all
  DatePeriod period;
};

struct BodySums {
  std::vector<BodySum> bodies;             // those in whose accounts something moved, in no order
  std::map<std::string, AccountSums> all;  // of each asset: all accounts that count, as one
  std::uint64_t transfers = 0, committed_transfers = 0;
};

StatusOr<BodySums> ReadBodies(const View& view, const BodyFilter& filter);
// The line with its sums, for the answer.
StatusOr<v1::TopLine> RankedLine(const View& view, const BodySum& body);

}  // namespace fundtrail::query
