// A first map for a spreadsheet whose rows are items of a register: as ledger/sheets/suggest.h for payments.
#pragma once

#include <string>
#include <string_view>

#include "ledger/base/status.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map_draft.h"

namespace fundtrail::intake {

// The map, as TOML that ParseFieldMap reads. It knows usual titles and words in English and Chinese (register_words.h). Where no
// column has ids that a ledger takes, they are made of names. `bytes` are the file's; `encoding` is what the user says, or
// empty. INVALID_ARGUMENT when the encoding is not certain or there is no header.
StatusOr<sheets::MapDraft> SuggestRegisterMap(const model::Register& of, std::string_view file_name,
                                              const std::string& bytes, std::string_view encoding,
                                              sheets::Cells cells);

}  // namespace fundtrail::intake
