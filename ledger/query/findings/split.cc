// SPLIT. Per payer, payee, fund and asset: two or more payments, each below a limit, within `days` days come to the limit or more.
// The limits are those of the fund's approval rules for the asset, in the version of then, or the one that is asked for. What was
// sent back whole does not count.
//
//   amount    the payments together   compared  the limit     count  how many payments
//   SERIOUS   where all are of one day
//
// A window begins with the first payment from which one is found, and the next one after its last payment. So no payment is
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

// Those of one payer, payee, fund and asset.
struct SplitPayments {
  model::AccountNumber from, to;  // of one of them
  const std::set<std::int64_t>* limits = nullptr;
  std::vector<SplitPayment> payments;
};

class SplitRule : public FindingWork {
 public:
  explicit SplitRule(const FindingInput& input)
      : view_(input.view),
        back_(*input.back),
        as_of_(input.as_of),
        days_(static_cast<std::int32_t>(input.Value("days"))),
        limit_(input.Value("limit")) {}

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount& from = transfer.from;
    const std::uint32_t payee = transfer.to.party->number;
    if (!IsPayment(transfer) || from.party->number == payee) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto* limits, LimitsOf(from, transfer.row.from));
    if (limits->empty() || transfer.row.amount.value() >= *limits->rbegin()) return absl::OkStatus();
    SplitPayments& of = split_[{from.party->number, payee, from.fund, from.asset}];
    of.from = transfer.row.from;
    of.to = transfer.row.to;
    of.limits = limits;
    const std::size_t group = of.payments.empty() ? kNodeBytes<decltype(split_)> : 0;
    const std::size_t before = of.payments.capacity();
    of.payments.push_back({transfer.row.date, transfer.ref, transfer.row.amount.value()});
    return kept_.Add(group + (of.payments.capacity() - before) * sizeof(SplitPayment));
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, of] : split_) {
      std::vector<SplitPayment>& payments = of.payments;
      std::stable_sort(
          payments.begin(), payments.end(),
          [](const SplitPayment& one, const SplitPayment& other) { return one.date < other.date; });
      Wide all = 0;
      for (const SplitPayment& payment : payments) all += payment.amount;
      if (payments.size() < 2 || all < *of.limits->begin()) continue;
      FT_RETURN_IF_ERROR(DropSentBack(&payments));
      v1::Finding named;
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      named.add_parties(from.party());
      named.add_parties(to.party());
      named.set_fund(from.fund());
      named.set_asset(from.asset());
      for (const std::int64_t limit : *of.limits)
        FT_RETURN_IF_ERROR(FindWindows(named, payments, limit, list));
    }
    return absl::OkStatus();
  }

 private:
  // Of the payer's account. They stay where they are.
  StatusOr<const std::set<std::int64_t>*> LimitsOf(const SummedAccount& payer, model::AccountNumber account) {
    const auto found = limits_.find({payer.fund, payer.asset});
    if (found != limits_.end()) return &found->second;
    std::set<std::int64_t> limits;
    if (limit_ > 0) {
      limits.insert(limit_);
    } else {
      FT_ASSIGN_OR_RETURN(const auto name, NeedAccountName(view_, account));
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kOpenFund, name.fund(), as_of_));
      if (row.has_value())
        for (const v1::ApprovalRule& rule : row->action().open_fund().approvals())
          if (rule.asset() == name.asset() && rule.from_amount() > 0) limits.insert(rule.from_amount());
    }
    return &limits_.emplace(std::pair(payer.fund, payer.asset), std::move(limits)).first->second;
  }

  Status DropSentBack(std::vector<SplitPayment>* payments) {
    if (back_.none()) return absl::OkStatus();
    std::vector<SplitPayment> left;
    for (const SplitPayment& payment : *payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, payment.ref));
      FT_ASSIGN_OR_RETURN(const bool back, back_.All(row));
      if (!back) left.push_back(payment);
    }
    *payments = std::move(left);
    return absl::OkStatus();
  }

  // `named`: a finding with its parties, fund and asset.
  Status FindWindows(const v1::Finding& named, const std::vector<SplitPayment>& payments, std::int64_t limit,
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
        FT_RETURN_IF_ERROR(AddWindow(named,
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

  static Status AddWindow(v1::Finding finding, const std::vector<const SplitPayment*>& window, Wide sum,
                          std::int64_t limit, FindingList* list) {
    const bool one_day = window.front()->date == window.back()->date;
    finding.set_grade(one_day ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
    finding.set_amount(Capped(sum));
    finding.set_compared(limit);
    SeenTransfers seen;
    for (const SplitPayment* payment : window) seen.See(payment->ref, payment->date);
    seen.Tell(&finding);
    return list->Add(v1::FINDING_RULE_SPLIT, std::move(finding));
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const std::int32_t days_;
  const std::int64_t limit_;  // 0: those of the funds
  // By fund and asset; by payer, payee, fund and asset.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::set<std::int64_t>> limits_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, SplitPayments> split_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeSplitRule(const FindingInput& input) {
  return std::make_unique<SplitRule>(input);
}

}  // namespace fundtrail::query
