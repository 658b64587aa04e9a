// What a trace has beside its sums, where it is asked for: each of several receipts by itself, and the second method.
#pragma once

#include <vector>

#include "ledger/query/trace_flows.h"

namespace fundtrail::query {

// Each of the question's receipts by itself, in the order of the log. The ends of each are what was asked of it, or the answer is
// DATA_LOSS.
Status AddReceipts(Walker* walker, const TraceQuestion& question, v1::TraceAnswer* answer);

// The same question by the second method, for each asset of the answer (pro_rata.h), and how much of the first method's answer
// depends on the order of payments (replay.h). DATA_LOSS where the payments, played once more, do not lead to `flows`.
Status AddProRata(Walker* walker, const std::vector<TraceStart>& asked, const Flows& flows,
                  v1::TraceAnswer* answer);

}  // namespace fundtrail::query
