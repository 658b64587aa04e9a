// The rows of a spreadsheet, imported as the root does, and what was rejected of them.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/import.h"
#include "ledger/log/ledger.h"
#include "ledger/log/seal.h"
#include "tests/support/entries.h"

namespace fundtrail::testing {

struct CsvImport {
  std::string text;
  Date date = Need(ParseDate("2026-03-01"));
  bool open_missing = false;
  bool register_unknown = true;
  bool refuse_duplicates = false;
  sheets::ImportMap map = sheets::DefaultMap();

  // The summary; what was rejected, as "line: reason", goes to `rejects`.
  StatusOr<intake::ImportSummary> Into(intake::Target* target,
                                       std::vector<std::string>* rejects = nullptr) const {
    const auto key = Key(1);
    intake::ImportOptions options;
    options.author = "root";
    options.key = &key;
    options.register_unknown = register_unknown;
    options.open_missing = open_missing;
    options.refuse_duplicates = refuse_duplicates;
    options.map = map;
    options.date = date;
    return intake::ImportCsv(target, "rows.csv", text, crypto::Sha256(text), options,
                             [&](const sheets::RawRow& row, const std::string& reason) {
                               if (rejects != nullptr)
                                 rejects->push_back(absl::StrCat(row.line, ": ", reason));
                               return absl::OkStatus();
                             });
  }
};

// What the ledger's last record has.
inline v1::Entry LastEntry(const log::Ledger& ledger) {
  const auto stored = Need(log::NeedRecord(ledger.store(), RecordIndex(ledger.size() - 1)));
  return Need(model::ParseEntry(stored.record.signed_entry().entry()));
}

}  // namespace fundtrail::testing
