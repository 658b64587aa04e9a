// --as-of, of every question that looks at the ledger of an earlier time: a record, or a day. A day means the last record that was
// recorded by the end of that day, UTC. Balances take a day as one of value dates, and say so.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/context.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// One of the two; a day as YYYY-MM-DD.
struct AsOf {
  std::optional<std::uint64_t> record;
  std::string day;
};
// INVALID_ARGUMENT, with the option, for what is neither. Days are in the form that days.h leaves.
StatusOr<AsOf> ParseAsOf(const std::string& text);

// --as-of of a command, which fills `record` before the command runs (FindAsOf). `record` outlives the command line.
CLI::Option* AddAsOf(CLI::App* command, std::optional<std::uint64_t>* record);
// --as-of as a balance takes it: the command itself reads it, by ParseAsOf.
CLI::Option* AddAsOfValueDate(CLI::App* command, std::string* text);

// Of the command that was named: looks up the record of a day that was given, and tells it on stderr. OUT_OF_RANGE when nothing was
// recorded by then.
Status FindAsOf(const CLI::App& app, Context* context);

}  // namespace fundtrail::cli
