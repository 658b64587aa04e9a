// How a spreadsheet is to be imported (import.h).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/map.h"

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

}  // namespace fundtrail::intake
