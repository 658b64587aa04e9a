// Payments as rows: each says which record it is, so that a browser can compare what it shows with what was signed.
#pragma once

#include <map>
#include <set>
#include <string>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

class PaymentRows : public Table {
 public:
  PaymentRows(const Asking& asking, const std::string& caption);
  void AddPayment(const v1::TransferLine& line);

 private:
  // "donation; 40.00 CNY undone by 9.1".
  std::string KindOf(const v1::TransferLine& line);

  const Asking& asking_;
  std::map<v1::TransferKind, std::string> kinds_;  // words that were looked up
  std::set<std::string> assets_;                   // of which a row says the record that declared them
};
// What a transfer is beside its amount: "committed, not paid" where nobody paid yet.
std::string KindAndStage(const Asking& asking, const v1::Transfer& transfer);

// What the address of a list of payments asks for. INVALID_ARGUMENT for what means nothing.
StatusOr<v1::ListRequest> PaymentsAsked(const Asking& asking);
// A piece of them as CSV, with the titles of the table where it is the first.
std::string PaymentsCsv(const Asking& asking, const v1::ListAnswer& piece, bool first);

// As the records have them: data-record, data-line, data-from, data-to, data-fund, data-asset, data-amount, data-date and
// data-asset-record. The amount is in the smallest unit of the asset, and the date is the value date. The asset's record
// says how many decimals it has.
Attributes SignedFields(const Asking& asking, const v1::TransferLine& line, bool says_asset);

}  // namespace fundtrail::pages
