// SPLIT. Per payer, payee, fund and asset: two or more payments, each below a limit, within `days` days come to the limit or more.
// The limits are those of the fund's approval rules for the asset, in the version of then, or the one that is asked for. What was
// sent back whole does not count.
//
//   amount    the payments together   compared  the limit     count  how many payments
//   SERIOUS   where all are of one day
//
// A window begins with the first payment from which one is found, and the next one after its last payment: no payment is
// in two findings of one limit.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

struct SplitPayment {
  Date date;
  TransferRef ref;
  std::int64_t amount = 0;
};

using SplitKey = std::tuple<std::string, std::string, std::string, std::string>;  // payer, payee, fund, asset

class SplitRule : public FindingWork {
 public:
  explicit SplitRule(const FindingInput& input)
      : view_(input.view),
        as_of_(input.as_of),
        days_(static_cast<std::int32_t>(input.Value("days"))),
        limit_(input.Value("limit")) {}

  Status Take(const SummedTransfer& transfer) override {
    if (!IsPayment(transfer) || transfer.from->party == transfer.to->party) return absl::OkStatus();
    const SummedAccount& from = *transfer.from;
    FT_ASSIGN_OR_RETURN(const auto* limits, LimitsOf(from.fund, from.asset));
    if (limits->empty() || transfer.row.amount.value() >= *limits->rbegin()) return absl::OkStatus();
    payments_[{from.party->id, transfer.to->party->id, from.fund, from.asset}].push_back(
        {transfer.row.date, transfer.ref, transfer.row.amount.value()});
    return kept_.Add(sizeof(SplitPayment));
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, payments] : payments_) {
      std::stable_sort(
          payments.begin(), payments.end(),
          [](const SplitPayment& one, const SplitPayment& other) { return one.date < other.date; });
      FT_ASSIGN_OR_RETURN(const auto* limits, LimitsOf(std::get<2>(key), std::get<3>(key)));
      Wide all = 0;
      for (const SplitPayment& payment : payments) all += payment.amount;
      if (payments.size() < 2 || all < *limits->begin()) continue;
      FT_RETURN_IF_ERROR(DropSentBack(&payments));
      for (const std::int64_t limit : *limits) FT_RETURN_IF_ERROR(FindWindows(key, payments, limit, list));
    }
    return absl::OkStatus();
  }

 private:
  StatusOr<const std::set<std::int64_t>*> LimitsOf(const std::string& fund, const std::string& asset) {
    const auto found = limits_.find({fund, asset});
    if (found != limits_.end()) return &found->second;
    std::set<std::int64_t> limits;
    if (limit_ > 0) {
      limits.insert(limit_);
    } else {
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kOpenFund, fund, as_of_));
      if (row.has_value())
        for (const v1::ApprovalRule& rule : row->action().open_fund().approvals())
          if (rule.asset() == asset && rule.from_amount() > 0) limits.insert(rule.from_amount());
    }
    return &limits_.emplace(std::pair(fund, asset), std::move(limits)).first->second;
  }

  Status DropSentBack(std::vector<SplitPayment>* payments) const {
    std::vector<SplitPayment> left;
    for (const SplitPayment& payment : *payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, payment.ref));
      FT_ASSIGN_OR_RETURN(const bool back, WasSentBack(view_, row, as_of_));
      if (!back) left.push_back(payment);
    }
    *payments = std::move(left);
    return absl::OkStatus();
  }

  Status FindWindows(const SplitKey& key, const std::vector<SplitPayment>& payments, std::int64_t limit,
                     FindingList* list) const {
    std::vector<const SplitPayment*> below;
    for (const SplitPayment& payment : payments)
      if (payment.amount < limit) below.push_back(&payment);
    std::size_t end = 0;
    Wide sum = 0;  // of [begin, end)
    for (std::size_t begin = 0; begin < below.size();) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      while (end < below.size() && below[end]->date.days() - below[begin]->date.days() < days_)
        sum += below[end++]->amount;
      // One of them alone is below the limit, so that these are two or more.
      if (sum >= limit) {
        FT_RETURN_IF_ERROR(AddWindow(key,
                                     {below.begin() + static_cast<std::ptrdiff_t>(begin),
                                      below.begin() + static_cast<std::ptrdiff_t>(end)},
                                     sum, limit, list));
        begin = end;
        sum = 0;
      } else {
        sum -= below[begin++]->amount;
      }
    }
    return absl::OkStatus();
  }

  static Status AddWindow(const SplitKey& key, const std::vector<const SplitPayment*>& window, Wide sum,
                          std::int64_t limit, FindingList* list) {
    v1::Finding finding;
    const bool one_day = window.front()->date == window.back()->date;
    finding.set_grade(one_day ? v1::Finding::SERIOUS : v1::Finding::LOOK);
    finding.add_parties(std::get<0>(key));
    finding.add_parties(std::get<1>(key));
    finding.set_fund(std::get<2>(key));
    finding.set_asset(std::get<3>(key));
    finding.set_amount(Capped(sum));
    finding.set_compared(limit);
    finding.set_count(window.size());
    std::vector<TransferRef> refs;
    for (const SplitPayment* payment : window) {
      SeeDay(payment->date, &finding);
      refs.push_back(payment->ref);
    }
    SetEvidence(std::move(refs), &finding);
    return list->Add(v1::SPLIT, std::move(finding));
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::int32_t days_;
  const std::int64_t limit_;                                                      // 0: those of the funds
  std::map<std::pair<std::string, std::string>, std::set<std::int64_t>> limits_;  // by fund and asset
  std::map<SplitKey, std::vector<SplitPayment>> payments_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeSplitRule(const FindingInput& input) {
  return std::make_unique<SplitRule>(input);
}

}  // namespace fundtrail::query
