// What one payment drew on, and which payments drew on it: one step of a trace in both directions, payment by payment.
#pragma once

#include <vector>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct LinkedPayment {
  TransferRef ref;
  Amount amount;       // of the payment that was asked about
  bool whole = false;  // all that `ref` moved
  bool sends_back = false;
};

struct PaymentLinks {
  // In the order of the log, with what a source brought in left out.
  std::vector<LinkedPayment> drew, went_on;
  Amount brought_in;                                   // the part that no payment brought to the payer
  Amount left;                                         // what nobody drew yet
  v1::EndKind left_is = v1::END_KIND_END_UNSPECIFIED;  // how that ends, as a trace says it
};

// As of a record; nothing: now. It reads the pieces of one payment. NOT_FOUND when there is no such transfer; DATA_LOSS where the pieces
// are not all of it.
StatusOr<PaymentLinks> LinksOfPayment(const View& view, TransferRef ref, AsOfRecord as_of);

}  // namespace fundtrail::query
