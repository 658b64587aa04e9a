// Coverage as it is printed: word for word, since people will quote it.
#include "cli/render/coverage.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

struct Line {
  std::string id, name;
  std::int64_t asked = 0, placed = 0, reached = 0, people = 0;  // of one category
  v1::CoverageState state = v1::COVERAGE_STATE_UNSPECIFIED;
  v1::CoverageLine::Kind kind = v1::CoverageLine::KIND_ITEM;
  std::uint32_t depth = 0;
};

v1::CoverageLine LineOf(const Line& line) {
  v1::CoverageLine made;
  made.set_id(line.id);
  made.set_name(line.name);
  made.set_kind(line.kind);
  made.set_depth(line.depth);
  made.set_state(line.state);
  auto* figures = made.mutable_figures();
  figures->set_asked(line.asked);
  figures->set_placed(line.placed);
  figures->set_reached(line.reached);
  figures->set_people(line.people);
  figures->set_people_at_least(line.people);
  figures->set_gap(std::max<std::int64_t>(0, line.asked - line.placed));
  figures->set_over(std::max<std::int64_t>(0, line.placed - line.asked));
  if (line.asked > 0) figures->set_ratio(line.placed * 10'000 / line.asked);
  return made;
}

v1::CoverageAnswer Answer() {
  v1::CoverageAnswer answer;
  answer.mutable_as_of()->set_ledger("example.org/l");
  answer.mutable_as_of()->set_size(20);
  answer.set_on("2026-03-01");
  answer.set_asset("CNY");
  answer.set_decimals(2);
  *answer.add_lines() =
      LineOf({"dafang", "Dafang", 10'000'00, 2'500'00, 500'00, 400, v1::COVERAGE_STATE_UNDER});
  *answer.add_lines() = LineOf({"east", "East", 6'000'00, 2'500'00, 500'00, 300, v1::COVERAGE_STATE_UNDER,
                                v1::CoverageLine::KIND_ITEM, 1});
  *answer.add_lines() = LineOf({"dafang", "Dafang", 4'000'00, 0, 0, 100, v1::COVERAGE_STATE_UNFUNDED,
                                v1::CoverageLine::KIND_UNDIVIDED, 1});
  *answer.add_lines() = LineOf({"qianxi", "Qianxi", 2'000'00, 0, 0, 1'200, v1::COVERAGE_STATE_VACUUM});
  *answer.mutable_total() = LineOf({"", "", 12'000'00, 2'500'00, 500'00, 1'600, v1::COVERAGE_STATE_UNDER});
  answer.mutable_lines(1)->set_crowded(true);
  answer.mutable_lines(1)->mutable_figures()->set_teams(2);
  for (const auto& [state, people] :
       {std::pair(v1::COVERAGE_STATE_UNDER, 300), std::pair(v1::COVERAGE_STATE_VACUUM, 1'200)}) {
    auto* cells = answer.mutable_total()->add_cells();
    cells->set_state(state);
    cells->set_cells(1);
    cells->set_people(people);
  }
  answer.mutable_total()->set_crowded_cells(1);
  answer.set_elsewhere(0);
  answer.set_general(500'00);
  answer.set_brought_in(3'100'00);
  answer.set_with_sources(100'00);
  answer.set_unrecorded(40'00);
  answer.set_committed(200'00);
  return answer;
}

TEST_CASE("coverage is a table, the cells by state, and the sum in words") {
  const std::string text = render::Text(Answer(), {}, {}).str();
  CHECK(
      text ==
      "Coverage by place, CNY, on 2026-03-01\n"
      "id        name                               asked    placed  reached       gap  over   ratio  state  "
      "         people  teams  projects\n"
      "dafang    Dafang                         10,000.00  2,500.00   500.00  7,500.00  0.00  25.00%  under  "
      "            400      0         0\n"
      "  east    East                            6,000.00  2,500.00   500.00  3,500.00  0.00  41.66%  under, "
      "crowded     300      2         0\n"
      "  dafang  Dafang, itself, and not below   4,000.00      0.00     0.00  4,000.00  0.00   0.00%  "
      "unfunded           100      0         0\n"
      "qianxi    Qianxi                          2,000.00      0.00     0.00  2,000.00  0.00   0.00%  vacuum "
      "          1,200      0         0\n"
      "total                                    12,000.00  2,500.00   500.00  9,500.00  0.00  20.83%  under  "
      "          1,600      0         0\n"
      "Cells of a place and a category: 1 vacuum (1,200 people), 1 under (300 people); 1 of all crowded.\n"
      "placed 2,500.00 + elsewhere 0.00 + general 500.00 = brought in 3,100.00 - back at sources 100.00 + "
      "exchanged 0.00 CNY; of what was brought in, 40.00 of unrecorded origin, 200.00 committed and not "
      "paid\n"
      "Placed: money of projects, and money paid straight for needs, that lies with holders and recipients. "
      "Reached: the part with recipients. General: in no project, and named no need.\n"
      "As of example.org/l, 20 records.\n");
}

TEST_CASE("coverage says how severe it is, from how many people to how many, and what was paid straight") {
  v1::CoverageAnswer answer = Answer();
  answer.mutable_lines()->DeleteSubrange(1, 2);
  answer.mutable_lines(0)->mutable_figures()->set_severity(3);
  answer.mutable_lines(0)->mutable_figures()->set_people_at_least(250);
  answer.mutable_total()->mutable_figures()->set_people_at_least(1'450);
  answer.mutable_total()->mutable_figures()->set_severity(4);
  answer.mutable_total()->mutable_figures()->set_direct(300'00);
  v1::CoverageRequest request;
  request.set_by_recipient(true);
  request.set_places_today(true);
  const std::string text = render::Text(answer, request, {}).str();
  CHECK_THAT(text, Contains("Coverage by place, CNY, on 2026-03-01, money where its recipients have their "
                            "seats, places of that day\n"));
  CHECK_THAT(text, Contains("ratio  state   severity                people  teams  projects\n"));
  CHECK_THAT(text, Contains("25.00%  under   crisis         from 250 to 400      0         0\n"));
  CHECK_THAT(text, Contains("0.00%  vacuum                           1,200      0         0\n"));
  CHECK_THAT(text, Contains("20.83%  under   emergency  from 1,450 to 1,600      0         0\n"));
  CHECK_THAT(text, Contains("committed and not paid\n"
                            "Of what is placed, 300.00 CNY was paid straight for needs, in no project.\n"
                            "Placed: "));
  const std::vector<std::string> words = {"minimal", "stressed", "crisis", "emergency", "catastrophe", "6"};
  for (std::uint32_t severity = 1; severity <= words.size(); ++severity) {
    answer.mutable_lines(0)->mutable_figures()->set_severity(severity);
    CHECK_THAT(render::Text(answer, request, {}).str(), Contains("  under   " + words[severity - 1] + "  "));
  }
}

TEST_CASE("what coverage leaves out is told") {
  v1::CoverageAnswer answer = Answer();
  answer.set_not_verified(1);
  answer.set_not_verified_asked(70'00);
  v1::CoverageRequest request;
  CHECK_THAT(
      render::Text(answer, request, {}).str(),
      Contains("1 need does not count: nobody verified its present version (--unverified counts it). It "
               "asks for 70.00 CNY.\n"));
  answer.set_not_verified(2);
  answer.set_without_amount(3);
  answer.add_other_assets("BED");
  answer.add_other_assets("USD");
  answer.set_as_of_record(12);
  request.add_states(v1::COVERAGE_STATE_VACUUM);
  request.set_by(v1::CoverageRequest::BY_CELL);
  const std::string text = render::Text(answer, request, {}).str();
  CHECK_THAT(text, Contains("Coverage by cell, CNY, on 2026-03-01, as of record 12\n"));
  CHECK_THAT(text,
             Contains("2 needs do not count: nobody verified their present version (--unverified counts "
                      "them). They ask for 70.00 CNY.\n"));
  CHECK_THAT(text, Contains("3 needs in force without an amount in CNY: people, goods or another asset.\n"));
  CHECK_THAT(text, Contains("There is more in other assets (--asset): BED, USD.\n"));
  CHECK_THAT(text, Contains("Lines are left out as asked; the total and the cells are of all.\n"));
  request.set_unverified(true);
  CHECK_THAT(render::Text(answer, request, {}).str(),
             Contains("Needs that nobody verified count too, with the figures of their owners.\n"));
}

TEST_CASE("lines that are no items are named by what they are") {
  const struct {
    v1::CoverageLine::Kind kind;
    v1::CoverageRequest::By by;
    std::string says;
  } kCases[] = {
      {v1::CoverageLine::KIND_SHARED, v1::CoverageRequest::BY_CATEGORY, "several without shares"},
      {v1::CoverageLine::KIND_UNSPECIFIED, v1::CoverageRequest::BY_UNSPECIFIED, "no place"},
      {v1::CoverageLine::KIND_UNSPECIFIED, v1::CoverageRequest::BY_CATEGORY, "no category"},
      {v1::CoverageLine::KIND_UNSPECIFIED, v1::CoverageRequest::BY_PROGRAMME, "no programme"},
      {v1::CoverageLine::KIND_UNSPECIFIED, v1::CoverageRequest::BY_CELL, "no place, or no category"},
      {v1::CoverageLine::KIND_DIRECT, v1::CoverageRequest::BY_PROJECT, "paid straight for needs"},
  };
  for (const auto& one : kCases) {
    INFO(one.says);
    v1::CoverageAnswer answer;
    answer.add_lines()->set_kind(one.kind);
    v1::CoverageRequest request;
    request.set_by(one.by);
    CHECK_THAT(render::Text(answer, request, {}).str(), Contains("  " + one.says + "  "));
  }
}

TEST_CASE("programmes, projects and funds have no needs: nothing is asked of them, missing or too much") {
  v1::CoverageAnswer answer = Answer();
  answer.set_not_verified(2);
  answer.set_without_amount(1);
  for (const auto by :
       {v1::CoverageRequest::BY_PROGRAMME, v1::CoverageRequest::BY_PROJECT, v1::CoverageRequest::BY_FUND}) {
    v1::CoverageRequest request;
    request.set_by(by);
    const std::string text = render::Text(answer, request, {}).str();
    CHECK_THAT(text, Contains("2,500.00") && !Contains("12,000.00") && !Contains("9,500.00"));
    CHECK_THAT(text, !Contains("not count") && !Contains("without an amount"));
  }
}

TEST_CASE("coverage as CSV has every figure as a plain decimal, and the cells by state") {
  v1::CoverageAnswer answer = Answer();
  answer.mutable_lines(0)->set_name("=Dafang");
  answer.mutable_lines(0)->mutable_figures()->set_direct(300'00);
  answer.mutable_lines(0)->mutable_figures()->set_people_at_least(250);
  answer.mutable_lines(0)->mutable_figures()->set_severity(3);
  answer.mutable_lines(0)->mutable_figures()->set_promised(1'200'00);
  CHECK(
      WithoutCheckpoint(render::CoverageCsv(answer, sheets::Cells::kGuarded)) ==
      "kind,id,name,category,category_name,depth,asked,placed,reached,committed,gap,over,ratio,people,needs,"
      "projects,teams,state,crowded,vacuum_cells,unfunded_cells,under_cells,covered_cells,over_cells,"
      "undeclared_cells,crowded_cells,direct,people_at_least,severity,promised\n"
      "item,dafang,'=Dafang,,,0,10000.00,2500.00,500.00,0.00,7500.00,0.00,0.2500,400,0,0,0,under,no,0,0,0,0,"
      "0,0,0,300.00,250,3,1200.00\n"
      "item,east,East,,,1,6000.00,2500.00,500.00,0.00,3500.00,0.00,0.4166,300,0,0,2,under,yes,0,0,0,0,0,0,0,"
      "0.00,300,,0.00\n"
      "undivided,dafang,Dafang,,,1,4000.00,0.00,0.00,0.00,4000.00,0.00,0.0000,100,0,0,0,unfunded,no,0,0,0,0,"
      "0,0,0,0.00,100,,0.00\n"
      "item,qianxi,Qianxi,,,0,2000.00,0.00,0.00,0.00,2000.00,0.00,0.0000,1200,0,0,0,vacuum,no,0,0,0,0,0,0,0,"
      "0.00,1200,,0.00\n"
      "total,,,,,0,12000.00,2500.00,500.00,0.00,9500.00,0.00,0.2083,1600,0,0,0,under,no,1,0,1,0,0,0,1,0.00,"
      "1600,,0.00\n");
}

}  // namespace
}  // namespace fundtrail::testing
