// import registers
#include "absl/strings/str_join.h"
#include "cli/client/send.h"
#include "cli/commands/import_files.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/intake/register_import.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

struct Options {
  std::string of;
  FileOptions files;
  bool amend = false;
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

StatusOr<ImportedFile> ImportOne(intake::Target* target, const std::string& file, const FileOptions& options,
                                 const intake::RegisterImportOptions& common) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet, OpenSheet(file, options, common.map.encoding, common.map.separator));
  render::Progress progress = ProgressOf(render::Say("importing {}", sheet.name));
  intake::RegisterImportOptions how = common;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  const auto reject = [&sheet](const exchange::RawRow& row, const std::string& reason) {
    return sheet.rejects->Take(row, reason);
  };
  const auto summary = intake::ImportRegister(target, sheet.name, sheet.text, sheet.digest, how, reject);
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  FT_ASSIGN_OR_RETURN(const std::string rejects, sheet.rejects->Finish(false));  // each run judges every row
  return ImportedFile{SummaryJson(file, *summary, rejects), SummaryText(file, *how.of, *summary, rejects),
                      summary->rejected == 0};
}

StatusOr<Exit> Run(const Context& context, const Options& options) {
  const FileOptions& files = options.files;
  FT_RETURN_IF_ERROR(CheckManyEntries(files.signing));
  intake::RegisterImportOptions how;
  how.of = model::FindRegister(options.of);
  if (how.of == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is none of {}", Escaped(options.of), model::RegisterNames()));
  }
  if (!files.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(files.map_file, std::size_t{1} << 20));
    FT_ASSIGN_OR_RETURN(how.map, exchange::ParseFieldMap(text, files.map_file));
  }
  how.cells = files.cells;
  how.amend = options.amend;
  FT_ASSIGN_OR_RETURN(how.date, DateFor(files.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(files.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), files.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(connection.get()));
  return ImportFiles(context, files,
                     [&](const std::string& file) { return ImportOne(target.get(), file, files, how); });
}

}  // namespace

void AddImportRegistersCommand(CLI::App* group, Context* context) {
  auto* command = group->add_subcommand(
      "registers", "Rows become items of a register; what cannot is in FILE.rejects.csv, with why");
  auto options = std::make_shared<Options>();
  command->add_option("NAME", options->of, "The register: " + model::RegisterNames())->required();
  AddFileOptions(command, &options->files);
  command->get_option("--map")->description(
      "Which column is which field (TOML); else each column is the field of its title");
  command->add_flag("--amend", options->amend, "What is there and differs becomes a new version");
  command->footer(
      "Example: fundtrail --ledger DIR import registers place counties.csv --map counties.toml --key "
      "root.key");
  OnRun(command, context, [=] { return Run(*context, *options); });
}

}  // namespace fundtrail::cli
