// What all forms of `export` share: the ledger that is written down, and how a form is added. One file a form.
#pragma once

#include <memory>
#include <string>

#include "cli/context.h"
#include "ledger/folder/folder.h"
#include "ledger/query/view.h"

namespace fundtrail::cli {

// A ledger as it is now. What others append meanwhile is not in it.
struct Exported {
  std::unique_ptr<store::Store> rows;
  query::View view;
};
// INVALID_ARGUMENT when the ledger is behind a server: `clone` makes a copy of it.
StatusOr<Exported> OpenToExport(const Context& context);

// The forms, in the group of `export`.
void AddExportCsv(CLI::App* group, Context* context);
void AddExportHledger(CLI::App* group, Context* context);
void AddExportIati(CLI::App* group, Context* context);  // asks, so it is made of a server too

}  // namespace fundtrail::cli
