// HELD_UPSTREAM. Per receipt of a HOLDER by APPROPRIATION or ALLOCATION whose value date is on or before D - days. What of it is
// still held is more than part / 10,000 of the receipt. What an import opened, out of `unrecorded`, is no receipt: nobody says when
// it came.
//
//   amount    what is still held   compared  the receipt      count  1
//   SERIOUS   where the value date is on or before D - serious_days
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

class HeldUpstreamRule : public FindingWork {
 public:
  explicit HeldUpstreamRule(const FindingInput& input)
      : view_(input.view),
        part_(input.Value("part")),
        old_(input.Before(input.Value("days"))),
        very_old_(input.Before(input.Value("serious_days"))) {}

  Status TakeHeld(const SummedTransfer& transfer, Amount held, FindingList* list) override {
    const model::TransferRow& row = transfer.row;
    if (!IsPayment(transfer) || row.date > old_ ||
        (row.kind != v1::TRANSFER_KIND_APPROPRIATION && row.kind != v1::TRANSFER_KIND_ALLOCATION))
      return absl::OkStatus();
    if (Wide{held.value()} * kWhole <= Wide{row.to_amount.value()} * part_) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto payer, NeedAccountName(view_, row.from));
    FT_ASSIGN_OR_RETURN(const auto holder, NeedAccountName(view_, row.to));
    v1::Finding finding;
    finding.set_grade(row.date <= very_old_ ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
    finding.add_parties(payer.party());
    finding.add_parties(holder.party());
    finding.set_fund(holder.fund());
    finding.set_project(holder.project());
    finding.set_asset(holder.asset());
    finding.set_amount(held.value());
    finding.set_compared(row.to_amount.value());
    finding.set_count(1);
    SeeDay(row.date, &finding);
    SetEvidence({transfer.ref}, &finding);
    return list->Add(v1::FINDING_RULE_HELD_UPSTREAM, std::move(finding));
  }

 private:
  const View& view_;
  const std::int64_t part_;
  const Date old_, very_old_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeHeldUpstreamRule(const FindingInput& input) {
  return std::make_unique<HeldUpstreamRule>(input);
}

}  // namespace fundtrail::query
