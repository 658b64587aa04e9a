// What was reported beside what a project is to reach: many reports, of several places and periods, become one number.
// They are read once, and not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
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

// How many numbers are kept for all targets of a project together: of each target one for each place, or for each place
// and period.
inline constexpr std::size_t kMaxNumbers = 100'000;

// What the reports on the target's indicator come to. First each place by itself, by the rule across periods:
//   LATEST   the report whose last day is the latest; of equal ones the one recorded last. So it is where no rule is said
//   SUM      all are added. A newer report about the very same period takes the place of an older one. Those that say no
//            period are all about the same
//   MAX      the largest. Among reports that say their period, a newer one takes the place of an older one as above
// Then the numbers of the places, by the rule across places: SUM (also where no rule is said), MAX, or AVERAGE. The last
// is rounded down. A number above 2^63 - 1 is said as that. Reports are not kept: it holds a number for each place, or
// for each place and period.
class ResultFold {
 public:
  // When there is no room any more, a report about a further place or period does not count. The room may be for
  // several targets, and must outlive them.
  ResultFold(const v1::Target& target, std::size_t* room) : target_(target), room_(*room) {}
  // In the order in which they were recorded. Needs a number that is not below zero.
  void Add(const ProgressReport& report);
  v1::ProjectResult Result() const;

 private:
  struct Number {
    std::int64_t actual = 0;
    std::uint64_t reports = 0, record = 0;
    std::string last;  // where the latest counts
  };
  using Of = std::tuple<std::string, std::string,
                        std::string>;  // place, and from and until where periods are told apart

  const v1::Target target_;
  std::size_t& room_;
  std::map<Of, Number> numbers_;
  std::uint64_t more_ = 0;
};
// The same of reports that are there, with room for all.
v1::ProjectResult ResultOf(const v1::Target& target, const std::vector<ProgressReport>& reports);

// Adds a result for each target of the project's version. It is of the reports that were recorded until then and whose last
// day is not after the answer's. A report on an indicator that the version does not have counts nowhere. Where there are more than
// kMaxNumbers, results say how many reports do not count.
Status AddResults(const View& view, const v1::RegisterRow& project, AsOfRecord as_of,
                  v1::ProjectMoneyAnswer* answer);

}  // namespace fundtrail::query
