// Refusals: why the ledger does not take an entry. A closed list of codes (proto RefusalCode), each with a sentence and
// the field that it is about. Inside the program a refusal travels as a Status with a payload, so that it can pass
// through StatusOr. An I/O error is a Status without one.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fundtrail/v1/refusal.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// `field` names the place in the entry: "author", "actions[3].transfer.amount" (actions from 0).
Status Refuse(v1::RefusalCode code, std::string_view field, std::string_view sentence);
// The same with all that a program may want to know: register, id, record.
Status Refuse(const v1::Refusal& refusal);

// The refusal in `status`, or nothing when it is OK or another kind of error.
std::optional<v1::Refusal> RefusalOf(const Status& status);

// The one place that maps refusals to the status codes of absl, which are those of gRPC.
absl::StatusCode StatusCodeOf(v1::RefusalCode code);

}  // namespace fundtrail::model
