// What an import of payments did, in numbers: what is printed at its end.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/record.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/intake/row_actions.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::intake {

struct AssetSums {
  int decimals = 0;
  Amount imported;       // rows above zero that are in the ledger
  Amount committed;      // of these, rows that are committed and not paid
  Amount returned;       // rows below zero that became returns
  Amount unrecorded;     // brought in from kUnrecorded: what payers lacked, or had of their own
  Amount in_projects;    // of `imported`, what is paid in projects: the next four together
  Amount from_sources;   // what sources brought straight in
  Amount drawn;          // what payers had in the project, or moved there from another
  Amount put_in;         // what payers put in from their general money
  Amount unrecorded_in;  // what kUnrecorded brought in, a part of `unrecorded`
  Amount rejected;       // rows that could be read and were refused, without their sign
};

// Rows to which reading did one thing (sheets/row.h).
struct ChangedRows {
  std::uint64_t rows = 0;
  std::vector<std::uint64_t> lines;  // in the file, in the order of processing; at most kMaxTold
};

// Of what may be said of every row of a large file, so many are told one by one; all are counted.
inline constexpr std::size_t kMaxTold = 1000;

struct ImportSummary {
  std::uint64_t rows = 0;      // to process, after the map's rules
  std::uint64_t imported = 0;  // by this run
  std::uint64_t present = 0;   // in the ledger already
  std::uint64_t rejected = 0;
  std::uint64_t transfers = 0;  // made by this run
  std::uint64_t entries = 0;
  // The records of these entries. Records of others may stand between them.
  std::optional<std::uint64_t> first_record, last_record;
  std::uint64_t parties = 0;       // registered by this run
  std::set<std::string> same_ids;  // names that share a party's id with another name, in words
  std::set<std::string>
      by_name;  // names of registered parties that stood where their ids are asked, in words
  std::map<sheets::Change, ChangedRows> changed;  // of the rows that this run imported
  ChangedRows odd_dates;    // imported with a date that is in the future or long ago (ImportOptions::today)
  std::uint64_t alike = 0;  // parties registered with a name that needs a second look (base/names.h)
  std::vector<std::string> alike_names;  // what there is to be told of them; at most kMaxTold
  std::vector<sheets::SkipCount> skipped;
  std::map<std::string, AssetSums> sums;              // by asset, of this run
  std::map<std::string, std::uint64_t> reject_codes;  // how many rows by refusal code
};

// Why a row is rejected that no rule refuses: ALREADY_EXISTS, "DUPLICATE_SUSPECTED: the sentence". IsDoubt is true of such
// alone.
Status Doubt(const std::string& code, const std::string& sentence);
bool IsDoubt(const Status& status);

// Counts a row that went into an entry: what was made of it, and what the rules made of that.
void CountRow(const sheets::Row& row, const RowActions& made, const v1::Outcome& outcome, ImportSummary* to);
// Counts a row that went into none; `row` is null when it could not be read.
void CountReject(const sheets::Row* row, const Status& why, ImportSummary* to);
// Counts the entry that is in the ledger as this record.
void CountEntry(std::uint64_t record, ImportSummary* to);
// Adds what was counted of one entry.
void AddCounts(const ImportSummary& from, ImportSummary* to);

}  // namespace fundtrail::intake
