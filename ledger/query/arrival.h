// What was acknowledged of one payment, and what that says of it.
#pragma once

#include <optional>

#include "fundtrail/v1/answers.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The newest acknowledgement of then; nothing when nobody had made one.
StatusOr<std::optional<v1::AttestationRow>> NewestAcknowledgement(const View& view, TransferRef ref,
                                                                  AsOfRecord as_of);
// What it says of the payment; SILENT when there is none.
v1::AcknowledgementLine::Status StatusBy(const std::optional<v1::AttestationRow>& acknowledgement);

}  // namespace fundtrail::query
