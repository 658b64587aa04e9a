// See log_money.h.
#include "ledger/query/log_money.h"

#include "ledger/base/quantity.h"

namespace fundtrail::query {

LogSumOf SumOfTransfer(const v1::Transfer& transfer) {
  if (transfer.stage() == v1::STAGE_COMMITTED)
    return transfer.has_returns() ? &v1::LogMoney::mutable_withdrawn : &v1::LogMoney::mutable_committed;
  if (transfer.has_returns()) return &v1::LogMoney::mutable_sent_back;
  return transfer.from() == transfer.to() ? &v1::LogMoney::mutable_moved : &v1::LogMoney::mutable_paid;
}

bool LogMoneySums::Add(const v1::Transfer& transfer) {
  v1::LogSum* const sum = (by_asset_[transfer.asset()].*SumOfTransfer(transfer))();
  std::int64_t amount = sum->amount();
  if (!AddTo(&amount, transfer.amount())) return false;
  sum->set_transfers(sum->transfers() + 1);
  sum->set_amount(amount);
  return true;
}

void LogMoneySums::Set(const std::string& asset, LogSumOf of, std::uint64_t transfers, std::int64_t amount) {
  v1::LogSum* const sum = (by_asset_[asset].*of)();
  sum->set_transfers(transfers);
  sum->set_amount(amount);
}

Status LogMoneySums::Say(const View& view, google::protobuf::RepeatedPtrField<v1::LogMoney>* money) const {
  for (const auto& [asset, sums] : by_asset_) {
    FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(view, asset));
    v1::LogMoney* const said = money->Add();
    *said = sums;
    said->set_asset(asset);
    said->set_decimals(declared.decimals());
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
