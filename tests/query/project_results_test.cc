// What reports come to beside a target: a table of stories, a naive model, and a real ledger, now and as of a record.
#include "ledger/query/project_results.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <set>

#include "ledger/query/project_money.h"
#include "ledger/store/memory.h"
#include "tests/support/ledgers.h"
#include "tests/support/projects.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

using query::ProgressReport;
using Rule = v1::Target::Rule;

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
constexpr std::int64_t kDay = 86'400'000'000;

v1::Target TargetOf(Rule across_places, Rule across_periods, std::int64_t number = 400) {
  v1::Target target;
  target.set_indicator(kIndicator);
  target.set_target(number);
  target.set_across_places(across_places);
  target.set_across_periods(across_periods);
  return target;
}

// "120 of 1 report, newest 3, 30.00%"; "nothing" where nobody reported. The ratio in basis points.
std::string Words(const v1::ProjectResult& result) {
  if (!result.has_reported()) {
    CHECK_FALSE(result.has_ratio());
    CHECK_FALSE(result.has_newest());
    CHECK(result.reports() == 0);
    return "nothing";
  }
  CHECK(result.has_newest());
  std::string text = absl::StrCat(result.reported(), " of ", result.reports(), ", newest ", result.newest());
  if (result.has_ratio()) absl::StrAppend(&text, ", ratio ", result.ratio());
  return text;
}

// In the order in which they are recorded; what a report says without a period is of the day `last`.
ProgressReport At(const std::string& place, const std::string& from, const std::string& until,
                  std::int64_t actual, std::uint64_t record, const std::string& last = "") {
  return {place, from, until, last.empty() ? until : last, actual, record};
}

TEST_CASE("reports become one number: each place across periods, then across places") {
  const std::string jan = "2026-01-31", feb = "2026-02-28", first = "2026-01-01", second = "2026-02-01";
  const std::vector<ProgressReport> two_months = {At("a", first, jan, 100, 1), At("a", second, feb, 60, 2)};
  const std::vector<ProgressReport> two_places = {At("a", first, jan, 100, 1), At("b", first, jan, 31, 2),
                                                  At("a", second, feb, 60, 3), At("b", second, feb, 40, 4)};
  const std::vector<ProgressReport> mended = {At("a", first, jan, 500, 1), At("a", second, feb, 60, 2),
                                              At("a", first, jan, 50, 3)};
  const std::vector<ProgressReport> bare = {At("a", "", "", 90, 1, jan), At("a", "", "", 70, 2, feb)};
  const std::vector<ProgressReport> same_day = {At("a", first, feb, 8, 1), At("a", second, feb, 5, 2)};
  const std::vector<ProgressReport> nowhere = {At("", first, jan, 7, 1), At("a", first, jan, 2, 2),
                                               At("", second, feb, 9, 3)};
  const std::vector<ProgressReport> huge = {At("a", first, jan, kMost, 1), At("b", first, jan, kMost, 2)};
  const struct {
    const char* story;
    Rule across_places, across_periods;
    std::vector<ProgressReport> reports;
    std::string words;
  } kCases[] = {
      {"nobody reported", v1::Target::RULE_SUM, v1::Target::RULE_SUM, {}, "nothing"},
      {"the latest month", v1::Target::RULE_SUM, v1::Target::RULE_LATEST, two_months,
       "60 of 1, newest 2, ratio 1500"},
      {"no rule: the same", v1::Target::RULE_UNSPECIFIED, v1::Target::RULE_UNSPECIFIED, two_places,
       "100 of 2, newest 4, ratio 2500"},
      {"all months", v1::Target::RULE_SUM, v1::Target::RULE_SUM, two_months,
       "160 of 2, newest 2, ratio 4000"},
      {"the best month", v1::Target::RULE_SUM, v1::Target::RULE_MAX, two_months,
       "100 of 2, newest 2, ratio 2500"},
      {"the latest of each place", v1::Target::RULE_SUM, v1::Target::RULE_LATEST, two_places,
       "100 of 2, newest 4, ratio 2500"},
      {"the larger place", v1::Target::RULE_MAX, v1::Target::RULE_SUM, two_places,
       "160 of 4, newest 4, ratio 4000"},
      {"the mean of places, rounded down", v1::Target::RULE_AVERAGE, v1::Target::RULE_SUM, two_places,
       "115 of 4, newest 4, ratio 2875"},
      {"the mean of the best months", v1::Target::RULE_AVERAGE, v1::Target::RULE_MAX, two_places,
       "70 of 4, newest 4, ratio 1750"},
      {"a newer report about the same month counts in a sum", v1::Target::RULE_SUM, v1::Target::RULE_SUM,
       mended, "110 of 2, newest 3, ratio 2750"},
      {"and where the largest counts", v1::Target::RULE_SUM, v1::Target::RULE_MAX, mended,
       "60 of 2, newest 3, ratio 1500"},
      {"the latest month is not the one recorded last", v1::Target::RULE_SUM, v1::Target::RULE_LATEST, mended,
       "60 of 1, newest 2, ratio 1500"},
      {"of two that end on one day the one recorded last", v1::Target::RULE_SUM, v1::Target::RULE_LATEST,
       same_day, "5 of 1, newest 2, ratio 125"},
      {"which are two periods in a sum", v1::Target::RULE_SUM, v1::Target::RULE_SUM, same_day,
       "13 of 2, newest 2, ratio 325"},
      {"without a period all are about the same in a sum", v1::Target::RULE_SUM, v1::Target::RULE_SUM, bare,
       "70 of 1, newest 2, ratio 1750"},
      {"and each counts where the largest does", v1::Target::RULE_SUM, v1::Target::RULE_MAX, bare,
       "90 of 2, newest 2, ratio 2250"},
      {"and the day of the record is the last one", v1::Target::RULE_SUM, v1::Target::RULE_LATEST, bare,
       "70 of 1, newest 2, ratio 1750"},
      {"no place is a place of its own", v1::Target::RULE_AVERAGE, v1::Target::RULE_SUM, nowhere,
       "9 of 3, newest 3, ratio 225"},
      {"more than 63 bits are said as 2^63 - 1", v1::Target::RULE_SUM, v1::Target::RULE_LATEST, huge,
       absl::StrCat(kMost, " of 2, newest 2, ratio ", kMost)},
      {"and a mean of them fits again", v1::Target::RULE_AVERAGE, v1::Target::RULE_LATEST, huge,
       absl::StrCat(kMost, " of 2, newest 2, ratio ", kMost)},
  };
  for (const auto& one : kCases) {
    INFO(one.story);
    CHECK(Words(query::ResultOf(TargetOf(one.across_places, one.across_periods), one.reports)) == one.words);
  }
  // What is reached beyond the target is above 10,000, and nothing is something that was reported.
  CHECK(Words(query::ResultOf(TargetOf(v1::Target::RULE_SUM, v1::Target::RULE_LATEST, 7),
                              {At("a", "", "", 10, 4, jan)})) == "10 of 1, newest 4, ratio 14285");
  CHECK(Words(query::ResultOf(TargetOf(v1::Target::RULE_SUM, v1::Target::RULE_LATEST),
                              {At("a", "", "", 0, 4, jan)})) == "0 of 1, newest 4, ratio 0");
}

