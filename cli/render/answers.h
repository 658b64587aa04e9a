// Records, balances, statements and registers as a person reads them.
#pragma once

#include <string>

#include "cli/render/item_names.h"
#include "cli/render/style.h"
#include "fundtrail/v1/balance.pb.h"
#include "fundtrail/v1/statement.pb.h"
#include "fundtrail/v1/transfers.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

Shown Text(const v1::ShowAnswer& answer, const Style& style);
Shown Text(const v1::ListAnswer& answer, const Style& style, bool continued = false);
Shown Text(const v1::BalanceAnswer& answer, const Style& style);
Shown Text(const v1::StatementAnswer& answer, const Style& style, bool continued = false);
// All that is stated as one, by asset: what came from others and went to others, and what stayed within.
Shown TogetherText(const v1::StatementAnswer& answer, const Style& style);

// Every transfer with its pieces: ref, dates, parties, amounts, draws, returns, and where each unit came
// from. Here and below: cells that a spreadsheet would run have guards (sheets/csv.h), or are raw. `names` has those of the page.
std::string ListCsvHeader();
std::string ListCsvLines(const v1::ListAnswer& page, const ItemNames& names, sheets::Cells how);
std::string BalanceCsv(const v1::BalanceAnswer& answer, sheets::Cells cells);
// `within`: with a column that says of each line whether the other side is stated too.
std::string StatementCsvHeader(bool within = false);
// `names` has those of the page and of all before it.
std::string StatementCsvLines(const v1::StatementAnswer& answer, const ItemNames& names, sheets::Cells cells,
                              bool within = false);

Shown ActionText(const v1::Action& action);  // in a few words; empty for a transfer
// ", project lunches, to general money": whose money it was and is then, with a comma before each; empty for general money.
Shown ProjectWords(const v1::Transfer& transfer);

}  // namespace fundtrail::render
