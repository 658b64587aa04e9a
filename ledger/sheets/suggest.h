// A first import map for a file: made from its header and its first rows, with a comment on each guess.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::sheets {

// So many rows are looked at.
inline constexpr std::size_t kMaxRowsLookedAt = 1000;

// The map, as TOML that ParseImportMap reads once all that it asks about is answered. What the file leaves open, as the form of
// "01/02/2026", is not guessed: both answers stand there, behind a `#`. `bytes` are the file's; `encoding` is what the user
// says, or empty. INVALID_ARGUMENT when the encoding is not certain or there is no header.
StatusOr<std::string> SuggestMap(std::string_view file_name, const std::string& bytes,
                                 std::string_view encoding, Cells cells);

}  // namespace fundtrail::sheets
