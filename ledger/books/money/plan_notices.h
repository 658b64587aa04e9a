// The notices that a fund asks for: which payments in a project wait until what is planned was made public (PlanNoticeRule in
// entry.proto).
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/rules.h"
#include "ledger/model/rows.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// OK when no rule of the fund holds for the transfer. OK too when a notice of the plan of the project `to_project`, in which its
// money arrives, is complete on the day of the record. Else NOTICE_PENDING, which says from which day on it would be, where one
// stands. `fund` is the present version of the fund in which the money arrives. `returned` is what a RETURN or REVERSAL sends back,
// where it is there. Without a rule that holds it reads nothing; else the notices that ever named the project.
Status CheckPlanNotice(const store::Reader& state, const Moment& moment, const v1::RegisterRow& fund,
                       const v1::Transfer& transfer, const std::optional<model::TransferRow>& returned,
                       const std::string& to_project, const std::string& field);

}  // namespace fundtrail::books
