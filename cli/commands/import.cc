// import csv
#include "ledger/intake/import.h"

#include "CLI/CLI.hpp"
#include "cli/client/names.h"
#include "cli/client/send.h"
#include "cli/commands/import_files.h"
#include "cli/render/table.h"
#include "fmt/format.h"

namespace fundtrail::cli {
namespace {

struct CsvOptions {
  FileOptions files;
  bool register_unknown = false;
  bool open_missing = false;
};

constexpr std::size_t kMaxSaid = 20;  // of what may be said of every row of a large file

// "lines 2, 7, ..."
std::string LinesText(const intake::ChangedRows& changed) {
  std::string text = changed.rows == 1 ? "line " : "lines ";
  for (std::size_t i = 0; i < changed.lines.size(); ++i) {
    if (i == kMaxSaid) break;
    text += (i > 0 ? ", " : "") + std::to_string(changed.lines[i]);
  }
  return changed.rows > kMaxSaid ? text + ", ..." : text;
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
    text += render::Say("  changed: in {} rows {} ({})\n", count(changed.rows), sheets::Describe(change),
                        LinesText(changed));
  if (summary.alike > 0)
    text += render::Say(
        "  names to look at: {} parties were registered with a name that reads like another's or mixes "
        "scripts\n",
        count(summary.alike));
  std::size_t same = 0;
  for (const std::string& words : summary.same_ids) {
    if (++same > kMaxSaid) break;
    text +=
        render::Say("  one party, two names: {}; give one an id under [parties] if they are two\n", words);
  }
  if (summary.same_ids.size() > kMaxSaid)
    text += render::Say("  and {} more names like that (--json lists them)\n",
                        summary.same_ids.size() - kMaxSaid);
  if (!summary.by_name.empty()) {
    text += render::Say("  found by name: {} parties stood with a name where their id is asked\n",
                        count(summary.by_name.size()));
  }
  std::size_t named = 0;
  for (const std::string& words : summary.by_name)
    if (++named <= kMaxSaid) text += render::Say("    {}\n", words);
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
    if (sums.in_projects.is_zero()) continue;
    const auto money = [decimals = static_cast<std::uint32_t>(sums.decimals)](Amount amount) {
      return render::Money(amount.value(), decimals);
    };
    text += render::Say(
        "  in projects: {} {} of what was imported: {} from sources, {} drawn from the projects, "
        "{} put in from general money, {} unrecorded\n",
        money(sums.in_projects), asset, money(sums.from_sources), money(sums.drawn), money(sums.put_in),
        money(sums.unrecorded_in));
  }
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
                         {"by_name", summary.by_name},
                         {"alike", std::to_string(summary.alike)},
                         {"alike_names", summary.alike_names},
                         {"changed", nlohmann::json::array()},
                         {"assets", nlohmann::json::array()},
                         {"left_out", nlohmann::json::array()}};
  for (const auto& [change, changed] : summary.changed) {
    auto lines = nlohmann::json::array();
    for (const std::uint64_t line : changed.lines) lines.push_back(std::to_string(line));
    json["changed"].push_back(
        {{"what", sheets::Describe(change)}, {"rows", std::to_string(changed.rows)}, {"lines", lines}});
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
                              {"in_projects", std::to_string(sums.in_projects.value())},
                              {"from_sources_in_projects", std::to_string(sums.from_sources.value())},
                              {"drawn_in_projects", std::to_string(sums.drawn.value())},
                              {"put_in_projects", std::to_string(sums.put_in.value())},
                              {"unrecorded_in_projects", std::to_string(sums.unrecorded_in.value())},
                              {"rejected", std::to_string(sums.rejected.value())}});
  }
  for (const auto& [code, rows] : summary.reject_codes) json["reject_codes"][code] = std::to_string(rows);
  return json;
}

StatusOr<ImportedFile> ImportOne(const Context& context, intake::Target* target, const std::string& file,
                                 const FileOptions& options, const intake::ImportOptions& common) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet, OpenSheet(file, options, common.map.encoding, common.map.separator));
  render::Progress progress = ProgressOf(render::Say("importing {}", sheet.name));
  intake::ImportOptions how = common;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  std::size_t warned = 0;
  how.warn = [&warned](const std::string& words) {
    if (++warned <= kMaxSaid) Warn(words);
    if (warned == kMaxSaid + 1) Warn("and more names like that: the summary counts them, --json lists them");
  };
  const auto reject = [&sheet](const sheets::RawRow& row, const std::string& reason) {
    return sheet.rejects->Take(row, reason);
  };
  const auto summary = intake::ImportCsv(target, sheet.name, sheet.text, sheet.digest, how, reject);
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  FT_ASSIGN_OR_RETURN(const std::string rejects,
                      sheet.rejects->Finish(summary->imported == 0 && summary->present > 0));
  // Not well when all rows of the file were rejected.
  return ImportedFile{SummaryJson(file, *summary, rejects),
                      SummaryText(file, *summary, rejects, context.style()),
                      summary->rejected == 0 || summary->imported + summary->present > 0};
}

StatusOr<Exit> RunImport(const Context& context, const CsvOptions& options) {
  const FileOptions& files = options.files;
  FT_RETURN_IF_ERROR(CheckManyEntries(files.signing));
  intake::ImportOptions how;
  how.map = sheets::DefaultMap();
  if (!files.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(how.map_text, ReadFile(files.map_file, std::size_t{1} << 20));
    FT_ASSIGN_OR_RETURN(how.map, sheets::ParseImportMap(how.map_text, files.map_file));
  }
  how.cells = files.cells;
  how.not_personal = files.signing.not_personal;
  how.register_unknown = options.register_unknown;
  how.open_missing = options.open_missing;
  FT_ASSIGN_OR_RETURN(how.date, DateFor(files.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(files.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), files.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(connection.get()));
  return ImportFiles(context, files, [&](const std::string& file) {
    return ImportOne(context, target.get(), file, files, how);
  });
}

}  // namespace

void AddImportCommand(CLI::App* app, Context* context) {
  auto* group = app->add_subcommand("import", "Reads spreadsheets into the ledger");
  group->require_subcommand(1);
  group->fallthrough();
  AddImportRegistersCommand(group, context);
  auto* csv = group->add_subcommand(
      "csv", "Records rows as signed transfers. Other rows go to FILE.rejects.csv, with the reason");
  auto options = std::make_shared<CsvOptions>();
  AddFileOptions(csv, &options->files);
  csv->add_flag("--register", options->register_unknown, "Registers unknown parties, funds and assets");
  csv->add_flag("--open-missing", options->open_missing,
                "Brings in what a payer lacks from the party `unrecorded`, so that it is seen and counted");
  csv->footer(
      "Example: fundtrail --ledger DIR import csv flows.csv --map fts.toml --key root.key --register "
      "--open-missing");
  OnRun(csv, context, [=] { return RunImport(*context, *options); });
}

}  // namespace fundtrail::cli
