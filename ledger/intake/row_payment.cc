// A row above zero: which money of the payer's goes, and what is made up for it. See row_builder.h.
#include <algorithm>
#include <optional>
#include <utility>

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

StatusOr<std::vector<RowBuilder::Pot>> RowBuilder::Pots() const {
  std::vector<Pot> pots(project_.empty() || !row_.commitment.empty() ? 1 : 2);
  pots.front().project = project_;
  if (!row_.commitment.empty()) {
    FT_ASSIGN_OR_RETURN(const auto kept, books::GetItem(state_, v1::Action::kCommit, row_.commitment));
    // General money that is kept may be put in the row's project.
    if (kept.has_value() && kept->action().commit().project().empty()) pots.front().project.clear();
  }
  for (Pot& pot : pots) {
    FT_ASSIGN_OR_RETURN(pot.account, books::FindAccount(state_, from_.id, fund(), pot.project, row_.asset));
    if (!pot.account.has_value()) continue;
    FT_ASSIGN_OR_RETURN(const auto account, books::GetAccountState(state_, *pot.account));
    pot.held = account.held;
  }
  if (pots.size() == 2 && Moves() && from_project_->empty()) std::swap(pots.front(), pots.back());
  return pots;
}

Status RowBuilder::FindDraws(std::vector<Pot>* pots) const {
  for (const std::string& id : row_.draws) {
    const auto* refs = context_.find_refs(id);
    if (refs == nullptr) {
      if (context_.ignore_unusable_draws) continue;
      return Refuse(v1::REFUSAL_CODE_EARMARK_UNKNOWN, "draws",
                    absl::StrCat("no row with the id ", id, " was imported before"));
    }
    for (const TransferRef ref : *refs) {
      FT_ASSIGN_OR_RETURN(const auto receipt, books::GetTransfer(state_, ref));
      const auto pot = std::find_if(pots->begin(), pots->end(), [&](const Pot& each) {
        return each.account.has_value() && receipt.has_value() && receipt->to == *each.account;
      });
      if (pot == pots->end()) {
        if (context_.ignore_unusable_draws) continue;
        return Refuse(v1::REFUSAL_CODE_EARMARK_UNKNOWN, "draws",
                      absl::StrCat("row ", id, " is no receipt of the payer",
                                   project_.empty() ? "" : " in this project or in general money"));
      }
      FT_ASSIGN_OR_RETURN(const Amount left, Undrawn(*pot->account, receipt->receipt()));
      if (left.is_zero() || std::find(pot->draws.begin(), pot->draws.end(), ref) != pot->draws.end())
        continue;
      pot->draws.push_back(ref);
      const auto total = CheckedAdd(pot->drawable, left);
      if (!total.has_value())
        return model::Damaged(keys::Transfer(ref), "brought more than its account can have");
      pot->drawable = *total;
    }
  }
  return absl::OkStatus();
}

Status RowBuilder::Pay() {
  FT_ASSIGN_OR_RETURN(const v1::TransferKind kind, Kind());
  if (!project_.empty()) made_.in_project = row_.amount;
  if (from_role_ == v1::ROLE_SOURCE) {
    // What came back to a SOURCE it can pay only by sending that back again: all else it brings in.
    if (!row_.draws.empty()) {
      FT_ASSIGN_OR_RETURN(const auto again, NamedReturns(true));
      if (!again.empty()) return SendNamedBack(again, row_.amount);
    }
    made_.draws_left_out = !row_.draws.empty();
    AddPayment(row_.amount, kind, project_);
    return absl::OkStatus();
  }
  if (MovesOwn()) return MoveOwn();
  FT_ASSIGN_OR_RETURN(moved_, MoveIn());
  FT_ASSIGN_OR_RETURN(std::vector<Pot> pots, Pots());
  const auto held = CheckedAdd(pots.front().held, moved_);
  if (!held.has_value()) return Refuse(v1::REFUSAL_CODE_OVERFLOW, "amount", "is too large");
  pots.front().held = *held;
  FT_RETURN_IF_ERROR(FindDraws(&pots));
  Amount left = row_.amount;
  for (Pot& pot : pots) {
    pot.earmarked = std::min({pot.drawable, pot.held, left});
    left = left - pot.earmarked;
  }
  if (!row_.draws.empty() && !left.is_zero() && !context_.ignore_unusable_draws) {
    return Refuse(
        v1::REFUSAL_CODE_EARMARK_SHORT, "draws",
        absl::StrCat("what the row draws on holds ", FormatDecimal(row_.amount - left, row_.decimals)));
  }
  made_.draws_left_out = !row_.draws.empty() && !left.is_zero();
  for (Pot& pot : pots) {
    pot.rest = std::min(pot.held - pot.earmarked, left);
    left = left - pot.rest;
  }
  // What a commitment does not keep, nobody makes up: the rules refuse the row.
  if (row_.commitment.empty()) FT_RETURN_IF_ERROR(MakeUp(left, pots));
  if (!project_.empty()) {
    for (const Pot& pot : pots) (pot.project.empty() ? made_.put_in : made_.drawn) = pot.earmarked + pot.rest;
  }
  pots.front().rest = pots.front().rest + left;
  for (const Pot& pot : pots) {
    if (pot.earmarked.is_zero()) continue;
    auto* transfer = AddPayment(pot.earmarked, kind, pot.project);
    for (const TransferRef ref : pot.draws) model::SetRefIn(context_.record, ref, transfer->add_draws());
  }
  for (const Pot& pot : pots)
    if (!pot.rest.is_zero()) AddPayment(pot.rest, kind, pot.project);
  return absl::OkStatus();
}

