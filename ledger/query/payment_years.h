// The years that have a payment: what a reader may choose of.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// "2026", of days since 1970-01-01.
std::set<std::string> YearsOf(const absl::flat_hash_set<std::int32_t>& days);

// "2026", by value date, as of the record: those that Series has by year. It looks at the dates alone, of a kept table in memory
// (money_table.h), and reads no account.
//
// OUT_OF_RANGE for a record that is not there yet; DATA_LOSS when a row cannot be read.
StatusOr<std::set<std::string>> PaymentYears(const View& view, AsOfRecord as_of);

}  // namespace fundtrail::query
