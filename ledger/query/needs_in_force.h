// The needs of a day: which are in force, what others found of them, and what each asks for until then.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The scales of a need: severity 1 to 5, priority 1 (first) to 3; 0 where nobody said.
inline constexpr std::uint32_t kMaxSevere = 5;
inline constexpr std::uint32_t kLeastUrgent = 3;

// How a need stands on a day.
enum class NeedStanding : std::uint8_t {
  kInForce = 0,
  kNotBegun = 1,  // its first day is to come
  kExpired = 2,   // its last day is over
  kEnded = 3,     // its owner, or whoever may, ended it
};

struct NeedInForce {
  const v1::DeclareNeed* said = nullptr;
  std::uint64_t record = 0;  // of that version
  std::uint64_t opened = 0;
  NeedStanding standing = NeedStanding::kInForce;
  // Of the present version; RESULT_UNSPECIFIED while nobody looked at it.
  v1::VerifyNeed::Result found = v1::VerifyNeed::RESULT_UNSPECIFIED;
  // The figures that count: those that were found where it was corrected, else its own. None is below 0, and severity is at
  // most 5.
  std::int64_t people = 0;
  std::int64_t amount = 0;  // of one year
  std::uint32_t severity = 0;
  // How many years began until the day, or until its last one: 1 where it does not recur, 0 before it begins.
  std::uint32_t years = 0;
  // amount x years, or 2^63 - 1 where that is less.
  std::int64_t asked = 0;
};

// Whether it counts: somebody confirmed or corrected it, or nobody looked and that is enough. One that was corrected
// may ask for nothing: it does not count. Whether it is in force is not looked at.
bool Counts(const NeedInForce& need, bool unverified);

// Those that are in force: they have not ended, and their period has the day. By id. `ids`: these alone, sorted and
// each once, and of them those that there were then; null: all. What was said about needs is read in one walk.
Status EachNeedInForce(const View& view, const std::string& day, AsOfRecord as_of,
                       const std::vector<std::string>* ids,
                       const std::function<Status(const NeedInForce&)>& take);
// The same, and those that are not in force too.
Status EachNeed(const View& view, const std::string& day, AsOfRecord as_of,
                const std::vector<std::string>* ids, const std::function<Status(const NeedInForce&)>& take);
// One that is there: its version of then.
StatusOr<NeedInForce> NeedOn(const View& view, const v1::RegisterRow& row, const std::string& day,
                             AsOfRecord as_of);

}  // namespace fundtrail::query
