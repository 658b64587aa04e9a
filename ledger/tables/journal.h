// The ledger as a journal of plain-text accounting, for hledger: docs/exchange.md says what stands where.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ledger/query/view.h"
#include "ledger/tables/rows.h"

namespace fundtrail::tables {

using TakeText = std::function<Status(std::string_view text)>;

// Hands over the journal, piece by piece. An error of `take` ends it. Its last transaction asserts what each account holds, so
// that hledger itself refuses a journal in which a payment before it is lost or has another amount. One that is cut off before
// that transaction asserts nothing. The view's rows must all be of one snapshot.
Status WriteJournal(const query::View& view, const TakeText& take, const Progress& progress);

// The name of an account there: party:fund, or party:fund:project. A ":" in an id, which would make an account below another, is
// written "/", which no id has.
std::string AccountText(std::string_view party, std::string_view fund, std::string_view project);
// An asset as hledger takes it: in quotes, unless it is letters alone.
std::string CommodityText(std::string_view asset);

}  // namespace fundtrail::tables
