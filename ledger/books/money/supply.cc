// See supply.h.
#include "ledger/books/money/supply.h"

#include "ledger/books/money/commitments.h"
#include "ledger/books/money/need_open.h"
#include "ledger/books/money/pledges.h"
#include "ledger/books/state.h"
#include "ledger/model/entry.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::Refuse;

Status ApplySupply(store::Overlay* state, const Moment& moment, const v1::Action& action,
                   const v1::Action* before, Authority* authority, const std::string& field) {
  switch (action.action_case()) {
    case v1::Action::kPledge:
      return CheckPledge(*state, action.pledge(), before == nullptr ? nullptr : &before->pledge(), field);
    case v1::Action::kAssign:
      // All but the reason is fixed.
      if (before != nullptr) return absl::OkStatus();
      return CountAssigned(state, moment, action.assign(), authority, field);
    case v1::Action::kCommit:
      if (before != nullptr) return absl::OkStatus();
      return KeepCommitted(state, moment, action.commit(), field);
    case v1::Action::kDeclareNeed:
      if (before == nullptr) return absl::OkStatus();
      return CheckNeedAmended(*state, before->declare_need(), action.declare_need(), field);
    default:
      return absl::OkStatus();
  }
}

Status EndSupply(store::Overlay* state, const Moment& moment, const v1::Action& action) {
  if (action.has_assign()) return ReleaseAssigned(state, moment, action.assign());
  if (action.has_commit()) return ReleaseCommitted(state, moment, action.commit());
  return absl::OkStatus();
}

Status CheckSupplyNamed(const store::Reader& state, const Moment& moment, const v1::Transfer& transfer,
                        const std::string& field) {
  const bool may_keep =
      transfer.kind() == v1::TRANSFER_KIND_APPROPRIATION || transfer.kind() == v1::TRANSFER_KIND_DONATION ||
      transfer.kind() == v1::TRANSFER_KIND_ALLOCATION || transfer.kind() == v1::TRANSFER_KIND_DISBURSEMENT;
  if (!may_keep && (!transfer.pledge().empty() || !transfer.assignment().empty())) {
    return Refuse(
        v1::REFUSAL_CODE_KIND_MISMATCH, field + (transfer.pledge().empty() ? ".assignment" : ".pledge"),
        "only an APPROPRIATION, DONATION, ALLOCATION or DISBURSEMENT keeps a pledge; what sends one "
        "of them back is taken off by itself");
  }
  if (!transfer.commitment().empty() && model::SendsBack(transfer.kind())) {
    return Refuse(v1::REFUSAL_CODE_KIND_MISMATCH, field + ".commitment",
                  "what is sent back uses no commitment: release it first, where the money is kept");
  }
  FT_RETURN_IF_ERROR(CheckPledgeNamed(state, transfer, field));
  return CheckCommitmentNamed(state, moment, transfer, field);
}

Status CountSupply(store::Overlay* state, TransferRef ref, const v1::Transfer& transfer,
                   model::AccountNumber account) {
  if (transfer.pledge().empty() && transfer.assignment().empty() && transfer.commitment().empty())
    return absl::OkStatus();
  FT_RETURN_IF_ERROR(CountKept(state, ref.record, transfer));
  FT_RETURN_IF_ERROR(UseCommitted(state, ref.record, transfer, account));
  v1::TransferNamesRow names;
  names.set_pledge(transfer.pledge());
  names.set_assignment(transfer.assignment());
  names.set_commitment(transfer.commitment());
  PutMessage(state, keys::TransferNames(ref), names);
  return absl::OkStatus();
}

Status CountSupplySentBack(store::Overlay* state, RecordIndex record, const v1::Transfer& back,
                           const model::TransferRow& returned) {
  FT_ASSIGN_OR_RETURN(const auto names, GetTransferNames(*state, model::RefIn(record, back.returns())));
  if (!names.has_value()) return absl::OkStatus();
  // A commitment was not counted for the pledge.
  return CountNotKept(state, record, returned.committed() ? "" : names->pledge(), names->assignment(),
                      Amount(back.amount()));
}

}  // namespace fundtrail::books
