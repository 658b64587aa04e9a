// export csv
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/export.h"
#include "cli/render/words.h"
#include "ledger/base/files.h"
#include "ledger/crypto/sha256.h"
#include "ledger/folder/whole_folder.h"
#include "ledger/tables/package.h"
#include "ledger/tables/rows.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMaxPackage = std::size_t{4} << 20;

struct ExportCsvOptions {
  std::string dir;
  sheets::Cells cells = sheets::Cells::kGuarded;
  bool bom = false;
  bool dictionary = false;
};

// The files of an earlier export, by its own list; none when there is no such list.
StatusOr<std::set<std::string>> FilesOfExport(const std::string& dir) {
  FT_ASSIGN_OR_RETURN(const auto text, ReadKeptFile(dir + "/" + tables::kPackageFile, kMaxPackage));
  std::set<std::string> files;
  if (!text.has_value()) return files;
  const auto package = nlohmann::json::parse(*text, nullptr, false);
  if (!package.is_object() || package.value("name", nlohmann::json()) != tables::kProfile) return files;
  files.insert(tables::kPackageFile);
  // Another version may have had other tables.
  for (const auto& resource : package.value("resources", nlohmann::json::array()))
    if (resource.is_object() && resource.value("path", nlohmann::json()).is_string())
      files.insert(resource["path"].get<std::string>());
  return files;
}

// An export replaces an empty folder or an earlier export. Nothing else is written over.
Status CheckExportFolder(const std::string& dir) {
  std::error_code error;
  if (!fs::exists(dir, error)) return absl::OkStatus();
  if (!fs::is_directory(dir, error))
    return absl::InvalidArgumentError(absl::StrCat(dir, " is no folder: choose another name"));
  FT_ASSIGN_OR_RETURN(const auto known, FilesOfExport(dir));
  for (const auto& file : fs::directory_iterator(dir, error)) {
    if (known.count(file.path().filename().string()) > 0) continue;
    return absl::InvalidArgumentError(absl::StrCat(dir, " holds ", file.path().filename().string(),
                                                   ", which is of no export: choose an empty folder"));
  }
  if (error) return absl::UnavailableError(absl::StrCat("cannot read ", dir, ": ", error.message()));
  return absl::OkStatus();
}

// The files of the tables, as they grow.
class TableFiles {
 public:
  TableFiles(const folder::WholeFolder& folder, const ExportCsvOptions& options)
      : folder_(folder), options_(options) {}

  // Every table has its file, those without rows too.
  Status Begin() {
    for (const tables::Table& table : tables::Schema()) {
      File& file = files_[table.name];
      file.out.open(folder_.PathOf(table.name + ".csv"), std::ios::binary | std::ios::trunc);
      if (options_.bom) FT_RETURN_IF_ERROR(Write("\xef\xbb\xbf", table.name, &file));
      std::vector<std::string> titles;
      for (const tables::Column& column : table.columns) titles.push_back(column.name);
      FT_RETURN_IF_ERROR(Write(sheets::CsvLine(titles, options_.cells), table.name, &file));
    }
    return absl::OkStatus();
  }

  Status Add(const tables::Table& table, const std::vector<std::string>& cells) {
    File& file = files_[table.name];
    ++file.written.rows;
    return Write(sheets::CsvLine(cells, options_.cells), table.name, &file);
  }

  StatusOr<std::map<std::string, tables::Written>> Finish() {
    std::map<std::string, tables::Written> written;
    for (auto& [name, file] : files_) {
      file.out.close();
      if (!file.out) return CannotWrite(name);
      file.written.sha256 = HexEncode(file.hash.Finish().view());
      written[name] = file.written;
    }
    return written;
  }

 private:
  struct File {
    std::ofstream out;
    crypto::Sha256Stream hash;
    tables::Written written;
  };

  Status CannotWrite(const std::string& name) const {
    return SystemError("write", folder_.PathOf(name + ".csv"));
  }
  Status Write(const std::string& text, const std::string& name, File* file) {
    file->out << text;
    file->hash.Update(text);
    file->written.bytes += text.size();
    return file->out ? absl::OkStatus() : CannotWrite(name);
  }

  const folder::WholeFolder& folder_;
  const ExportCsvOptions& options_;
  std::map<std::string, File> files_;
};

StatusOr<Exit> RunExportCsv(const Context& context, const ExportCsvOptions& options) {
  if (options.dictionary) {
    PrintData(tables::Dictionary());
    return Exit::kYes;
  }
  if (options.dir.empty())
    return absl::InvalidArgumentError("DIR is required: which folder are the tables to be written to?");
  FT_RETURN_IF_ERROR(CheckExportFolder(options.dir));
  FT_ASSIGN_OR_RETURN(const Exported exported, OpenToExport(context));
  FT_ASSIGN_OR_RETURN(const auto folder, folder::WholeFolder::Begin(options.dir));
  TableFiles files(*folder, options);
  FT_RETURN_IF_ERROR(files.Begin());
  render::Progress progress = ProgressOf(context, "writing tables");
  FT_RETURN_IF_ERROR(tables::EachRow(
      exported.view,
      [&](const tables::Table& table, const std::vector<std::string>& cells) {
        return files.Add(table, cells);
      },
      [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); }));
  progress.Finish();
  FT_ASSIGN_OR_RETURN(const auto written, files.Finish());
  const v1::CheckpointRef& as_of = exported.view.checkpoint;
  FT_RETURN_IF_ERROR(WriteFileAtomically(folder->PathOf(tables::kPackageFile),
                                         tables::PackageJson(as_of, options.cells, written)));
  // It took its time: what somebody put there meanwhile is not removed.
  FT_RETURN_IF_ERROR(CheckExportFolder(options.dir));
  FT_RETURN_IF_ERROR(folder->Finish());
  std::uint64_t rows = 0, bytes = 0;
  for (const auto& [name, one] : written) {
    rows += one.rows;
    bytes += one.bytes;
  }
  if (context.json) {
    nlohmann::json json = {{"ledger", as_of.ledger()},
                           {"size", std::to_string(as_of.size())},
                           {"root", HexEncode(as_of.root())},
                           {"rows", nlohmann::json::object()}};
    for (const auto& [name, one] : written) json["rows"][name] = std::to_string(one.rows);
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  Print(context,
        render::Say("{} tables with {} rows, {} bytes, of {} in {}, as of {} records, root {}\n",
                    render::Number(written.size()), render::Number(rows), render::Number(bytes),
                    as_of.ledger(), options.dir, render::Number(as_of.size()), HexEncode(as_of.root())));
  return Exit::kYes;
}

}  // namespace

void AddExportCsv(CLI::App* group, Context* context) {
  auto* csv = group->add_subcommand(
      "csv",
      "Writes tables that DuckDB, pandas and a spreadsheet open, and datapackage.json, which describes them");
  auto options = std::make_shared<ExportCsvOptions>();
  csv->add_option("DIR", options->dir, "The folder to write to: a new or an empty one, or an earlier export");
  AddRaw(csv, &options->cells, nullptr)
      ->description("Writes cells exactly as they are. Do not open such a file with a spreadsheet");
  csv->add_flag("--bom", options->bom,
                "Begins each file with a byte order mark, which some spreadsheets need");
  csv->add_flag("--dictionary", options->dictionary,
                "Prints what each column of each table is, as Markdown, and writes nothing");
  csv->footer("Example: fundtrail --ledger demo export csv tables");
  OnRun(csv, context, [=] { return RunExportCsv(*context, *options); });
}

}  // namespace fundtrail::cli
