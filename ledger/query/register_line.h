// One version of an item of any register as answers show it, and what was said about the item.
#pragma once

#include <cstdint>
#include <optional>

#include "fundtrail/v1/registers.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// The line of a version, with the decimals of its amounts, and without attestations.
StatusOr<v1::RegisterLine> DescribeItem(const View& view, const v1::RegisterRow& row);

// Adds what was said about the line's item until that record, or until now. The newest come first, at most 100, and no more
// than fits on a page beside the largest item. The line counts the rest.
Status AddAttestations(const View& view, std::optional<std::uint64_t> as_of, v1::RegisterLine* line);

}  // namespace fundtrail::query
