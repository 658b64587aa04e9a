// See payment_links.h.
#include "ledger/query/payment_links.h"

#include <map>

#include "ledger/base/wide.h"
#include "ledger/log/seal.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {
namespace {

// What the walk over an interval comes to, by payment.
struct WalkedPayments {
  std::map<TransferRef, Wide> by_ref;
  Wide ends = 0;
  v1::EndKind kind = v1::END_KIND_END_UNSPECIFIED;
};

Status TakeInterval(Walker* walker, model::AccountNumber account, Interval at, WalkedPayments* walked) {
  return walker
      ->Walk(account, at,
             [walked](const Step& step) -> StatusOr<bool> {
               // What became another asset, or was one, was moved by a payment too.
               if (step.ends && step.kind != v1::END_KIND_EXCHANGED) {
                 walked->ends += step.at.length().value();
                 walked->kind = step.kind;
               } else {
                 walked->by_ref[step.ref] += step.at.length().value();
               }
               return true;
             })
      .status();
}

StatusOr<std::vector<LinkedPayment>> PaymentsIn(const View& view, const WalkedPayments& walked,
                                                bool forward) {
  std::vector<LinkedPayment> payments;
  for (const auto& [ref, amount] : walked.by_ref) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view, ref));
    LinkedPayment payment;
    payment.ref = ref;
    payment.amount = Amount(Capped(amount));
    payment.whole = payment.amount == (forward ? row.amount : row.to_amount);
    payment.sends_back = row.sends_back();
    payments.push_back(payment);
  }
  return payments;
}

}  // namespace

StatusOr<PaymentLinks> LinksOfPayment(const View& view, TransferRef ref, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto row, FindTransfer(view, ref));
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, ref.record));
  const auto& transfers = stored.record.outcome().transfers();
  if (ref.line == 0 || ref.line > static_cast<std::uint32_t>(transfers.size()))
    return model::Damaged(model::keys::Transfer(ref), "is not in its record");

  PaymentLinks links;
  Walker on(view, v1::DIRECTION_FROM, as_of);
  WalkedPayments went;
  FT_RETURN_IF_ERROR(TakeInterval(&on, row.to, row.receipt(), &went));
  FT_ASSIGN_OR_RETURN(links.went_on, PaymentsIn(view, went, true));
  links.left = Amount(Capped(went.ends));
  links.left_is = went.kind;

  Walker back(view, v1::DIRECTION_TO, as_of);
  WalkedPayments drawn;
  for (const v1::Piece& piece : transfers.Get(static_cast<int>(ref.line) - 1).pieces()) {
    const auto end = CheckedAdd(Position(piece.from()), Amount(piece.length()));
    if (piece.from() < 0 || piece.length() < 1 || !end.has_value())
      return model::Damaged(model::keys::Record(ref.record), "has a piece of no positions");
    FT_RETURN_IF_ERROR(TakeInterval(&back, row.from, {Position(piece.from()), *end}, &drawn));
  }
  FT_ASSIGN_OR_RETURN(links.drew, PaymentsIn(view, drawn, false));
  links.brought_in = Amount(Capped(drawn.ends));
  return links;
}

}  // namespace fundtrail::query
