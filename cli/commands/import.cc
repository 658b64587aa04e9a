// import csv
#include "ledger/intake/import.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "cli/client/connection.h"
#include "cli/client/names.h"
#include "cli/client/send.h"
#include "cli/client/target.h"
#include "cli/commands/import_parts.h"
#include "cli/render/csv.h"
#include "cli/render/progress.h"
#include "cli/render/table.h"
#include "fmt/format.h"
#include "ledger/crypto/sha256.h"
#include "ledger/sheets/csv.h"
#include "ledger/sheets/encoding.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::vector<std::string> files;
  Signing signing;
  std::string map_file, encoding, rejects_dir;
  bool register_unknown = false;
  bool open_missing = false;
  exchange::Cells cells = exchange::Cells::kGuarded;
};

constexpr std::size_t kMostSaid = 20;  // of what may be said of every row of a large file

// "lines 2, 7, ..."
std::string LinesText(const intake::ChangedRows& changed) {
  std::string text = changed.rows == 1 ? "line " : "lines ";
  for (std::size_t i = 0; i < changed.lines.size(); ++i) {
    if (i == kMostSaid) break;
    text += (i > 0 ? ", " : "") + std::to_string(changed.lines[i]);
  }
  return changed.rows > kMostSaid ? text + ", ..." : text;
}

render::Shown SummaryText(const std::string& file, const intake::ImportSummary& summary,
                          const std::string& rejects, const render::Style& style) {
  const auto count = [](std::uint64_t number) { return render::Money(static_cast<std::int64_t>(number), 0); };
  render::Shown text =
      render::Say("{}: {} rows, {} imported as {} transfers in {} entries", file, count(summary.rows),
                  count(summary.imported), count(summary.transfers), count(summary.entries));
  if (summary.present > 0) text += render::Say(", {} were in the ledger already", count(summary.present));
  text += render::Say("; {} parties registered, {} rows rejected\n", count(summary.parties),
                      count(summary.rejected));
  for (const auto& skip : summary.skipped) {
    if (skip.rows > 0)
      text += render::Say("  left out by the map: {} rows where {}\n", count(skip.rows), skip.rule);
  }
  for (const auto& [change, changed] : summary.changed)
    text += render::Say("  changed: in {} rows {} ({})\n", count(changed.rows), exchange::Describe(change),
                        LinesText(changed));
  if (summary.alike > 0)
    text += render::Say(
        "  names to look at: {} parties were registered with a name that reads like another's or mixes "
        "scripts\n",
        count(summary.alike));
  std::size_t same = 0;
  for (const std::string& words : summary.same_ids) {
    if (++same > kMostSaid) break;
    text +=
        render::Say("  one party, two names: {}; give one an id under [parties] if they are two\n", words);
  }
  if (summary.same_ids.size() > kMostSaid)
    text += render::Say("  and {} more names like that (--json lists them)\n",
                        summary.same_ids.size() - kMostSaid);
  render::Table table(
      {{"asset"}, {"imported", true}, {"returned", true}, {"of it unrecorded", true}, {"rejected", true}});
  for (const auto& [asset, sums] : summary.sums) {
    const auto money = [&, decimals = static_cast<std::uint32_t>(sums.decimals)](Amount amount) {
      return render::Money(amount.value(), decimals);
    };
    table.Add(
        {asset, money(sums.imported), money(sums.returned), money(sums.unrecorded), money(sums.rejected)});
  }
  if (!table.empty()) text += table.Text(style);
  for (const auto& [asset, sums] : summary.sums) {
    if (sums.committed.is_zero()) continue;
    text +=
        render::Say("  committed, not paid: {} {} of what was imported\n",
                    render::Money(sums.committed.value(), static_cast<std::uint32_t>(sums.decimals)), asset);
  }
  for (const auto& [code, rows] : summary.reject_codes)
    text += render::Say("  rejected, {}: {} rows\n", code, count(rows));
  if (!rejects.empty()) text += render::Say("  the rejected rows and why: {}\n", rejects);
  return text;
}

