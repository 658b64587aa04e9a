// Whatever an answer holds, what is printed of it obeys nobody: every field of every answer, filled by reflection.
#include <catch2/catch.hpp>
#include <limits>
#include <vector>

#include "cli/render/answers.h"
#include "cli/render/arrivals.h"
#include "cli/render/committed.h"
#include "cli/render/compare.h"
#include "cli/render/concerns.h"
#include "cli/render/coverage.h"
#include "cli/render/duties.h"
#include "cli/render/findings.h"
#include "cli/render/flows_by.h"
#include "cli/render/fragmentation.h"
#include "cli/render/groups.h"
#include "cli/render/idle.h"
#include "cli/render/keys.h"
#include "cli/render/log.h"
#include "cli/render/match.h"
#include "cli/render/needs.h"
#include "cli/render/pledges.h"
#include "cli/render/policies.h"
#include "cli/render/project.h"
#include "cli/render/publicity.h"
#include "cli/render/receipt.h"
#include "cli/render/registers.h"
#include "cli/render/search.h"
#include "cli/render/standing.h"
#include "cli/render/sums.h"
#include "cli/render/table.h"
#include "cli/render/teams.h"
#include "cli/render/trace.h"
#include "ledger/model/attestation_table.h"
#include "tests/support/hostile_values.h"

