// import csv
#include "ledger/intake/import.h"

#include <cstdint>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/client/names.h"
#include "cli/client/send.h"
#include "cli/commands/import_files.h"
#include "cli/commands/import_told.h"
#include "cli/render/messages.h"
#include "ledger/sheets/map_keys.h"
#include "ledger/sheets/suggest.h"

namespace fundtrail::cli {
namespace {

struct CsvOptions {
  FileOptions files;
  bool register_unknown = false;
  bool open_missing = false;
  bool help_map = false;
  bool suggest = false;
  bool dry_run = false;
  bool accept_duplicates = false;
  bool strict_dates = false;
  bool commitments = false;  // of a format that has promises
};

constexpr std::size_t kMaxNamesWarned = 20;  // of what may be said of every row of a large file
constexpr std::size_t kMaxPreviewed = 10;
constexpr std::size_t kMaxMapText = std::size_t{1} << 20;

// The first rows as they would be paid. Nothing is written, not even the rejects.
StatusOr<ImportedFile> PreviewOne(const Context& context, intake::Target* target, const std::string& file,
                                  const FileOptions& options, intake::ImportOptions how) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet,
                      OpenSheet(context, file, options, how.map.encoding, how.map.separator));
  how.map.separator = sheet.separator;
  FT_ASSIGN_OR_RETURN(const auto preview,
                      intake::PreviewCsv(target, sheet.name, sheet.text, sheet.digest, how, kMaxPreviewed));
  ImportedFile told;
  told.json = {{"file", file},
               {"rows", std::to_string(preview.rows)},
               {"unreadable", std::to_string(preview.unreadable)},
               {"present", preview.present},
               {"first", nlohmann::json::array()}};
  told.text = render::Say("{}: {}, of which {} cannot be read. Nothing was recorded\n", file,
                          RowsOf(preview.rows), preview.unreadable);
  if (preview.present) told.text += render::Say("  an import of this file with this map has begun before\n");
  for (const auto& seen : preview.first) {
    nlohmann::json json = {{"line", std::to_string(seen.line)}, {"rejected", seen.why}};
    if (seen.row.has_value()) {
      const sheets::Row& row = *seen.row;
      const std::string amount = render::Money(row.amount.value(), static_cast<std::uint32_t>(row.decimals));
      const std::string fund = row.fund.empty() ? "general" : row.fund;
      told.text +=
          render::Say("  line {}: {}, {} ({}) to {} ({}): {} {}, fund {}\n", seen.line, ToString(row.date),
                      row.from.name, row.from.id, row.to.name, row.to.id, amount, row.asset, fund);
      if (!row.purpose.empty()) told.text += render::Say("    for: {}\n", row.purpose);
      json["date"] = ToString(row.date);
      json["from"] = row.from.id;
      json["to"] = row.to.id;
      json["amount"] = std::to_string(row.amount.value());
      json["decimals"] = row.decimals;
      json["asset"] = row.asset;
      json["fund"] = fund;
      json["purpose"] = row.purpose;
      if (!seen.why.empty()) told.text += render::Say("    would be rejected: {}\n", render::Told(seen.why));
    } else {
      told.text += render::Say("  line {}: would be rejected: {}\n", seen.line, render::Told(seen.why));
    }
    told.well = told.well && seen.why.empty();
    told.json["first"].push_back(std::move(json));
  }
  if (preview.rows > preview.first.size())
    told.text += render::Say("  and {} more\n", RowsOf(preview.rows - preview.first.size()));
  told.well = told.well && preview.unreadable == 0;
  return told;
}

StatusOr<Exit> PrintMapHelp(const Context& context) {
  for (const sheets::MapKey& key : sheets::MapKeys())
    PrintData(render::Say("{}\n#   {}\n", sheets::LineOf(key), key.words).In(context.language));
  return Exit::kYes;
}

StatusOr<ImportedFile> ImportOne(const Context& context, intake::Target* target, const std::string& file,
                                 const FileOptions& options, const intake::ImportOptions& common,
                                 PaymentTotals* totals) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet,
                      OpenSheet(context, file, options, common.map.encoding, common.map.separator));
  render::Progress progress = ProgressOf(context, render::Say("importing {}", sheet.name));
  intake::ImportOptions how = common;
  how.map.separator = sheet.separator;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  std::size_t warned = 0;
  how.warn = [&warned, language = context.language](const std::string& words) {
    if (++warned <= kMaxNamesWarned) Warn(language, words);
    if (warned == kMaxNamesWarned + 1)
      Warn(language, "and more names like that: the summary counts them, --json lists them");
  };
  const auto reject = [&sheet](const sheets::RawRow& row, const std::string& reason) {
    sheet.rejects->Take(row, reason);
    return absl::OkStatus();
  };
  const auto summary = intake::ImportCsv(target, sheet.name, sheet.text, sheet.digest, how, reject);
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  const auto finished = sheet.rejects->Finish(summary->imported == 0 && summary->present > 0);
  const std::string rejects = finished.value_or("");
  AddToTotals(*summary, totals);
  return ImportedFile{PaymentsJson(file, *summary, rejects),
                      PaymentsText(file, *summary, rejects, context.style()), summary->rejected == 0,
                      finished.status()};
}

