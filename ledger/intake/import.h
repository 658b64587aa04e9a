// Imports a spreadsheet: rows become transfers, as many as fit in a signed entry, appended to a ledger.
//
// The file is cut into entries by its rows alone, in the order in which sheets/rows.h gives them. An
// entry's id is made from the file's and the map's hash and the entry's first row; the entry states its first
// and last row. So an import that was interrupted, or is run again, finds what is in the ledger and goes on
// behind it. Two that run at the same time share the work: what the other brought in is passed over.
//
// A row that the rules refuse is rejected with the reason and the others go on. Every row is judged as it comes, by the rules
// that the ledger applies (books::GrowingEntry). A ledger that others write too asks them again when it takes the entry.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/intake/import_options.h"
#include "ledger/intake/import_summary.h"
#include "ledger/intake/target.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::intake {

// One of the first rows of a file: how it was read, and what the rules would say.
struct PreviewedRow {
  std::uint64_t line = 0;
  std::optional<sheets::Row> row;  // none: it cannot be read
  std::string why;                 // it would be rejected; empty: it would be taken
};
struct Preview {
  std::uint64_t rows = 0;        // to process, after the map's rules
  std::uint64_t unreadable = 0;  // of all of them
  bool present = false;          // an import of this file with this map has begun before
  std::vector<PreviewedRow> first;
};

using RejectSink = std::function<Status(const sheets::RawRow& row, const std::string& reason)>;

// `name` is the file's name without folders, `text` its content in UTF-8, `digest` the hash of the bytes as they were
// read. An error means that the import stopped: the file or the key is unfit, or the ledger could not be written. What
// had been appended stays, and the same call goes on after it. When others write to the ledger at the same time and an
// entry no longer fits what it was made on, it is made again.
StatusOr<ImportSummary> ImportCsv(Target* target, const std::string& name, std::string_view text,
                                  const Hash& digest, const ImportOptions& options, const RejectSink& reject);

// The first `most` rows as ImportCsv would take them now. Writes nothing.
StatusOr<Preview> PreviewCsv(Target* target, const std::string& name, std::string_view text,
                             const Hash& digest, const ImportOptions& options, std::size_t most);

}  // namespace fundtrail::intake
