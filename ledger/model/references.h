// References of transfers: as rows have them, as messages have them, and as people write them. The one home of all three.
#pragma once

#include <string>
#include <string_view>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"

namespace fundtrail::model {

// "12" or "12.3", as people write them. `line` is 0 in the first form. INVALID_ARGUMENT for anything else.
StatusOr<TransferRef> ParseRef(std::string_view text);
// "12.3".
std::string RefText(TransferRef ref);
// The same; of one in the same entry ".3".
std::string RefText(const v1::TransferRef& ref);

// Of a reference that names its record, as questions and answers do.
TransferRef RefOf(const v1::TransferRef& ref);
void SetRef(TransferRef ref, v1::TransferRef* out);

// The same in an entry of the record `own`, where transfers of the same entry are named without its number.
TransferRef RefIn(RecordIndex own, const v1::TransferRef& named);
void SetRefIn(RecordIndex own, TransferRef ref, v1::TransferRef* out);

}  // namespace fundtrail::model
