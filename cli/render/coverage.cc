// See coverage.h.
#include "cli/render/coverage.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/people.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/decimal.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

constexpr int kGapColumn = 5;             // before which stands what is promised, where something is
constexpr std::size_t kFirstFolding = 4;  // from `reached` on, what is the same in every line may stand above
constexpr std::uint32_t kMaxIndent = 10;  // levels that a question may ask for

constexpr v1::CoverageState kStates[] = {v1::COVERAGE_STATE_VACUUM, v1::COVERAGE_STATE_UNFUNDED,
                                         v1::COVERAGE_STATE_UNDER,  v1::COVERAGE_STATE_COVERED,
                                         v1::COVERAGE_STATE_OVER,   v1::COVERAGE_STATE_UNDECLARED};

std::string StateWord(v1::CoverageState state) {
  return state == v1::COVERAGE_STATE_UNSPECIFIED ? "" : absl::AsciiStrToLower(model::WordOf(state));
}

// "1 need", "2 needs".
Shown CountedNeeds(std::uint64_t number) {
  return number == 1 ? Shown("1 need") : Say("{} needs", Number(number));
}

// What the lines are: "place", "cell".
std::string ByWord(v1::CoverageRequest::By by) {
  switch (by) {
    case v1::CoverageRequest::BY_CATEGORY:
      return "category";
    case v1::CoverageRequest::BY_PROGRAMME:
      return "programme";
    case v1::CoverageRequest::BY_PROJECT:
      return "project";
    case v1::CoverageRequest::BY_CELL:
      return "cell";
    case v1::CoverageRequest::BY_FUND:
      return "fund";
    default:
      return "place";
  }
}

// What stands for a line that is no item of its own.
std::string KindWord(const v1::CoverageLine& line, v1::CoverageRequest::By by) {
  switch (line.kind()) {
    case v1::CoverageLine::KIND_UNDIVIDED:
      return "itself, and not below";
    case v1::CoverageLine::KIND_SHARED:
      return "several without shares";
    case v1::CoverageLine::KIND_UNSPECIFIED:
      return by == v1::CoverageRequest::BY_CELL ? "no place, or no category" : "no " + ByWord(by);
    case v1::CoverageLine::KIND_TOTAL:
      return "total";
    case v1::CoverageLine::KIND_DIRECT:
      return "paid straight for needs";
    default:
      return "";
  }
}

// As the IPC and the JIAF call them; a number where there is no word for it.
// How many people need help: two numbers, where nobody knows who stands in several categories. The total says how few they
// are, too.
Shown PeopleCell(const v1::CoverageLine& line) {
  const v1::CoverageFigures& figures = line.figures();
  const auto text = [&](std::int64_t people) {
    return line.kind() == v1::CoverageLine::KIND_TOTAL ? Money(people, 0) : People(people);
  };
  if (figures.people_at_least() == figures.people() || AreFew(figures.people()))
    return Safe(text(figures.people()));
  return Say("from {} to {}", text(figures.people_at_least()), text(figures.people()));
}

bool SaysSeverity(const v1::CoverageAnswer& answer) {
  const auto& lines = answer.lines();
  return answer.total().figures().severity() > 0 ||
         std::any_of(lines.begin(), lines.end(),
                     [](const v1::CoverageLine& line) { return line.figures().severity() > 0; });
}

Cell IdCell(const v1::CoverageLine& line) {
  const std::string indent(std::size_t{2} * std::min(line.depth(), kMaxIndent), ' ');
  if (line.kind() == v1::CoverageLine::KIND_TOTAL) return "total";
  return indent + line.id() + (line.category().empty() ? "" : ", " + line.category());
}

Shown NameCell(const v1::CoverageLine& line, v1::CoverageRequest::By by) {
  Shown names;
  if (line.kind() == v1::CoverageLine::KIND_TOTAL) return names;
  for (const Shown& name : {Safe(line.name()), Safe(line.category_name()), OwnWord(KindWord(line, by))})
    if (!name.empty()) names += names.empty() ? name : ", " + name;
  return names;
}

// Programmes, projects and funds have no needs: nothing is asked of them, and nothing is missing or too much.
bool HasNeeds(v1::CoverageRequest::By by) {
  return by != v1::CoverageRequest::BY_PROGRAMME && by != v1::CoverageRequest::BY_PROJECT &&
         by != v1::CoverageRequest::BY_FUND;
}

