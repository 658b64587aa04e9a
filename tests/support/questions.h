// Short words for the questions that show a register, and what came of them.
#pragma once

#include <string>

#include "fundtrail/v1/registers.pb.h"
#include "ledger/model/register_table.h"

namespace fundtrail::testing {

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
