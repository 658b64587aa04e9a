// See approvals.h. Each key counts for one approver, and each approver once (own_keys.h).
#include "ledger/books/money/approvals.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/books/bodies.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/own_keys.h"
#include "ledger/books/references.h"
#include "ledger/model/entry.h"

namespace fundtrail::books {

namespace {

// Who may approve one payment, and who does.
struct Approving {
  std::vector<OwnKeys> approvers;  // those of another body than payer and payee
  std::size_t given = 0;           // how many of them approve, each with a key of its own

  // Null when the party is of the body of one of the two.
  const OwnKeys* Find(const std::string& party) const {
    const auto found = std::find_if(approvers.begin(), approvers.end(),
                                    [&](const OwnKeys& each) { return each.party == party; });
    return found == approvers.end() ? nullptr : &*found;
  }
};

// Whether the rules of the fund ask nothing of the transfer.
bool IsFree(const v1::Transfer& transfer, const std::string& owner, bool brings_in,
            const std::optional<model::TransferRow>& returned) {
  // What was sent back and is sent again is paid once more.
  if (model::SendsBack(transfer.kind())) return !returned.has_value() || !returned->sends_back();
  // Nobody needs leave to give to a fund.
  if (brings_in && transfer.to() == owner) return true;
  const bool other_fund = !transfer.to_fund().empty() && transfer.to_fund() != transfer.fund();
  return transfer.from() == transfer.to() && !other_fund && transfer.to_asset().empty();
}

// Without the keys: the approvers that are neither payer nor payee, nor above or below one of them.
StatusOr<std::vector<OwnKeys>> OfOtherBodies(const v1::OpenFund& fund, const v1::Transfer& transfer,
                                             Ancestors* ancestors) {
  FT_ASSIGN_OR_RETURN(const Bodies ends, Bodies::Of({transfer.from(), transfer.to()}, ancestors));
  std::vector<OwnKeys> others;
  for (const std::string& party : std::set<std::string>(fund.approvers().begin(), fund.approvers().end())) {
    FT_ASSIGN_OR_RETURN(const bool own, ends.Has(party));
    if (!own) others.push_back({party, {}});
  }
  return others;
}

StatusOr<Approving> FindApproving(const v1::OpenFund& fund, const v1::Transfer& transfer,
                                  Authority* authority) {
  Approving approving;
  FT_ASSIGN_OR_RETURN(approving.approvers, OfOtherBodies(fund, transfer, &authority->ancestors()));
  for (OwnKeys& approver : approving.approvers) {
    FT_ASSIGN_OR_RETURN(approver.keys, authority->ApprovingFor(approver.party, transfer.from()));
  }
  const std::vector<bool> give = MatchOwnKeys(approving.approvers);
  approving.given = static_cast<std::size_t>(std::count(give.begin(), give.end(), true));
  return approving;
}

bool IsMet(const v1::ApprovalRule& rule, const Approving& approving) {
  if (rule.by().empty()) return approving.given >= rule.approvals();
  const OwnKeys* approver = approving.Find(rule.by());
  return approver != nullptr && !approver->keys.empty();
}

// "payments from 100,000.00 CNY on", "every payment in CNY".
StatusOr<std::string> PaymentsOf(const store::Reader& state, const v1::ApprovalRule& rule) {
  if (rule.from_amount() == 0) return absl::StrCat("every payment in ", rule.asset());
  FT_ASSIGN_OR_RETURN(const std::string from, InWords(state, Amount(rule.from_amount()), rule.asset()));
  return absl::StrCat("payments from ", from, " on");
}

// What there is of what the rule asks for, and what to do. `payments` is PaymentsOf.
std::string WhatIsMissing(const v1::ApprovalRule& rule, const Approving& approving,
                          const std::string& payments, const v1::Transfer& transfer) {
  const std::string sign =
      absl::StrCat(" sign the entry too, with a key that has APPROVE for it and may not pay for ",
                   transfer.from(), " (--cosigner KEY --out FILE, then cosign)");
  if (!rule.by().empty()) {
    const std::string asks = absl::StrCat("the approval of ", rule.by(), " for ", payments);
    if (approving.Find(rule.by()) != nullptr) return absl::StrCat(asks, ": have it", sign);
    return absl::StrCat(asks, ", and ", rule.by(),
                        " is of the body of payer or payee: amend the fund's rule");
  }
  const std::string asks = absl::StrCat(
      rule.approvals(), rule.approvals() == 1 ? " approval of " : " approvals of ", payments, ", and ");
  const std::size_t can = approving.approvers.size();
  if (can >= rule.approvals())
    return absl::StrCat(asks, "this one has ", approving.given, ": have another of its approvers", sign);
  return absl::StrCat(asks, "of its approvers ", can, can == 1 ? " is" : " are",
                      " of another body than payer and payee: amend the fund's rule");
}

Status RefuseRule(const store::Reader& state, const v1::RegisterRow& fund, const v1::ApprovalRule& rule,
                  const Approving& approving, const v1::Transfer& transfer, const std::string& field) {
  static const model::Register& funds = *model::FindRegister(v1::Action::kOpenFund);
  FT_ASSIGN_OR_RETURN(const std::string payments, PaymentsOf(state, rule));
  return RefuseItem(v1::REFUSAL_CODE_APPROVAL_MISSING, funds, transfer.fund(), field + ".amount",
                    absl::StrCat("fund ", transfer.fund(), " asks for ",
                                 WhatIsMissing(rule, approving, payments, transfer)),
                    fund.record());
}

}  // namespace

Status CheckApprovals(const store::Reader& state, const v1::RegisterRow& fund, const v1::Transfer& transfer,
                      bool brings_in, const std::optional<model::TransferRow>& returned, Authority* authority,
                      const std::string& field) {
  const v1::OpenFund& said = fund.action().open_fund();
  if (said.approvals().empty() || IsFree(transfer, said.owner(), brings_in, returned))
    return absl::OkStatus();
  std::optional<Approving> approving;
  for (const v1::ApprovalRule& rule : said.approvals()) {
    if (rule.asset() != transfer.asset() || transfer.amount() < rule.from_amount()) continue;
    if (!approving.has_value()) {
      FT_ASSIGN_OR_RETURN(approving, FindApproving(said, transfer, authority));
    }
    if (!IsMet(rule, *approving)) return RefuseRule(state, fund, rule, *approving, transfer, field);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::books
