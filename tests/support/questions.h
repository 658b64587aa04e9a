// Requests in few words, and the lines of registers.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/balance.pb.h"
#include "fundtrail/v1/proof.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/model/register_table.h"

namespace fundtrail::testing {

inline v1::ShowRequest ShowOf(std::uint64_t record, std::uint32_t line = 0) {
  v1::ShowRequest request;
  request.mutable_ref()->set_record(record);
  request.mutable_ref()->set_line(line);
  return request;
}

inline v1::ProveRequest ProveOf(std::uint64_t record) {
  v1::ProveRequest request;
  request.set_record(record);
  return request;
}

inline v1::ConsistencyRequest ConsistencyOf(std::uint64_t old_size, std::uint64_t new_size) {
  v1::ConsistencyRequest request;
  request.set_old_size(old_size);
  request.set_new_size(new_size);
  return request;
}

inline v1::BalanceRequest BalanceOf(const std::string& party, const std::string& fund = "") {
  v1::BalanceRequest request;
  request.set_party(party);
  request.set_fund(fund);
  return request;
}

inline v1::BalanceRequest AsOfRecord(v1::BalanceRequest request, std::uint64_t record) {
  request.set_record(record);
  return request;
}

inline v1::BalanceRequest AsOfDate(v1::BalanceRequest request, const std::string& date) {
  request.set_date(date);
  return request;
}

// For all items, by id.
inline v1::RegistersRequest AllOf(const std::string& name) {
  v1::RegistersRequest request;
  request.set_register_(name);
  return request;
}

// For one item and those below it, or for the whole tree.
inline v1::RegistersRequest TreeOf(const std::string& name, const std::string& below = "") {
  v1::RegistersRequest request = AllOf(name);
  request.set_below(below);
  request.set_tree(below.empty());
  return request;
}

inline v1::RegistersRequest One(const std::string& name, const std::string& id) {
  v1::RegistersRequest request = AllOf(name);
  request.add_ids(id);
  return request;
}

// ">>county": as deep as it stands.
inline std::string Shown(const v1::RegisterLine& line) {
  return std::string(line.depth(), '>') + model::IdOf(line.action());
}

}  // namespace fundtrail::testing
