// See import_files.h.
#include "cli/commands/import_files.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/import_target.h"
#include "cli/render/messages.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/sheets/encoding.h"

namespace fundtrail::cli {

namespace fs = std::filesystem;

void AddFileOptions(CLI::App* command, FileOptions* options) {
  command->add_option("FILE", options->files, "The CSV files to read")->required();
  AddSigning(command, &options->signing);
  AddReceipt(command, &options->signing);
  // An import writes many entries, and refuses what is of one.
  for (const char* one : {"--receipt", "--cosigned", "--id", "--memo"}) command->get_option(one)->group("");
  command->add_option("--map", options->map_file, "A TOML file that says what each column holds");
  command->add_option("--encoding", options->encoding,
                      "The encoding of the files: utf-8, gb18030, windows-1252 or utf-16; else that of the "
                      "map, or what each file is "
                      "found to be");
  AddRaw(command, &options->cells, nullptr)
      ->description("Reads cells and writes rejects exactly as they are: a ' before = + - @ stays");
  command->add_option("--rejects-dir", options->rejects_dir,
                      "The folder for FILE.rejects.csv; else the folder of FILE");
}

namespace {

// How many columns at the front are those that an earlier list of rejects got: none of another file.
std::size_t OwnColumns(const std::string& file, const std::vector<std::string>& header) {
  const bool own = absl::EndsWith(file, ".rejects.csv") && header.size() > 2 && header[0] == "reason" &&
                   header[1] == "line";
  return own ? 2 : 0;
}

std::vector<std::string> Without(std::size_t count, const std::vector<std::string>& cells) {
  const auto passed = static_cast<std::ptrdiff_t>(std::min(count, cells.size()));
  return {cells.begin() + passed, cells.end()};
}

}  // namespace

Rejects::Rejects(render::Language language, const std::string& file, const FileOptions& options,
                 char separator, const std::vector<std::string>& header, bool is_utf8)
    : language_(language),
      separator_(separator),
      cells_(options.cells),
      own_columns_(OwnColumns(file, header)),
      header_(Without(own_columns_, header)),
      is_utf8_(is_utf8),
      path_(options.rejects_dir.empty()
                ? file + ".rejects.csv"
                : (fs::path(options.rejects_dir) / (fs::path(file).filename().string() + ".rejects.csv"))
                      .string()) {}

Rejects::~Rejects() {
  if (!out_.is_open()) return;  // else the import was broken off
  std::error_code error;
  out_.close();
  fs::remove(path_ + ".part", error);
}

void Rejects::CannotWrite() {
  Status why = SystemError("write", path_);  // of the call before: first of all
  std::error_code error;
  out_.close();
  fs::remove(path_ + ".part", error);
  failed_ = absl::UnavailableError(
      absl::StrCat(why.message(),
                   "; what was recorded stays: import the file again with --rejects-dir DIR, to have "
                   "the rejected rows"));
}

void Rejects::Take(const sheets::RawRow& row, const std::string& reason) {
  ++count_;
  if (!failed_.ok()) return;
  if (!out_.is_open()) {
    out_.open(path_ + ".part", std::ios::binary | std::ios::trunc);
    if (!out_) return CannotWrite();
    std::vector<std::string> first = {"reason", "line"};
    first.insert(first.end(), header_.begin(), header_.end());
    if (!is_utf8_) out_ << "\xef\xbb\xbf";
    out_ << sheets::CsvLine(first, cells_, separator_);
  }
  std::vector<std::string> line = {render::MessageIn(language_, reason), std::to_string(row.line)};
  const std::vector<std::string> cells = Without(own_columns_, row.fields);
  line.insert(line.end(), cells.begin(), cells.end());
  out_ << sheets::CsvLine(line, cells_, separator_);
  if (!out_) CannotWrite();
}

StatusOr<std::string> Rejects::Finish(bool keep) {
  std::error_code error;
  if (count_ == 0) {
    if (!keep) fs::remove(path_, error);  // of an earlier run
    return std::string();
  }
  if (failed_.ok()) {
    out_.close();
    if (!out_) CannotWrite();
  }
  if (!failed_.ok()) return failed_;
  if (keep && fs::exists(path_, error)) {
    fs::remove(path_ + ".part", error);
    return path_;
  }
  fs::rename(path_ + ".part", path_, error);
  if (error) {
    errno = error.value();
    CannotWrite();
    return failed_;
  }
  return path_;
}

StatusOr<Sheet> OpenSheet(const Context& context, const std::string& file, const FileOptions& options,
                          const std::string& encoding, std::optional<char> separator) {
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, sheets::kMaxCsvBytes));
  std::string used = options.encoding.empty() ? encoding : options.encoding;
  if (used.empty()) {
    auto found = sheets::FindEncoding(bytes);
    if (!found.ok()) return Annotate(found.status(), file);
    used = *std::move(found);
  }
  auto text = sheets::ToUtf8(bytes, used);
  if (!text.ok()) return Annotate(text.status(), file);
  Sheet sheet;
  if (options.format != nullptr) {
    text = options.format->to_csv(*text, sheets::kMaxCsvBytes);
    if (!text.ok()) return Annotate(text.status(), file);
    separator = ',';
  }
  text = sheets::WithNarrowSeparators(*std::move(text));
  sheet.separator = separator.value_or(sheets::FindSeparator(*text));
  const auto reader = sheets::CsvReader::Open(*text, sheet.separator, options.cells);
  if (!reader.ok()) return Annotate(reader.status(), file);
  sheet.name = fs::path(file).filename().string();
  sheet.digest = crypto::Sha256(bytes);
  sheet.rejects = std::make_unique<Rejects>(context.language, file, options, sheet.separator,
                                            reader->header(), absl::EqualsIgnoreCase(used, "utf-8"));
  sheet.text = *std::move(text);
  return sheet;
}

