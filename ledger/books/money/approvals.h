// The approvals that a fund asks for: which payments its approvers must sign too (ApprovalRule in entry.proto).
#pragma once

#include <optional>
#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/model/rows.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// OK when each rule of the fund that holds for the transfer is met; else APPROVAL_MISSING for the first that is not.
// `fund` is the present version of the transfer's fund, and the parties are there. `brings_in`: the payer is a SOURCE
// that brings new money in. `returned` is what a RETURN or REVERSAL sends back, where it is there. Of a fund without
// rules it reads nothing.
Status CheckApprovals(const store::Reader& state, const v1::RegisterRow& fund, const v1::Transfer& transfer,
                      bool brings_in, const std::optional<model::TransferRow>& returned, Authority* authority,
                      const std::string& field);

}  // namespace fundtrail::books
