// See coverage_projects.h.
#include "ledger/query/coverage_projects.h"

#include <algorithm>
#include <cstdint>

#include "ledger/base/wide.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// Shares are 10,000 together, or none is said.
Status CheckWhole(const std::string& project,
                  const std::vector<std::pair<std::string, std::uint32_t>>& shares) {
  std::uint64_t sum = 0;
  bool some = false, all = true;
  for (const auto& [id, basis_points] : shares) {
    sum += basis_points;
    some = some || basis_points > 0;
    all = all && basis_points > 0;
  }
  if (!some || (all && sum == kWhole)) return absl::OkStatus();
  return model::Damaged(keys::Item(v1::Action::kProposeProject, project),
                        "is split in parts that are no whole");
}

}  // namespace

// All items of the register that may matter.
Status CoverageProjects::EachOf(v1::Action::ActionCase action,
                                const std::function<Status(const v1::RegisterRow&)>& take) {
  const auto* ids = places_.ItemsOf(action);
  return ids == nullptr ? EachItem(view_, action, as_of_, take)
                        : EachItemOf(view_, action, *ids, as_of_, take);
}

Status CoverageProjects::ReadTeams(CoverageBooks* books) {
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    const v1::Deploy& said = row.action().deploy();
    const bool there = said.status() == v1::Deploy::STATUS_ACTIVE && !row.has_ended() &&
                       IsInPeriod(on_, said.from(), said.to());
    if (!there) return absl::OkStatus();
    CoverageTeam team;
    FT_ASSIGN_OR_RETURN(team.place, places_.PlaceOf(said.place()));
    FT_ASSIGN_OR_RETURN(team.category, places_.CategoryOf(said.category()));
    if (!places_.IsIn(team.place, team.category)) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(team.party, StandingOf(said.party(), books));
    team.group = groups_.Of(said.target_group());
    books->teams.push_back(team);
    of_teams_.push_back(said.project());
    return absl::OkStatus();
  };
  return EachOf(v1::Action::kDeploy, take);
}

Status CoverageProjects::ReadProjects(CoverageBooks* books) {
  Numbers programmes;
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    FT_ASSIGN_OR_RETURN(auto project, ProjectOf(row, books));
    const std::string& programme = row.action().propose_project().programme();
    if (!programme.empty()) project.programme = programmes.Of(programme);
    projects_.Of(project.id);
    books->projects.push_back(std::move(project));
    return absl::OkStatus();
  };
  if (const auto* at_places = places_.ItemsOf(v1::Action::kProposeProject)) {
    // And what teams there work on, wherever it is.
    std::set<std::string> ids(at_places->begin(), at_places->end());
    ids.insert(of_teams_.begin(), of_teams_.end());
    ids.erase("");
    FT_RETURN_IF_ERROR(
        EachItemOf(view_, v1::Action::kProposeProject, {ids.begin(), ids.end()}, as_of_, take));
  } else {
    FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kProposeProject, as_of_, take));
  }
  for (std::size_t i = 0; i < of_teams_.size(); ++i)
    if (!of_teams_[i].empty()) books->teams[i].project = projects_.Find(of_teams_[i]);
  FT_ASSIGN_OR_RETURN(const std::vector<int> order,
                      NameItems(view_, as_of_, v1::Action::kOpenProgramme, programmes, &books->programmes));
  for (CoverageProject& project : books->projects)
    if (project.programme != kNoItem) project.programme = order[project.programme];
  return absl::OkStatus();
}

StatusOr<CoverageProject> CoverageProjects::ProjectOf(const v1::RegisterRow& row, CoverageBooks* books) {
  const v1::ProposeProject& said = row.action().propose_project();
  CoverageProject project;
  project.id = said.id();
  project.name = said.name();
  std::vector<std::pair<std::string, std::uint32_t>> places, categories;
  for (const v1::PlaceShare& share : said.places()) places.emplace_back(share.place(), share.basis_points());
  for (const v1::CategoryShare& share : said.categories())
    categories.emplace_back(share.category(), share.basis_points());
  FT_RETURN_IF_ERROR(CheckWhole(said.id(), places));
  FT_RETURN_IF_ERROR(CheckWhole(said.id(), categories));
  // By the ids that are said: whatever stands for them, parts are as large as in any other question.
  std::sort(places.begin(), places.end());
  std::sort(categories.begin(), categories.end());
  for (const auto& [id, basis_points] : places) {
    FT_ASSIGN_OR_RETURN(const int place, places_.PlaceOf(id));
    project.places.push_back({place, basis_points});
  }
  for (const auto& [id, basis_points] : categories) {
    FT_ASSIGN_OR_RETURN(const int category, places_.CategoryOf(id));
    project.categories.push_back({category, basis_points});
  }
  if (!row.has_ended() && IsInPeriod(on_, said.from(), said.until())) {
    FT_ASSIGN_OR_RETURN(const auto newest, decisions_.Of(said.id()));
    project.open = DecisionOn(row, newest) == v1::ApproveProject::DECISION_APPROVED;
  }
  if (project.open) {
    FT_ASSIGN_OR_RETURN(project.party,
                        StandingOf(said.implementer().empty() ? said.owner() : said.implementer(), books));
    project.group = groups_.Of(said.target_group());
  }
  return project;
}

// The number of the party that stands for this one.
StatusOr<int> CoverageProjects::StandingOf(const std::string& id, CoverageBooks* books) {
  const std::string& standing = joins_.StandingFor(id);
  if (standing != id) joined_.insert(id);
  return PartyOf(standing, books);
}

// The number of a party, which it has after those above it.
StatusOr<int> CoverageProjects::PartyOf(const std::string& id, CoverageBooks* books) {
  if (const int known = parties_.Find(id); known != kNoItem) return known;
  std::vector<std::string> way;
  const auto climb = [&](const std::string& at) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view_.GoOn());
    way.push_back(at);
    return parties_.Find(at) == kNoItem;
  };
  FT_RETURN_IF_ERROR(ancestors_.EachAbove(v1::Action::kRegisterParty, id, climb));
  int above = kNoItem;
  for (std::size_t i = way.size(); i-- > 0;) {
    const std::size_t before = parties_.size();
    const int number = parties_.Of(way[i]);
    if (parties_.size() > before) {
      auto& parties = books->parties;
      parties.push_back({above, above == kNoItem ? 0 : parties[above].depth + 1});
    }
    above = number;
  }
  return above;
}

}  // namespace fundtrail::query
