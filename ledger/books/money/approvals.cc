// See approvals.h. Each key counts for one party, and each party once: how many approve is a maximum matching of keys and
// parties. There are at most 32 keys.
#include "ledger/books/money/approvals.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/books/money/in_words.h"
#include "ledger/books/references.h"
#include "ledger/model/entry.h"

namespace fundtrail::books {

namespace {

// Of each key that signed, the parties that it may approve for; null: none.
using Approving = std::vector<const std::set<std::string>*>;

bool MayApprove(const std::string& party, const v1::Transfer& transfer) {
  return party != transfer.from() && party != transfer.to();
}

// Gives the key a party of its own. A key that has one already may have to take another. `taken`: which key each party has.
// `seen`: the parties that were tried for this one.
bool GiveParty(const Approving& keys, std::size_t key, const v1::Transfer& transfer,
               std::map<std::string, std::size_t>* taken, std::set<std::string>* seen) {
  for (const std::string& party : *keys[key]) {
    if (!MayApprove(party, transfer) || !seen->insert(party).second) continue;
    const auto other = taken->find(party);
    if (other != taken->end() && !GiveParty(keys, other->second, transfer, taken, seen)) continue;
    (*taken)[party] = key;
    return true;
  }
  return false;
}

std::size_t CountApproving(const Approving& keys, const v1::Transfer& transfer) {
  std::map<std::string, std::size_t> taken;
  for (std::size_t key = 0; key < keys.size(); ++key) {
    std::set<std::string> seen;
    if (keys[key] != nullptr) GiveParty(keys, key, transfer, &taken, &seen);
  }
  return taken.size();
}

bool Approves(const Approving& keys, const std::string& party, const v1::Transfer& transfer) {
  if (!MayApprove(party, transfer)) return false;
  for (const auto* parties : keys)
    if (parties != nullptr && parties->count(party) > 0) return true;
  return false;
}

// "payments from 100,000.00 CNY on", "every payment in CNY".
StatusOr<std::string> PaymentsOf(const store::Reader& state, const v1::ApprovalRule& rule) {
  if (rule.from_amount() == 0) return absl::StrCat("every payment in ", rule.asset());
  FT_ASSIGN_OR_RETURN(const std::string from, InWords(state, Amount(rule.from_amount()), rule.asset()));
  return absl::StrCat("payments from ", from, " on");
}

Status RefuseRule(const store::Reader& state, const v1::RegisterRow& fund, const v1::ApprovalRule& rule,
                  const v1::Transfer& transfer, std::size_t approved, const std::string& field) {
  static const model::Register& funds = *model::FindRegister(v1::Action::kOpenFund);
  FT_ASSIGN_OR_RETURN(const std::string payments, PaymentsOf(state, rule));
  std::string sentence = absl::StrCat("fund ", transfer.fund(), " asks for ");
  if (rule.by().empty()) {
    absl::StrAppend(&sentence, rule.approvals(), rule.approvals() == 1 ? " approval of " : " approvals of ",
                    payments, ", and this one has ", approved, ": have another party");
  } else {
    absl::StrAppend(&sentence, "the approval of ", rule.by(), " for ", payments, ": have it");
  }
  absl::StrAppend(&sentence, " sign the entry too, with a key that has APPROVE for it and may not pay for ",
                  transfer.from(), " (--cosigner KEY --out FILE, then cosign)");
  if (!rule.by().empty() && !MayApprove(rule.by(), transfer)) {
    sentence = absl::StrCat("fund ", transfer.fund(), " asks for the approval of ", rule.by(), " for ",
                            payments, ", and payer and payee approve nothing: amend the fund's rule");
  }
  return RefuseItem(v1::APPROVAL_MISSING, funds, transfer.fund(), field + ".amount", sentence, fund.record());
}

}  // namespace

Status CheckApprovals(const store::Reader& state, const v1::RegisterRow& fund, const v1::Transfer& transfer,
                      bool brings_in, Authority* authority, const std::string& field) {
  const v1::OpenFund& said = fund.action().open_fund();
  const auto& rules = said.approvals();
  if (rules.empty() || model::SendsBack(transfer.kind()) || transfer.from() == transfer.to())
    return absl::OkStatus();
  // Nobody needs leave to give to a fund.
  if (brings_in && transfer.to() == said.owner()) return absl::OkStatus();
  std::optional<Approving> keys;
  std::size_t approved = 0;
  for (const v1::ApprovalRule& rule : rules) {
    if (rule.asset() != transfer.asset() || transfer.amount() < rule.from_amount()) continue;
    if (!keys.has_value()) {
      FT_ASSIGN_OR_RETURN(keys, authority->ApprovingFor(transfer.from()));
      approved = CountApproving(*keys, transfer);
    }
    const bool met = rule.by().empty() ? approved >= rule.approvals() : Approves(*keys, rule.by(), transfer);
    if (!met) return RefuseRule(state, fund, rule, transfer, approved, field);
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::books
