// IDLE. Per account of a HOLDER: the sum of what it holds whose transfer has a value date on or before D - days.
//
//   amount    that sum           compared  all that the account holds       count  the transfers that brought it
//   SERIOUS   where some of it has a value date on or before D - serious_days
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

class IdleMoneyRule : public FindingWork {
 public:
  explicit IdleMoneyRule(const FindingInput& input)
      : old_(input.Before(input.Value("days"))), very_old_(input.Before(input.Value("serious_days"))) {}

  Status TakeHeld(const HeldAccount& held, FindingList* list) override {
    v1::Finding finding;
    Wide amount = 0;
    bool serious = false;
    std::vector<TransferRef> refs;
    for (const HeldPart& part : held.parts) {
      if (part.date > old_) continue;
      amount += part.amount.value();
      serious = serious || part.date <= very_old_;
      refs.push_back(part.ref);
      SeeDay(part.date, &finding);
    }
    if (amount == 0) return absl::OkStatus();
    finding.set_grade(serious ? v1::Finding::SERIOUS : v1::Finding::LOOK);
    finding.add_parties(held.account->party());
    finding.set_fund(held.account->fund());
    finding.set_project(held.account->project());
    finding.set_asset(held.account->asset());
    finding.set_amount(Capped(amount));
    finding.set_compared(held.held.value());
    SetEvidence(std::move(refs), &finding);
    finding.set_count(finding.evidence_count());
    return list->Add(v1::IDLE, std::move(finding));
  }

 private:
  const Date old_, very_old_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeIdleRule(const FindingInput& input) {
  return std::make_unique<IdleMoneyRule>(input);
}

}  // namespace fundtrail::query
