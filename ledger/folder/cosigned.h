// The newest checkpoint of a ledger that witnesses cosigned: the file `cosigned` in its folder, a signed note. It is
// always a beginning of the ledger, and never goes back.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/store/store.h"
#include "ledger/tree/checkpoint.h"

namespace fundtrail::folder {

// Nothing when there is none; DATA_LOSS when it cannot be a note. A reader of this and the rows reads this first.
// Others may write to the ledger meanwhile, and what is cosigned must not be ahead of the rows.
StatusOr<std::optional<std::string>> ReadCosigned(const std::string& dir);
Status WriteCosigned(const std::string& dir, std::string_view note);

// That the note is a checkpoint of the ledger of that name, and the rows, of so many records, begin with it. It does not
// look at signatures: those are for whoever has a policy. DATA_LOSS says what is wrong.
StatusOr<tree::Checkpoint> CheckCosigned(std::string_view note, std::string_view name,
                                         const store::Reader& rows, std::uint64_t size);

}  // namespace fundtrail::folder
