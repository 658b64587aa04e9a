// export
#include "cli/commands/export.h"

#include <utility>

#include "CLI/CLI.hpp"

namespace fundtrail::cli {

StatusOr<Exported> OpenToExport(const Context& context) {
  if (!context.server.empty()) {
    return absl::InvalidArgumentError(
        "an export is made from the ledger's folder: give --ledger DIR, or `fundtrail clone` the server and "
        "export the copy");
  }
  FT_ASSIGN_OR_RETURN(const std::string dir, LedgerDir(context));
  Exported exported;
  FT_ASSIGN_OR_RETURN(exported.rows, folder::OpenFolderToRead(dir));
  FT_ASSIGN_OR_RETURN(exported.view, query::MakeView(*exported.rows));
  return exported;
}

void AddExportCommands(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("export", "Writes the whole ledger for other programs");
  group->require_subcommand(1);
  group->fallthrough();
  for (const auto add : {AddExportCsv, AddExportHledger, AddExportIati}) add(group, context);
}

}  // namespace fundtrail::cli
