// MAGNITUDE. Payments of more than `times` the median of their payer, kind and asset, where these are `payments` or more. The median
// of an even number is the lower of the two in the middle. And payments whose amount has the digits of their reference: `digits` or more,
// whatever signs stand between. The amount is written in the smallest unit, or without decimals that are all 0.
//
//   FAR_ABOVE        amount  the payment   compared  the median   count  the payments that the median is of     LOOK
//   LIKE_REFERENCE   amount  the payment   compared  0            count  1                                      LOOK
#include <algorithm>
#include <deque>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

// One million take 27 MB, and their amounts 8 more.
struct SizedPayment {
  std::int64_t amount = 0;
  RecordIndex record;
  std::uint32_t line = 0;
  std::uint32_t of = 0;  // the place of its payer, kind and asset
  TransferRef ref() const { return {record, line}; }
};

// Those of one payer, kind and asset.
struct SizedPayments {
  model::AccountNumber from;  // an account of the payer in the asset
  std::size_t count = 0;
  std::size_t end = 0;  // behind the last of their amounts, among those of all
  std::int64_t median = 0;
  std::uint32_t decimals = 0;
};

// The digits of a text, without zeros in front.
std::string DigitsOf(std::string_view text) {
  std::string digits;
  for (const char c : text)
    if (c >= '0' && c <= '9' && (!digits.empty() || c != '0')) digits += c;
  return digits;
}

class MagnitudeRule : public FindingWork {
 public:
  explicit MagnitudeRule(const FindingInput& input)
      : view_(input.view),
        times_(input.Value("times")),
        payments_(static_cast<std::size_t>(input.Value("payments"))),
        digits_(static_cast<std::size_t>(input.Value("digits"))) {}

  Status Take(const SummedTransfer& transfer) override {
    const model::TransferRow& row = transfer.row;
    if (!IsPayment(transfer)) return absl::OkStatus();
    const auto [found, is_new] =
        places_.try_emplace({transfer.from.party->number, static_cast<int>(row.kind), transfer.from.asset},
                            static_cast<std::uint32_t>(kinds_.size()));
    if (is_new) {
      FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(places_)> + kDequeBytes<decltype(kinds_)>));
      kinds_.emplace_back();
    }
    SizedPayments& of = kinds_[found->second];
    of.from = row.from;
    ++of.count;
    sized_.push_back({row.amount.value(), transfer.ref.record, transfer.ref.line, found->second});
    return kept_.Add(kDequeBytes<decltype(sized_)>);
  }

  // In the order of the log, so that each record is read once.
  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(SetMedians());
    WordsReader reader(view_);
    for (const SizedPayment& payment : sized_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const SizedPayments& of = kinds_[payment.of];
      if (of.count >= payments_ && payment.amount > Wide{of.median} * times_) {
        v1::Finding finding;
        finding.set_kind(v1::Finding::KIND_FAR_ABOVE);
        finding.set_compared(of.median);
        finding.set_count(of.count);
        FT_RETURN_IF_ERROR(Add(payment.ref(), std::move(finding), list));
      }
      FT_RETURN_IF_ERROR(FindLikeReference(payment, of.decimals, &reader, list));
    }
    return absl::OkStatus();
  }

 private:
  // The amounts of all stand in one list, which is let go: those of one kind one after another.
  Status SetMedians() {
    FT_RETURN_IF_ERROR(kept_.Add(sized_.size() * sizeof(std::int64_t)));
    std::vector<std::int64_t> amounts(sized_.size());
    std::size_t begin = 0;
    for (SizedPayments& of : kinds_) {
      of.end = begin;  // until they are there
      begin += of.count;
    }
    for (const SizedPayment& payment : sized_) amounts[kinds_[payment.of].end++] = payment.amount;
    for (SizedPayments& of : kinds_) {
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, from.asset()));
      of.decimals = asset.decimals();
      const auto end = amounts.begin() + static_cast<std::ptrdiff_t>(of.end);
      const auto first = end - static_cast<std::ptrdiff_t>(of.count);
      const auto middle = first + static_cast<std::ptrdiff_t>((of.count - 1) / 2);
      std::nth_element(first, middle, end);
      of.median = *middle;
    }
    kept_.Drop(amounts.size() * sizeof(std::int64_t));
    return absl::OkStatus();
  }

  Status FindLikeReference(const SizedPayment& payment, std::uint32_t decimals, WordsReader* reader,
                           FindingList* list) const {
    const std::string units = absl::StrCat(payment.amount);
    if (units.size() < digits_) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const PaymentWords said, reader->Of(payment.ref()));
    const std::string digits = DigitsOf(said.reference);
    if (digits.size() < digits_) return absl::OkStatus();
    const bool whole =
        units.size() > decimals && units.find_first_not_of('0', units.size() - decimals) == std::string::npos;
    if (digits != units && (!whole || digits != units.substr(0, units.size() - decimals)))
      return absl::OkStatus();
    v1::Finding finding;
    finding.set_kind(v1::Finding::KIND_LIKE_REFERENCE);
    finding.set_count(1);
    finding.set_reference(said.reference);
    return Add(payment.ref(), std::move(finding), list);
  }

  Status Add(TransferRef ref, v1::Finding finding, FindingList* list) const {
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, row.to));
    finding.set_grade(v1::Finding::GRADE_LOOK);
    finding.add_parties(from.party());
    finding.add_parties(to.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_asset(from.asset());
    finding.set_amount(row.amount.value());
    SeeDay(row.date, &finding);
    SetEvidence({ref}, &finding);
    return list->Add(v1::FINDING_RULE_MAGNITUDE, std::move(finding));
  }

  const View& view_;
  const std::int64_t times_;
  const std::size_t payments_, digits_;
  std::deque<SizedPayment> sized_;  // in the order of the log; it grows without a copy of itself
  std::deque<SizedPayments> kinds_;
  std::map<std::tuple<std::uint32_t, int, std::uint32_t>, std::uint32_t> places_;  // by payer, kind, asset
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeMagnitudeRule(const FindingInput& input) {
  return std::make_unique<MagnitudeRule>(input);
}

}  // namespace fundtrail::query