// A file's name need not be UTF-8.
std::string Dump(const nlohmann::json& json) {
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

struct ImportSoFar {
  nlohmann::json files = nlohmann::json::array();
  Exit end = Exit::kYes;  // kNo when all rows of a file were rejected
};

nlohmann::json SummaryJson(const std::string& file, const intake::ImportSummary& summary,
                           const std::string& rejects) {
  nlohmann::json json = {{"file", file},
                         {"rows", std::to_string(summary.rows)},
                         {"imported", std::to_string(summary.imported)},
                         {"present", std::to_string(summary.present)},
                         {"rejected", std::to_string(summary.rejected)},
                         {"transfers", std::to_string(summary.transfers)},
                         {"entries", std::to_string(summary.entries)},
                         {"parties", std::to_string(summary.parties)},
                         {"rejects_file", rejects},
                         {"same_ids", summary.same_ids},
                         {"alike", std::to_string(summary.alike)},
                         {"alike_names", summary.alike_names},
                         {"changed", nlohmann::json::array()},
                         {"assets", nlohmann::json::array()},
                         {"left_out", nlohmann::json::array()}};
  for (const auto& [change, changed] : summary.changed) {
    auto lines = nlohmann::json::array();
    for (const std::uint64_t line : changed.lines) lines.push_back(std::to_string(line));
    json["changed"].push_back(
        {{"what", exchange::Describe(change)}, {"rows", std::to_string(changed.rows)}, {"lines", lines}});
  }
  for (const auto& skip : summary.skipped)
    json["left_out"].push_back({{"rule", skip.rule}, {"rows", std::to_string(skip.rows)}});
  for (const auto& [asset, sums] : summary.sums) {
    json["assets"].push_back({{"asset", asset},
                              {"decimals", sums.decimals},
                              {"imported", std::to_string(sums.imported.value())},
                              {"committed", std::to_string(sums.committed.value())},
                              {"returned", std::to_string(sums.returned.value())},
                              {"unrecorded", std::to_string(sums.unrecorded.value())},
                              {"rejected", std::to_string(sums.rejected.value())}});
  }
  for (const auto& [code, rows] : summary.reject_codes) json["reject_codes"][code] = std::to_string(rows);
  return json;
}

Status ImportOne(const Context& context, intake::Target* target, const std::string& file,
                 const Options& options, const intake::ImportOptions& common, ImportSoFar* so_far) {
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, exchange::kMaxCsvBytes));
  const std::string& encoding = options.encoding.empty() ? common.map.encoding : options.encoding;
  auto text = exchange::ToUtf8(bytes, encoding);
  if (!text.ok()) return Annotate(text.status(), file);
  const std::string name = fs::path(file).filename().string();
  render::Progress progress = ProgressOf(render::Say("importing {}", name));
  intake::ImportOptions how = common;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  std::size_t warned = 0;
  how.warn = [&warned](const std::string& words) {
    if (++warned <= kMostSaid) Warn(words);
    if (warned == kMostSaid + 1) Warn("and more names like that: the summary counts them, --json lists them");
  };
  Rejects rejects(file, options.rejects_dir, how.map.separator, how.cells,
                  absl::EqualsIgnoreCase(encoding, "utf-8"));
  FT_ASSIGN_OR_RETURN(const auto header_reader,
                      exchange::CsvReader::Open(*text, how.map.separator, how.cells));
  const auto& header = header_reader.header();
  const auto reject = [&rejects, &header](const exchange::RawRow& row, const std::string& reason) {
    return rejects.Take(header, row, reason);
  };
  const auto summary = intake::ImportCsv(target, name, *text, crypto::Sha256(bytes), how, reject);
  progress.Finish();
  if (!summary.ok()) return summary.status();
  FT_ASSIGN_OR_RETURN(const std::string rejects_file,
                      rejects.Finish(summary->imported == 0 && summary->present > 0));
  if (summary->rejected > 0 && summary->imported + summary->present == 0) so_far->end = Exit::kNo;
  if (context.json) {
    so_far->files.push_back(SummaryJson(file, *summary, rejects_file));
  } else {
    Print(SummaryText(file, *summary, rejects_file, context.style()));
  }
  return absl::OkStatus();
}

StatusOr<Exit> RunImport(const Context& context, const Options& options) {
  if (!options.signing.receipt_file.empty()) {
    return absl::InvalidArgumentError(
        "--receipt: an import writes many entries, and each is a record with a receipt of its own: make the "
        "one "
        "that is needed with `fundtrail proof REF --out FILE`");
  }
  intake::ImportOptions how;
  how.map = exchange::DefaultMap();
  if (!options.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(how.map_text, ReadFile(options.map_file, std::size_t{1} << 20));
    FT_ASSIGN_OR_RETURN(how.map, exchange::ParseImportMap(how.map_text, options.map_file));
  }
  how.cells = options.cells;
  how.register_unknown = options.register_unknown;
  how.open_missing = options.open_missing;
  FT_ASSIGN_OR_RETURN(how.date, DateFor(options.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(options.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), options.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(connection.get()));
  ImportSoFar so_far;
  Status stopped;
  for (const std::string& file : options.files) {
    stopped = ImportOne(context, target.get(), file, options, how, &so_far);
    if (!stopped.ok()) break;
  }
  if (!context.json) return stopped.ok() ? StatusOr<Exit>(so_far.end) : stopped;
  // What was imported before an error is told with it, in one document.
  nlohmann::json all = {{"files", so_far.files}};
  if (!stopped.ok()) {
    all["error"] = nlohmann::json::parse(ErrorJson(stopped));
    Context people = context;
    people.json = false;
    PrintError(people, stopped);
  }
  PrintData(Dump(all));
  return stopped.ok() ? so_far.end : ExitFor(stopped);
}

}  // namespace

void AddImportCommand(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("import", "Brings in other people's spreadsheets");
  group->require_subcommand(1);
  group->fallthrough();
  AddImportRegisters(group, context);
  auto* csv = group->add_subcommand(
      "csv", "Rows become signed transfers; what cannot is in FILE.rejects.csv, with why");
  auto options = std::make_shared<Options>();
  csv->add_option("FILE", options->files, "CSV files")->required();
  AddSigning(csv, &options->signing);
  AddReceipt(csv, &options->signing);
  csv->get_option("--receipt")->description("Not here: an import writes many entries");
  csv->add_option("--map", options->map_file, "How the columns are to be read (TOML)");
  csv->add_option("--encoding", options->encoding, "utf-8, gb18030 or windows-1252; else the map's");
  csv->add_flag("--register", options->register_unknown, "Registers unknown parties, funds and assets");
  csv->add_flag("--open-missing", options->open_missing,
                "What a payer lacks comes in from the party `unrecorded`, so that it is seen and counted");
  AddRaw(csv, &options->cells, nullptr)
      ->description("Takes cells exactly as they are, and writes the rejects so: keeps a ' before = + - @");
  csv->add_option("--rejects-dir", options->rejects_dir, "Where FILE.rejects.csv goes; else beside FILE");
  csv->footer(
      "Example: fundtrail --ledger DIR import csv flows.csv --map fts.toml --key root.key --register "
      "--open-missing");
  OnRun(csv, context, [=] { return RunImport(*context, *options); });
}

}  // namespace fundtrail::cli
