// In how many hands the help for a place and a category lies: policies, bodies, funds, projects, teams, and who
// declares needs. The page docs/coverage.md says how each figure is reckoned.
#pragma once

#include "fundtrail/v1/fragmentation.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It reads what Coverage reads, the policies, the duties, and the accounts of projects that may have money there; never
// a transfer. NOT_FOUND for a place, a category or an asset that is not there. INVALID_ARGUMENT for a day that is not
// one, or an asset that must be named. OUT_OF_RANGE for a record that is not there yet, and for sums that do not fit in
// 63 bits.
StatusOr<v1::FragmentationAnswer> Fragmentation(const View& view, const v1::FragmentationRequest& request);

}  // namespace fundtrail::query
