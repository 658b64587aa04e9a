// What a question asks about: the receipts that the trace starts from.
#pragma once

#include <string>
#include <vector>

#include "ledger/query/trace_question.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {

// A part of an account's line that is asked about if it is not in sight already. `minted`: a SOURCE's own
// positions, which it brought in and paid out by the same transfer.
struct TraceStart {
  Fragment fragment;
  bool minted = false;
};

StatusOr<std::vector<TraceStart>> FindStarts(Walker* walker, const TraceQuestion& question);
// "Where the money of transfer 12.3 went, 2024-02-01, Sweden to Afghanistan Humanitarian Fund"
StatusOr<std::string> InWords(Walker* walker, const TraceQuestion& question);

}  // namespace fundtrail::query
