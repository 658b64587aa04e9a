// Who got what: each body with what it brought in, received, paid and holds, the largest first.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/top.pb.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/pages.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

// It reads every transfer before its first page, and keeps a line for each body (money_sums.h). What a body pays
// itself, from one of its accounts to another, is neither received nor paid. With `since`, what a body held before is
// in `before`; with `until`, all is as of that value date.
//
// NOT_FOUND for a fund or an asset that is not there. INVALID_ARGUMENT for a day, an order or a role that is not one,
// and for a token of another question. OUT_OF_RANGE for a record that is not there yet, and for a sum that does not fit
// in 63 bits.
StatusOr<Pages<v1::TopAnswer>> Top(const View& view, const v1::TopRequest& request, const Paging& paging);
// The same of the parties that are registered at a place or below it (parties_at.h), whose errors it has too. Its lines are bodies,
// whatever `of` says.
StatusOr<Pages<v1::TopAnswer>> TopAt(const View& view, const v1::TopRequest& request,
                                     const std::string& place, const Paging& paging);
// What the question adds up, in several periods in the place of its own days: before any line is made of it. The transfers are read once
// for all of them. The bodies are those of the role that it asks about. The errors are those of Top.
StatusOr<std::vector<BodySums>> TopSumsOfPeriods(const View& view, const v1::TopRequest& request,
                                                 const std::vector<DaysAsked>& periods);
// By what a line stands above others.
Wide RankedBy(v1::TopRequest::By by, const AccountSums& sums);

}  // namespace fundtrail::query