TEST_CASE("where there is no room for a further place or period, reports about it are counted apart") {
  std::size_t room = 3;
  query::ResultFold months(TargetOf(v1::Target::RULE_SUM, v1::Target::RULE_SUM), &room);
  query::ResultFold latest(TargetOf(v1::Target::RULE_SUM, v1::Target::RULE_LATEST), &room);
  const std::string jan = "2026-01-31", feb = "2026-02-28";
  months.Add(At("a", "", jan, 1, 1));
  months.Add(At("a", "", feb, 10, 2));
  latest.Add(At("a", "", jan, 5, 3));
  CHECK(room == 0);
  // What is known may change, and what is new may not come.
  months.Add(At("a", "", jan, 2, 4));
  latest.Add(At("a", "", feb, 6, 5));
  months.Add(At("b", "", jan, 100, 6));
  months.Add(At("b", "", jan, 200, 7));
  latest.Add(At("b", "", jan, 300, 8));
  CHECK(Words(months.Result()) == "12 of 2, newest 4, ratio 300");
  CHECK(months.Result().more() == 2);
  CHECK(Words(latest.Result()) == "6 of 1, newest 5, ratio 150");
  CHECK(latest.Result().more() == 1);
  // One without any number says so.
  query::ResultFold nothing(TargetOf(v1::Target::RULE_SUM, v1::Target::RULE_MAX), &room);
  nothing.Add(At("a", "", jan, 1, 9));
  CHECK(Words(nothing.Result()) == "nothing");
  CHECK(nothing.Result().more() == 1);
}

// --- a naive model -------------------------------------------------------------------------------------------

