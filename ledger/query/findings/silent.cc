// SILENT. Payments to recipients, as Acknowledgements has them: paid, and not sent back whole.
//
//   NOBODY_SAID        nobody acknowledged them, and the day of their record is more than `days` days before D.        LOOK
//                      One finding for each payer, recipient, fund and asset
//   DISPUTED_ARRIVAL   the newest acknowledgement says that it did not arrive, or not well. One finding each        SERIOUS
//
//   amount    what was paid and not sent back    compared  0    count  how many payments
//
// Payments and acknowledgements are both read in the order of the log, so that each row is read once.
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "ledger/books/acknowledgements.h"
#include "ledger/query/arrival.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct SilentPayments {
  model::AccountNumber from, to;  // an account of each
  Wide amount = 0;
  SeenTransfers seen;
};

class SilentRule : public FindingWork {
 public:
  explicit SilentRule(const FindingInput& input)
      : view_(input.view),
        back_(*input.back),
        as_of_(input.as_of),
        recent_(input.Before(input.Value("days"))) {
    const Bytes said = keys::AllOf(keys::kAcknowledgedTag);
    said_ = view_.rows->Scan(said, store::PrefixEnd(said));
  }

  Status Take(const SummedTransfer& transfer) override {
    const model::TransferRow& row = transfer.row;
    FT_ASSIGN_OR_RETURN(const auto said, NewestOf(transfer.ref));
    if (transfer.to.party->role != v1::ROLE_RECIPIENT || row.sends_back() || row.committed() ||
        !books::CanArrive(row.kind))
      return absl::OkStatus();
    const v1::AcknowledgementLine::Status status = StatusBy(said);
    if (status != v1::AcknowledgementLine::STATUS_SILENT &&
        status != v1::AcknowledgementLine::STATUS_DISPUTED)
      return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Wide back, back_.Of(row));
    const Wide paid = row.to_amount.value() - back;
    if (paid <= 0) return absl::OkStatus();
    if (status == v1::AcknowledgementLine::STATUS_SILENT) return SeeSilent(transfer, paid);
    disputed_.push_back({transfer.ref, row, Capped(paid)});
    return kept_.Add(sizeof(DisputedPayment));
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(said_->status());
    for (const DisputedPayment& payment : disputed_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(v1::Finding finding, Between(payment.row.from, payment.row.to));
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, payment.row.from));
      finding.set_kind(v1::Finding::KIND_DISPUTED_ARRIVAL);
      finding.set_grade(v1::Finding::GRADE_SERIOUS);
      finding.set_project(from.project());
      finding.set_amount(payment.paid);
      finding.set_count(1);
      SeeDay(payment.row.date, &finding);
      SetEvidence({payment.ref}, &finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_SILENT, std::move(finding)));
    }
    for (auto& [key, of] : silent_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(v1::Finding finding, Between(of.from, of.to));
      finding.set_kind(v1::Finding::KIND_NOBODY_SAID);
      finding.set_grade(v1::Finding::GRADE_LOOK);
      finding.set_amount(Capped(of.amount));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_SILENT, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  struct DisputedPayment {
    TransferRef ref;
    model::TransferRow row;
    std::int64_t paid = 0;
  };

  // The newest acknowledgement of then; the transfers are asked about in their order.
  StatusOr<std::optional<v1::AttestationRow>> NewestOf(TransferRef ref) {
    std::optional<v1::AttestationRow> newest;
    for (; said_->Valid(); said_->Next()) {
      FT_ASSIGN_OR_RETURN(const auto of, keys::ReadAcknowledged(said_->key()));
      if (of.transfer > ref) break;
      if (of.transfer < ref || (as_of_.has_value() && of.record.value() > *as_of_)) continue;
      FT_ASSIGN_OR_RETURN(newest, model::DecodeMessage<v1::AttestationRow>(said_->key(), said_->value()));
    }
    return newest;
  }

  Status SeeSilent(const SummedTransfer& transfer, Wide paid) {
    const model::TransferRow& row = transfer.row;
    if (!first_recent_.has_value()) {
      FT_ASSIGN_OR_RETURN(first_recent_, FirstRecordOn(view_, recent_, as_of_));
    }
    if (transfer.ref.record >= *first_recent_) return absl::OkStatus();
    SilentPayments& of = silent_[{transfer.from.party->number, transfer.to.party->number, transfer.from.fund,
                                  transfer.to.asset}];
    of.from = row.from;
    of.to = row.to;
    of.amount += paid;
    return kept_.Add(SeeIn(silent_, &of, transfer.ref, row.date));
  }

  // Its parties, the payer's fund, and what the recipient got.
  StatusOr<v1::Finding> Between(model::AccountNumber payer, model::AccountNumber recipient) const {
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, payer));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, recipient));
    v1::Finding finding;
    finding.add_parties(from.party());
    finding.add_parties(to.party());
    finding.set_fund(from.fund());
    finding.set_asset(to.asset());
    return finding;
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const Date
      recent_;  // of payments that were recorded on this day or later nobody needs to have said anything
  std::unique_ptr<store::Cursor> said_;
  std::optional<RecordIndex> first_recent_;  // of the records on that day or later
  // By the numbers of payer, recipient, fund and asset.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, SilentPayments> silent_;
  std::vector<DisputedPayment> disputed_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeSilentRule(const FindingInput& input) {
  return std::make_unique<SilentRule>(input);
}

}  // namespace fundtrail::query
