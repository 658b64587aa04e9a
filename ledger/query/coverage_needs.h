// The needs that are in force on a day, and what others found of them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct NeedInForce {
  const v1::DeclareNeed* said = nullptr;
  // Of the present version; RESULT_UNSPECIFIED while nobody looked at it.
  v1::VerifyNeed::Result found = v1::VerifyNeed::RESULT_UNSPECIFIED;
  // The figures that count: those that were found where it was corrected, else its own.
  std::int64_t people = 0;
  std::int64_t amount = 0;
};

// Whether it counts: somebody confirmed or corrected it, or nobody looked and that is enough. One that was corrected may ask for
// nothing: it does not count.
bool Counts(const NeedInForce& need, bool unverified);

// By id. They have not ended, and their period has the day. It reads what was said about needs once, in one walk.
Status EachNeedInForce(const View& view, const std::string& day, AsOfRecord as_of,
                       const std::function<Status(const NeedInForce&)>& take);

}  // namespace fundtrail::query
