// See teams.h.
#include "cli/render/teams.h"

#include <algorithm>
#include <functional>
#include <string_view>
#include <utility>

#include "absl/strings/str_join.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/date.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

constexpr std::size_t kMaxCells = 1'000'000;
constexpr int kMaxTitle = 16, kLeastLabel = 12, kMaxLabel = 40;
constexpr int kPartiesWidth = 7;  // of the word "parties"

bool IsIn(const std::optional<std::set<std::string>>& some, const std::string& id) {
  return !some.has_value() || some->count(id) > 0;
}

bool IsFew(const v1::Deploy& team, const ShortTeams& teams) {
  return team.staff() > 0 && team.staff() < teams.staff;
}

bool IsBrief(const v1::RegisterLine& line, const ShortTeams& teams) {
  const auto days = PlannedDays(line);
  return days.has_value() && *days < teams.days;
}

std::string DaysText(const v1::RegisterLine& line) {
  const auto days = PlannedDays(line);
  return days.has_value() ? std::to_string(*days) : "";
}

Shown Heading(const Shown& what, const TeamScope& scope, const Style& style) {
  Shown heading = what + Say(", on {}", scope.on);
  if (scope.as_of_record.has_value()) heading += Say(", as of record {}", *scope.as_of_record);
  return Toned(style, Tone::kBold, heading) + "\n";
}

// "1 team says", "2 teams say".
Shown TeamsSay(std::uint64_t count) {
  return count == 1 ? Shown("1 team says") : Say("{} teams say", Number(count));
}

