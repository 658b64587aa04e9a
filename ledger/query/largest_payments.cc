// See largest_payments.h.
#include "ledger/query/largest_payments.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/query/item_names.h"
#include "ledger/query/least_amount.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/movements.h"
#include "ledger/query/records.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

// Where a payment stands: by the place of its asset among the codes, the amount, and where it was recorded. By date the day stands for the
// amount, and assets stand together.
struct ByAmount {
  std::uint32_t asset = 0;
  std::int64_t amount = 0;
  TransferRef ref;
  friend bool operator<(const ByAmount& one, const ByAmount& other) {
    return std::tie(one.asset, other.amount, one.ref) < std::tie(other.asset, one.amount, other.ref);
  }
};

// Of each asset of a walk its place among all, by code.
std::vector<std::uint32_t> PlacesOfAssets(const std::vector<std::string>& codes) {
  std::vector<std::uint32_t> numbers(codes.size()), places(codes.size());
  std::iota(numbers.begin(), numbers.end(), 0U);
  std::sort(numbers.begin(), numbers.end(),
            [&codes](std::uint32_t one, std::uint32_t other) { return codes[one] < codes[other]; });
  for (std::uint32_t place = 0; place < numbers.size(); ++place) places[numbers[place]] = place;
  return places;
}

class LargestWalk {
 public:
  LargestWalk(const MoneyWalk& walk, const v1::ListRequest& request, PaymentOrder order, DatePeriod period,
              std::int64_t least, std::optional<std::uint32_t> party, std::size_t most)
      : request_(request),
        order_(order),
        period_(period),
        least_(least),
        party_(party),
        fund_(walk.FundNumber(request.fund())),
        asset_(walk.AssetNumber(request.asset())),
        places_(PlacesOfAssets(walk.assets())),
        most_(most) {}

  // Only what stands after it is kept.
  void BeginAfter(ByAmount after) { after_ = after; }
  ByAmount PlaceOf(std::uint32_t asset, const model::TransferRow& row, TransferRef ref) const {
    if (order_ == PaymentOrder::kDate) return {0, row.date.days(), ref};
    return {places_[asset], row.amount.value(), ref};
  }

  void Take(const SummedTransfer& transfer) {
    if (!Fits(transfer)) return;
    const ByAmount it = PlaceOf(transfer.from.asset, transfer.row, transfer.ref);
    if (after_.has_value() && !(*after_ < it)) return;
    if (kept_.size() == most_ && !(it < *std::prev(kept_.end()))) return;
    kept_.insert(it);
    if (kept_.size() > most_) kept_.erase(std::prev(kept_.end()));
  }
  const std::set<ByAmount>& kept() const { return kept_; }

 private:
  // The accounts tell its funds: each names that of both sides.
  bool Fits(const SummedTransfer& transfer) const {
    if (period_.IsOver(transfer.row.date) || !period_.HasBegun(transfer.row.date)) return false;
    if (!request_.party().empty() && transfer.from.under->number != party_ &&
        transfer.to.under->number != party_)
      return false;
    if (!request_.fund().empty() && transfer.from.fund != fund_ && transfer.to.fund != fund_) return false;
    if (!request_.asset().empty() && transfer.from.asset != asset_) return false;
    if (transfer.row.amount.value() < least_) return false;
    return request_.kind() == v1::TRANSFER_KIND_UNSPECIFIED || transfer.row.kind == request_.kind();
  }

  const v1::ListRequest& request_;
  const PaymentOrder order_;
  const DatePeriod period_;
  const std::int64_t least_;
  const std::optional<std::uint32_t> party_, fund_, asset_;  // nothing: no account has it
  const std::vector<std::uint32_t> places_;
  const std::size_t most_;
  std::optional<ByAmount> after_;
  std::set<ByAmount> kept_;
};

// Their lines, in their order. They are read in the order of the log, so that a record with several of them is read once.
StatusOr<std::vector<v1::TransferLine>> LinesOf(const View& view, const View& then,
                                                const std::vector<TransferRef>& refs) {
  std::vector<std::size_t> order(refs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&refs](std::size_t one, std::size_t other) { return refs[one] < refs[other]; });
  LineReader reader(then);
  std::vector<v1::TransferLine> lines(refs.size());
  for (const std::size_t at : order) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(lines[at], reader.Get(refs[at]));
    FT_RETURN_IF_ERROR(view.Grow(lines[at].ByteSizeLong()));
  }
  return lines;
}

}  // namespace

StatusOr<v1::ListAnswer> LargestPayments(const View& view, const v1::ListRequest& request,
                                         PaymentOrder order) {
  if (!request.project().empty())
    return absl::InvalidArgumentError(
        "sort: payments of a project are listed in the order of the record alone; leave out sort or project");
  DatePeriod period;
  FT_ASSIGN_OR_RETURN(period.since, Day("from", request.from()));
  FT_ASSIGN_OR_RETURN(period.until, Day("to", request.to()));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  FT_ASSIGN_OR_RETURN(const std::int64_t least, LeastAmount(view, request));
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(view, request.party()).status());
  const std::uint64_t limit =
      request.limit() == 0 ? kMostByAmount : std::min<std::uint64_t>(request.limit(), kMostByAmount);
  v1::ListAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  // Without a party nobody is told as another one.
  FT_ASSIGN_OR_RETURN(MoneyWalk walk,
                      MoneyWalk::Open(view, as_of, request.joined() && !request.party().empty()));
  FT_ASSIGN_OR_RETURN(const auto party, walk.PartyNumber(request.party()));
  if (!request.party().empty()) {
    const auto together = walk.joins().Together(request.party());
    FT_RETURN_IF_ERROR(walk.joins().Say(view, as_of, {together.begin(), together.end()}, &answer));
  }
  // One more than is shown: then there is a next one.
  LargestWalk largest(walk, request, order, period, least, party, static_cast<std::size_t>(limit) + 1);
  if (request.has_after()) {
    const TransferRef ref = model::RefOf(request.after());
    FT_ASSIGN_OR_RETURN(const auto row, FindTransfer(view, ref));
    FT_ASSIGN_OR_RETURN(const auto account, NeedAccountName(view, row.from));
    const auto asset = walk.AssetNumber(account.asset());
    if (!asset.has_value())
      return model::Damaged(model::keys::Transfer(ref), "is of an account that is not there");
    largest.BeginAfter(largest.PlaceOf(*asset, row, ref));
  }
  FT_RETURN_IF_ERROR(walk.Each([&largest](const SummedTransfer& transfer) {
    largest.Take(transfer);
    return absl::OkStatus();
  }));
  std::vector<TransferRef> refs;
  for (const ByAmount& it : largest.kept())
    if (refs.size() < limit) refs.push_back(it.ref);
  if (largest.kept().size() > limit) answer.set_next(model::RefText(refs.back()));
  const View then = Then(view, as_of);
  FT_ASSIGN_OR_RETURN(std::vector<v1::TransferLine> lines, LinesOf(view, then, refs));
  ItemNames names;
  for (v1::TransferLine& line : lines) {
    FT_RETURN_IF_ERROR(names.Add(then, line, answer.mutable_names()).status());
    *answer.add_transfers() = std::move(line);
  }
  return answer;
}

}  // namespace fundtrail::query
