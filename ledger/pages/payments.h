// Payments as rows: each says which record it is, so that a browser can compare what it shows with what was signed.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

Table PaymentsTable(const Asking& asking, const std::string& caption);
void AddPayment(const Asking& asking, const v1::TransferLine& line, Table* payments);
// data-record, data-line, data-from, data-to, data-asset, data-amount (in the smallest unit of the asset) and data-date (the value
// date): as the record has them.
Attributes SignedFields(const v1::TransferLine& line);

// The last payments of the ledger, the newest first. Of the last records at most 500 are looked at.
StatusOr<std::vector<v1::TransferLine>> NewestPayments(const Asking& asking, std::size_t most);
// The last payments of a party, the newest first, and how many it has in all: at most 2,000 are looked at, and `all_looked_at` says
// whether that was enough.
struct PartyPayments {
  std::vector<v1::TransferLine> newest;
  std::uint64_t looked_at = 0;
  bool all_looked_at = true;
};
StatusOr<PartyPayments> NewestPaymentsOf(const Asking& asking, const std::string& party, std::size_t most);

}  // namespace fundtrail::pages
