// See project_results.h.
#include "ledger/query/project_results.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

bool TellsPeriodsApart(const v1::Target& target) {
  return target.across_periods() == v1::Target::RULE_SUM || target.across_periods() == v1::Target::RULE_MAX;
}

Wide AcrossPlaces(v1::Target::Rule across_places, const std::vector<Wide>& numbers) {
  Wide sum = 0, most = numbers.front();
  for (const Wide number : numbers) {
    sum += number;
    most = std::max(most, number);
  }
  if (across_places == v1::Target::RULE_MAX) return most;
  return across_places == v1::Target::RULE_AVERAGE ? sum / static_cast<Wide>(numbers.size()) : sum;
}

// The reports on each indicator of a project, in the order in which they were recorded.
class ReportReader {
 public:
  using ByIndicator = std::map<std::string, ResultFold>;

  ReportReader(const View& view, AsOfRecord as_of, const std::string& on)
      : view_(view), as_of_(as_of), on_(on) {}

  // `results` has the indicators that are asked about.
  Status Read(const std::string& project, ByIndicator* results) {
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
      const auto of = results->find(said.indicator());
      if (of == results->end()) continue;
      FT_ASSIGN_OR_RETURN(std::string last, LastDay(said, row.record()));
      if (last > on_) continue;
      of->second.Add({said.place(), said.from(), said.until(), std::move(last), said.actual(), row.record()});
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

void ResultFold::Add(const ProgressReport& report) {
  const bool apart = TellsPeriodsApart(target_);
  const Of of{report.place, apart ? report.from : "", apart ? report.until : ""};
  auto found = numbers_.find(of);
  if (found == numbers_.end()) {
    if (room_ == 0) {
      ++more_;
      return;
    }
    --room_;
    found = numbers_.emplace(of, Number()).first;
  }
  Number& number = found->second;
  // Where the largest counts, those that say no period are not about the same.
  const bool says_period = !report.from.empty() || !report.until.empty();
  if (target_.across_periods() == v1::Target::RULE_MAX && !says_period) {
    number.actual = std::max(number.actual, report.actual);
    ++number.reports;
    number.record = report.record;
    return;
  }
  // Days sort as their texts do.
  if (!apart && number.reports > 0 && report.last < number.last) return;
  number.actual = report.actual;
  number.reports = 1;
  number.record = report.record;
  if (!apart) number.last = report.last;
}

v1::ProjectResult ResultFold::Result() const {
  v1::ProjectResult result;
  *result.mutable_target() = target_;
  result.set_more(more_);
  if (numbers_.empty()) return result;
  std::vector<Wide> places;
  const std::string* place = nullptr;  // the last one
  std::uint64_t reports = 0, newest = 0;
  // By place.
  for (const auto& [of, number] : numbers_) {
    if (place == nullptr || *place != std::get<0>(of)) places.push_back(0);
    place = &std::get<0>(of);
    Wide& there = places.back();
    there = target_.across_periods() == v1::Target::RULE_SUM ? there + number.actual
                                                             : std::max(there, Wide{number.actual});
    reports += number.reports;
    newest = std::max(newest, number.record);
  }
  const std::int64_t reported = Capped(AcrossPlaces(target_.across_places(), places));
  result.set_reported(reported);
  if (target_.target() > 0) result.set_ratio(Capped(Wide{reported} * 10'000 / target_.target()));
  result.set_reports(reports);
  result.set_newest(newest);
  return result;
}

v1::ProjectResult ResultOf(const v1::Target& target, const std::vector<ProgressReport>& reports) {
  std::size_t room = reports.size();
  ResultFold fold(target, &room);
  for (const ProgressReport& report : reports) fold.Add(report);
  return fold.Result();
}

Status AddResults(const View& view, const v1::RegisterRow& project, AsOfRecord as_of,
                  v1::ProjectMoneyAnswer* answer) {
  const v1::ProposeProject& said = project.action().propose_project();
  std::size_t room = kMaxNumbers;
  ReportReader::ByIndicator results;
  for (const v1::Target& target : said.targets()) results.try_emplace(target.indicator(), target, &room);
  FT_RETURN_IF_ERROR(ReportReader(view, as_of, answer->on()).Read(said.id(), &results));
  for (const v1::Target& target : said.targets()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    v1::ProjectResult* result = answer->add_results();
    *result = results.at(target.indicator()).Result();
    FT_RETURN_IF_ERROR(view.Grow(result->ByteSizeLong()));
  }
  return absl::OkStatus();
}

}  // namespace fundtrail::query
