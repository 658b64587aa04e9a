// Who takes part: from how many sources of which kind money comes, how long they stay, and how much of it reaches somebody.
#pragma once

#include "fundtrail/v1/standing.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads all accounts, and all payments by sources; of the whole ledger also all pledges and notices. What sources brought in is counted where
// it first arrived: in a project, only what came straight into it. What lies where is counted of all money that is there.
// INVALID_ARGUMENT for a programme and a project together. NOT_FOUND for what is not there, or was not then. OUT_OF_RANGE for a
// record that is not there yet.
StatusOr<v1::ParticipationAnswer> Participation(const View& view, const v1::ParticipationRequest& request);

}  // namespace fundtrail::query
