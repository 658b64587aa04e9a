// The newest payments of a party, by its own movements, from the last one back.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

// Each once, the newest first, at most so many. `parties` is one party, or all that are joined with it. It looks at the last rows of each
// account, however many there are. NOT_FOUND for a party that is not there; OUT_OF_RANGE for a record that is not there yet.
StatusOr<std::vector<v1::TransferLine>> NewestPayments(const View& view,
                                                       const std::vector<std::string>& parties,
                                                       std::size_t most, AsOfRecord as_of);

// The record of the newest of them, by the rows of statements alone: no record is read. Nothing where there is none.
StatusOr<std::optional<RecordIndex>> NewestPaymentRecord(const View& view, const std::string& party);

}  // namespace fundtrail::query
