// What transfers come to, by asset and by what they do: the sums of the log and of a list.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/log.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The one sum of an asset that a transfer counts in.
using LogSumOf = v1::LogSum* (v1::LogMoney::*)();
LogSumOf SumOfTransfer(const v1::Transfer& transfer);

class LogMoneySums {
 public:
  // Counts the transfer in one sum. False when that sum needs more than 63 bits: then nothing was added.
  bool Add(const v1::Transfer& transfer);
  // Of an asset: that sum, which was reckoned elsewhere.
  void Set(const std::string& asset, LogSumOf of, std::uint64_t transfers, std::int64_t amount);
  // One for each asset that a transfer was made in, by its code.
  Status Say(const View& view, google::protobuf::RepeatedPtrField<v1::LogMoney>* money) const;

 private:
  std::map<std::string, v1::LogMoney> by_asset_;
};

}  // namespace fundtrail::query
