// See row_builder.h. ActionsFor of row_actions.h is here too.
#include "ledger/intake/row_builder.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/books/money/number_line.h"
#include "ledger/books/state.h"
#include "ledger/intake/unrecorded.h"
#include "ledger/model/bounds.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/refusal.h"
#include "ledger/sheets/party_id.h"

namespace fundtrail::intake {

using model::Refuse;

StatusOr<RowActions> RowBuilder::Build() {
  FT_ASSIGN_OR_RETURN(from_role_, NeedParty(&from_, row_.amount > Amount(0)));
  FT_ASSIGN_OR_RETURN(to_role_, NeedParty(&to_, false));
  FT_RETURN_IF_ERROR(NeedAsset());
  FT_RETURN_IF_ERROR(NeedFund());
  FT_RETURN_IF_ERROR(NeedPlace());
  FT_RETURN_IF_ERROR(NeedProject("project", row_.project, &project_));
  made_.project_left_out = !row_.project.empty() && project_.empty();
  FT_RETURN_IF_ERROR(NeedFromProject());
  FT_RETURN_IF_ERROR(CheckNeed());
  FT_RETURN_IF_ERROR(CheckSupply());
  FT_RETURN_IF_ERROR(row_.amount < Amount(0) ? SendBack() : IsOwn() ? BringIn() : Pay());
  return std::move(made_);
}

bool RowBuilder::IsOwn() const {
  return context_.own_is_unrecorded && !from_project_.has_value() && !project_.empty() &&
         from_.id == to_.id && from_role_ != v1::ROLE_SOURCE;
}

v1::Transfer* RowBuilder::AddTransfer(const std::string& from, const std::string& to, Amount amount,
                                      v1::TransferKind kind) {
  auto* transfer = made_.actions.emplace_back().mutable_transfer();
  transfer->set_from(from);
  transfer->set_to(to);
  transfer->set_fund(fund());
  transfer->set_asset(row_.asset);
  transfer->set_amount(amount.value());
  transfer->set_kind(kind);
  transfer->set_value_date(ToString(row_.date));
  transfer->set_reference(context_.reference);
  // What is made up for a commitment is no more paid than the commitment.
  transfer->set_stage(row_.committed ? v1::STAGE_COMMITTED : v1::STAGE_PAID);
  return transfer;
}

void RowBuilder::Describe(v1::Transfer* transfer) const {
  transfer->set_project_words(row_.project_words);
  transfer->set_place(place_);
  transfer->set_purpose(row_.purpose);
}

v1::Transfer* RowBuilder::AddPayment(Amount amount, v1::TransferKind kind, const std::string& project) {
  auto* transfer = AddTransfer(from_.id, to_.id, amount, kind);
  transfer->set_project(project);
  if (project != project_) transfer->set_to_project(project_);
  transfer->set_need(row_.need);
  transfer->set_pledge(row_.pledge);
  transfer->set_assignment(row_.assignment);
  transfer->set_commitment(row_.commitment);
  Describe(transfer);
  return transfer;
}

StatusOr<v1::TransferKind> RowBuilder::Kind() const {
  if (row_.kind.empty()) {
    if (from_role_ == v1::ROLE_SOURCE) return v1::TRANSFER_KIND_DONATION;
    return to_role_ == v1::ROLE_RECIPIENT ? v1::TRANSFER_KIND_DISBURSEMENT : v1::TRANSFER_KIND_ALLOCATION;
  }
  v1::TransferKind kind;
  if (model::ReadWord(absl::AsciiStrToUpper(row_.kind), &kind) &&
      (kind == v1::TRANSFER_KIND_APPROPRIATION || kind == v1::TRANSFER_KIND_DONATION ||
       kind == v1::TRANSFER_KIND_ALLOCATION || kind == v1::TRANSFER_KIND_DISBURSEMENT)) {
    return kind;
  }
  return Refuse(
      v1::REFUSAL_CODE_FIELD_INVALID, "kind",
      absl::StrCat("\"", row_.kind, "\" is not one of APPROPRIATION, DONATION, ALLOCATION, DISBURSEMENT"));
}

StatusOr<Amount> RowBuilder::Undrawn(model::AccountNumber account, Interval receipt) const {
  store::Overlay scratch(state_);
  FT_ASSIGN_OR_RETURN(auto line, books::NumberLine::Load(&scratch, account));
  std::vector<Interval> pieces;
  return line.Draw(receipt, receipt.length(), &pieces);
}

StatusOr<Amount> RowBuilder::HeldIn(const std::string& project) const {
  FT_ASSIGN_OR_RETURN(const auto account, books::FindAccount(state_, from_.id, fund(), project, row_.asset));
  if (!account.has_value()) return Amount(0);
  FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(state_, *account));
  return state.held;
}

v1::Transfer* RowBuilder::Move(Amount amount, const std::string& from, const std::string& to) {
  auto* moved = AddTransfer(from_.id, from_.id, amount, v1::TRANSFER_KIND_RECLASSIFICATION);
  moved->set_project(from);
  moved->set_to_project(to);
  moved->set_to_general(to.empty());
  Describe(moved);
  return moved;
}

Status RowBuilder::Bring(Amount missing, const std::string& project) {
  FT_RETURN_IF_ERROR(NeedUnrecorded());
  made_.unrecorded = missing;
  auto* brought = AddTransfer(kUnrecorded, from_.id, missing, v1::TRANSFER_KIND_ALLOCATION);
  brought->set_project(project);
  brought->set_purpose("money whose origin the file does not tell");
  return absl::OkStatus();
}

StatusOr<RowActions> ActionsFor(const store::Reader& state, const sheets::Row& row,
                                const RowContext& context) {
  return RowBuilder(state, row, context).Build();
}

}  // namespace fundtrail::intake
