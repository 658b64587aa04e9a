// The form of an entry's fields: lengths, ids, dates, enums. Needs no ledger. Each check answers with a
// FIELD_INVALID refusal that names the field.
#pragma once

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// Everything but the bound on the record's bytes, and what the books decide.
Status CheckEntry(const v1::Entry& entry);

}  // namespace fundtrail::model
