// The strictest verdict on a project: of those over it, and over its programme.
#pragma once

#include <string>

#include "ledger/books/standing.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct ProjectStanding {
  books::Standing strictest;
  // The id of the programme that it is over; empty: the project itself, or nothing.
  std::string programme;
  // Whether money in the project can only be sent back.
  bool Freezes() const { return books::Stops(strictest.verdict); }
};

// On a day, by verdicts that stood then. A verdict over the project goes before an equally strict one over its
// programme. INVALID_ARGUMENT for a day that is not one.
StatusOr<ProjectStanding> StandingOfProject(const View& view, const v1::ProposeProject& project,
                                            const std::string& day, AsOfRecord as_of);
// The same of a project that other rows name, in the version of then: DATA_LOSS when it is missing.
StatusOr<ProjectStanding> StandingOfProject(const View& view, const std::string& project,
                                            const std::string& day, AsOfRecord as_of);

}  // namespace fundtrail::query
