// A first import map for a list of payments: made from its header and its first rows, with a comment on each guess.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map_draft.h"

namespace fundtrail::sheets {

// The map, as TOML that ParseImportMap reads once all that it asks about is answered. What the file leaves open, as the form of
// "01/02/2026", is not guessed: both answers stand there, behind a `#`. `bytes` are the file's; `encoding` is what the user
// says, or empty. INVALID_ARGUMENT when the encoding is not certain or there is no header.
StatusOr<MapDraft> SuggestMap(std::string_view file_name, const std::string& bytes, std::string_view encoding,
                              Cells cells);

}  // namespace fundtrail::sheets