Shown CoverageTable(const v1::CoverageAnswer& answer, v1::CoverageRequest::By by, const Style& style) {
  std::vector<Column> columns = {{"id", false, true}, {"name"},          {"asked", true},
                                 {"placed", true},    {"reached", true}, {"gap", true},
                                 {"over", true},      {"ratio", true},   {"state"}};
  const bool severity = SaysSeverity(answer);
  if (severity) columns.push_back({"severity"});
  const bool promised = answer.total().figures().promised() != 0;
  if (promised) columns.insert(columns.begin() + kGapColumn, {"promised", true});
  columns.insert(columns.end(), {{"people", true}, {"teams", true}, {"projects", true}});
  // All but what a line is, and what is asked and placed there.
  for (std::size_t i = kFirstFolding; i < columns.size(); ++i) columns[i].folds_narrow = true;
  Table table(std::move(columns));
  const bool needs = HasNeeds(by);
  const auto add = [&](const v1::CoverageLine& line) {
    const v1::CoverageFigures& figures = line.figures();
    const auto money = [&](std::int64_t amount) { return Money(amount, answer.decimals()); };
    const auto of_needs = [&](std::int64_t amount) { return needs ? money(amount) : std::string(); };
    std::string state = StateWord(line.state());
    if (line.crowded()) state += state.empty() ? "crowded" : ", crowded";
    std::vector<Cell> cells = {IdCell(line),
                               NameCell(line, by),
                               of_needs(figures.asked()),
                               money(figures.placed()),
                               money(figures.reached()),
                               of_needs(figures.gap()),
                               of_needs(figures.over()),
                               figures.has_ratio() ? Percent(figures.ratio()) : "",
                               OwnWord(state)};
    if (severity) cells.emplace_back(OwnWord(SeverityWord(figures.severity())));
    if (promised) cells.insert(cells.begin() + kGapColumn, of_needs(figures.promised()));
    cells.emplace_back(PeopleCell(line));
    cells.emplace_back(Number(figures.teams()));
    cells.emplace_back(Number(figures.projects()));
    table.Add(std::move(cells));
  };
  for (const v1::CoverageLine& line : answer.lines()) add(line);
  v1::CoverageLine total = answer.total();
  total.set_kind(v1::CoverageLine::KIND_TOTAL);
  add(total);
  return table.Text(style);
}

const v1::CoverageCells* CellsIn(const v1::CoverageLine& line, v1::CoverageState state) {
  for (const v1::CoverageCells& cells : line.cells())
    if (cells.state() == state) return &cells;
  return nullptr;
}

// How many cells are in each state, so that no sum hides one that is left out.
Shown CellsText(const v1::CoverageAnswer& answer) {
  Shown text;
  for (const v1::CoverageState state : kStates) {
    const v1::CoverageCells* cells = CellsIn(answer.total(), state);
    if (cells == nullptr || cells->cells() == 0) continue;
    text += Say("{}{} {}", text.empty() ? "" : ", ", Number(cells->cells()), OwnWord(StateWord(state)));
    if (cells->people() != 0) text += Say(" ({} people)", Money(cells->people(), 0));
  }
  if (text.empty()) return text;
  const std::uint64_t crowded = answer.total().crowded_cells();
  return "Cells of a place and a category: " + text +
         (crowded > 0 ? Say("; {} of all crowded.\n", Number(crowded)) : Shown(".\n"));
}

Shown IdentityText(const v1::CoverageAnswer& answer) {
  if (answer.asset().empty()) return "No need and no project counts an asset.\n";
  const auto money = [&](std::int64_t amount) { return Money(amount, answer.decimals()); };
  Shown text = Say(
      "placed {} + elsewhere {} + general {} = brought in {} - back at sources {} + exchanged {} {}",
      money(answer.total().figures().placed()), money(answer.elsewhere()), money(answer.general()),
      money(answer.brought_in()), money(answer.with_sources()), money(answer.exchanged()), answer.asset());
  text += Say("; of what was brought in, {} of unrecorded origin, {} committed and not paid\n",
              money(answer.unrecorded()), money(answer.committed()));
  return text;
}

// What was paid in no project, and yet is not general.
Shown DirectText(const v1::CoverageAnswer& answer) {
  const std::int64_t direct = answer.total().figures().direct();
  if (direct == 0) return {};
  return Say("Of what is placed, {} {} was paid straight for needs, in no project.\n",
             Money(direct, answer.decimals()), answer.asset());
}

// What is not there yet, and in no other sum.
Shown PromisedText(const v1::CoverageAnswer& answer) {
  const std::int64_t promised = answer.total().figures().promised();
  if (promised == 0) return {};
  return Say("Promised: {} {} of pledges is assigned to needs and not paid. It is in no other sum.\n",
             Money(promised, answer.decimals()), answer.asset());
}

