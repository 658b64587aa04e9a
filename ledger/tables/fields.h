// The cells of one item of a register, or of what was said about one, in the order of its fields.
#pragma once

#include <string>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/tables/books.h"

namespace fundtrail::tables {

// Adds a cell for each field of the action's message, and for an amount two (HasUnits). The action is of a register or an
// attestation; else nothing is added.
Status AddFieldCells(Books* books, const v1::Action& action, std::vector<std::string>* cells);

// Where an action's item stands: its table and its id there. Both empty when it has none.
struct ItemPlace {
  std::string table, id;
};
ItemPlace ItemIn(const v1::Action& action);

// A JSON array of texts: ["a","b"]. Of none it is empty, as a cell of what nobody said.
std::string ListText(const std::vector<std::string>& texts);

}  // namespace fundtrail::tables
