// Rows of a spreadsheet that may be payments which were made already. No rule refuses them: whoever imports is asked.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

// Of payments that look the same, so many are compared with a row.
inline constexpr int kMaxCompared = 20;

// What one import knows of payments in the ledger that are not its own.
class PaidBefore {
 public:
  // This record is of the import itself: its payments are none that were made before.
  void PassOver(RecordIndex record) { own_.insert(record); }
  // Such a record registered the party, and nobody else writes: it has made no payment that is not the import's own.
  void AddNew(const std::string& party) {
    if (loaded_.size() < kMostNew) loaded_.insert(party);  // the others are looked for when they pay
  }

  // The payment in the ledger that `transfer` may be again, with that value date: payer, payee, asset, amount, date and
  // stage are the same. `number` is the payer's own. Where both have one they are the same too. A payment that was sent
  // back whole does not count. The payments of each payer are read once, when the first is asked about: what others record
  // later is not known.
  StatusOr<std::optional<TransferRef>> Find(const store::Reader& rows, const v1::Transfer& transfer,
                                            Date date, const std::string& number);

 private:
  static constexpr std::size_t kMostNew = 100'000;
  Status Load(const store::Reader& rows, const std::string& payer);

  std::set<RecordIndex> own_;
  std::unordered_set<std::string> loaded_;                           // payers
  std::unordered_map<std::string, std::vector<TransferRef>> found_;  // by what is compared
};

// The payer's own number in a reference of that entry: of an imported one, what follows "FILE:LINE ".
std::string OwnNumberIn(const v1::Entry& entry, const std::string& reference);

}  // namespace fundtrail::intake
