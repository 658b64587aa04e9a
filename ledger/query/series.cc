// See series.h.
#include "ledger/query/series.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/query/group_names.h"
#include "ledger/query/item_names.h"
#include "ledger/query/money_sums.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {
namespace {

// How much of a date names its period: "2026-01-31".
std::size_t LettersOf(v1::SeriesRequest::By by) {
  return by == v1::SeriesRequest::BY_DAY ? 10 : by == v1::SeriesRequest::BY_YEAR ? 4 : 7;
}

struct AssetSeries {
  AccountSums opening;                         // before the first day
  std::map<std::string, AccountSums> periods;  // what each adds
};

class SeriesReader {
 public:
  SeriesReader(const View& view, const MoneyWalk& walk, const v1::SeriesRequest& request,
               std::optional<std::uint32_t> party, const DatePeriod& period)
      : view_(view),
        walk_(walk),
        request_(request),
        party_(party),
        fund_(walk.FundNumber(request.fund())),
        asset_(walk.AssetNumber(request.asset())),
        period_(period),
        letters_(LettersOf(request.by())),
        names_(view, walk, request.has_as_of() ? AsOfRecord(request.as_of()) : AsOfRecord()) {}

  Status Take(const SummedTransfer& transfer) {
    if (period_.IsOver(transfer.row.date)) return absl::OkStatus();
    const bool begun = period_.HasBegun(transfer.row.date);
    FT_ASSIGN_OR_RETURN(const bool from, Counts(transfer.from, transfer.row.from));
    FT_ASSIGN_OR_RETURN(const bool to, Counts(transfer.to, transfer.row.to));
    if (!from && !to) return absl::OkStatus();
    const bool inside = from && to && transfer.from.asset == transfer.to.asset;
    if (from) {
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(transfer.from.asset, transfer.row.date, begun));
      sums->AddPaid(transfer, inside, begun);
    }
    if (to) {
      FT_ASSIGN_OR_RETURN(AccountSums* const sums, Of(transfer.to.asset, transfer.row.date, begun));
      sums->AddReceived(transfer, inside, begun);
    }
    return absl::OkStatus();
  }

  Status Answer(v1::SeriesAnswer* answer) const {
    std::map<std::string, const AssetSeries*> by_name;
    for (const auto& [asset, series] : assets_) by_name.emplace(walk_.assets()[asset], &series);
    for (const auto& [asset, series] : by_name) {
      AccountSums line = series->opening;
      for (const auto& [period, added] : series->periods) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        // What is there at the end is added to what was there before; all else is the period's own.
        AccountSums next = added;
        next.before = 0;
        next.Add(line.there(), &next.before);
        next.AddEnds(line);
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
  StatusOr<bool> Counts(const SummedAccount& account, model::AccountNumber number) {
    const bool counts = (request_.party().empty() || account.under->number == party_) &&
                        (request_.fund().empty() || account.fund == fund_) &&
                        (request_.asset().empty() || account.asset == asset_);
    if (!counts || request_.programme().empty()) return counts;
    FT_ASSIGN_OR_RETURN(const std::string programme, names_.Programme(number));
    return programme == request_.programme();
  }

  StatusOr<AccountSums*> Of(std::uint32_t asset, Date date, bool begun) {
    if (!begun) return &assets_[asset].opening;
    // The name of a period is made once for each day.
    AccountSums*& of_day = days_[{asset, date.days()}];
    if (of_day == nullptr) {
      const auto [found, is_new] =
          assets_[asset].periods.try_emplace(fundtrail::ToString(date).substr(0, letters_));
      if (is_new) FT_RETURN_IF_ERROR(view_.Grow(sizeof(AccountSums)));
      of_day = &found->second;
    }
    return of_day;
  }

  const View& view_;
  const MoneyWalk& walk_;
  const v1::SeriesRequest& request_;
  // Nothing: no account has it.
  const std::optional<std::uint32_t> party_, fund_, asset_;
  const DatePeriod period_;
  const std::size_t letters_;
  GroupNames names_;
  std::map<std::uint32_t, AssetSeries> assets_;                                     // by their numbers
  absl::flat_hash_map<std::pair<std::uint32_t, std::int32_t>, AccountSums*> days_;  // by asset and day
};

}  // namespace

StatusOr<v1::SeriesAnswer> Series(const View& view, const v1::SeriesRequest& request) {
  FT_ASSIGN_OR_RETURN(auto answers, SeriesOfPeriods(view, request, {{request.since(), request.until()}}));
  return std::move(answers.front());
}

StatusOr<std::vector<v1::SeriesAnswer>> SeriesOfPeriods(const View& view, const v1::SeriesRequest& request,
                                                        const std::vector<DaysAsked>& periods) {
  if (!v1::SeriesRequest::By_IsValid(request.by()))
    return absl::InvalidArgumentError(absl::StrCat("by: ", static_cast<int>(request.by()), " is not known"));
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(const std::vector<DatePeriod> days, PeriodsOf(periods));
  v1::SeriesAnswer answer;  // what all of them begin with
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(Then(view, as_of), request.party()).status());
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  if (!request.asset().empty()) FT_RETURN_IF_ERROR(FindAsset(view, request.asset()).status());
  if (!request.programme().empty()) {
    FT_ASSIGN_OR_RETURN(const auto programme,
                        ItemThen(view, v1::Action::kOpenProgramme, request.programme(), as_of));
    if (!programme.has_value())
      return absl::NotFoundError(
          absl::StrCat("this ledger has no programme \"", Escaped(request.programme()), "\""));
    answer.set_programme(request.programme());
    answer.set_programme_name(programme->action().open_programme().name());
  }
  answer.set_fund(request.fund());
  FT_ASSIGN_OR_RETURN(*answer.mutable_fund_name(),
                      NameOfItem(view, v1::Action::kOpenFund, request.fund(), as_of));
  answer.set_by(request.by() == v1::SeriesRequest::BY_UNSPECIFIED ? v1::SeriesRequest::BY_MONTH
                                                                  : request.by());
  // Without a party all accounts count, whoever stands for whom.
  FT_ASSIGN_OR_RETURN(MoneyWalk walk,
                      MoneyWalk::Open(view, as_of, request.joined() && !request.party().empty()));
  if (!request.party().empty()) {
    const Joins& joins = walk.joins();
    answer.set_party(joins.StandingFor(request.party()));
    FT_ASSIGN_OR_RETURN(const auto named, FindParty(Then(view, as_of), answer.party()));
    answer.set_party_name(named.name());
    const auto together = joins.Together(answer.party());
    FT_RETURN_IF_ERROR(joins.Say(view, as_of, {together.begin(), together.end()}, &answer));
  }
  FT_ASSIGN_OR_RETURN(const auto party, walk.PartyNumber(request.party()));
  std::vector<SeriesReader> readers;
  readers.reserve(days.size());
  for (const DatePeriod& period : days) readers.emplace_back(view, walk, request, party, period);
  const auto take = [&readers](const SummedTransfer& transfer) -> Status {
    for (SeriesReader& reader : readers) FT_RETURN_IF_ERROR(reader.Take(transfer));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(walk.Each(take));
  std::vector<v1::SeriesAnswer> answers;
  for (const SeriesReader& reader : readers) FT_RETURN_IF_ERROR(reader.Answer(&answers.emplace_back(answer)));
  return answers;
}

}  // namespace fundtrail::query
