// See log_money.h.
#include "ledger/query/log_money.h"

#include <cstdint>

#include "ledger/base/quantity.h"

namespace fundtrail::query {
namespace {

v1::LogSum* SumFor(const v1::Transfer& transfer, v1::LogMoney* money) {
  if (transfer.stage() == v1::STAGE_COMMITTED)
    return transfer.has_returns() ? money->mutable_withdrawn() : money->mutable_committed();
  if (transfer.has_returns()) return money->mutable_sent_back();
  return transfer.from() == transfer.to() ? money->mutable_moved() : money->mutable_paid();
}

}  // namespace

bool LogMoneySums::Add(const v1::Transfer& transfer) {
  v1::LogSum* const sum = SumFor(transfer, &by_asset_[transfer.asset()]);
  std::int64_t amount = sum->amount();
  if (!AddTo(&amount, transfer.amount())) return false;
  sum->set_transfers(sum->transfers() + 1);
  sum->set_amount(amount);
  return true;
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
