// export hledger
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/export.h"
#include "cli/render/words.h"
#include "ledger/base/files.h"
#include "ledger/tables/journal.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

Status CheckIsNew(const std::string& file) {
  std::error_code error;
  if (!fs::exists(file, error)) return absl::OkStatus();
  return absl::InvalidArgumentError(absl::StrCat(file, " is there already: choose another name"));
}

// A file that gets its name when it is whole.
class JournalFile {
 public:
  explicit JournalFile(const std::string& path)
      : path_(path), part_(path + ".part"), out_(part_, std::ios::binary | std::ios::trunc) {}
  ~JournalFile() {
    std::error_code error;
    fs::remove(part_, error);
  }
  JournalFile(const JournalFile&) = delete;
  JournalFile& operator=(const JournalFile&) = delete;

  Status Add(std::string_view text) {
    out_ << text;
    return out_ ? absl::OkStatus() : CannotWriteJournal();
  }
  Status Finish() {
    out_.close();
    if (!out_) return CannotWriteJournal();
    FT_RETURN_IF_ERROR(SyncPath(part_));
    FT_RETURN_IF_ERROR(CheckIsNew(path_));  // somebody may have made it meanwhile
    std::error_code error;
    fs::rename(part_, path_, error);
    return error ? CannotWriteJournal() : absl::OkStatus();
  }

 private:
  Status CannotWriteJournal() const { return SystemError("write", path_); }

  const std::string path_, part_;
  std::ofstream out_;
};

StatusOr<Exit> RunExportHledger(const Context& context, const std::string& file) {
  FT_RETURN_IF_ERROR(CheckIsNew(file));
  FT_ASSIGN_OR_RETURN(const Exported exported, OpenToExport(context));
  if (file.empty() || file == "-") {
    FT_RETURN_IF_ERROR(tables::WriteJournal(
        exported.view,
        [](std::string_view text) {
          PrintData(text);
          return absl::OkStatus();
        },
        nullptr));
    return Exit::kYes;
  }
  JournalFile journal(file);
  render::Progress progress = ProgressOf(context, "writing the journal");
  FT_RETURN_IF_ERROR(tables::WriteJournal(
      exported.view, [&](std::string_view text) { return journal.Add(text); },
      [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); }));
  progress.Finish();
  FT_RETURN_IF_ERROR(journal.Finish());
  const v1::CheckpointRef& as_of = exported.view.checkpoint;
  if (context.json) {
    const nlohmann::json json = {{"file", file},
                                 {"ledger", as_of.ledger()},
                                 {"size", std::to_string(as_of.size())},
                                 {"root", HexEncode(as_of.root())}};
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  Print(context, render::Say("{}: the journal of {}, as of {} records, root {}\n", file, as_of.ledger(),
                             render::Number(as_of.size()), HexEncode(as_of.root())));
  return Exit::kYes;
}

}  // namespace

void AddExportHledger(CLI::App* group, Context* context) {
  auto* hledger =
      group->add_subcommand("hledger", "Writes a journal that hledger reads, with the same balances");
  auto file = std::make_shared<std::string>();
  hledger->add_option("FILE", *file, "The journal to make; else standard output");
  hledger->footer("Example: fundtrail --ledger demo export hledger demo.journal");
  OnRun(hledger, context, [=] { return RunExportHledger(*context, *file); });
}

}  // namespace fundtrail::cli
