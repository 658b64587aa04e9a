// What a file tells, as the sheets that imports take: a table of items for each register, and one of payments, whose columns are
// called as the fields are.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ledger/iati/payment.h"

namespace fundtrail::iati {

// A table as CSV, with raw cells (sheets/csv.h), and the line of the file of which each row was made.
struct Sheet {
  std::string text;
  std::vector<std::uint64_t> lines;  // one a row
};

inline constexpr const char* kRegisters[] = {"asset",     "party",   "place", "category",
                                             "programme", "project", "duty"};

// The column of `payments` with a row's own id, where the file says the order of the log.
inline constexpr char kRowId[] = "id";

struct Tables {
  // One for each of kRegisters, in the order in which they are to be imported. Those without rows are left out.
  std::vector<std::pair<std::string, Sheet>> registers;
  Sheet payments;
  std::string which;  // which transactions its rows are: a line of each and its number in the activity
  bool in_order =
      false;  // they stand in the order of the log that the file was written from; else they go by date
  // What is refused before any rule sees it: the cells of the payment, as the header of `payments` has them.
  struct Refused {
    std::uint64_t line = 0;
    std::vector<std::string> cells;
    std::string code, why;
  };
  std::vector<Refused> refused;
  std::vector<std::string> header;  // of `payments`
};

struct TableOptions {
  std::string fund;    // of payments whose transaction names none; empty for the ledger's own default
  bool duties = true;  // whether who takes part in what becomes a duty
  std::function<bool(const std::string& code)> has_asset;
  // What the ledger does not have and is to be opened, by the ids that it gets.
  std::map<std::string, NamedPlace> new_places;
  std::map<std::string, Sector> new_categories;
};

Tables MakeTables(const Payments& payments, const TableOptions& options);

}  // namespace fundtrail::iati