StatusOr<Exit> RunImport(const Context& context, const CsvOptions& options) {
  const FileOptions& files = options.files;
  if (options.help_map) return PrintMapHelp(context);
  if (files.files.empty())
    return absl::InvalidArgumentError("FILE is required: which CSV file is to be read?");
  if (options.suggest) {
    return PrintSuggestion(context, files, [&](const std::string& name, const std::string& bytes) {
      return sheets::SuggestMap(name, bytes, files.encoding, files.cells);
    });
  }
  if (files.signing.key_file.empty())
    return absl::InvalidArgumentError("--key is required: with which key are the entries to be signed?");
  FT_RETURN_IF_ERROR(CheckManyEntries(files.signing));
  intake::ImportOptions how;
  how.map = sheets::DefaultMap();
  if (!files.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(how.map_text, ReadFile(files.map_file, kMaxMapText));
    FT_ASSIGN_OR_RETURN(how.map, sheets::ParseImportMap(how.map_text, files.map_file));
  }
  how.cells = files.cells;
  if (files.format != nullptr) {
    if (files.map_file.empty()) {
      how.map_text = sheets::MapOf(*files.format, options.commitments);
      FT_ASSIGN_OR_RETURN(how.map, sheets::ParseImportMap(how.map_text, std::string(files.format->name)));
    }
    how.cells = sheets::Cells::kRaw;  // as the table was made
  }
  how.not_personal = files.signing.not_personal;
  how.register_unknown = options.register_unknown;
  how.open_missing = options.open_missing;
  how.refuse_duplicates = !options.accept_duplicates;
  how.strict_dates = options.strict_dates;
  FT_ASSIGN_OR_RETURN(how.today, DateFor(""));
  FT_ASSIGN_OR_RETURN(how.date, DateFor(files.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, files.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), files.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(context, connection.get()));
  if (options.dry_run) {
    return ImportFiles(context, files, [&](const std::string& file) {
      return PreviewOne(context, target.get(), file, files, how);
    });
  }
  PaymentTotals totals;
  return ImportFiles(
      context, files,
      [&](const std::string& file) { return ImportOne(context, target.get(), file, files, how, &totals); },
      [&] { return TotalOf(totals, context.style()); });
}

// Options that an import of payments has, whatever its files are.
void AddPaymentOptions(CLI::App* command, CsvOptions* options) {
  AddFileOptions(command, &options->files);
  command->add_flag("--dry-run", options->dry_run,
                    "Shows the first ten rows of each file as they would be paid, and records nothing");
  command->add_flag("--register", options->register_unknown, "Registers unknown parties, funds and assets");
  command->add_flag(
      "--open-missing", options->open_missing,
      "Brings in what a payer lacks from the party `unrecorded`, so that it is seen and counted");
  command->add_flag(
      "--accept-duplicates", options->accept_duplicates,
      "Records rows that may be payments made before; else they are rejected as DUPLICATE_SUSPECTED");
  command->add_flag(
      "--strict-dates", options->strict_dates,
      "Rejects rows with a date in the future, or ten years before the ledger's first record; else "
      "they are counted");
}

// Files of other standards: each has its own table, and goes the same way as any sheet from there.
void AddFormat(const sheets::ExchangeFormat& format, const char* about, const char* footer, CLI::App* group,
               Context* context) {
  auto* command = group->add_subcommand(std::string(format.name), about);
  auto options = std::make_shared<CsvOptions>();
  AddPaymentOptions(command, options.get());
  options->files.format = &format;
  if (!format.promises_taken.empty()) {
    command
        ->add_flag(
            "--commitments", options->commitments,
            "Records signed contracts of which nothing is paid yet, as committed; else they are counted "
            "and left out")
        ->excludes(command->get_option("--map"));
  }
  command->get_option("FILE")->description("The files to read");
  command->get_option("--map")->description(
      "A map for the columns of docs/exchange.md, in place of the usual one");
  command->get_option("--raw")->group("");
  command->footer(footer);
  OnRun(command, context, [=] { return RunImport(*context, *options); });
}

}  // namespace

void AddImportCommand(CLI::App* app, Context* context) {
  auto* group =
      app->add_subcommand("import", "Reads spreadsheets, and files of other standards, into the ledger");
  group->require_subcommand(1);
  group->fallthrough();
  AddImportRegistersCommand(group, context);
  AddImportIatiCommand(group, context);
  auto* csv = group->add_subcommand(
      "csv", "Records rows as signed transfers. Other rows go to FILE.rejects.csv, with the reason");
  auto options = std::make_shared<CsvOptions>();
  AddPaymentOptions(csv, options.get());
  // Neither is needed for --help-map, and --suggest signs nothing.
  csv->get_option("FILE")->required(false);
  csv->get_option("--key")->required(false)->description("The key file to sign with. It is needed to record");
  csv->add_flag("--help-map", options->help_map, "Prints every key of a map, with an example of each");
  csv->add_flag("--suggest", options->suggest,
                "Prints a first map for FILE, from its header and its rows, and records nothing");
  csv->footer(
      "Example: fundtrail --ledger DIR import csv flows.csv --map fts.toml --key root.key --register "
      "--open-missing");
  OnRun(csv, context, [=] { return RunImport(*context, *options); });
  AddFormat(
      sheets::k360Giving,
      "Records the grants of a 360Giving file: what was awarded as committed, what was disbursed as paid",
      "Example: fundtrail --ledger DIR import 360giving grants.json --key root.key --register --open-missing",
      group, context);
  AddFormat(
      sheets::kOcds,
      "Records the transactions of contracts in a file of the Open Contracting Data Standard as paid",
      "Example: fundtrail --ledger DIR import ocds releases.json --key root.key --register --open-missing",
      group, context);
}

}  // namespace fundtrail::cli
