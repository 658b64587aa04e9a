// Of what a trace has beside its sums: what is checked (checks.h).
#pragma once

#include <array>
#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

using AccountKey = std::array<std::string, 4>;
AccountKey KeyOf(const v1::Account& account);

Status CheckReceipts(const v1::TraceAnswer& answer, const v1::TraceRequest& request);
Status CheckProRata(const v1::AssetTrace& trace, bool wanted);

}  // namespace fundtrail::cli