namespace fundtrail::render {
namespace {

using testing::Fill;
using testing::HostileValues;

template <typename Answer, typename ToText>
void Check(const ToText& to_text) {
  const std::uint64_t numbers[] = {0, 1, std::numeric_limits<std::uint64_t>::max(),
                                   std::numeric_limits<std::uint32_t>::max(), std::uint64_t{1} << 63};
  for (const std::string& text : {testing::kControls, testing::kControls + "\x9b\xff", testing::kReordering,
                                  std::string("\\"), std::string()}) {
    for (const std::uint64_t number : numbers) {
      Answer answer;
      Fill(&answer, HostileValues{text, number, 2, 4});
      INFO(Answer::descriptor()->full_name() << " with " << number);
      const std::string shown = to_text(answer).str();
      CHECK(testing::Obeyed(shown).empty());
      CHECK(shown.find("\u202E") == std::string::npos);
      CHECK(shown.find("\u2066") == std::string::npos);
      CHECK(shown.size() < 1'000'000);
    }
  }
}

TEST_CASE("what a lying server answers is printed as text, whatever it is") {
  const Style style;
  const auto text = [&](const auto& answer) { return Text(answer, style); };
  Check<v1::ShowAnswer>(text);
  Check<v1::ListAnswer>(text);
  Check<v1::BalanceAnswer>(text);
  Check<v1::StatementAnswer>(text);
  for (const model::Register& of : model::Registers()) {
    // Checked before it is printed (cli/client/checks.h): that each line is of the register.
    const auto lines = [&](v1::RegistersAnswer answer) {
      for (auto& line : *answer.mutable_lines()) {
        const v1::Action filled = line.action();
        Fill(model::MutableItemOf(of, line.mutable_action()),
             HostileValues{filled.amends().reason(), filled.amends().record(), 2, 4});
      }
      return answer;
    };
    Check<v1::RegistersAnswer>([&](const auto& answer) { return RegisterTable(of, lines(answer), style); });
    Check<v1::RegistersAnswer>([&](const auto& answer) { return RegisterItems(lines(answer), style); });
    Check<v1::Action>([&](v1::Action action) {
      Fill(model::MutableItemOf(of, &action),
           HostileValues{action.amends().reason(), action.amends().record(), 2, 4});
      return ItemWords(action);
    });
  }
  for (const model::Attestation& of : model::Attestations()) {
    const auto fill = [&of](v1::Action* action) {
      const v1::Action filled = *action;
      Fill(model::MutableAttestationIn(of, action),
           HostileValues{filled.amends().reason(), filled.amends().record(), 2, 4});
    };
    Check<v1::Action>([&](v1::Action action) {
      fill(&action);
      return ItemWords(action);
    });
    // Checked before it is printed: that the line is a project, and what was said is about it.
    Check<v1::ProjectMoneyAnswer>([&](v1::ProjectMoneyAnswer answer) {
      v1::Action* project = answer.mutable_project()->mutable_action();
      const v1::Action filled = *project;
      Fill(project->mutable_propose_project(),
           HostileValues{filled.amends().reason(), filled.amends().record(), 2, 4});
      for (auto& said : *answer.mutable_project()->mutable_attestations()) fill(said.mutable_action());
      return Text(answer, style);
    });
    Check<v1::ProjectMoneyAnswer>([&](const auto& answer) { return MoneyText(answer, style); });
  }
  Check<v1::CoverageAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::WhoAnswersAnswer>(text);
  Check<v1::StandingAnswer>(text);
  Check<v1::EvaluationsAnswer>(text);
  Check<v1::ParticipationAnswer>(text);
  Check<v1::IdleTeamsAnswer>(text);
  Check<v1::AcknowledgementsAnswer>(text);
  Check<v1::SampleAnswer>(text);
  Check<v1::ConcernsAnswer>(text);
  Check<v1::FragmentationAnswer>(text);
  Check<v1::PublicityAnswer>(text);
  Check<v1::OpenAnswer>(text);
  Check<v1::GroupAnswer>(text);
  Check<v1::MissingGroupsAnswer>(text);
  // Counted from lines of deployments: of them the texts and numbers may be anything.
  Check<v1::Deploy>([&](const v1::Deploy& team) {
    v1::RegisterLine line;
    *line.mutable_action()->mutable_deploy() = team;
    ShortTeams teams;
    teams.teams = {line, line};
    return Text(teams, TeamScope{team.from(), {}, {}, {}, {}}, style);
  });
  Check<v1::Deploy>([&](const v1::Deploy& team) {
    TeamMatrix matrix;
    matrix.categories = {team.category(), team.category()};
    const auto number = static_cast<std::uint64_t>(team.staff());
    matrix.rows = {{team.party(), team.activity(), {number, number}, number}};
    matrix.parties = matrix.places = {number, number};
    matrix.all_places = number;
    return Text(matrix, TeamScope{team.from(), {}, {}, number, {}}, style);
  });
  Check<v1::LogAnswer>([&](const auto& answer) { return Text(answer, {}, true, style); });
  Check<v1::KeyHistory>(text);
  Check<v1::FlowsByAnswer>(text);
  Check<v1::CommittedAnswer>(text);
  Check<v1::CompareAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::StatementAnswer>([&](const auto& answer) { return TogetherText(answer, style); });
  Check<v1::SummaryAnswer>(text);
  Check<v1::TopAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::SeriesAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::SearchAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::FindingsAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::IdleAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::MatchAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::PoliciesAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::PolicyPairsAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::PolicyGapsAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::NeedsAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::PledgesAnswer>([&](const auto& answer) { return Text(answer, {}, style); });
  Check<v1::KeyAnswer>(text);
  Check<v1::LedgerKeyAnswer>(text);
  Check<v1::TraceAnswer>([&](const auto& answer) { return TraceTree(answer, style); });
  Check<v1::TraceAnswer>([&](const auto& answer) { return TraceFlows(answer, style); });
  Check<v1::TraceAnswer>([&](const auto& answer) { return TracePaths(answer, style); });
  Check<v1::ReceiptAnswer>(text);
  Check<v1::ConsistencyVerdict>(text);
}

TEST_CASE("text from elsewhere is escaped unless it says that it is shown already") {
  const std::string hostile = "a\nb\x1b[2J";
  CHECK(Say("{} {} {:>3} {}", hostile, std::string_view("\t"), 7, "x").str() ==
        "a\\u{000A}b\\u{001B}[2J \\u{0009}   7 x");
  CHECK(Say("{}", Say("{}\n", hostile)).str() == "a\\u{000A}b\\u{001B}[2J\n");
  class Table table({{"one"}, {"two"}});
  table.Add({hostile, Say("{}", hostile)});
  CHECK(table.Text({}).str().find("a\\u{000A}b\\u{001B}[2J  a\\u{000A}b") != std::string::npos);
  // A megabyte in a cell is cut before it is measured.
  class Table wide({{"one"}, {"two"}});
  wide.Add({std::string(1 << 20, 'x'), std::string(1 << 20, 'y')});
  CHECK(wide.Text({false, 100}).str().size() < 1'000);
}

TEST_CASE("a tree is indented no further than a terminal is wide") {
  v1::RegistersAnswer answer;
  auto* line = answer.add_lines();
  line->mutable_action()->mutable_register_party()->set_id("deep");
  line->set_depth(0xffffffff);
  CHECK(RegisterTable(*model::FindRegister("party"), answer, {}).str().size() < 1'000);
}

}  // namespace
}  // namespace fundtrail::render
