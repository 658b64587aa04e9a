// See back_money.h.
#include "ledger/query/findings/back_money.h"

#include "ledger/books/state.h"

namespace fundtrail::query {

namespace keys = model::keys;

void BackMoney::See(const model::TransferRow& row) {
  if (!row.sends_back()) return;
  any_ = true;
  At(row.from).sent_back = true;
}

BackMoney::Known& BackMoney::At(model::AccountNumber account) {
  if (account.value() >= accounts_.size()) accounts_.resize(account.value() + 1);
  return accounts_[account.value()];
}

// Whether the account that the transfer paid into may have sent some of it back.
StatusOr<bool> BackMoney::MayHave(const model::TransferRow& row) {
  Known& known = At(row.to);
  if (seen_all_ && !known.sent_back) return false;
  if (!known.asked) {
    // Of most accounts of recipients nothing ever left.
    FT_ASSIGN_OR_RETURN(const auto account, books::GetAccountState(*view_.rows, row.to));
    known.paid_on = account.held != account.received;
    known.asked = true;
  }
  return known.paid_on;
}

StatusOr<Wide> BackMoney::Of(const model::TransferRow& row) {
  FT_ASSIGN_OR_RETURN(const bool may_have, MayHave(row));
  if (!may_have) return Wide{0};
  Wide back = 0;
  const Interval receipt = row.receipt();
  // What is sent back is drawn from this receipt alone, so that its pieces begin inside it.
  const auto pieces =
      view_.rows->Scan(keys::PieceOut(row.to, receipt.from), keys::PieceOut(row.to, receipt.to));
  for (; pieces->Valid(); pieces->Next()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto piece, model::DecodePiece(pieces->key(), pieces->value()));
    if (as_of_.has_value() && piece.row.ref.record.value() > *as_of_) continue;
    FT_ASSIGN_OR_RETURN(const auto moved, NeedTransfer(view_, piece.row.ref));
    if (moved.sends_back()) back += piece.row.length.value();
  }
  FT_RETURN_IF_ERROR(pieces->status());
  return back;
}

StatusOr<bool> BackMoney::All(const model::TransferRow& row) {
  FT_ASSIGN_OR_RETURN(const Wide back, Of(row));
  return back >= row.to_amount.value();
}

}  // namespace fundtrail::query
