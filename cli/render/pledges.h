// Pledges as a person reads them: what was offered, what of it is assigned, and what was paid.
#pragma once

#include "cli/render/style.h"
#include "fundtrail/v1/pledges.pb.h"

namespace fundtrail::render {

// `request` says which were left out.
Shown Text(const v1::PledgesAnswer& answer, const v1::PledgesRequest& request, const Style& style);

}  // namespace fundtrail::render
