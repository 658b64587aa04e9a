// See series.h.
#include "ledger/query/series.h"

#include <map>
#include <string>

#include "absl/strings/str_cat.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

// How much of a date names its period: "2026-01-31".
std::size_t LettersOf(v1::SeriesRequest::By by) {
  return by == v1::SeriesRequest::DAY ? 10 : by == v1::SeriesRequest::YEAR ? 4 : 7;
}

struct AssetSeries {
  AccountSums opening;                         // before the first day
  std::map<std::string, AccountSums> periods;  // what each adds
};

class SeriesReader {
 public:
  SeriesReader(const View& view, const v1::SeriesRequest& request, DatePeriod period)
      : view_(view), request_(request), period_(period), letters_(LettersOf(request.by())) {}

  Status Take(const SummedTransfer& transfer) {
    if (period_.IsOver(transfer.row.date)) return absl::OkStatus();
    const bool begun = period_.HasBegun(transfer.row.date);
    const bool from = Counts(*transfer.from), to = Counts(*transfer.to);
    if (!from && !to) return absl::OkStatus();
    const bool inside = from && to && transfer.from->asset == transfer.to->asset;
    const std::string period = fundtrail::ToString(transfer.row.date).substr(0, letters_);
    if (from) {
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(transfer.from->asset, period, begun));
      sums->AddPaid(transfer, inside, begun);
    }
    if (to) {
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(transfer.to->asset, period, begun));
      sums->AddReceived(transfer, inside, begun);
    }
    return absl::OkStatus();
  }

  Status Answer(v1::SeriesAnswer* answer) const {
    for (const auto& [asset, series] : assets_) {
      AccountSums line = series.opening;
      for (const auto& [period, added] : series.periods) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        // What is there at the end is added to what was there before; all else is the period's own.
        AccountSums next = added;
        next.before = line.there();
        next.held += line.held;
        next.reached += line.reached;
        next.ends_here += line.ends_here;
        next.returned += line.returned;
        line = next;
        v1::SeriesLine* said = answer->add_lines();
        said->set_period(period);
        FT_ASSIGN_OR_RETURN(*said->mutable_sums(), ToMessage(view_, asset, line));
        FT_RETURN_IF_ERROR(view_.Grow(said->ByteSizeLong()));
      }
    }
    return absl::OkStatus();
  }

 private:
  bool Counts(const SummedAccount& account) const {
    return (request_.party().empty() || account.party->id == request_.party()) &&
           (request_.fund().empty() || account.fund == request_.fund()) &&
           (request_.asset().empty() || account.asset == request_.asset());
  }

  StatusOr<AccountSums*> Of(const std::string& asset, const std::string& period, bool begun) {
    AssetSeries& series = assets_[asset];
    if (!begun) return &series.opening;
    const auto [found, is_new] = series.periods.try_emplace(period);
    if (is_new) FT_RETURN_IF_ERROR(view_.Grow(sizeof(AccountSums)));
    return &found->second;
  }

  const View& view_;
  const v1::SeriesRequest& request_;
  const DatePeriod period_;
  const std::size_t letters_;
  std::map<std::string, AssetSeries> assets_;
};

}  // namespace

StatusOr<v1::SeriesAnswer> Series(const View& view, const v1::SeriesRequest& request) {
  if (!v1::SeriesRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  DatePeriod period;
  FT_ASSIGN_OR_RETURN(period.since, Day("since", request.since()));
  FT_ASSIGN_OR_RETURN(period.until, Day("until", request.until()));
  v1::SeriesAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  answer.set_party(request.party());
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const auto party, FindParty(Then(view, as_of), request.party()));
    answer.set_party_name(party.name());
  }
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.asset().empty()) FT_RETURN_IF_ERROR(FindAsset(view, request.asset()).status());
  answer.set_fund(request.fund());
  answer.set_by(request.by() == v1::SeriesRequest::BY_UNSPECIFIED ? v1::SeriesRequest::MONTH : request.by());
  SeriesReader reader(view, request, period);
  FT_RETURN_IF_ERROR(
      EachTransfer(view, as_of, [&reader](const SummedTransfer& transfer) { return reader.Take(transfer); }));
  FT_RETURN_IF_ERROR(reader.Answer(&answer));
  return answer;
}

}  // namespace fundtrail::query
