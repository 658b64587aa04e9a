// Payments as rows: each says which record it is, so that a browser can compare what it shows with what was signed.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "fundtrail/v1/transfers.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/pages/asking.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::pages {

class PaymentRows : public Table {
 public:
  PaymentRows(const Asking& asking, const std::string& caption);
  void AddPayment(const v1::TransferLine& line);
  // Its line of a file, which is none of the table's rows.
  void AppendCsv(const v1::TransferLine& line, sheets::Cells cells, std::string* text);

 private:
  // What a file has of a payment: a cell for each column. The line must outlive it.
  class Plain {
   public:
    Plain(const v1::TransferLine& line, std::string kind);
    Plain(const Plain&) = delete;
    Plain& operator=(const Plain&) = delete;
    const std::array<std::string_view, 14>& cells() const { return cells_; }

   private:
    const std::string ref_, amount_, kind_;
    const std::array<std::string_view, 14> cells_;
  };

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
