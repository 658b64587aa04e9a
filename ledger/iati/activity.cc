// See activity.h.
#include "ledger/iati/activity.h"

#include <algorithm>

#include "ledger/base/text.h"

namespace fundtrail::iati {
namespace {

constexpr int kMaxShownRemark = 80;

}  // namespace

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
      "a payment that both sides tell, and that counts once",
      "a place that the ledger does not have, and that is left out",
      "a sector that is no category of the ledger, and that is left out",
      "a target that is no whole number above zero, or that stands twice, and is left out",
      "an activity to which the map gives the project of another one, and that becomes a project of its own"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool IsOwnVocabulary(std::string_view vocabulary) { return vocabulary == "98" || vocabulary == "99"; }

std::string VocabularyOf(std::string_view scheme, std::string_view code) {
  constexpr std::size_t kPurposeDigits = 5, kGroupDigits = 3;
  if (scheme.substr(0, kSectorScheme.size()) == kSectorScheme)
    return std::string(scheme.substr(kSectorScheme.size()));
  if (scheme != "DAC" && scheme != "OECD-DAC") return "";
  return code.size() == kPurposeDigits ? "1" : code.size() == kGroupDigits ? "2" : "";
}

void Remarks::Add(std::uint64_t line, RemarkKind kind, const std::string& what) {
  Kind& of = of_[static_cast<std::size_t>(kind)];
  ++of.count;
  if (of.kept.size() < kMaxKept) of.kept.push_back({line, kind, ClipToWidth(what, kMaxShownRemark)});
}

std::vector<Remark> Remarks::KeptOf(RemarkKind kind) const {
  std::vector<Remark> kept = of_[static_cast<std::size_t>(kind)].kept;
  std::stable_sort(kept.begin(), kept.end(),
                   [](const Remark& a, const Remark& b) { return a.line < b.line; });
  return kept;
}

bool Remarks::empty() const {
  return std::all_of(of_.begin(), of_.end(), [](const Kind& of) { return of.count == 0; });
}

}  // namespace fundtrail::iati