// For each report it is asked whether another one takes its place; nothing is sorted.
std::optional<std::int64_t> NaiveNumber(const v1::Target& target,
                                        const std::vector<ProgressReport>& reports) {
  const Rule periods = target.across_periods();
  std::set<std::string> places;
  for (const ProgressReport& report : reports) places.insert(report.place);
  if (places.empty()) return std::nullopt;
  std::vector<std::int64_t> numbers;
  for (const std::string& place : places) {
    std::vector<std::int64_t> counted;
    for (std::size_t i = 0; i < reports.size(); ++i) {
      const ProgressReport& one = reports[i];
      if (one.place != place) continue;
      bool stands = true;
      for (std::size_t j = 0; j < reports.size(); ++j) {
        const ProgressReport& other = reports[j];
        if (other.place != place || j == i) continue;
        const bool same = other.from == one.from && other.until == one.until;
        const bool bare = one.from.empty() && one.until.empty();
        if (periods == v1::Target::RULE_SUM && same && j > i) stands = false;
        if (periods == v1::Target::RULE_MAX && same && !bare && j > i) stands = false;
        const bool latest = periods != v1::Target::RULE_SUM && periods != v1::Target::RULE_MAX;
        if (latest && (other.last > one.last || (other.last == one.last && j > i))) stands = false;
      }
      if (stands) counted.push_back(one.actual);
    }
    std::int64_t number = 0;
    for (const std::int64_t each : counted)
      number = periods == v1::Target::RULE_SUM ? number + each : std::max(number, each);
    numbers.push_back(number);
  }
  std::int64_t sum = 0;
  for (const std::int64_t number : numbers) sum += number;
  switch (target.across_places()) {
    case v1::Target::RULE_MAX:
      return *std::max_element(numbers.begin(), numbers.end());
    case v1::Target::RULE_AVERAGE:
      return sum / static_cast<std::int64_t>(numbers.size());
    default:
      return sum;
  }
}

TEST_CASE("what reports come to is what a naive model says") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  const auto pick = [&](std::uint64_t below) { return random() % below; };
  const auto day = [&] { return absl::StrCat("2026-0", 1 + pick(3), "-1", pick(3)); };
  for (int game = 0; game < 2'000; ++game) {
    std::vector<ProgressReport> reports;
    for (std::uint64_t n = pick(9), i = 0; i < n; ++i) {
      ProgressReport report;
      report.place = pick(4) == 0 ? "" : absl::StrCat("p", pick(3));
      report.until = pick(3) == 0 ? "" : day();
      report.from = pick(2) == 0 ? "" : "2026-01-01";
      report.last = report.until.empty() ? day() : report.until;
      report.actual = static_cast<std::int64_t>(pick(50));
      report.record = 10 + i;
      reports.push_back(report);
    }
    const Rule kPlaces[] = {v1::Target::RULE_UNSPECIFIED, v1::Target::RULE_SUM, v1::Target::RULE_MAX,
                            v1::Target::RULE_AVERAGE};
    const Rule kPeriods[] = {v1::Target::RULE_UNSPECIFIED, v1::Target::RULE_SUM, v1::Target::RULE_MAX,
                             v1::Target::RULE_LATEST};
    const v1::Target target = TargetOf(kPlaces[pick(4)], kPeriods[pick(4)], 1 + static_cast<int>(pick(9)));
    INFO("game " << game << ": " << target.ShortDebugString());
    const auto result = query::ResultOf(target, reports);
    const auto naive = NaiveNumber(target, reports);
    REQUIRE(result.has_reported() == naive.has_value());
    if (!naive.has_value()) continue;
    REQUIRE(result.reported() == *naive);
    REQUIRE(result.ratio() == *naive * 10'000 / target.target());
  }
}

// --- of a ledger ---------------------------------------------------------------------------------------------

// Record 1: the project of county, with two targets. All is recorded on 2026-03-01 until days go.
struct Reported {
  TestClock clock;
  std::unique_ptr<log::Ledger> ledger = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  v1::Action project = Project("lunches", "county");

  Reported() {
    auto* kitchens = project.mutable_propose_project()->add_targets();
    kitchens->set_indicator("kitchens");
    kitchens->set_target(4);
    kitchens->set_across_periods(v1::Target::RULE_SUM);
    Do({Place("cn"), Place("gz", "cn", 1), Party("county", "root"), project});
  }
  std::uint64_t Do(const std::vector<v1::Action>& actions) {
    const std::uint64_t record = ledger->size();
    Need(ledger->AppendOne(SignedBytes(Entry("root", record, actions), {1}), clock.Read()).status());
    return record;
  }
  // "120 of 1, newest 2, ratio 3000; nothing".
  std::string Ask(const std::string& on = "", std::optional<std::uint64_t> as_of = {}) const {
    v1::ProjectMoneyRequest request;
    request.set_project("lunches");
    request.set_on(on);
    if (as_of.has_value()) request.set_as_of(*as_of);
    const auto answer = Need(query::ProjectMoney(Need(query::MakeView(ledger->store())), request));
    std::string text;
    for (const v1::ProjectResult& result : answer.results())
      absl::StrAppend(&text, text.empty() ? "" : "; ", Words(result));
    return text;
  }
};

