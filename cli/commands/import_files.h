// What all imports do with their files: read them, keep what is rejected, tell how each went.
#pragma once

#include <cstdint>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "ledger/base/bytes.h"
#include "ledger/intake/target.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/exchange.h"
#include "ledger/sheets/map_draft.h"
#include "ledger/sheets/rows.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {

// Options that all imports have.
struct FileOptions {
  std::vector<std::string> files;
  Signing signing;
  std::string map_file, encoding, rejects_dir;
  sheets::Cells cells = sheets::Cells::kGuarded;
  const sheets::ExchangeFormat* format = nullptr;  // of files that are no sheets, and become one: else null
};
void AddFileOptions(CLI::App* command, FileOptions* options);

// FILE.rejects.csv: written beside, and put in place whole at the end.
class Rejects {
 public:
  // It is written so that it can be imported as the file was: with its header, separator and kind of cells. In UTF-8,
  // which a byte order mark says if the file was in another encoding.
  // A list of rejects that is imported itself has the columns `reason` and `line` already, and gets them once.
  Rejects(render::Language language, const std::string& file, const FileOptions& options, char separator,
          const std::vector<std::string>& header, bool is_utf8);
  ~Rejects();
  Rejects(const Rejects&) = delete;
  Rejects& operator=(const Rejects&) = delete;

  // The reason stands there in the language of who imports. Where the file cannot be written, the import goes on, since some of
  // it is recorded already: Finish says so.
  void Take(const sheets::RawRow& row, const std::string& reason);

  // The file's name, or nothing when no row was rejected. UNAVAILABLE when it could not be written whole: then an earlier
  // one is as it was.
  // `keep`: this run brought nothing in, so the reasons of the run that did are the ones to know.
  StatusOr<std::string> Finish(bool keep);

 private:
  void CannotWrite();

  const render::Language language_;
  const char separator_;
  const sheets::Cells cells_;
  const std::size_t own_columns_;
  const std::vector<std::string> header_;
  const bool is_utf8_;
  const std::string path_;
  std::ofstream out_;
  std::uint64_t count_ = 0;
  Status failed_;
};

// One of the files, read.
struct Sheet {
  std::string name;  // without folders
  std::string text;  // in UTF-8
  char separator = ',';
  Hash digest;  // of its bytes as they were read
  std::unique_ptr<Rejects> rejects;
};
// `encoding` and `separator` are the map's, and are found out where it says nothing; --encoding goes before it.
StatusOr<Sheet> OpenSheet(const Context& context, const std::string& file, const FileOptions& options,
                          const std::string& encoding, std::optional<char> separator);

// "1 row", "2,000 rows": counts as a sentence has them.
render::Shown RowsOf(std::uint64_t count);
render::Shown EntriesOf(std::uint64_t count);
render::Shown FilesOf(std::uint64_t count);

// Prints a first map for the one file, which `make` makes of its name and its bytes. Nothing is recorded.
StatusOr<Exit> PrintSuggestion(
    const Context& context, const FileOptions& options,
    const std::function<StatusOr<sheets::MapDraft>(const std::string& name, const std::string& bytes)>& make);

// How one file went.
struct ImportedFile {  // NOLINT(bugprone-exception-escape): its json allocates in a move that is noexcept
  nlohmann::json json;
  render::Shown text;
  bool well = true;  // else the command ends with 1
  Status after{};    // an error behind all that, which is told last
};
// INVALID_ARGUMENT for what one entry has, and an import, which writes many, does not have: --id, --memo, --receipt.
Status CheckManyEntries(const Signing& signing);
// Imports one file after the other, and tells how each went. What was imported before an error is told with it: with --json
// in one document.
// `total` is told last when there are several files, and its JSON is under "total".
StatusOr<Exit> ImportFiles(const Context& context, const FileOptions& options,
                           const std::function<StatusOr<ImportedFile>(const std::string& file)>& import,
                           const std::function<ImportedFile()>& total = nullptr);

// Over the network this reads the whole ledger.
StatusOr<std::unique_ptr<intake::Target>> OpenTarget(const Context& context, Connection* connection);

}  // namespace fundtrail::cli
