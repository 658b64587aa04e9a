// A row below zero: what it takes back, and of which payments. See row_builder.h.
#include <algorithm>
#include <limits>

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/books/state.h"
#include "ledger/intake/row_builder.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::intake {

namespace keys = model::keys;
using model::Refuse;

Status RowBuilder::TakeBack(const std::vector<model::AccountNumber>& payers, model::AccountNumber payee,
                            Amount* left) {
  const Bytes begin = keys::StatementOf(payee);
  Bytes end = store::PrefixEnd(begin);
  SpentReceipts none;
  SpentReceipts& spent = context_.spent != nullptr ? (*context_.spent)[{payers, payee, row_.need}] : none;
  const SpentReceipts before = spent;
  bool met = before.high.empty();  // what was known before, on the way down
  bool all = true;                 // that was seen now is spent
  Bytes newest;
  while (!left->is_zero()) {
    FT_ASSIGN_OR_RETURN(const auto last, state_.Last(begin, end));
    if (!last.has_value()) break;
    if (newest.empty()) newest = last->first;
    if (!met && last->first <= before.high) {
      met = true;
      end = before.low;
      if (all) spent = {before.low, newest};
      continue;
    }
    end = last->first;
    FT_ASSIGN_OR_RETURN(const bool is_spent, TakeBackOne(payers, payee, last->first, left));
    all = all && is_spent;
    if (all && met) spent = {last->first, newest};
  }
  return absl::OkStatus();
}

StatusOr<bool> RowBuilder::TakeBackOne(const std::vector<model::AccountNumber>& payers,
                                       model::AccountNumber payee, const Bytes& key, Amount* left) {
  FT_ASSIGN_OR_RETURN(const auto on, keys::ReadStatement(key));
  if (on.side != model::Side::kIn) return true;
  const TransferRef ref = on.ref;
  FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(state_, ref));
  if (!transfer.has_value() || transfer->exchange() ||
      std::find(payers.begin(), payers.end(), transfer->from) == payers.end())
    return true;
  if (!row_.need.empty()) {
    FT_ASSIGN_OR_RETURN(const auto need, books::GetNeedOfTransfer(state_, ref));
    if (need != row_.need) return true;
  }
  FT_ASSIGN_OR_RETURN(const Amount undrawn, Undrawn(payee, transfer->receipt()));
  if (undrawn.is_zero()) return true;
  const Amount back = std::min(undrawn, *left);
  AddReturn(to_.id, Payer(), project_, ref, back);
  *left -= back;
  return false;  // this row may yet be refused
}

void RowBuilder::AddReturn(const std::string& from, const std::string& to, const std::string& project,
                           TransferRef ref, Amount amount) {
  auto* returned = AddTransfer(from, to, amount, v1::TRANSFER_KIND_RETURN);
  returned->set_project(project);
  Describe(returned);
  model::SetRefIn(context_.record, ref, returned->mutable_returns());
}

StatusOr<std::vector<TransferRef>> RowBuilder::NamedReturns(bool again) const {
  std::vector<TransferRef> named;
  for (const std::string& id : row_.draws) {
    const auto* refs = context_.find_refs(id);
    if (refs == nullptr) {
      if (again || context_.ignore_unusable_draws) return std::vector<TransferRef>();
      return Refuse(v1::REFUSAL_CODE_RETURN_UNKNOWN, "draws",
                    absl::StrCat("no row with the id ", id, " was imported before"));
    }
    for (const TransferRef ref : *refs) {
      FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(state_, ref));
      if (!transfer.has_value()) return model::Damaged(keys::Transfer(ref), "is missing");
      FT_ASSIGN_OR_RETURN(const auto from, books::NeedAccountName(state_, transfer->from));
      FT_ASSIGN_OR_RETURN(const auto to, books::NeedAccountName(state_, transfer->to));
      const v1::AccountName& payer = again ? to : from;
      const v1::AccountName& payee = again ? from : to;
      const bool fits = payer.party() == Payer() && payee.party() == to_.id && payee.fund() == fund() &&
                        payee.project() == project_ && payee.asset() == row_.asset && !transfer->exchange() &&
                        (!again || transfer->sends_back());
      if (fits) {
        named.push_back(ref);
      } else if (again || context_.ignore_unusable_draws) {
        return std::vector<TransferRef>();
      } else {
        return Refuse(v1::REFUSAL_CODE_RETURN_UNKNOWN, "draws",
                      absl::StrCat("row ", id, " is no payment from ", Payer(), " to ", to_.id,
                                   " in this fund, project and asset"));
      }
    }
  }
  return named;
}

