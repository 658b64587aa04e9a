// The rows of all tables of a ledger (schema.h), one after the other. What is kept of them does not grow with the ledger.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "ledger/query/view.h"
#include "ledger/tables/schema.h"

namespace fundtrail::tables {

// One row of a table: as many cells as it has columns. What nobody said is an empty cell.
using TakeRow = std::function<Status(const Table& table, const std::vector<std::string>& cells)>;
using Progress = std::function<void(std::uint64_t done, std::uint64_t total)>;

// Hands over every row of every table. Those of one table come in the order of its key, and tables may take turns. An
// error of `take` ends it. The view's rows must all be of one snapshot.
Status EachRow(const query::View& view, const TakeRow& take, const Progress& progress);

}  // namespace fundtrail::tables