// A text in at most so many columns; what is cut is escaped before.
Shown Clipped(std::string_view text, int columns) {
  return Shown::Made(ClipToWidth(Safe(text.substr(0, 1'000)).str(), columns));
}

// Where cutting made several labels the same, each is its id, whole: no id is longer than what is left here.
void TellApart(const std::function<const std::string&(std::size_t)>& id_of, std::vector<Shown>* labels) {
  std::map<std::string, std::size_t> times;
  for (const Shown& label : *labels) ++times[label.str()];
  for (std::size_t i = 0; i < labels->size(); ++i)
    if (times[(*labels)[i].str()] > 1) (*labels)[i] = Clipped(id_of(i), kMaxPadded);
}

}  // namespace

bool IsThere(const v1::RegisterLine& line, const TeamScope& scope) {
  const v1::Deploy& team = line.action().deploy();
  // Days sort as their texts do.
  const bool in_period = team.from() <= scope.on && (team.to().empty() || scope.on <= team.to());
  return line.action().has_deploy() && team.status() == v1::Deploy::STATUS_ACTIVE && !line.has_ended() &&
         in_period && IsIn(scope.places, team.place()) && IsIn(scope.categories, team.category());
}

std::optional<std::int64_t> PlannedDays(const v1::RegisterLine& line) {
  const auto from = ParseDate(line.action().deploy().from());
  const auto to = ParseDate(line.action().deploy().to());
  if (!from.ok() || !to.ok()) return std::nullopt;
  return std::int64_t{to->days()} - from->days() + 1;
}

void ShortTeams::Take(const v1::RegisterLine& line) {
  const v1::Deploy& team = line.action().deploy();
  ++there;
  if (team.staff() == 0) ++no_staff;
  if (team.from().empty() && !team.to().empty()) ++no_first_day;
  if (IsFew(team, *this) || IsBrief(line, *this)) teams.push_back(line);
}

Shown Text(const ShortTeams& teams, const TeamScope& scope, const Style& style) {
  Shown text =
      Heading(Say("Teams with a staff below {}, or planned for less than {} days", teams.staff, teams.days),
              scope, style);
  Table table({{"deployment", false, true},
               {"party"},
               {"place"},
               {"category"},
               {"staff", true},
               {"days", true},
               {"record", true},
               {"short of"}});
  for (const v1::RegisterLine& line : teams.teams) {
    const v1::Deploy& team = line.action().deploy();
    std::vector<std::string> of;
    if (IsFew(team, teams)) of.emplace_back("staff");
    if (IsBrief(line, teams)) of.emplace_back("days");
    table.Add({team.id(), team.party(), team.place(), team.category(),
               team.staff() == 0 ? "" : Money(team.staff(), 0), DaysText(line), std::to_string(line.record()),
               absl::StrJoin(of, ", ")});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  text += Say("{} {} there", Number(teams.there), teams.there == 1 ? "team is" : "teams are");
  if (teams.no_staff > 0) text += "; " + TeamsSay(teams.no_staff) + " not how many work there for pay";
  if (teams.no_first_day > 0) text += "; " + TeamsSay(teams.no_first_day) + " a last day and no first one";
  return text + ".\n" + AsOf(scope.as_of, style);
}

std::string ShortTeamsCsv(const ShortTeams& teams, const v1::CheckpointRef& as_of, sheets::Cells cells) {
  std::string text = CsvTitles({"deployment", "party", "project", "place", "category", "staff", "from", "to",
                                "planned_days", "few", "brief", "record"});
  for (const v1::RegisterLine& line : teams.teams) {
    const v1::Deploy& team = line.action().deploy();
    text += CsvRow({team.id(), team.party(), team.project(), team.place(), team.category(),
                    team.staff() == 0 ? "" : std::to_string(team.staff()), team.from(), team.to(),
                    DaysText(line), IsFew(team, teams) ? "yes" : "no", IsBrief(line, teams) ? "yes" : "no",
                    std::to_string(line.record())},
                   as_of, cells);
  }
  return text;
}

StatusOr<TeamMatrix> MatrixOf(const Presences& there, const std::map<std::string, std::string>& names) {
  std::map<std::string, std::set<std::string>> places_of_category, parties_of_category, places_of_party;
  std::set<std::string> places;
  std::map<std::pair<std::string, std::string>, std::uint64_t> cells;
  for (const auto& [party, category, place] : there) {
    places_of_category[category].insert(place);
    parties_of_category[category].insert(party);
    places_of_party[party].insert(place);
    places.insert(place);
    ++cells[{party, category}];
  }
  if (places_of_party.size() > kMaxCells / std::max<std::size_t>(1, places_of_category.size())) {
    return absl::ResourceExhaustedError(
        "the matrix would have more than a million cells: ask for a place (--place) or a category "
        "(--category)");
  }
  TeamMatrix matrix;
  for (const auto& [category, of_it] : places_of_category) {
    matrix.categories.push_back(category);
    matrix.places.push_back(of_it.size());
    matrix.parties.push_back(parties_of_category[category].size());
  }
  matrix.all_places = places.size();
  for (const auto& [party, of_it] : places_of_party) {
    TeamMatrix::Row row;
    row.party = party;
    row.all = of_it.size();
    const auto name = names.find(party);
    if (name != names.end()) row.name = name->second;
    for (const std::string& category : matrix.categories) {
      const auto cell = cells.find({party, category});
      row.places.push_back(cell == cells.end() ? 0 : cell->second);
    }
    matrix.rows.push_back(std::move(row));
  }
  std::stable_sort(
      matrix.rows.begin(), matrix.rows.end(),
      [](const TeamMatrix::Row& one, const TeamMatrix::Row& other) { return one.all > other.all; });
  return matrix;
}

Shown Text(const TeamMatrix& matrix, const TeamScope& scope, const Style& style) {
  Shown text = Heading("In how many places each party works", scope, style);
  if (matrix.rows.empty()) return text + "Nobody is there.\n" + AsOf(scope.as_of, style);
  const int most_label = std::clamp(style.width / 2, kLeastLabel, kMaxLabel);
  std::vector<Shown> labels;
  for (const TeamMatrix::Row& row : matrix.rows) {
    const std::string label = row.name.empty() ? row.party : row.party + " " + row.name;
    labels.push_back(style.endless() ? Safe(label) : Clipped(label, most_label));
  }
  TellApart([&](std::size_t i) -> const std::string& { return matrix.rows[i].party; }, &labels);
  int label_width = 0;
  for (const Shown& label : labels) label_width = std::max(label_width, DisplayWidth(label.str()));
  std::vector<Shown> categories;
  for (const std::string& category : matrix.categories)
    categories.push_back(Clipped(category, style.endless() ? kMaxPadded : kMaxTitle));
  TellApart([&](std::size_t i) -> const std::string& { return matrix.categories[i]; }, &categories);
  // The titles must be there as long as the tables. No id has a space, so none is that of the last column.
  std::vector<std::string> titles;
  titles.reserve(categories.size() + 1);
  for (const Shown& category : categories) titles.push_back(category.str());
  titles.emplace_back("all places");
  const auto count = [&](const TeamMatrix::Row& row, std::size_t column) {
    return column < row.places.size() ? row.places[column] : row.all;
  };
  // Of each column: how many parties, and how many places. No number above is larger than the second.
  std::vector<std::string> parties, places;
  for (std::size_t i = 0; i < titles.size(); ++i) {
    const bool last = i == matrix.categories.size();
    parties.push_back(Number(last ? matrix.rows.size() : matrix.parties[i]));
    places.push_back(Number(last ? matrix.all_places : matrix.places[i]));
  }
  for (std::size_t begin = 0; begin < titles.size();) {
    std::vector<Column> columns;
    columns.push_back({"party", false, true});
    std::size_t end = begin;
    for (int width = std::max(label_width, kPartiesWidth); end < titles.size(); ++end) {
      width +=
          2 + std::max({DisplayWidth(titles[end]), DisplayWidth(parties[end]), DisplayWidth(places[end])});
      if (end > begin && width > style.width) break;
      columns.push_back({titles[end].c_str(), true});
    }
    Table table(columns);
    const auto add = [&](const Shown& label, const auto& value) {
      std::vector<Cell> cells = {label};
      for (std::size_t i = begin; i < end; ++i) cells.emplace_back(value(i));
      table.Add(std::move(cells));
    };
    for (std::size_t i = 0; i < matrix.rows.size(); ++i) {
      add(labels[i], [&](std::size_t column) {
        const std::uint64_t here = count(matrix.rows[i], column);
        return here == 0 ? std::string("-") : Number(here);
      });
    }
    add("parties", [&](std::size_t column) { return parties[column]; });
    add("places", [&](std::size_t column) { return places[column]; });
    text += (begin == 0 ? Shown() : Shown("\n")) + table.Text(style);
    begin = end;
  }
  return text +
         "A number is in how many places the party has a deployment in force. A place of several categories "
         "is one place in the last column.\n" +
         AsOf(scope.as_of, style);
}

std::string MatrixCsv(const TeamMatrix& matrix, const v1::CheckpointRef& as_of, sheets::Cells cells) {
  std::vector<std::string> header = {"party", "party_name"};
  for (const std::string& category : matrix.categories) header.push_back("category:" + category);
  header.emplace_back("places");
  std::string text = CsvTitles(header, cells);  // a category's id comes from the ledger
  for (const TeamMatrix::Row& row : matrix.rows) {
    std::vector<std::string> values = {row.party, row.name};
    for (const std::uint64_t places : row.places) values.push_back(std::to_string(places));
    values.push_back(std::to_string(row.all));
    text += CsvRow(values, as_of, cells);
  }
  return text;
}

}  // namespace fundtrail::render
