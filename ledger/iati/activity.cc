// See activity.h.
#include "ledger/iati/activity.h"

namespace fundtrail::iati {

std::string_view NameOf(TransactionType type) {
  static constexpr std::string_view kNames[] = {"incoming funds",   "outgoing commitment", "disbursement",
                                                "expenditure",      "interest payment",    "loan repayment",
                                                "reimbursement",    "purchase of equity",  "sale of equity",
                                                "credit guarantee", "incoming commitment", "outgoing pledge",
                                                "incoming pledge"};
  return kNames[static_cast<std::size_t>(type) - 1];
}

bool IsPromise(TransactionType type) {
  switch (type) {
    case TransactionType::kOutgoingCommitment:
    case TransactionType::kCreditGuarantee:
    case TransactionType::kIncomingCommitment:
    case TransactionType::kOutgoingPledge:
    case TransactionType::kIncomingPledge:
      return true;
    default:
      return false;
  }
}

bool IsIncoming(TransactionType type) {
  return type == TransactionType::kIncomingFunds || type == TransactionType::kIncomingCommitment ||
         type == TransactionType::kIncomingPledge;
}

std::string_view NameOf(RemarkKind kind) {
  static constexpr std::string_view kNames[kRemarkKinds] = {
      "a text was escaped twice, and is mended",
      "blanks around an id are taken off",
      "the id of an activity does not begin with that of who reports it",
      "the id of an organisation stands where an activity's should, and links nothing",
      "the id of an activity that is not here, and links nothing",
      "a payee that the file does not name",
      "a payer that the file does not name",
      "no date of the transaction: that of its value is taken",
      "a payment that both sides tell, and that counts once"};
  return kNames[static_cast<std::size_t>(kind)];
}

}  // namespace fundtrail::iati
