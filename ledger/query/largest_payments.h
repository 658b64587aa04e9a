// The payments of a list by their amounts, the largest first, or by their days, the newest first: what List has in the order of the log.
#pragma once

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// So many at most, however many are asked for: more are not put in order. `after` has the rest.
inline constexpr std::uint64_t kMostByAmount = 50'000;

// By what payments are put in order: the amount, or the value date.
enum class PaymentOrder { kAmount, kDate };

// The same payments as List has for the question, but one with a project, which INVALID_ARGUMENT refuses. Amounts of two assets are never
// compared: assets stand one after another, by code, each with its largest payment first, then by reference. By date those of all assets stand together. It walks over every
// transfer (money_sums.h), and keeps as many as it shows. It counts no facets. `next` is a payment too, and `after` goes on there: a
// payment that is not there is NOT_FOUND. Else the errors of List, and of the walk.
StatusOr<v1::ListAnswer> LargestPayments(const View& view, const v1::ListRequest& request,
                                         PaymentOrder order = PaymentOrder::kAmount);

}  // namespace fundtrail::query
