// MAGNITUDE. Payments of more than `times` the median of their payer, kind and asset, where these are `payments` or more. The median
// of an even number is the lower of the two in the middle. And payments whose amount has the digits of their reference: `digits` or more,
// whatever signs stand between. The amount is written in the smallest unit, or without decimals that are all 0.
//
//   FAR_ABOVE        amount  the payment   compared  the median   count  the payments that the median is of     LOOK
//   LIKE_REFERENCE   amount  the payment   compared  0            count  1                                      LOOK
#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {
namespace {

struct SizedPayment {
  std::int64_t amount = 0;
  TransferRef ref;
};

// One whose amount has digits enough to be a reference.
struct NumberedPayment {
  TransferRef ref;
  std::int64_t amount = 0;
  std::uint32_t decimals = 0;
};

// Those of one payer, kind and asset.
struct SizedPayments {
  model::AccountNumber from;  // an account of the payer in the asset
  std::vector<SizedPayment> payments;
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
    SizedPayments& of =
        of_kind_[{transfer.from.party->number, static_cast<int>(row.kind), transfer.from.asset}];
    of.from = row.from;
    of.payments.push_back({row.amount.value(), transfer.ref});
    return kept_.Add(sizeof(SizedPayment));
  }

  Status Finish(FindingList* list) override {
    std::vector<NumberedPayment> numbered;
    for (const auto& [key, of] : of_kind_) {
      if (of.payments.size() >= payments_) FT_RETURN_IF_ERROR(FindFarAbove(of.payments, list));
      FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, from.asset()));
      for (const SizedPayment& payment : of.payments) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        if (absl::StrCat(payment.amount).size() < digits_) continue;
        numbered.push_back({payment.ref, payment.amount, asset.decimals()});
        FT_RETURN_IF_ERROR(kept_.Add(sizeof(NumberedPayment)));
      }
    }
    return FindLikeReference(std::move(numbered), list);
  }

 private:
  Status FindFarAbove(const std::vector<SizedPayment>& payments, FindingList* list) const {
    std::vector<std::int64_t> amounts;
    amounts.reserve(payments.size());
    for (const SizedPayment& payment : payments) amounts.push_back(payment.amount);
    const auto middle = amounts.begin() + static_cast<std::ptrdiff_t>((amounts.size() - 1) / 2);
    std::nth_element(amounts.begin(), middle, amounts.end());
    const std::int64_t median = *middle;
    for (const SizedPayment& payment : payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (payment.amount <= Wide{median} * times_) continue;
      v1::Finding finding;
      finding.set_kind(v1::Finding::FAR_ABOVE);
      finding.set_compared(median);
      finding.set_count(payments.size());
      FT_RETURN_IF_ERROR(Add(payment.ref, std::move(finding), list));
    }
    return absl::OkStatus();
  }

  // In the order of the log, so that each record is read once.
  Status FindLikeReference(std::vector<NumberedPayment> payments, FindingList* list) const {
    std::sort(payments.begin(), payments.end(),
              [](const NumberedPayment& one, const NumberedPayment& other) { return one.ref < other.ref; });
    WordsReader reader(view_);
    for (const auto& [ref, amount, decimals] : payments) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const std::string units = absl::StrCat(amount);
      FT_ASSIGN_OR_RETURN(const PaymentWords said, reader.Of(ref));
      const std::string digits = DigitsOf(said.reference);
      if (digits.size() < digits_) continue;
      const bool whole = units.size() > decimals &&
                         units.find_first_not_of('0', units.size() - decimals) == std::string::npos;
      if (digits != units && (!whole || digits != units.substr(0, units.size() - decimals))) continue;
      v1::Finding finding;
      finding.set_kind(v1::Finding::LIKE_REFERENCE);
      finding.set_count(1);
      finding.set_reference(said.reference);
      FT_RETURN_IF_ERROR(Add(ref, std::move(finding), list));
    }
    return absl::OkStatus();
  }

  Status Add(TransferRef ref, v1::Finding finding, FindingList* list) const {
    FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, row.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, row.to));
    finding.set_grade(v1::Finding::LOOK);
    finding.add_parties(from.party());
    finding.add_parties(to.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_asset(from.asset());
    finding.set_amount(row.amount.value());
    SeeDay(row.date, &finding);
    SetEvidence({ref}, &finding);
    return list->Add(v1::MAGNITUDE, std::move(finding));
  }

  const View& view_;
  const std::int64_t times_;
  const std::size_t payments_, digits_;
  std::map<std::tuple<std::uint32_t, int, std::uint32_t>, SizedPayments> of_kind_;  // by payer, kind, asset
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeMagnitudeRule(const FindingInput& input) {
  return std::make_unique<MagnitudeRule>(input);
}

}  // namespace fundtrail::query
