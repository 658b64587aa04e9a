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
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/base/status.h"
#include "ledger/crypto/ed25519.h"
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
  sheets::ImportMap map;
  std::string map_text;                           // the map as read, for the ids; empty without a map
  Date date;                                      // of the entries
  sheets::Cells cells = sheets::Cells::kGuarded;  // how the file is written (sheets/csv.h)
  std::function<void(std::uint64_t done, std::uint64_t total)> progress;
  // Told what there is to say of the name of a party, before it is registered.
  std::function<void(const std::string& words)> warn;
};

struct AssetSums {
  int decimals = 0;
  Amount imported;       // rows above zero that are in the ledger
  Amount committed;      // of these, rows that are committed and not paid
  Amount returned;       // rows below zero that became returns
  Amount unrecorded;     // brought in from kUnrecorded: what payers lacked, or had of their own
  Amount in_projects;    // of `imported`, what is paid in projects: the next four together
  Amount from_sources;   // what sources brought straight in
  Amount drawn;          // what payers had in the project
  Amount put_in;         // what payers put in from their general money
  Amount unrecorded_in;  // what kUnrecorded brought in, a part of `unrecorded`
  Amount rejected;       // rows that could be read and were refused, without their sign
};

// Rows to which reading did one thing (sheets/row.h).
struct ChangedRows {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> lines;  // in the file, in the order of processing; at most kMostTold
};

// Of what may be said of every row of a large file, so many are told one by one; all are counted.
inline constexpr std::size_t kMostTold = 1000;

struct ImportSummary {
  std::uint64_t rows = 0;      // to process, after the map's rules
  std::uint64_t imported = 0;  // by this run
  std::uint64_t present = 0;   // in the ledger already
  std::uint64_t rejected = 0;
  std::uint64_t transfers = 0;  // made by this run
  std::uint64_t entries = 0;
  std::uint64_t parties = 0;                      // registered by this run
  std::set<std::string> same_ids;                 // names that share a party's id with another name, in words
  std::map<sheets::Change, ChangedRows> changed;  // of the rows that this run imported
  std::uint64_t alike = 0;  // parties registered with a name that needs a second look (base/names.h)
  std::vector<std::string> alike_names;  // what there is to be told of them; at most kMostTold
  std::vector<sheets::SkipCount> skipped;
  std::map<std::string, AssetSums> sums;              // by asset, of this run
  std::map<std::string, std::uint64_t> reject_codes;  // how many rows by refusal code
};

using RejectSink = std::function<Status(const sheets::RawRow& row, const std::string& reason)>;

// `name` is the file's name without folders, `text` its content in UTF-8, `digest` the hash of the bytes as
// they were read. An error means that the import stopped: the file or the key is unfit, or the ledger could
// not be written. What had been appended stays, and the same call goes on behind it. When others write to the ledger
// at the same time and an entry no longer fits what it was made on, it is made again.
StatusOr<ImportSummary> ImportCsv(Target* target, const std::string& name, std::string_view text,
                                  const Hash& digest, const ImportOptions& options, const RejectSink& reject);

}  // namespace fundtrail::intake
