// What was reported beside what a project is to reach: many reports, of several places and periods, become one number.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fundtrail/v1/project.pb.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A report on one indicator, as far as it counts.
struct ProgressReport {
  std::string place;  // empty: nobody said it, and that is a place of its own
  std::string from, until;
  std::string last;  // the last day that it is about: `until`, or else that of its record
  std::int64_t actual = 0;
  std::uint64_t record = 0;
};

// What the reports on the target's indicator come to; they stand in the order in which they were recorded. First each place by
// itself, by the rule across periods:
//   LATEST   the report whose last day is the latest; of equal ones the one recorded last. So it is where no rule is said
//   SUM      all are added. A newer report about the very same period takes the place of an older one. Those that say no
//            period are all about the same
//   MAX      the largest. Among reports that say their period, a newer one takes the place of an older one as above
// Then the numbers of the places, by the rule across places: SUM (also where no rule is said), MAX, or AVERAGE, which is rounded
// down. A number above 2^63 - 1 is said as that. Needs numbers that are not below zero.
v1::ProjectResult ResultOf(const v1::Target& target, const std::vector<ProgressReport>& reports);

// Adds a result for each target of the project's version, of the reports that were recorded until then and whose last day is
// not after the answer's. A report on an indicator that the version does not have counts nowhere.
Status AddResults(const View& view, const v1::RegisterRow& project, AsOfRecord as_of,
                  v1::ProjectMoneyAnswer* answer);

}  // namespace fundtrail::query
