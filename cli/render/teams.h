// Which teams are short, and who works on what in how many places. Both are counted here, from the deployments of a
// register.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "cli/render/style.h"
#include "fundtrail/v1/checkpoint.pb.h"
#include "fundtrail/v1/registers.pb.h"
#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// Of which teams a question is. A set that is not there holds everything.
struct TeamScope {
  std::string on;
  std::optional<std::set<std::string>> places, categories;
  std::optional<std::uint64_t> as_of_record;  // where a record was asked for
  v1::CheckpointRef as_of;
};
// Whether the line is a deployment that is ACTIVE, has not ended, has the day in its period, and is in scope.
bool IsThere(const v1::RegisterLine& line, const TeamScope& scope);

// --- short teams -------------------------------------------------------------------------------------------

struct ShortTeams {
  std::int64_t staff = 3, days = 730;  // fewer are short
  std::vector<v1::RegisterLine> teams;
  std::uint64_t there = 0;         // teams that are there
  std::uint64_t no_staff = 0;      // of them, those that do not say how many work for pay
  std::uint64_t no_first_day = 0;  // and those that say a last day and no first one
  // Takes a team that is there. It is short when it says fewer staff, or is planned for fewer days, both ends included. What
  // nobody said is not short, and a period without a last day is long.
  void Take(const v1::RegisterLine& line);
};
// For how many days a deployment is planned; nothing where a day is not said.
std::optional<std::int64_t> PlannedDays(const v1::RegisterLine& line);

Shown Text(const ShortTeams& teams, const TeamScope& scope, const Style& style);
// One line for each: deployment, party, project, place, category, staff, from, to, planned_days, few, brief, record.
// `few` and `brief` say yes where the team is short so. Cells that a spreadsheet would run have guards (sheets/csv.h),
// or are raw.
std::string ShortTeamsCsv(const ShortTeams& teams, const v1::CheckpointRef& as_of, sheets::Cells cells);

// --- the matrix --------------------------------------------------------------------------------------------

// Party, category, place: each once, however many deployments the party has there.
using Presences = std::set<std::tuple<std::string, std::string, std::string>>;

struct TeamMatrix {
  struct Row {
    std::string party, name;
    std::vector<std::uint64_t> places;  // in how many places it is there, of each category
    std::uint64_t all = 0;              // and of all of them: one place counts once
  };
  std::vector<std::string> categories;  // by id
  std::vector<Row> rows;                // most places first, then by party
  std::vector<std::uint64_t> parties;   // how many work on each category
  std::vector<std::uint64_t> places;    // in how many places anybody does
  std::uint64_t all_places = 0;
};
// RESOURCE_EXHAUSTED where there would be more than a million cells. A party without a name in `names` has none.
StatusOr<TeamMatrix> MatrixOf(const Presences& there, const std::map<std::string, std::string>& names);

// In blocks of categories that fit on the terminal, one below the other; each has all parties. Where lines are endless,
// there is one block.
Shown Text(const TeamMatrix& matrix, const TeamScope& scope, const Style& style);
// One line for each party: party, party_name, a column `category:ID` for each category, and places.
std::string MatrixCsv(const TeamMatrix& matrix, const v1::CheckpointRef& as_of, sheets::Cells cells);

}  // namespace fundtrail::render
