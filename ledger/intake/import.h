// Imports a spreadsheet: rows become transfers, as many as fit in a signed entry, appended to a ledger.
//
// The file is cut into entries by its rows alone, in the order in which sheets/rows.h gives them. An
// entry's id is made from the file's and the map's hash and the entry's first row; the entry states its first
// and last row. So an import that was interrupted, or is run again, finds what is in the ledger and goes on
// behind it. Two that run at the same time share the work: what the other brought in is passed over.
//
// A row that the rules refuse is rejected with the reason and the others go on. Every row is tried on an
// overlay first (books::ApplyActions), by the rules that the ledger applies.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/import_summary.h"
#include "ledger/intake/target.h"
#include "ledger/sheets/map.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::intake {

struct ImportOptions {
  std::string author;
  const crypto::SigningKey* key = nullptr;  // signs every entry
  bool register_unknown = false;            // register unknown parties, funds and assets under the author
  bool open_missing = false;                // what a payer lacks comes in from kUnrecorded
  // Whether texts may hold what reads as a number of a person (personal_numbers.h). Else such a row is rejected.
  bool not_personal = false;
  // Whether a row that may be a payment made before is rejected. That is one of the ledger (duplicates.h), or an earlier
  // row of the file with the same cells.
  bool refuse_duplicates = false;
  // Where it is given, rows are counted whose date is after it, or ten years or more before the ledger's first record.
  std::optional<Date> today;
  bool strict_dates = false;  // they are rejected
  sheets::ImportMap map;
  std::string map_text;                           // the map as read, for the ids; empty without a map
  Date date;                                      // of the entries
  sheets::Cells cells = sheets::Cells::kGuarded;  // how the file is written (sheets/csv.h)
  // Where the text was made of a file of another form: the line of each row there, in order. Rows may share one, and then
  // their references differ.
  std::vector<std::uint64_t> lines;
  // Whether the references are the payers' own numbers: two payments with different ones are two (duplicates.h).
  bool own_numbers = true;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  // Told what there is to say of the name of a party, before it is registered.
  std::function<void(const std::string& words)> warn;
};

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
