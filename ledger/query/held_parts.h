// What an account holds, part by part, each with the transfer that brought it.
#pragma once

#include <functional>

#include "ledger/base/date.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/walk.h"

namespace fundtrail::query {

struct HeldPart {
  TransferRef ref;  // the transfer that brought it
  Date date;        // its value date
  Amount amount;
  bool committed = false;  // it is a commitment that is not paid
};

// Reads accounts of one snapshot, as they were after a record, and remembers what it read. The view must outlive it.
class HeldParts {
 public:
  HeldParts(const View& view, AsOfRecord as_of)
      : view_(view),
        as_of_(as_of),
        forward_(view, v1::DIRECTION_FROM, as_of),
        backward_(view, v1::DIRECTION_TO, as_of) {}

  // Each unit of `held`, which the account held then, in the order of its line. One transfer may have several parts. DATA_LOSS
  // when they do not add up to it.
  Status Each(model::AccountNumber account, Amount held, const std::function<Status(const HeldPart&)>& take);
  // The positions of its line that it held then, in their order, and not what brought them.
  Status EachInterval(model::AccountNumber account, const std::function<Status(Interval)>& take);
  StatusOr<const v1::Account*> Describe(model::AccountNumber account) { return backward_.Describe(account); }

 private:
  Status EachUndrawn(model::AccountNumber account, const std::function<Status(Interval)>& take) const;
  StatusOr<Interval> LineThen(model::AccountNumber account) const;

  const View& view_;
  const AsOfRecord as_of_;
  Walker forward_, backward_;
};

}  // namespace fundtrail::query
