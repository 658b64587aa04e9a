// OUT_EXCEEDS_IN. Per party, fund and asset: what came to it from the SOURCE `unrecorded`, less what it sent back there. An import
// opens so much where a party pays more than a file shows that it received.
//
//   amount    that sum             compared  all that it paid there (but for what it sent back or reclassified)
//   count     the transfers from `unrecorded`                  LOOK
#include <map>
#include <tuple>
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

struct OutAndIn {
  model::AccountNumber account;  // one of them
  Wide unrecorded = 0, paid = 0;
  SeenTransfers seen;  // from `unrecorded`
};

class OutExceedsInRule : public FindingWork {
 public:
  explicit OutExceedsInRule(const FindingInput& input) : view_(input.view) {}

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount &from = transfer.from, &to = transfer.to;
    const model::TransferRow& row = transfer.row;
    if (transfer.mints && from.party->unrecorded) {
      FT_ASSIGN_OR_RETURN(OutAndIn * of, Of(to, row.to));
      of->unrecorded += row.to_amount.value();
      return kept_.Add(of->seen.See(transfer.ref, row.date));
    }
    if (transfer.mints) return absl::OkStatus();
    const bool goes_back = row.sends_back() && to.party->role == v1::ROLE_SOURCE && to.party->unrecorded;
    if (!goes_back && !IsHandedOn(row)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(OutAndIn * of, Of(from, row.from));
    if (goes_back) of->unrecorded -= row.amount.value();
    if (!goes_back) of->paid += row.amount.value();
    return absl::OkStatus();
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, of] : sums_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (of.unrecorded <= 0) continue;
      FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, of.account));
      v1::Finding finding;
      finding.set_grade(v1::Finding::GRADE_LOOK);
      finding.add_parties(name.party());
      finding.set_fund(name.fund());
      finding.set_asset(name.asset());
      finding.set_amount(Capped(of.unrecorded));
      finding.set_compared(Capped(of.paid));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_OUT_EXCEEDS_IN, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<OutAndIn*> Of(const SummedAccount& account, model::AccountNumber number) {
    const std::size_t before = sums_.size();
    OutAndIn& of = sums_[{account.party->number, account.fund, account.asset}];
    if (sums_.size() > before) FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(sums_)>));
    of.account = number;
    return &of;
  }

  const View& view_;
  // By party, fund and asset.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t>, OutAndIn> sums_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOutExceedsInRule(const FindingInput& input) {
  return std::make_unique<OutExceedsInRule>(input);
}

}  // namespace fundtrail::query
