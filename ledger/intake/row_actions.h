// What one row of a spreadsheet asks of the ledger: the actions that bring it in. row_builder.h makes them.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/items.h"
#include "ledger/model/row_keys.h"
#include "ledger/sheets/row.h"
#include "ledger/store/store.h"

namespace fundtrail::intake {

// The transfers that rows with an id of their own became.
using RowRefs = std::unordered_map<std::string, std::vector<TransferRef>>;

// Where the search for payments to take back need not look again. It is between a payer's accounts and a payee's.
// The receipts with these statement keys, from `low` to `high`, are spent or sent back. What is undrawn only ever gets less.
// Of what names a need there is one for each: receipts that do not name it count as spent there.
struct SpentReceipts {
  Bytes low, high;
};
using Spent =
    std::map<std::tuple<std::vector<model::AccountNumber>, model::AccountNumber, std::string>, SpentReceipts>;

struct RowContext {
  std::string author;
  bool register_unknown = false;
  bool open_missing = false;
  bool ignore_unusable_draws = false;
  bool ignore_unknown_projects = false;  // what names one is general money
  bool own_is_unrecorded = false;        // what a body pays itself in a project comes from kUnrecorded
  std::string reference;                 // file and line
  RecordIndex record;             // the record that the entry will be: names in it are written as same_entry
  Spent* spent = nullptr;         // kept from row to row; may be null
  books::Items* items = nullptr;  // likewise, and never null
  // What the row with this id became; null when no such row came before.
  std::function<const std::vector<TransferRef>*(const std::string& row_id)> find_refs;
  // The items of a register that have a name, in the ledger and in the rows before: exactly this one, or one like it
  // (known_names.h). May be empty: then an item is found by its id alone.
  std::function<StatusOr<std::vector<std::string>>(v1::Action::ActionCase kind, const std::string& name,
                                                   bool exactly)>
      called;
};

struct RowActions {
  std::vector<v1::Action> actions;
  Amount unrecorded;  // how much of it kUnrecorded brings in
  // Of a payment in a project: all of it, what the payer had there already or moved there from another project, and what it
  // puts in from its general money.
  // What is in neither of them kUnrecorded or another source brings straight in.
  Amount in_project, drawn, put_in;
  std::uint64_t parties = 0;  // how many of them register a party
  // Names that have the id of a party with another name: they differ in case, spaces and signs alone.
  std::vector<std::string> same_ids;
  // What the row calls parties, funds, projects and places that are registered with another id: "OXFAM is oxfam".
  std::vector<std::string> by_name;
  bool draws_left_out = false;         // the payment, or a part of it, does not draw on what the row names
  bool project_left_out = false;       // the ledger has no such project, and the payment is general money
  bool from_project_left_out = false;  // likewise the one that it is paid from, and nothing is moved
};

// A Status is the reason to reject the row, or the store's failure (kDataLoss, kUnavailable).
StatusOr<RowActions> ActionsFor(const store::Reader& state, const sheets::Row& row,
                                const RowContext& context);

}  // namespace fundtrail::intake
