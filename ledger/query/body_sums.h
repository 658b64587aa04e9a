// What each body brought in, received, paid and holds: the lines that Top and Summary rank.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "fundtrail/v1/top.pb.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

// One body in one asset. Its texts are read when it is shown: there may be a million.
struct BodySum {
  SummedParty party;
  std::string group;        // where lines are no parties: the id of the programme, or the kind
  std::uint32_t asset = 0;  // among BodySums::assets
  AccountSums sums;
};

// Which accounts and transfers count.
struct BodyFilter {
  AsOfRecord as_of;
  std::string fund, asset;  // empty: all
  DatePeriod period;
  bool joined = false;  // parties that are one body are told as one
  // What is told apart. Where it is no party, only accounts of parties with that role count.
  v1::TopRequest::Of of = v1::TopRequest::OF_BODIES;
  v1::Role role = v1::ROLE_UNSPECIFIED;
  bool groups() const { return of == v1::TopRequest::OF_PROGRAMMES || of == v1::TopRequest::OF_KINDS; }
  bool operator==(const BodyFilter&) const = default;
};

struct BodySums {
  // Those in whose accounts something moved, in the order of their parties' ids but where parties are told as one. Groups stand in no
  // order.
  std::vector<BodySum> bodies;
  std::vector<std::string> assets;
  std::map<std::string, AccountSums> all;  // of each asset: all accounts that count, as one
  std::uint64_t transfers = 0, committed_transfers = 0;
  Joins joins;
  std::set<std::string>
      joined;  // the parties that have accounts and are told as another one, and those beside them
};

// Of several periods, in the place of the filter's own. However many there are, it is one MoneyWalk, with its errors and its bounds. Who
// asks about one period takes ReadBodies (kept_bodies.h).
StatusOr<std::vector<BodySums>> ReadBodiesOfPeriods(const View& view, const BodyFilter& filter,
                                                    const std::vector<DatePeriod>& periods);
// The id of the body's party.
StatusOr<std::string> PartyOf(const View& view, const Joins& joins, const BodySum& body);
// The body with its sums, for the answer: names as of the filter's record.
StatusOr<v1::TopLine> RankedLine(const View& view, AsOfRecord as_of, const Joins& joins,
                                 const std::string& asset, const BodySum& body);
// The same of a group.
StatusOr<v1::TopLine> GroupLine(const View& view, AsOfRecord as_of, v1::TopRequest::Of of,
                                const std::string& asset, const BodySum& group);

}  // namespace fundtrail::query