StatusOr<Amount> RowBuilder::MoveIn() {
  // General money is put in a project as it is paid.
  if (!Moves() || from_project_->empty() || !row_.commitment.empty()) return Amount(0);
  FT_ASSIGN_OR_RETURN(const Amount held, HeldIn(*from_project_));
  const Amount moved = std::min(row_.amount, held);
  if (!moved.is_zero()) Move(moved, *from_project_, project_);
  return moved;
}

StatusOr<std::vector<TransferRef>> RowBuilder::MovableDraws() const {
  std::vector<TransferRef> draws;
  FT_ASSIGN_OR_RETURN(const auto account,
                      books::FindAccount(state_, from_.id, fund(), *from_project_, row_.asset));
  Amount left = row_.amount;
  for (const std::string& id : row_.draws) {
    const auto* refs = context_.find_refs(id);
    if (refs == nullptr) continue;
    for (const TransferRef ref : *refs) {
      FT_ASSIGN_OR_RETURN(const auto receipt, books::GetTransfer(state_, ref));
      if (!account.has_value() || !receipt.has_value() || receipt->to != *account) continue;
      FT_ASSIGN_OR_RETURN(const Amount undrawn, Undrawn(*account, receipt->receipt()));
      left -= std::min(undrawn, left);
      draws.push_back(ref);
    }
  }
  if (!left.is_zero()) draws.clear();
  return draws;
}

Status RowBuilder::MoveOwn() {
  FT_ASSIGN_OR_RETURN(const auto draws, MovableDraws());
  made_.draws_left_out = !row_.draws.empty() && draws.empty();
  FT_ASSIGN_OR_RETURN(const Amount held, HeldIn(*from_project_));
  const Amount missing = row_.amount - std::min(held, row_.amount);
  if (!missing.is_zero() && context_.open_missing) FT_RETURN_IF_ERROR(Bring(missing, *from_project_));
  v1::Transfer* const moved = Move(row_.amount, *from_project_, project_);
  for (const TransferRef ref : draws) model::SetRefIn(context_.record, ref, moved->add_draws());
  if (!project_.empty())
    (from_project_->empty() ? made_.put_in : made_.drawn) = row_.amount - made_.unrecorded;
  return absl::OkStatus();
}

Status RowBuilder::MakeUp(Amount missing, const std::vector<Pot>& pots) {
  if (missing.is_zero() || from_role_ == v1::ROLE_RECIPIENT) return absl::OkStatus();
  if (!context_.open_missing) {
    if (project_.empty()) return absl::OkStatus();
    const auto words = [&](Amount amount) { return FormatDecimal(amount, row_.decimals); };
    const bool swapped = pots.front().project.empty();
    const Pot& in_project = swapped ? pots.back() : pots.front();
    const Pot& general = swapped ? pots.front() : pots.back();
    if (!moved_.is_zero()) {
      return Refuse(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, "amount",
                    absl::StrCat(from_.id, " holds ", words(in_project.held - moved_), " ", row_.asset,
                                 " in project ", project_, ", ", words(moved_), " in project ",
                                 *from_project_, " and ", words(general.held), " in general money, in fund ",
                                 fund(), ", and ", words(row_.amount), " should be paid"));
    }
    return Refuse(v1::REFUSAL_CODE_INSUFFICIENT_FUNDS, "amount",
                  absl::StrCat(from_.id, " holds ", words(in_project.held), " ", row_.asset, " in project ",
                               project_, " and ", words(general.held), " in general money, in fund ", fund(),
                               ", and ", words(row_.amount), " should be paid"));
  }
  return Bring(missing, pots.front().project);
}

Status RowBuilder::BringIn() {
  FT_RETURN_IF_ERROR(NeedUnrecorded());
  made_.draws_left_out = !row_.draws.empty();
  made_.in_project = row_.amount;
  made_.unrecorded = row_.amount;
  auto* brought = AddTransfer(kUnrecorded, to_.id, row_.amount, v1::TRANSFER_KIND_ALLOCATION);
  brought->set_project(project_);
  Describe(brought);
  return absl::OkStatus();
}

}  // namespace fundtrail::intake
