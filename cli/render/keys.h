// Keys that may sign for parties, and the ledger's own, as people and spreadsheets read them.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "fundtrail/v1/keys.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::KeyAnswer& answer, const Style& style, bool continued = false);
Shown Text(const v1::KeyHistory& history, const Style& style);
Shown Text(const v1::LedgerKeyAnswer& answer, const Style& style);

// Grants, one a line; what was taken back has the record that did it.
std::string KeysCsvHeader();
std::string KeysCsvLines(const google::protobuf::RepeatedPtrField<v1::KeyLine>& keys,
                         const v1::CheckpointRef& as_of, sheets::Cells cells);
// The ledger's own keys, oldest first; none while its key was never rotated.
std::string LedgerKeysCsv(const v1::LedgerKeyAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
