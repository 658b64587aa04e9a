// Statements of a party's accounts, in pages as bookkeepers keep them: each is brought forward from the one before.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "ledger/base/date.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

struct StatementQuestion {
  std::string party;
  std::string fund;                    // empty: all
  std::optional<Date> from, to;        // value date, both included
  std::optional<std::uint64_t> as_of;  // as the ledger stood after that record; else now
};

// The movements of each account with a value date in the period, in the order of the log. held_before +
// total_in - total_out = held_after, on each page for the part that it shows; of a SOURCE, payments out bring in what
// they pay and change nothing in what it holds. An account without lines has a statement too, if it was there `as_of`.
// The view must outlive it.
StatusOr<Pages<v1::StatementAnswer>> Statement(const View& view, const StatementQuestion& question,
                                               const Paging& paging = {});

}  // namespace fundtrail::query
