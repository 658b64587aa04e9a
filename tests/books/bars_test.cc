// What caps a grade: which bars a method may have, which concerns count when, and the grade that is left.
#include "ledger/books/bars.h"

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/evaluations.h"

namespace fundtrail::testing {
namespace {

constexpr auto kDiversion = v1::RaiseConcern::KIND_DIVERSION;
constexpr auto kDelay = v1::RaiseConcern::KIND_DELAY;

// With the grades good from 80 on, fair from 60 on, and poor.
v1::Action BarredMethod() { return Method("m", "county", {{"A", 10'000}}); }

TEST_CASE("bars: each refusal, and what is good") {
  const std::string at = "FIELD_INVALID at actions[0].set_method.bars";
  v1::Action twice = BarredMethod();
  twice.mutable_set_method()->mutable_grades(2)->set_name("fair");
  const std::vector<std::tuple<const char*, std::string, v1::Action>> cases = {
      {"a lower grade", "OK", WithBar(BarredMethod(), kDiversion, "fair")},
      {"the lowest grade", "OK", WithBar(BarredMethod(), kDiversion, "poor")},
      {"one for each of two kinds", "OK",
       WithBar(WithBar(BarredMethod(), kDiversion, "fair"), kDelay, "fair")},
      {"two for one kind", at + "[1].kind",
       WithBar(WithBar(BarredMethod(), kDiversion, "fair"), kDiversion, "poor")},
      {"the best grade", at + "[0].max_grade", WithBar(BarredMethod(), kDiversion, "good")},
      {"a grade that there is not", at + "[0].max_grade", WithBar(BarredMethod(), kDiversion, "better")},
      {"a grade that is there twice", at + "[0].max_grade", WithBar(twice, kDiversion, "fair")},
      {"no grade", at + "[0].max_grade", WithBar(BarredMethod(), kDiversion, "")},
      {"no kind", at + "[0].kind", WithBar(BarredMethod(), v1::RaiseConcern::KIND_UNSPECIFIED, "fair")},
  };
  for (const auto& [story, verdict, action] : cases) {
    INFO(story);
    Court court;
    CHECK(Verdict(court.Do({action})) == verdict);
  }
}

// Raised in record 10, on day 100.
books::ConcernLife Raised(std::optional<std::uint64_t> answered = {}, std::optional<std::uint64_t> right = {},
                          std::optional<std::uint64_t> closed = {}) {
  const auto record = [](std::optional<std::uint64_t> number) {
    return number.has_value() ? std::optional(RecordIndex(*number)) : std::nullopt;
  };
  return {"c", kDiversion, RecordIndex(10), Date(100), record(answered), record(right), record(closed)};
}

TEST_CASE("a concern counts when it was found right, or its answer is overdue, until it is closed") {
  struct Case {
    const char* story;
    books::ConcernLife concern;
    std::uint64_t record;
    std::int32_t day;
    bool counts;
  };
  const Case kCases[] = {
      {"it is new", Raised(), 10, 100, false},
      {"its last day", Raised(), 20, 120, false},
      {"the day after", Raised(), 20, 121, true},
      {"before its record", Raised(), 9, 121, false},
      {"in its record, which is late", Raised(), 10, 121, true},
      {"answered in time", Raised(15), 20, 121, false},
      {"answered in that record", Raised(20), 20, 121, false},
      {"answered in the next record", Raised(21), 20, 121, true},
      {"found right", Raised(15, 15), 15, 101, true},
      {"found right in the next record", Raised(16, 16), 15, 101, false},
      {"answered, and found right later", Raised(12, 15), 14, 130, false},
      {"answered, and found right by then", Raised(12, 15), 15, 130, true},
      {"closed while overdue", Raised({}, {}, 20), 20, 130, false},
      {"closed in the next record", Raised({}, {}, 21), 20, 130, true},
      {"found right, and closed", Raised(12, 12, 15), 15, 130, false},
  };
  for (const Case& one : kCases) {
    INFO(one.story);
    CHECK(books::Counts(one.concern, RecordIndex(one.record), Date(one.day)) == one.counts);
  }
}

TEST_CASE("the lowest grade that a bar leaves holds, and none makes a grade better") {
  const v1::SetMethod method =
      WithBar(WithBar(BarredMethod(), kDiversion, "poor"), kDelay, "fair").set_method();
  const auto of = [](const std::string& id, v1::RaiseConcern::Kind kind) {
    books::ConcernLife life = Raised(12, 12);
    life.id = id;
    life.kind = kind;
    return life;
  };
  const auto told = [&](std::uint64_t total, const std::vector<books::ConcernLife>& concerns) {
    const books::CappedGrade capped = books::GradeAt(method, total, concerns, RecordIndex(20), Date(110));
    return capped.grade + " of " + capped.earned + (capped.by == nullptr ? "" : " by " + capped.by->id);
  };
  CHECK(told(90, {}) == "good of good");
  CHECK(told(90, {of("a", v1::RaiseConcern::KIND_DATA)}) == "good of good");
  CHECK(told(90, {of("a", kDelay)}) == "fair of good by a");
  CHECK(told(90, {of("a", kDelay), of("b", kDelay)}) == "fair of good by a");
  CHECK(told(90, {of("a", kDelay), of("b", kDiversion)}) == "poor of good by b");
  CHECK(told(60, {of("a", kDelay)}) == "fair of fair");
  CHECK(told(60, {of("a", kDelay), of("b", kDiversion)}) == "poor of fair by b");
  CHECK(told(59, {of("a", kDelay), of("b", kDiversion)}) == "poor of poor");
}

}  // namespace
}  // namespace fundtrail::testing
