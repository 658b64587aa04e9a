// What a client can check of the answers that rank and add up: as checks.h. Each refuses sums that do not add up by themselves:
//
//   before + brought_in + received = paid + held + reached + ends_here + returned
#pragma once

#include "fundtrail/v1/idle.pb.h"
#include "fundtrail/v1/series.pb.h"
#include "fundtrail/v1/summary.pb.h"
#include "fundtrail/v1/top.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// That the answer is of the record that was asked about. That of each asset all that was brought in lies somewhere; that donors and
// recipients stand in their order, and are no more than there are. Where all of them are shown, that they have all of it. That the
// newest transfers stand in their order.
Status CheckAnswer(const v1::SummaryAnswer& answer, const v1::SummaryRequest& request);
// That the answer is of the record, the asset and the role that were asked about, that the bodies stand in the order that was asked
// for, and that what lies with each lies there by its role. That no more are shown than were asked for. Where all bodies are there in
// one answer, that the totals are theirs. `whole`: it is no page among others.
Status CheckAnswer(const v1::TopAnswer& answer, const v1::TopRequest& request, bool whole);
// That the answer is of the record, the party, the fund and the asset that were asked about; that periods stand in their order,
// within the days that were asked for, and each begins with what the one before ended with.
Status CheckAnswer(const v1::SeriesAnswer& answer, const v1::SeriesRequest& request);
// That the answer is of the record, the day, the party, the fund and the asset that were asked about, and in the order that was
// asked for. That ages add up to what is held, and fit the oldest and the newest day. Where all lines are there in one answer, that
// the totals are theirs.
Status CheckAnswer(const v1::IdleAnswer& answer, const v1::IdleRequest& request, bool whole);

}  // namespace fundtrail::cli
