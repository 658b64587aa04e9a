// Who recorded what, record by record, and what came between two checkpoints, as a person and a spreadsheet read them.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/style.h"
#include "fundtrail/v1/log.pb.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::render {

// All records of an answer, added up. A sum that is more than 63 bits can count is shown as the most.
class LogTotal {
 public:
  void Add(const v1::LogLine& line);
  // How many records, authors and actions there are, and what moved.
  Shown Text(const Style& style) const;
  // Which items were opened, amended and ended, and which keys were given and taken back, with the records that did it.
  Shown Items(const Style& style) const;

 private:
  struct MoneyTotal {
    std::uint32_t decimals = 0;
    v1::LogSum paid, moved, sent_back, committed, withdrawn;
  };
  struct OfRegister {
    std::uint64_t opened = 0, amended = 0, ended = 0;
    std::vector<std::string> ids;  // of those that were opened: the first few
  };
  struct KeyChange {
    std::string key, party;
    std::uint64_t record = 0;
    bool taken = false;
  };

  std::uint64_t records_ = 0, more_items_ = 0;
  std::set<std::string> authors_;
  std::map<std::string, std::uint64_t> kinds_;
  std::map<std::string, MoneyTotal> money_;  // by asset
  std::map<std::string, OfRegister> registers_;
  std::vector<KeyChange> keys_;
};

// `between` shows the items and keys too.
Shown Text(const v1::LogAnswer& answer, const v1::LogRequest& request, bool between, const Style& style);

// One line for each record and asset; a record in which no money moves has one line without an asset.
std::string LogCsvHeader();
std::string LogCsvLines(const v1::LogAnswer& answer, sheets::Cells cells);

}  // namespace fundtrail::render
