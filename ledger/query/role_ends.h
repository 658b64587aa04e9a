// Where money ends that lies with a party, by its role: the words of traces, balances and statements.
#pragma once

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/trace.pb.h"

namespace fundtrail::query {

inline v1::EndKind EndByRole(const v1::RegisterParty& party) {
  if (party.role() == v1::ROLE_SOURCE) return v1::END_KIND_RETURNED;
  if (party.role() == v1::ROLE_RECIPIENT)
    return party.role_inferred() ? v1::END_KIND_ENDS_HERE : v1::END_KIND_REACHED;
  return v1::END_KIND_HELD;
}

}  // namespace fundtrail::query
