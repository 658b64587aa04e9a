// Every register as a person or a spreadsheet reads it: columns and fields come from the form of the fields (form.proto).
#pragma once

#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/registers.pb.h"
#include "ledger/model/item_text.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// A table: the columns of the register, the record of each version, and how items ended where any did. Ids stand under
// each other as in a tree, where the answer is one. Items without a name show those of what they name.
Shown RegisterTable(const model::Register& of, const v1::RegistersAnswer& answer, const Style& style,
                    bool continued = false);
// Each item or version with all of its fields, one under the other, and below it what was said about it.
Shown RegisterItems(const v1::RegistersAnswer& answer, const Style& style, bool continued = false);
// `names` has those of what the item names.
Shown RegisterItem(const v1::RegisterLine& line, const ItemNames& names, const Style& style);
// Those that the line says of its item's amounts.
model::AmountDecimals DecimalsOf(const v1::RegisterLine& line);
// "party red-cross: Red Cross; parent root; role holder", with what is amended: an action of a register in a few words. An
// attestation too: "approve project lunches: decision approved; by county; of the version of record 12". Amounts whose
// decimals are not among those given are told in the smallest unit.
Shown ItemWords(const v1::Action& action, const model::AmountDecimals& decimals = {});

// Every field, then record, opened, ended and reason, and the checkpoint. What a list has is separated by "; ". Amounts have no commas.
std::string RegisterCsvHeader(const model::Register& of);
std::string RegisterCsvLines(const v1::RegistersAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