// What the sums do not have.
Shown LeftOut(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request) {
  Shown text;
  const bool needs = HasNeeds(request.by());
  if (needs && answer.not_verified() > 0) {
    text +=
        Say("{} {} not count: nobody verified {} present version (--unverified counts {}). {} for {} {}.\n",
            CountedNeeds(answer.not_verified()), answer.not_verified() == 1 ? "does" : "do",
            answer.not_verified() == 1 ? "its" : "their", answer.not_verified() == 1 ? "it" : "them",
            answer.not_verified() == 1 ? "It asks" : "They ask",
            Money(answer.not_verified_asked(), answer.decimals()), answer.asset());
  }
  if (needs && request.unverified())
    text += "Needs that nobody verified count too, with the figures of their owners.\n";
  if (needs && answer.without_amount() > 0) {
    text += Say("{} in force without an amount{}: people, goods or another asset.\n",
                CountedNeeds(answer.without_amount()),
                answer.asset().empty() ? Shown() : Say(" in {}", answer.asset()));
  }
  if (!answer.other_assets().empty())
    text += Say("There is more in other assets (--asset): {}.\n", absl::StrJoin(answer.other_assets(), ", "));
  if (!request.states().empty() || request.crowded())
    text += "Lines are left out as asked; the total and the cells are of all.\n";
  return text;
}

Shown Legend(const Style& style) {
  return Toned(style, Tone::kDim,
               "Placed: money of projects, and money paid straight for needs, that lies with holders and "
               "recipients. Reached: the part with recipients. General: in no project, and named no need.\n");
}

}  // namespace

Shown Text(const v1::CoverageAnswer& answer, const v1::CoverageRequest& request, const Style& style) {
  Shown heading = Say("Coverage by {}, {}, on {}", OwnWord(ByWord(request.by())),
                      answer.asset().empty() ? "no asset" : answer.asset(), answer.on());
  if (request.by_recipient()) heading += ", money where its recipients have their seats";
  if (request.places_today()) heading += ", places of that day";
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  return Toned(style, Tone::kBold, heading) + "\n" + CoverageTable(answer, request.by(), style) +
         CellsText(answer) + Toned(style, Tone::kBold, IdentityText(answer)) + DirectText(answer) +
         PromisedText(answer) + LeftOut(answer, request) + Legend(style) + JoinedText(answer.joined()) +
         AsOf(answer.as_of(), style);
}

std::string CoverageCsv(const v1::CoverageAnswer& answer, sheets::Cells cells) {
  std::vector<std::string> header = {"kind",     "id",    "name",   "category", "category_name",
                                     "depth",    "asked", "placed", "reached",  "committed",
                                     "gap",      "over",  "ratio",  "people",   "needs",
                                     "projects", "teams", "state",  "crowded"};
  for (const v1::CoverageState state : kStates) header.push_back(StateWord(state) + "_cells");
  for (const char* name : {"crowded_cells", "direct", "people_at_least", "severity", "promised"})
    header.emplace_back(name);
  std::string text = CsvTitles(header);
  const auto add = [&](const v1::CoverageLine& line) {
    const v1::CoverageFigures& figures = line.figures();
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, answer.decimals()); };
    const auto people = [&](std::int64_t count) {
      return line.kind() == v1::CoverageLine::KIND_TOTAL ? std::to_string(count) : PlainPeople(count);
    };
    std::vector<std::string> values = {absl::AsciiStrToLower(model::WordOf(line.kind())),
                                       line.id(),
                                       line.name(),
                                       line.category(),
                                       line.category_name(),
                                       std::to_string(line.depth()),
                                       money(figures.asked()),
                                       money(figures.placed()),
                                       money(figures.reached()),
                                       money(figures.committed()),
                                       money(figures.gap()),
                                       money(figures.over()),
                                       figures.has_ratio() ? PlainMoney(figures.ratio(), 4) : "",
                                       people(figures.people()),
                                       std::to_string(figures.needs()),
                                       std::to_string(figures.projects()),
                                       std::to_string(figures.teams()),
                                       StateWord(line.state()),
                                       line.crowded() ? "yes" : "no"};
    for (const v1::CoverageState state : kStates) {
      const v1::CoverageCells* of_state = CellsIn(line, state);
      values.push_back(std::to_string(of_state == nullptr ? 0 : of_state->cells()));
    }
    values.push_back(std::to_string(line.crowded_cells()));
    values.push_back(money(figures.direct()));
    values.push_back(people(figures.people_at_least()));
    values.push_back(figures.severity() > 0 ? std::to_string(figures.severity()) : "");
    values.push_back(money(figures.promised()));
    text += CsvRow(values, answer.as_of(), cells);
  };
  for (const v1::CoverageLine& line : answer.lines()) add(line);
  v1::CoverageLine total = answer.total();
  total.set_kind(v1::CoverageLine::KIND_TOTAL);
  add(total);
  return text;
}

}  // namespace fundtrail::render