StatusOr<Exit> PrintSuggestion(
    const Context& context, const FileOptions& options,
    const std::function<StatusOr<sheets::MapDraft>(const std::string& name, const std::string& bytes)>&
        make) {
  if (options.files.size() != 1)
    return absl::InvalidArgumentError("--suggest: name one FILE; files of one form share its map");
  const std::string& file = options.files.front();
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, sheets::kMaxCsvBytes));
  const auto map = make(fs::path(file).filename().string(), bytes);
  if (!map.ok()) return Annotate(map.status(), file);
  PrintData(map->Text(
      [&](std::string_view words) { return SingleLine(render::MessageIn(context.language, words)); }));
  return Exit::kYes;
}

Status CheckManyEntries(const Signing& signing) {
  if (!signing.id.empty())
    return absl::InvalidArgumentError("--id: an import writes many entries, and gives each its id");
  if (!signing.memo.empty())
    return absl::InvalidArgumentError(
        "--memo: an import writes many entries, and each names its file and rows instead");
  if (signing.receipt_file.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "--receipt: an import writes many entries, and each is a record with a receipt of its own: make the "
      "one that is needed with `fundtrail proof REF --out FILE`");
}

render::Shown RowsOf(std::uint64_t count) {
  return count == 1 ? render::Say("1 row") : render::Say("{} rows", render::Number(count));
}
render::Shown EntriesOf(std::uint64_t count) {
  return count == 1 ? render::Say("1 entry") : render::Say("{} entries", render::Number(count));
}
render::Shown FilesOf(std::uint64_t count) {
  return count == 1 ? render::Say("1 file") : render::Say("{} files", render::Number(count));
}

StatusOr<Exit> ImportFiles(const Context& context, const FileOptions& options,
                           const std::function<StatusOr<ImportedFile>(const std::string& file)>& import,
                           const std::function<ImportedFile()>& total) {
  nlohmann::json all = {{"files", nlohmann::json::array()}};
  Exit end = Exit::kYes;
  Status stopped;
  for (const std::string& file : options.files) {
    auto told = import(file);
    stopped = told.status();
    if (!stopped.ok()) break;
    if (!told->well) end = Exit::kNo;
    if (context.json) {
      all["files"].push_back(std::move(told->json));
    } else {
      Print(context, told->text);
    }
    stopped = told->after;
    if (!stopped.ok()) break;
  }
  if (total != nullptr && options.files.size() > 1) {
    ImportedFile all_files = total();
    if (context.json) {
      all["total"] = std::move(all_files.json);
    } else {
      Print(context, all_files.text);
    }
  }
  if (!context.json) return stopped.ok() ? StatusOr<Exit>(end) : stopped;
  if (!stopped.ok()) {
    all["error"] = nlohmann::json::parse(ErrorJson(stopped));
    Context people = context;
    people.json = false;
    PrintError(people, stopped);
    end = ExitFor(stopped);
  }
  // A file's name need not be UTF-8.
  PrintData(all.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  return end;
}

StatusOr<std::unique_ptr<intake::Target>> OpenTarget(const Context& context, Connection* connection) {
  render::Progress progress = ProgressOf(context, "reading the ledger");
  return MakeTarget(connection,
                    [&](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); });
}

}  // namespace fundtrail::cli
