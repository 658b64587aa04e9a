// Where money went, and where it came from, to the last unit (docs/one-idea.md). A trace walks pieces and
// looks at nothing else of the ledger: forward over the rows (account, from), backward over (account, to).
//
// What was asked = what ended, for each asset: forward, reached + ends here + held + returned (+ exchanged). Backward,
// brought in + unrecorded (+ exchanged). Trace checks the sum. When it does not add up, the store is damaged, and the
// answer is DATA_LOSS. Ends and flows are always whole; the tree and the paths stop at their budgets, and say so.
//
// A trace counts each unit once, and a balance counts it at each receipt. Between the two stands what came round
// again. For all accounts of a party in one asset, or those in one fund, as of the same record:
//
//   to:             brought in + unrecorded + exchanged + came round                    = received - minted
//   from:           reached + ends here + held + returned + exchanged + came round      = received
//   from a SOURCE:  the same, and came round is 0                                       = minted
//
// The right sides are sums of a balance's lines (balance.h). tests/query/agree_test.cc holds them on random ledgers.
#pragma once

#include <set>
#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/status.h"
#include "ledger/query/trace_question.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// NOT_FOUND for a transfer, party or fund that the ledger does not have. INVALID_ARGUMENT when nothing is asked;
// OUT_OF_RANGE for a record that is not there yet.
StatusOr<v1::TraceAnswer> Trace(const View& view, const v1::TraceRequest& request);
// The same of a question whose fields were read, with bounds that no request sets.
StatusOr<v1::TraceAnswer> Trace(const View& view, const TraceQuestion& question);
// The same into a message, which may lie in an arena: an answer has a dozen small parts for each flow. There, flows and ends of
// an account share one message of it: read it, copy it, send it, but change no account in it. After an error it holds anything.
Status Trace(const View& view, const v1::TraceRequest& request, v1::TraceAnswer* answer);
Status Trace(const View& view, const TraceQuestion& question, v1::TraceAnswer* answer);

// The assets that such an answer has: whether there is money in the question, without following it. The errors are those of Trace.
StatusOr<std::set<std::string>> TracedAssets(const View& view, const v1::TraceRequest& request);

}  // namespace fundtrail::query
