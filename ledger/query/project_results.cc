// See project_results.h.
#include "ledger/query/project_results.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

__extension__ using Wide = __int128;  // no sum of reports overflows it

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

std::int64_t Capped(Wide number) { return static_cast<std::int64_t>(std::min(number, Wide{kMost})); }

using Reports = std::vector<const ProgressReport*>;

// The reports of one place that its number is made of; at least one.
Reports Standing(v1::Target::Rule across_periods, const Reports& of_place) {
  if (across_periods != v1::Target::SUM && across_periods != v1::Target::MAX) {
    const ProgressReport* latest = of_place.front();
    for (const ProgressReport* report : of_place)
      if (report->last >= latest->last) latest = report;  // days sort as their texts do
    return {latest};
  }
  Reports standing;
  std::map<std::pair<std::string_view, std::string_view>, const ProgressReport*> newest;  // of each period
  for (const ProgressReport* report : of_place) {
    const bool says_period = !report->from.empty() || !report->until.empty();
    if (says_period || across_periods == v1::Target::SUM) {
      newest[{report->from, report->until}] = report;
    } else {
      standing.push_back(report);
    }
  }
  for (const auto& [period, report] : newest) standing.push_back(report);
  return standing;
}

Wide NumberOf(v1::Target::Rule across_periods, const Reports& standing) {
  Wide number = standing.front()->actual;
  for (std::size_t i = 1; i < standing.size(); ++i) {
    const Wide next = standing[i]->actual;
    number = across_periods == v1::Target::SUM ? number + next : std::max(number, next);
  }
  return number;
}

Wide AcrossPlaces(v1::Target::Rule across_places, const std::vector<Wide>& numbers) {
  Wide sum = 0, most = numbers.front();
  for (const Wide number : numbers) {
    sum += number;
    most = std::max(most, number);
  }
  if (across_places == v1::Target::MAX) return most;
  return across_places == v1::Target::AVERAGE ? sum / static_cast<Wide>(numbers.size()) : sum;
}

// The reports on each indicator of a project, in the order in which they were recorded.
class ReportReader {
 public:
  using ByIndicator = std::map<std::string, std::vector<ProgressReport>>;

  ReportReader(const View& view, AsOfRecord as_of, const std::string& on)
      : view_(view), as_of_(as_of), on_(on) {}

  // `reports` has the indicators that are asked about.
  Status Read(const std::string& project, ByIndicator* reports) {
    const Bytes all = keys::AttestationsOf(v1::Action::kProposeProject, project, v1::Action::kReportProgress);
    const Bytes end = as_of_.has_value()
                          ? keys::Attestation(v1::Action::kProposeProject, project,
                                              v1::Action::kReportProgress, RecordIndex(*as_of_ + 1), 0)
                          : store::PrefixEnd(all);
    const auto cursor = view_.rows->Scan(all, end);
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row,
                          model::DecodeMessage<v1::AttestationRow>(cursor->key(), cursor->value()));
      const v1::ReportProgress& said = row.action().report_progress();
      const auto of = reports->find(said.indicator());
      if (of == reports->end()) continue;
      FT_ASSIGN_OR_RETURN(std::string last, LastDay(said, row.record()));
      if (last > on_) continue;
      of->second.push_back(
          {said.place(), said.from(), said.until(), std::move(last), said.actual(), row.record()});
    }
    return cursor->status();
  }

 private:
  StatusOr<std::string> LastDay(const v1::ReportProgress& said, std::uint64_t record) {
    if (!said.until().empty()) return said.until();
    if (record_ != record) {
      FT_ASSIGN_OR_RETURN(const Date day, DayOf(view_, RecordIndex(record)));
      day_ = fundtrail::ToString(day);
      record_ = record;
    }
    return std::max(said.from(), day_);
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::string& on_;
  std::optional<std::uint64_t> record_;  // whose day is known
  std::string day_;
};

}  // namespace

v1::ProjectResult ResultOf(const v1::Target& target, const std::vector<ProgressReport>& reports) {
  v1::ProjectResult result;
  *result.mutable_target() = target;
  if (reports.empty()) return result;
  std::map<std::string_view, Reports> places;
  for (const ProgressReport& report : reports) places[report.place].push_back(&report);
  std::vector<Wide> numbers;
  std::uint64_t count = 0, newest = 0;
  for (const auto& [place, of_place] : places) {
    const Reports standing = Standing(target.across_periods(), of_place);
    numbers.push_back(NumberOf(target.across_periods(), standing));
    count += standing.size();
    for (const ProgressReport* report : standing) newest = std::max(newest, report->record);
  }
  const std::int64_t reported = Capped(AcrossPlaces(target.across_places(), numbers));
  result.set_reported(reported);
  if (target.target() > 0) result.set_ratio(Capped(Wide{reported} * 10'000 / target.target()));
  result.set_reports(count);
  result.set_newest(newest);
  return result;
}

Status AddResults(const View& view, const v1::RegisterRow& project, AsOfRecord as_of,
                  v1::ProjectMoneyAnswer* answer) {
  const v1::ProposeProject& said = project.action().propose_project();
  ReportReader::ByIndicator reports;
  for (const v1::Target& target : said.targets()) reports[target.indicator()];
  FT_RETURN_IF_ERROR(ReportReader(view, as_of, answer->on()).Read(said.id(), &reports));
  for (const v1::Target& target : said.targets()) {
    v1::ProjectResult* result = answer->add_results();
    *result = ResultOf(target, reports[target.indicator()]);
    FT_RETURN_IF_ERROR(view.Grow(result->ByteSizeLong()));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
