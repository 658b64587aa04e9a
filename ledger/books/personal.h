// The rules about natural persons: what binds their fields, and who says that the values are erased.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/storage.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// FIELD_INVALID when a commitment's hash is not 64 lower-case hex digits, or a field is listed twice.
Status CheckCommitments(const v1::RegisterParty& party, const std::string& field);

// `item` is the present version of the party.
//   NOT_RESPONSIBLE  `by` does not stand above the party
//   FIELD_INVALID    a hash is not a commitment of the party, as it is or as it was in an earlier version
Status CheckForget(const v1::ForgetPersonal& said, const v1::RegisterRow& item, Ancestors* ancestors,
                   const store::Reader& state, const std::string& field);

}  // namespace fundtrail::books