v1::Action About(const std::string& place, const std::string& from, const std::string& until,
                 std::int64_t actual, const std::string& indicator = kIndicator) {
  v1::Action action = Report("lunches", "county", actual);
  auto* said = action.mutable_report_progress();
  said->set_indicator(indicator);
  said->set_place(place);
  said->set_from(from);
  said->set_until(until);
  return action;
}

TEST_CASE("each target has a result, in their order, of the reports on its indicator") {
  Reported asked;
  CHECK(asked.Ask() == "nothing; nothing");
  const auto first = asked.Do({About("gz", "2026-01-01", "2026-01-31", 100)});
  asked.Do({About("gz", "2026-02-01", "2026-02-28", 120), About("cn", "", "2026-02-28", 11),
            About("gz", "2026-01-01", "2026-01-31", 1, "kitchens"),
            About("gz", "2026-02-01", "2026-02-28", 2, "kitchens")});
  CHECK(asked.Ask() == "131 of 2, newest 3, ratio 3275; 3 of 2, newest 3, ratio 7500");
  CHECK(asked.Ask("", first) == "100 of 1, newest 2, ratio 2500; nothing");
  CHECK(asked.Ask("", first - 1) == "nothing; nothing");
  const auto answer = Need(query::ProjectMoney(Need(query::MakeView(asked.ledger->store())), [] {
    v1::ProjectMoneyRequest request;
    request.set_project("lunches");
    return request;
  }()));
  REQUIRE(answer.results_size() == 2);
  CHECK(answer.results(1).target().indicator() == "kitchens");
  CHECK(answer.results(1).target().across_periods() == v1::Target::RULE_SUM);
}

TEST_CASE("a report counts from its last day on: what it says, or else the day of its record") {
  Reported asked;
  asked.clock.now += 10 * kDay;
  asked.Do({About("gz", "2026-01-01", "2026-01-31", 100), About("gz", "2026-04-01", "2026-04-30", 150),
            About("cn", "", "", 7)});
  CHECK(asked.Ask("2026-01-30") == "nothing; nothing");
  CHECK(asked.Ask("2026-01-31") == "100 of 1, newest 2, ratio 2500; nothing");
  CHECK(asked.Ask("2026-03-10") == "100 of 1, newest 2, ratio 2500; nothing");
  CHECK(asked.Ask("2026-03-11") == "107 of 2, newest 2, ratio 2675; nothing");
  CHECK(asked.Ask() == "107 of 2, newest 2, ratio 2675; nothing");  // the day of the last record
  CHECK(asked.Ask("2026-04-29") == "107 of 2, newest 2, ratio 2675; nothing");
  CHECK(asked.Ask("2026-04-30") == "157 of 2, newest 2, ratio 3925; nothing");
  // One that begins later and says no end is about no day before.
  asked.Do({About("cn", "2026-05-01", "", 8)});
  CHECK(asked.Ask("2026-04-30") == "157 of 2, newest 2, ratio 3925; nothing");
  CHECK(asked.Ask("2026-05-01") == "158 of 2, newest 3, ratio 3950; nothing");
}

TEST_CASE("results are of the version of then, and an indicator that is kept keeps its reports") {
  Reported asked;
  const auto before = asked.Do({About("gz", "", "", 100), About("gz", "", "", 3, "kitchens")});
  v1::Action next = Project("lunches", "county");
  next.mutable_propose_project()->mutable_targets(0)->set_target(200);
  asked.Do({Amending(next, 1)});
  CHECK(asked.Ask() == "100 of 1, newest 2, ratio 5000");
  CHECK(asked.Ask("", before) == "100 of 1, newest 2, ratio 2500; 3 of 1, newest 2, ratio 7500");
}

TEST_CASE("more reports than are shown beside the project all count") {
  Reported asked;
  for (int i = 0; i < 150; ++i) {
    const std::string day = absl::StrCat("2026-01-", i % 9 + 11);
    asked.Do({About(i % 2 == 0 ? "gz" : "cn", day, day, 1, "kitchens")});
  }
  // Nine days of two places.
  CHECK(asked.Ask() == "nothing; 18 of 18, newest 151, ratio 45000");
}

TEST_CASE("general money has no results") {
  const Reported asked;
  CHECK(Need(query::ProjectMoney(Need(query::MakeView(asked.ledger->store())), {})).results().empty());
}

}  // namespace
}  // namespace fundtrail::testing
