// import registers
#include <filesystem>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "cli/client/send.h"
#include "cli/commands/import_parts.h"
#include "cli/render/csv.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/intake/register_import.h"
#include "ledger/sheets/encoding.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string of, map_file, encoding, rejects_dir;
  std::vector<std::string> files;
  Signing signing;
  bool amend = false;
  exchange::Cells cells = exchange::Cells::kGuarded;
};

render::Shown SummaryText(const std::string& file, const model::Register& of,
                          const intake::RegisterImportSummary& summary, const std::string& rejects) {
  const auto count = [](std::uint64_t number) { return render::Money(static_cast<std::int64_t>(number), 0); };
  render::Shown text = render::Say("{}: {} rows, {} {} added in {} entries", file, count(summary.rows),
                                   count(summary.added), of.plural, count(summary.entries));
  if (summary.amended > 0) text += render::Say(", {} amended", count(summary.amended));
  if (summary.present > 0) text += render::Say(", {} were in the ledger already", count(summary.present));
  text += render::Say("; {} rows rejected\n", count(summary.rejected));
  for (const auto& [code, rows] : summary.reject_codes) text += render::Say("  {} {}\n", count(rows), code);
  if (!rejects.empty()) text += render::Say("  rejected rows, with why: {}\n", rejects);
  if (!summary.unused.empty())
    text += render::Say("  columns that no field has: {}\n", absl::StrJoin(summary.unused, ", "));
  return text;
}

nlohmann::json SummaryJson(const std::string& file, const intake::RegisterImportSummary& summary,
                           const std::string& rejects) {
  nlohmann::json json = {{"file", file},
                         {"rows", std::to_string(summary.rows)},
                         {"added", std::to_string(summary.added)},
                         {"amended", std::to_string(summary.amended)},
                         {"present", std::to_string(summary.present)},
                         {"rejected", std::to_string(summary.rejected)},
                         {"entries", std::to_string(summary.entries)},
                         {"rejects_file", rejects},
                         {"unused_columns", summary.unused},
                         {"reject_codes", nlohmann::json::object()}};
  for (const auto& [code, rows] : summary.reject_codes) json["reject_codes"][code] = std::to_string(rows);
  return json;
}

// How one file went: its summary, and the file with its rejected rows.
struct Imported {
  intake::RegisterImportSummary summary;
  std::string rejects;
};

StatusOr<Imported> ImportOne(intake::Target* target, const std::string& file, const Options& options,
                             const intake::RegisterImportOptions& common) {
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, exchange::kMaxCsvBytes));
  const std::string& encoding = options.encoding.empty() ? common.map.encoding : options.encoding;
  auto text = exchange::ToUtf8(bytes, encoding);
  if (!text.ok()) return Annotate(text.status(), file);
  const std::string name = fs::path(file).filename().string();
  render::Progress progress = ProgressOf(render::Say("importing {}", name));
  intake::RegisterImportOptions how = common;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  Rejects rejects(file, options.rejects_dir, how.map.separator, how.cells,
                  absl::EqualsIgnoreCase(encoding, "utf-8"));
  FT_ASSIGN_OR_RETURN(const auto reader, exchange::CsvReader::Open(*text, how.map.separator, how.cells));
  const auto& header = reader.header();
  const auto reject = [&](const exchange::RawRow& row, const std::string& reason) {
    return rejects.Take(header, row, reason);
  };
  auto summary = intake::ImportRegister(target, name, *text, crypto::Sha256(bytes), how, reject);
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  FT_ASSIGN_OR_RETURN(const std::string written, rejects.Finish(false));  // each run judges every row
  return Imported{*std::move(summary), written};
}

StatusOr<Exit> Run(const Context& context, const Options& options) {
  intake::RegisterImportOptions how;
  how.of = model::FindRegister(options.of);
  if (how.of == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is none of {}", Escaped(options.of), model::RegisterNames()));
  }
  if (!options.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(options.map_file, std::size_t{1} << 20));
    FT_ASSIGN_OR_RETURN(how.map, exchange::ParseFieldMap(text, options.map_file));
  }
  how.cells = options.cells;
  how.amend = options.amend;
  FT_ASSIGN_OR_RETURN(how.date, DateFor(options.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(options.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), options.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(connection.get()));
  Exit end = Exit::kYes;
  nlohmann::json files = nlohmann::json::array();
  for (const std::string& file : options.files) {
    FT_ASSIGN_OR_RETURN(const Imported made, ImportOne(target.get(), file, options, how));
    if (made.summary.rejected > 0) end = Exit::kNo;
    if (context.json) {
      files.push_back(SummaryJson(file, made.summary, made.rejects));
    } else {
      Print(SummaryText(file, *how.of, made.summary, made.rejects));
    }
  }
  if (context.json) {
    const nlohmann::json all = {{"files", files}};
    PrintData(all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
  }
  return end;
}

}  // namespace

void AddImportRegisters(CLI::App* group, Context* context) {
  auto* command = group->add_subcommand(
      "registers", "Rows become items of a register; what cannot is in FILE.rejects.csv, with why");
  auto options = std::make_shared<Options>();
  command->add_option("NAME", options->of, "The register: " + model::RegisterNames())->required();
  command->add_option("FILE", options->files, "CSV files")->required();
  AddSigning(command, &options->signing);
  command->add_option("--map", options->map_file,
                      "Which column is which field (TOML); else each column is the field of its title");
  command->add_option("--encoding", options->encoding, "utf-8, gb18030 or windows-1252; else the map's");
  command->add_flag("--amend", options->amend, "What is there and differs becomes a new version");
  AddRaw(command, &options->cells, nullptr)
      ->description("Takes cells exactly as they are, and writes the rejects so: keeps a ' before = + - @");
  command->add_option("--rejects-dir", options->rejects_dir, "Where FILE.rejects.csv goes; else beside FILE");
  command->footer(
      "Example: fundtrail --ledger DIR import registers place counties.csv --map counties.toml --key "
      "root.key");
  OnRun(command, context, [=] { return Run(*context, *options); });
}

}  // namespace fundtrail::cli
