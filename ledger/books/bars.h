// What caps the grade of an evaluation: the bars of its method, and the concerns about its subject that counted at its record.
// docs/evaluation.md tells people.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// FIELD_INVALID: two bars for one kind of concern; a grade that the method does not have, or has twice; its best grade, which caps
// nothing. The grades themselves are good (CheckMethod).
Status CheckBars(const v1::SetMethod& method, const std::string& field);

// The records of one concern that say when it caps a grade.
struct ConcernLife {
  std::string id;
  v1::RaiseConcern::Kind kind = v1::RaiseConcern::KIND_UNSPECIFIED;
  RecordIndex raised;
  Date raised_day;                      // the day of that record
  std::optional<RecordIndex> answered;  // the first ANSWER, ACTION or REJECT
  std::optional<RecordIndex> right;     // the first ACTION
  std::optional<RecordIndex> closed;
};
// Of a concern that is there: `row` is any version of it.
StatusOr<ConcernLife> LifeOf(const store::Reader& state, const v1::RegisterRow& row);

// Whether it caps a grade at the record `at` of that day. It was raised by then, and is not closed: it was found right, or nobody
// answered it and its answer is overdue.
bool Counts(const ConcernLife& concern, RecordIndex at, Date day);

// A grade, and what capped it.
struct CappedGrade {
  std::string grade;
  std::string earned;               // what the total alone would have
  const ConcernLife* by = nullptr;  // null: nothing capped it
};
// The grade of that total at the record `at` of that day. The lowest grade that a bar leaves holds, and of several concerns with
// that bar the first. `concerns` are those about the subject, by id.
CappedGrade GradeAt(const v1::SetMethod& method, std::uint64_t total,
                    const std::vector<ConcernLife>& concerns, RecordIndex at, Date day);

}  // namespace fundtrail::books
