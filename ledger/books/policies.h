// What the register of policies demands beside the form of its fields: who answers for a policy, and how far it reaches.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// The own rule of a policy, of each of its versions. All that it names is there, and its period is good. In this order:
//   responsible      exactly one is LEAD (ROLE_MISSING, ROLE_TWICE); nobody both implements it and supervises or evaluates
//                    it (SEPARATION)
//   objectives       each category and indicator once; no "=" in an indicator or a unit (FIELD_INVALID)
//   clauses          no "=" in an action (FIELD_INVALID)
//   exclusive_with   it does not exclude itself (FIELD_INVALID)
//   document         nothing, or 64 lower-case hex digits (FIELD_INVALID)
//   implements       the policy that it carries out has, in its present version, each of its places in one of its own, or
//                    names none (SCOPE_WIDER). So it is with categories and target groups. That one may be amended later: whoever amends it
//                    is not asked about those that carry it out.
Status CheckPolicy(const store::Reader& state, const v1::OpenPolicy& policy, Ancestors* ancestors,
                   const std::string& field);

}  // namespace fundtrail::books
