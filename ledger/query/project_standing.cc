// See project_standing.h.
#include "ledger/query/project_standing.h"

#include <optional>
#include <utility>

#include "ledger/books/state.h"

namespace fundtrail::query {

StatusOr<ProjectStanding> StandingOfProject(const View& view, const v1::ProposeProject& project,
                                            const std::string& day, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const Date on, ParseDate(day));
  std::optional<RecordIndex> at;
  if (as_of.has_value()) at = RecordIndex(*as_of);
  ProjectStanding found;
  for (const auto& [of, id] : {std::pair(v1::Action::kProposeProject, project.id()),
                               std::pair(v1::Action::kOpenProgramme, project.programme())}) {
    if (id.empty()) continue;
    FT_ASSIGN_OR_RETURN(const auto row, books::GetStanding(*view.rows, of, id, at));
    FT_ASSIGN_OR_RETURN(books::Standing standing, books::StandingOn(row, on));
    if (standing.verdict <= found.strictest.verdict) continue;
    found.strictest = std::move(standing);
    if (of == v1::Action::kOpenProgramme) found.programme = id;
  }
  return found;
}

StatusOr<ProjectStanding> StandingOfProject(const View& view, const std::string& project,
                                            const std::string& day, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, v1::Action::kProposeProject, project, as_of));
  if (!row.has_value())
    return model::Damaged(model::keys::Item(v1::Action::kProposeProject, project), "is missing");
  return StandingOfProject(view, row->action().propose_project(), day, as_of);
}

}  // namespace fundtrail::query
