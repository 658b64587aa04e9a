// Gathers the rows of a spreadsheet that go into one signed entry. Inside intake/: others use import.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/books/apply.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/duplicates.h"
#include "ledger/intake/import_options.h"
#include "ledger/intake/import_summary.h"
#include "ledger/intake/known_names.h"
#include "ledger/intake/row_actions.h"
#include "ledger/intake/target.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::intake {

// A row that goes into no entry.
struct Rejected {
  std::uint64_t row = 0;
  std::optional<sheets::Row> read;  // when it could be read
  Status why;
};

// Rows that are gathered for one entry.
struct Group {
  std::uint64_t first_row = 0;
  std::uint64_t rows = 0;  // looked at, the rejected ones too
  v1::Entry entry;
  // For which it is judged. None: it is tried, and judged when it is appended.
  std::optional<log::Place> place;
  std::unique_ptr<books::GrowingEntry> judge;
  RowContext context;
  v1::Entry alone;  // with the actions of one row
  std::size_t bytes = 0;
  RowRefs refs;     // known to the import once the entry is in the ledger
  ItemNames named;  // what it registers
  std::unordered_map<std::size_t, std::uint64_t> cells;  // likewise: the rows by a hash of their cells
  std::vector<Rejected> rejects;
  ImportSummary counts;
};

// The transfers that a row became. What was brought in or moved first, so that it could be paid, is not one of them. But where
// nothing else was done it is the row's own.
class RowTransfers {
 public:
  void Add(const v1::Transfer& transfer, TransferRef ref);
  const std::vector<TransferRef>& refs() const {
    return !paid_.empty() ? paid_ : !moved_.empty() ? moved_ : brought_;
  }

 private:
  std::vector<TransferRef> paid_, moved_, brought_;
};

// A reason to reject one row, and no failure of the import.
bool IsRowsOwn(const Status& status);

// Gathers rows while they fit in an entry, and knows what they need to know of the rows before them.
class Gatherer {
 public:
  // All must outlive it. `name` is the file's as references have it.
  Gatherer(Target* target, sheets::RowReader* rows, const ImportOptions& options, std::string name,
           const Hash& digest);

  // Of the entry that begins at this row.
  Bytes IdOf(std::uint64_t first_row) const;
  // Where the row stands, behind the file's name: ":12 voucher".
  static std::string PlaceOf(const sheets::Row& row);

  // A group without rows. It may not be moved from here on.
  Status Begin(std::uint64_t first_row, const std::optional<log::Place>& place, Group* group);
  // True when the row is in the group, false when the group has no room for it. A refusal or a doubt is the row's own.
  StatusOr<bool> AddRow(std::uint64_t i, const sheets::Row& row, Group* group);
  // Begins a group for the next place, and takes as many rows as fit.
  Status Fill(std::uint64_t first_row, Group* group);

  // What the next rows need to know of a group that is in the ledger as that record.
  void Remember(RecordIndex record, Group* group);
  // The same of a row that an earlier run brought in, and of its record.
  void RememberPresent(std::uint64_t i, const sheets::Row& row, const std::vector<TransferRef>& refs);
  void PassOver(RecordIndex record) { paid_before_.PassOver(record); }
  // Others wrote: what was read of the ledger, and what was found by rows that may now be refused, no longer holds.
  void ForgetSpent() { spent_.clear(); }
  void ForgetNames() { known_names_ = KnownNames(); }

  // The day of the ledger's first record.
  void SetBegun(Date day) { begun_ = day; }

 private:
  v1::Entry EntryAt(std::uint64_t first_row) const;
  std::size_t HashOfCells(std::uint64_t i);
  // The row's date is in the future or long ago.
  bool IsOdd(Date date) const;
  // A doubt when the row may be a payment that was made before.
  Status CheckNotPaid(std::uint64_t i, std::size_t hash, const sheets::Row& row, const v1::Entry& made,
                      const Group& group);

  Target& ledger_;
  sheets::RowReader& rows_;
  const ImportOptions& options_;
  const std::string name_;
  const Hash digest_, map_digest_;
  const std::vector<crypto::PublicKey> signers_;
  KnownNames known_names_;
  RowRefs refs_;
  Spent spent_;
  books::Items items_;
  Date begun_;
  PaidBefore paid_before_;
  std::unordered_map<std::size_t, std::uint64_t> cells_;  // of rows in the ledger: by a hash of their cells
};

}  // namespace fundtrail::intake
