// Imports a spreadsheet whose rows are items of a register: each row becomes an action, as many as fit in a signed entry.
//
// Rows may stand in any order: one that names an item of the same file is tried again when that is there. A row whose
// item the ledger has, just so, is passed over. So an import that was interrupted, or is run again, goes on where it
// ended. A row that the rules refuse is rejected with the reason, and the others go on.
//
// Where the map says `name_in`, a cell names an item as people do. Of an item that the row names, it is that one's id, or the
// name that it alone has. Of the row's own id, it is the item with this name; where none has it, an id is made of the name. So a
// second run finds what the first one made. An id so made that is another item's is refused: names may sound alike.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/intake/target.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/field_map.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::intake {

struct RegisterImportOptions {
  const model::Register* of = nullptr;
  std::string author;
  const crypto::SigningKey* key = nullptr;  // signs every entry
  Date date;                                // of the entries
  // Without fields each column is the field of its title.
  sheets::FieldMap map;
  sheets::Cells cells = sheets::Cells::kGuarded;
  // An item that is there and differs becomes a new version, in the fields that the file has. Else its row is rejected.
  bool amend = false;
  // Whether texts may hold what reads as a number of a person (personal_numbers.h). Else such a row is rejected.
  bool not_personal = false;
  // Whether rows are only tried by the rules, each on top of those before it: nothing is appended.
  bool dry_run = false;
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
};

struct RegisterImportSummary {
  std::uint64_t rows = 0;
  std::uint64_t added = 0;
  std::uint64_t amended = 0;
  std::uint64_t present = 0;  // in the ledger just so already
  std::uint64_t rejected = 0;
  std::uint64_t entries = 0;
  std::vector<std::string> unused;                    // columns that are no field's
  std::map<std::string, std::uint64_t> reject_codes;  // how many rows by refusal code
  // The items that rows came to, by id: added, amended, or there already. How each stood then, as StandsAs has it
  // (attest_items.h).
  std::map<std::string, Bytes> items;
};

using RowRejected = std::function<Status(const sheets::RawRow& row, const std::string& reason)>;

// `name` is the file's name without folders, `text` its content in UTF-8, `digest` the hash of the bytes as they were
// read. An error means that the import stopped: the file, the map or the key is unfit, or the ledger could not be written.
// What had been appended stays.
StatusOr<RegisterImportSummary> ImportRegister(Target* target, const std::string& name, std::string_view text,
                                               const Hash& digest, const RegisterImportOptions& options,
                                               const RowRejected& reject);

}  // namespace fundtrail::intake
