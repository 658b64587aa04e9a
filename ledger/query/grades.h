// Evaluations as their methods score and grade them: the total, the grade, and the bar that capped it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/standing.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/books/bars.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// By the method's version that held after the record of the evaluation.
struct Graded {
  std::uint64_t method_version = 0;
  std::uint32_t total = 0;
  std::string grade;
  std::optional<v1::GradeBar> bar;  // what capped it, where something did
  std::uint32_t period_days = 0;    // of the method
};

// Of several evaluations, in any order. The concerns about each subject are read once, and only where a method has bars. The view
// must outlive it.
class GradeReader {
 public:
  explicit GradeReader(const View& view) : view_(view) {}
  // `record` is that of the evaluation, and `day` its day.
  StatusOr<Graded> Of(const v1::Evaluate& said, RecordIndex record, Date day);

 private:
  StatusOr<const std::vector<books::ConcernLife>*> ConcernsAbout(const v1::Evaluate& said);

  const View& view_;
  std::map<std::pair<v1::Action::ActionCase, std::string>, std::vector<books::ConcernLife>> concerns_;
};

}  // namespace fundtrail::query
