// What transfers come to, by asset and by what they do: the sums of the log and of a list.
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/log.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

class LogMoneySums {
 public:
  // Counts the transfer in one sum. False when that sum needs more than 63 bits: then nothing was added.
  bool Add(const v1::Transfer& transfer);
  // Of how many assets it has sums.
  std::size_t assets() const { return by_asset_.size(); }
  // One for each asset that a transfer was made in, by its code.
  Status Say(const View& view, google::protobuf::RepeatedPtrField<v1::LogMoney>* money) const;

 private:
  std::map<std::string, v1::LogMoney> by_asset_;
};

}  // namespace fundtrail::query