Status RowBuilder::SendNamedBack(const std::vector<TransferRef>& named, Amount amount) {
  Amount left = amount;
  for (const TransferRef ref : named) {
    FT_ASSIGN_OR_RETURN(const auto transfer, books::GetTransfer(state_, ref));
    FT_ASSIGN_OR_RETURN(const auto from, books::NeedAccountName(state_, transfer->from));
    FT_ASSIGN_OR_RETURN(const auto to, books::NeedAccountName(state_, transfer->to));
    FT_ASSIGN_OR_RETURN(const Amount undrawn, Undrawn(transfer->to, transfer->receipt()));
    const Amount back = std::min(undrawn, left);
    if (back.is_zero()) continue;
    AddReturn(to.party(), from.party(), to.project(), ref, back);
    left -= back;
  }
  if (left.is_zero()) return absl::OkStatus();
  return Refuse(v1::REFUSAL_CODE_RETURN_SHORT, "amount",
                absl::StrCat("is more than is left of the rows that it sends back: ",
                             FormatDecimal(left, row_.decimals), " is missing"));
}

std::vector<std::string> RowBuilder::PaidFrom() const {
  if (MovesOwn()) return {*from_project_};
  if (project_.empty()) return {""};
  if (!from_project_.has_value()) return {project_, ""};
  // What came of another project was moved into the row's own before it was paid.
  return {from_project_->empty() ? "" : project_};
}

Status RowBuilder::SendBack() {
  if (row_.amount.value() == std::numeric_limits<std::int64_t>::min()) {
    return Refuse(v1::REFUSAL_CODE_OVERFLOW, "amount", "is too large");
  }
  const Amount back(-row_.amount.value());
  if (!row_.draws.empty()) {
    FT_ASSIGN_OR_RETURN(const auto named, NamedReturns(false));
    if (!named.empty()) return SendNamedBack(named, back);
  }
  made_.draws_left_out = !row_.draws.empty();
  Amount left = back;
  std::vector<model::AccountNumber> payers;
  for (const std::string& project : PaidFrom()) {
    FT_ASSIGN_OR_RETURN(const auto payer, books::FindAccount(state_, Payer(), fund(), project, row_.asset));
    if (payer.has_value()) payers.push_back(*payer);
  }
  FT_ASSIGN_OR_RETURN(const auto payee, books::FindAccount(state_, to_.id, fund(), project_, row_.asset));
  if (!payers.empty() && payee.has_value()) FT_RETURN_IF_ERROR(TakeBack(payers, *payee, &left));
  if (left.is_zero()) {
    if (Moves() && !MovesOwn() && !from_project_->empty() && from_role_ != v1::ROLE_SOURCE)
      Move(back, project_, *from_project_);
    return absl::OkStatus();
  }
  return Refuse(v1::REFUSAL_CODE_RETURN_SHORT, "amount",
                absl::StrCat("is below zero, and ", to_.id, " holds too little of what ", Payer(), " paid",
                             project_.empty() ? "" : absl::StrCat(" in project ", project_),
                             row_.need.empty() ? "" : absl::StrCat(" for need ", row_.need), ": ",
                             FormatDecimal(left, row_.decimals), " is missing"));
}

}  // namespace fundtrail::intake
