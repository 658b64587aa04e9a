// What all imports share: the file of rejected rows, the progress line, the ledger to write to.
#pragma once

#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "cli/render/progress.h"
#include "cli/render/shown.h"
#include "ledger/intake/target.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/rows.h"

namespace fundtrail::cli {

// FILE.rejects.csv: written beside, and put in place whole at the end.
class Rejects {
 public:
  // It is written so that it can be imported as the file was: with its separator and kind of cells; and in UTF-8, which
  // a byte order mark says if the file was in another encoding.
  Rejects(const std::string& file, const std::string& dir, char separator, exchange::Cells cells,
          bool is_utf8);

  Status Take(const std::vector<std::string>& header, const exchange::RawRow& row, const std::string& reason);

  // The file's name, or nothing when no row was rejected.
  // `keep`: this run brought nothing in, so the reasons of the run that did are the ones to know.
  StatusOr<std::string> Finish(bool keep);

 private:
  char separator_;
  exchange::Cells cells_;
  bool is_utf8_;
  std::string path_;
  std::ofstream out_;
  std::uint64_t count_ = 0;
};

render::Progress ProgressOf(const render::Shown& label);

// Over the network this reads the whole ledger.
StatusOr<std::unique_ptr<intake::Target>> OpenTarget(Connection* connection);

// `import registers`, in the group `import`.
void AddImportRegisters(CLI::App* group, Context* context);

}  // namespace fundtrail::cli
