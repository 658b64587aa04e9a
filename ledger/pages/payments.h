// Payments as rows: each says which record it is, so that a browser can compare what it shows with what was signed.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

class PaymentRows : public Table {
 public:
  PaymentRows(const Asking& asking, const std::string& caption);
  void AddPayment(const v1::TransferLine& line);

 private:
  const Asking& asking_;
  std::set<std::string> assets_;  // of which a row says the record that declared them
};
// As the records have them: data-record, data-line, data-from, data-to, data-fund, data-asset, data-amount, data-date and
// data-asset-record. The amount is in the smallest unit of the asset, and the date is the value date. The asset's record
// says how many decimals it has.
Attributes SignedFields(const Asking& asking, const v1::TransferLine& line, bool says_asset);

// The last payments of a party, or of all that are joined with it, the newest first, and how many there are in all. At most 2,000 are
// looked at, and `all_looked_at` says whether that was enough.
struct PartyPayments {
  std::vector<v1::TransferLine> newest;
  std::uint64_t looked_at = 0;
  bool all_looked_at = true;
};
StatusOr<PartyPayments> NewestPaymentsOf(const Asking& asking, const std::string& party, bool joined,
                                         std::size_t most);

}  // namespace fundtrail::pages
