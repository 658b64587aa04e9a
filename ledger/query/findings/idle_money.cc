// IDLE. Per account of a HOLDER: the sum of what it holds whose transfer has a value date on or before D - days.
//
//   amount    that sum           compared  all that the account holds       count  the transfers that brought it
//   SERIOUS   where some of it has a value date on or before D - serious_days
#include <map>
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

// Of one account.
struct IdleHeld {
  Wide held = 0, old = 0;
  bool serious = false;
  SeenTransfers seen;
};

class IdleMoneyRule : public FindingWork {
 public:
  explicit IdleMoneyRule(const FindingInput& input)
      : view_(input.view),
        old_(input.Before(input.Value("days"))),
        very_old_(input.Before(input.Value("serious_days"))) {}

  Status TakeHeld(const SummedTransfer& transfer, Amount held, FindingList*) override {
    const auto [found, is_new] = accounts_.try_emplace(transfer.row.to);
    if (is_new) FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(accounts_)>));
    IdleHeld& of = found->second;
    of.held += held.value();
    if (transfer.row.date > old_) return absl::OkStatus();
    of.old += held.value();
    of.serious = of.serious || transfer.row.date <= very_old_;
    return kept_.Add(of.seen.See(transfer.ref, transfer.row.date));
  }

  Status Finish(FindingList* list) override {
    for (const auto& [account, of] : accounts_) {
      if (of.old == 0) continue;
      FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
      v1::Finding finding;
      finding.set_grade(of.serious ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      finding.add_parties(name.party());
      finding.set_fund(name.fund());
      finding.set_project(name.project());
      finding.set_asset(name.asset());
      finding.set_amount(Capped(of.old));
      finding.set_compared(Capped(of.held));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_IDLE, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  const View& view_;
  const Date old_, very_old_;
  std::map<model::AccountNumber, IdleHeld> accounts_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeIdleRule(const FindingInput& input) {
  return std::make_unique<IdleMoneyRule>(input);
}

}  // namespace fundtrail::query
