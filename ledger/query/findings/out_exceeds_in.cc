// OUT_EXCEEDS_IN. Per party, fund and asset: what came to it from the SOURCE `unrecorded`, less what it sent back there. An import
// opens so much where a party pays more than a file shows that it received.
//
//   amount    that sum             compared  all that it paid there (but for what it sent back or reclassified)
//   count     the transfers from `unrecorded`                  LOOK
#include <map>
#include <tuple>
#include <utility>

#include "ledger/model/unrecorded.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

struct OutAndIn {
  Wide unrecorded = 0, paid = 0;
  std::vector<TransferRef> refs;
  v1::Finding days;  // its first and last day
};

class OutExceedsInRule : public FindingWork {
 public:
  explicit OutExceedsInRule(const FindingInput& input) : view_(input.view) {}

  Status Take(const SummedTransfer& transfer) override {
    const auto& from = *transfer.from;
    const auto& to = *transfer.to;
    const std::string& payer = from.party->id;
    if (transfer.mints && model::IsUnrecordedOrigin(payer)) {
      OutAndIn& of = sums_[{to.party->id, to.fund, to.asset}];
      of.unrecorded += transfer.row.to_amount.value();
      of.refs.push_back(transfer.ref);
      SeeDay(transfer.row.date, &of.days);
      return kept_.Add(sizeof(TransferRef));
    }
    if (transfer.mints) return absl::OkStatus();
    if (transfer.row.sends_back() && to.party->role == v1::SOURCE && model::IsUnrecordedOrigin(to.party->id))
      sums_[{payer, from.fund, from.asset}].unrecorded -= transfer.row.amount.value();
    if (IsHandedOn(transfer.row)) sums_[{payer, from.fund, from.asset}].paid += transfer.row.amount.value();
    return absl::OkStatus();
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, of] : sums_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (of.unrecorded <= 0) continue;
      v1::Finding finding = std::move(of.days);
      finding.set_grade(v1::Finding::LOOK);
      finding.add_parties(std::get<0>(key));
      finding.set_fund(std::get<1>(key));
      finding.set_asset(std::get<2>(key));
      finding.set_amount(Capped(of.unrecorded));
      finding.set_compared(Capped(of.paid));
      SetEvidence(std::move(of.refs), &finding);
      finding.set_count(finding.evidence_count());
      FT_RETURN_IF_ERROR(list->Add(v1::OUT_EXCEEDS_IN, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  const View& view_;
  std::map<std::tuple<std::string, std::string, std::string>, OutAndIn> sums_;  // by party, fund, asset
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOutExceedsInRule(const FindingInput& input) {
  return std::make_unique<OutExceedsInRule>(input);
}

}  // namespace fundtrail::query
