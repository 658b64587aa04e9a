// Which pledge could serve which need: a proposal with its proof. docs/match.md has the rules.
#pragma once

#include "fundtrail/v1/match.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Of the needs that Needs answers, those that lack money in the asset; of the pledges, those in force that have
// something left. It reads all pledges, and all that Needs reads; never a transfer. NOT_FOUND for an asset, a place or
// a category; INVALID_ARGUMENT for a day, a method or an amount that is not one. OUT_OF_RANGE for a record that is not
// there yet, and for sums that do not fit in 63 bits. RESOURCE_EXHAUSTED when it would take too much work
// (match_flow.h). What is kept is told to View::Grow.
StatusOr<v1::MatchAnswer> Match(const View& view, const v1::MatchRequest& request);

}  // namespace fundtrail::query
