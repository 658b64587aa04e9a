// One row of a spreadsheet as a payment: what decoding a record makes, and what an import takes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/sheets/map.h"

namespace fundtrail::sheets {

// What reading a row did to its values, or settled where the file leaves it open. The importer tells it.
enum class Change : std::uint8_t {
  kCut,      // a text over kMaxRowText was cut
  kHidden,   // characters that nobody sees were taken out
  kGuard,    // an apostrophe before a sign that makes a formula was taken off (csv.h)
  kRounded,  // an amount was rounded, as the map allows
  kDay,      // two formats of the map read the date, as two different days: the first was taken
  kPlaces,   // a cell named several places, and a payment is for one: none was taken
  kDraws,  // draws that name no receipt of the payer were left out, as the map allows: found by the importer
  kProject,  // the ledger has no such project, and the payment is general money, as the map allows: likewise
  kFromProject,  // it has none that the row is paid out of, and nothing was moved, as the map allows: likewise
};
std::string_view Describe(Change change);

// All texts are single lines that CheckText takes. Names and ids of parties and funds, assets and row ids longer than
// their bounds are a fault of the row. The other texts are cut at kMaxRowText with a "…".
inline constexpr std::size_t kMaxNameText = 300;
inline constexpr std::size_t kMaxRowText = 1000;
inline constexpr std::size_t kMaxDraws = 256;
inline constexpr std::string_view kGeneralMoney = "-";

// The fault of a text over its bound.
Status TooLong(std::string_view what, std::size_t size, std::size_t max);

struct RowParty {
  std::string id;                     // valid, see base/id.h
  std::string name;                   // as people write it
  std::string parent;                 // empty: the importer's choice
  PartyRole role = PartyRole::kAuto;  // never kAuto in a row from Read
  // Whether it is a RECIPIENT only since the file shows no payment by it.
  bool role_inferred = false;
  // Whether the id was made from the name, so that another name may have made the same one.
  bool id_from_name = false;
  // Whether it was made to be read, so that names which only sound alike have it too. A number tells them apart.
  bool id_may_be_anothers = false;
};

struct Row {
  std::uint64_t line = 0;  // where it begins in the file, from 1
  Date date;
  RowParty from;
  RowParty to;
  Amount amount;      // never zero; below zero: the row takes a payment back
  int decimals = 2;   // those that the amount was read with
  std::string asset;  // never empty
  std::string fund;   // an id, or empty when the file says nothing
  std::string fund_name;
  std::string project;  // a registered one's id or name, or empty: general money
  // The project whose money the payer moves to `project`, as far as it has it, before the row is paid. kGeneralMoney: money
  // that is in none. Empty: the file does not say.
  std::string from_project;
  std::string project_words;
  std::string kind;
  std::string purpose;
  std::string reference;
  std::string place;
  std::string need;                            // a registered one's id, or empty: it names none
  std::string pledge, assignment, commitment;  // likewise
  bool committed = false;                      // a commitment that is not paid
  std::string row_id;
  std::vector<std::string> draws;  // ids of rows, each once
  std::set<Change> changes;
};

}  // namespace fundtrail::sheets
