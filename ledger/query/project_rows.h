// What the questions about projects read from the rows: sums, decisions, whole registers, and the day that is asked about.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/query/view.h"

namespace fundtrail::query {

// A record after which the ledger is looked at; nothing: now.
using AsOfRecord = std::optional<std::uint64_t>;

// The sums of one project in one asset. Of general money the project is empty.
struct ProjectSums {
  std::string project, asset;
  model::ProjectTotals totals;
};
// Those of all projects and of general money, as they stood then: by project, and by asset. General money is first. It looks
// at a few rows for each, however long its history is.
Status EachProjectSums(const View& view, AsOfRecord as_of,
                       const std::function<Status(const ProjectSums&)>& take);
// The same of one project; empty: of general money.
Status EachAssetOf(const View& view, std::string_view project, AsOfRecord as_of,
                   const std::function<Status(const ProjectSums&)>& take);

// What was decided on the version of a project that the row has; DECISION_UNSPECIFIED while nobody did.
StatusOr<v1::ApproveProject::Decision> DecisionOn(const View& view, const v1::RegisterRow& project,
                                                  AsOfRecord as_of);

// Every item of a register, by id, in the version of then.
Status EachItem(const View& view, v1::Action::ActionCase action, AsOfRecord as_of,
                const std::function<Status(const v1::RegisterRow&)>& take);

// The day in the field `on`, or else that of the last record that is looked at. INVALID_ARGUMENT for what is no day;
// OUT_OF_RANGE for a record that is not there yet.
StatusOr<std::string> DayAsked(const View& view, const std::string& on, AsOfRecord as_of);
// Whether a period has the day. All are days as texts, or empty where a period is open.
bool IsInPeriod(const std::string& day, const std::string& first, const std::string& last);

}  // namespace fundtrail::query
