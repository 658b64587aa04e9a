// See need_sums.h.
#include "ledger/books/money/need_sums.h"

#include "absl/strings/str_cat.h"
#include "ledger/books/references.h"
#include "ledger/books/state.h"
#include "ledger/model/references.h"
#include "ledger/model/refusal.h"
#include "ledger/model/register_table.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;
using model::NeedSums;

namespace {

// The sums of one need, out of one fund, in one asset, while a record changes them.
struct SumsAt {
  std::string need, fund, asset;
  RecordIndex record;
  Bytes Key() const { return keys::NeedSums(need, fund, asset, record); }
};

// As they are now. An entry of many transfers changes the same ones again and again: they are looked up first where it left
// them.
StatusOr<NeedSums> SumsNow(const store::Overlay& state, const SumsAt& at) {
  const Bytes key = at.Key();
  if (const Bytes* bytes = state.FindPending(key)) return model::DecodeNeedSums(key, *bytes);
  return GetNeedSums(state, at.need, at.fund, at.asset);
}

}  // namespace

Status CheckNeedNamed(const store::Reader& state, const v1::Transfer& transfer, const v1::RegisterRow& payee,
                      const std::string& field) {
  if (transfer.need().empty()) return absl::OkStatus();
  static const model::Register& needs = *model::FindRegister(v1::Action::kDeclareNeed);
  FT_ASSIGN_OR_RETURN(const auto row, FindItem(state, needs, transfer.need(), field + ".need"));
  FT_RETURN_IF_ERROR(CheckGoesOn(row, field + ".need"));
  const auto refuse = [&](const char* name, const std::string& sentence) {
    return RefuseItem(v1::REFUSAL_CODE_SCOPE_MISMATCH, needs, transfer.need(), absl::StrCat(field, ".", name),
                      sentence, row.record());
  };
  const v1::RegisterParty& party = payee.action().register_party();
  if (party.role() != v1::ROLE_RECIPIENT)
    return refuse("to", absl::StrCat(transfer.to(), " is no RECIPIENT: a need is met where the trail ends"));
  if (party.role_inferred()) {
    return refuse("to", absl::StrCat("nobody stated that ", transfer.to(),
                                     " is a RECIPIENT: amend the party, and then pay for the need"));
  }
  if (!transfer.project().empty() || !transfer.to_project().empty()) {
    return refuse(transfer.project().empty() ? "to_project" : "project",
                  "money of a project meets the needs that the project names: leave out one of the two");
  }
  const std::string& asset = row.action().declare_need().asset();
  if (asset == transfer.asset()) return absl::OkStatus();
  return refuse("asset", asset.empty() ? absl::StrCat("need ", transfer.need(), " asks for no money")
                                       : absl::StrCat("need ", transfer.need(), " asks for ", asset, ", and ",
                                                      transfer.asset(), " should be paid"));
}

Status CountPaid(store::Overlay* state, TransferRef ref, const v1::Transfer& transfer) {
  const SumsAt at{transfer.need(), transfer.fund(), transfer.asset(), ref.record};
  const Amount amount(transfer.amount());
  FT_ASSIGN_OR_RETURN(NeedSums sums, SumsNow(*state, at));
  const auto paid = CheckedAdd(sums.paid, amount);
  if (!paid.has_value()) {
    sums = NeedSums{Amount(0), Amount(0), true};
  } else if (!sums.beyond) {
    sums.paid = *paid;
    if (transfer.stage() == v1::STAGE_COMMITTED) sums.committed += amount;  // a part of it
  }
  state->Put(at.Key(), model::Encode(sums));
  state->Put(keys::NeedOfTransfer(ref), at.need);
  return absl::OkStatus();
}

Status CountSentBack(store::Overlay* state, RecordIndex record, const v1::Transfer& back,
                     const std::string& fund, const model::TransferRow& returned) {
  FT_ASSIGN_OR_RETURN(const auto need, GetNeedOfTransfer(*state, model::RefIn(record, back.returns())));
  if (!need.has_value()) return absl::OkStatus();
  const SumsAt at{*need, fund, back.asset(), record};
  const Amount amount(back.amount());
  FT_ASSIGN_OR_RETURN(NeedSums sums, SumsNow(*state, at));
  if (sums.beyond) return absl::OkStatus();
  if (sums.paid < amount || (returned.committed() && sums.committed < amount))
    return model::Damaged(at.Key(), "adds up to less than was paid");
  sums.paid -= amount;
  if (returned.committed()) sums.committed -= amount;
  state->Put(at.Key(), model::Encode(sums));
  return absl::OkStatus();
}

}  // namespace fundtrail::books
