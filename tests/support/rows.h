// All rows of a store as one map, so that two states can be compared.
#pragma once

#include <map>
#include <stdexcept>

#include "ledger/store/store.h"

namespace fundtrail::testing {

using Rows = std::map<Bytes, Bytes>;

inline Rows AllRows(const store::Reader& reader, ByteView begin = "", ByteView end = "") {
  Rows rows;
  auto cursor = reader.Scan(begin, end);
  for (; cursor->Valid(); cursor->Next()) rows.emplace(Bytes(cursor->key()), Bytes(cursor->value()));
  if (!cursor->status().ok()) throw std::runtime_error(cursor->status().ToString());
  return rows;
}

}  // namespace fundtrail::testing
