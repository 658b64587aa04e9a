// What of the money that an account holds is for something already: the part that commitments in force keep.
#pragma once

#include <optional>

#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Nothing when no commitment ever kept any of it. `held` is what the account held then: DATA_LOSS when more is kept.
// Whether a commitment is in force is asked for the day of the last record that is looked at.
StatusOr<std::optional<Amount>> KeptOfHeld(const View& view, model::AccountNumber account, AsOfRecord as_of,
                                           Amount held);

}  // namespace fundtrail::query
