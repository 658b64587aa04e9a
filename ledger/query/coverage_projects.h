// The projects and the teams of coverage, with the parties that answer for them, as the rows have them.
#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/books/ancestors.h"
#include "ledger/model/register_table.h"
#include "ledger/query/coverage_cells.h"
#include "ledger/query/coverage_places.h"
#include "ledger/query/joins.h"
#include "ledger/query/numbers.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Items with their names, by id. Answers at which place each number stands there.
template <typename Named>
StatusOr<std::vector<int>> NameItems(const View& view, AsOfRecord as_of, v1::Action::ActionCase action,
                                     const Numbers& numbers, std::vector<Named>* named) {
  const std::vector<std::string> ids = numbers.Texts();
  std::map<std::string, int> by_id;
  for (std::size_t i = 0; i < ids.size(); ++i) by_id.emplace(ids[i], static_cast<int>(i));
  std::vector<int> order(ids.size());
  for (const auto& [id, number] : by_id) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view, action, id, as_of));
    if (!row.has_value()) return model::Damaged(model::keys::Item(action, id), "is missing");
    order[number] = static_cast<int>(named->size());
    named->push_back({id, model::TextIn(model::ItemOf(row->action()), "name")});
  }
  return order;
}

// Reads them into books, teams first.
class CoverageProjects {
 public:
  // All of them must outlive it. `on`: the day.
  CoverageProjects(const View& view, const std::string& on, AsOfRecord as_of, const CoveragePlaces& places,
                   const Joins& joins)
      : view_(view),
        on_(on),
        as_of_(as_of),
        places_(places),
        joins_(joins),
        ancestors_(*view.rows),
        decisions_(view, v1::Action::kProposeProject, v1::Action::kApproveProject, as_of) {}

  Status ReadTeams(CoverageBooks* books);
  Status ReadProjects(CoverageBooks* books);
  // The number of a project; kNoItem for one that was not read.
  int Find(const std::string& project) const { return projects_.Find(project); }
  // The ids of the parties in the books, by number.
  std::vector<std::string> Parties() const { return parties_.Texts(); }
  // The parties that were met, and stand under another one.
  const std::set<std::string>& joined() const { return joined_; }

 private:
  Status EachOf(v1::Action::ActionCase action, const std::function<Status(const v1::RegisterRow&)>& take);
  StatusOr<CoverageProject> ProjectOf(const v1::RegisterRow& row, CoverageBooks* books);
  StatusOr<int> StandingOf(const std::string& id, CoverageBooks* books);
  StatusOr<int> PartyOf(const std::string& id, CoverageBooks* books);

  const View& view_;
  const std::string& on_;
  const AsOfRecord as_of_;
  const CoveragePlaces& places_;
  const Joins& joins_;
  books::Ancestors ancestors_;
  NewestSaidWalk decisions_;
  Numbers groups_, parties_, projects_;
  std::set<std::string> joined_;
  std::vector<std::string> of_teams_;  // of each team the project that it names
};

}  // namespace fundtrail::query
