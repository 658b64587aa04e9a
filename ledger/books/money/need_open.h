// What a need asks for on a day, by what others found of it, and what of that is open for assignments.
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/rules.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// Why a need is not in force on the day of a record, as the end of a sentence. An example is "nobody verified its present
// version, that of record 7". Nothing when it is. One that has ended is not asked about.
StatusOr<std::optional<std::string>> WhyNotInForce(const store::Reader& state, const v1::RegisterRow& need,
                                                   const Moment& moment);

// What of a need in force is open, never below 0.
struct NeedOpen {
  Amount money;  // what it asks for, less what was paid straight for it and what is assigned and not paid
  std::int64_t quantity = 0;  // what it asks for, less what is assigned
};
// What projects brought is not looked at: it would take the sums of each. A need that recurs asks for its amount in
// each year that began since its first day. For one year where it names no first day.
StatusOr<NeedOpen> OpenOf(const store::Reader& state, const v1::RegisterRow& need, const Moment& moment);

// FIELD_FIXED when an amendment of a need changes the asset, the unit or the target group, and something was ever
// assigned to it.
Status CheckNeedAmended(const store::Reader& state, const v1::DeclareNeed& before,
                        const v1::DeclareNeed& need, const std::string& field);

}  // namespace fundtrail::books
