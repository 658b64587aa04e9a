// import registers
#include <map>
#include <optional>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "cli/client/send.h"
#include "cli/commands/import_files.h"
#include "cli/commands/import_told.h"
#include "cli/render/messages.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "google/protobuf/descriptor.h"
#include "ledger/base/text.h"
#include "ledger/intake/attest_items.h"
#include "ledger/intake/register_import.h"
#include "ledger/intake/suggest_register.h"
#include "ledger/model/attestation_table.h"
#include "ledger/model/form.h"
#include "ledger/model/register_table.h"
#include "ledger/sheets/map_keys.h"

namespace fundtrail::cli {
namespace {

struct RegisterOptions {
  std::string of;
  FileOptions files;
  bool amend = false;
  bool help_map = false;
  bool suggest = false;
  bool dry_run = false;
  std::map<std::string, std::string> by;  // who says it about all of them, by the verb
};

std::string ByOption(std::string_view verb) { return fmt::format("--{}-by", verb); }

// The attestations with that verb that judge a version: several registers may have one.
std::vector<const model::Attestation*> WithVerb(std::string_view verb) {
  std::vector<const model::Attestation*> all;
  for (const model::Attestation& said : model::Attestations())
    if (said.verb == verb && model::VersionField(said) != nullptr) all.push_back(&said);
  return all;
}

}  // namespace

render::Shown AttestText(const intake::AttestOptions& how, const intake::AttestSummary& summary) {
  render::Shown text = render::Say("  {} by {}: {} in {}", how.of->verb, how.by, render::Number(summary.said),
                                   EntriesOf(summary.entries));
  if (summary.before > 0)
    text +=
        render::Say(", {} left alone, since that version was judged already", render::Number(summary.before));
  if (summary.other > 0)
    text += render::Say(", {} not judged: they differ from the file or have ended",
                        render::Number(summary.other));
  text += render::Say("; {} refused\n", render::Number(summary.refused));
  for (const auto& [code, items] : summary.refusals)
    text += render::Say("    {} {}\n", render::Number(items), code);
  if (!summary.first_refusal.empty()) text += render::Say("    the first: {}\n", summary.first_refusal);
  return text;
}

nlohmann::json AttestJson(const intake::AttestOptions& how, const intake::AttestSummary& summary) {
  nlohmann::json json = {
      {"verb", std::string(how.of->verb)},           {"by", how.by},
      {"said", std::to_string(summary.said)},        {"before", std::to_string(summary.before)},
      {"not_judged", std::to_string(summary.other)}, {"refused", std::to_string(summary.refused)},
      {"entries", std::to_string(summary.entries)},  {"first_refusal", summary.first_refusal},
      {"refusals", nlohmann::json::object()}};
  for (const auto& [code, items] : summary.refusals) json["refusals"][code] = std::to_string(items);
  return json;
}

render::Shown ItemsText(const std::string& file, const model::Register& of,
                        const intake::RegisterImportSummary& summary, const std::string& rejects) {
  render::Shown text =
      render::Say("{}: {}, {} {} added in {}", file, RowsOf(summary.rows), render::Number(summary.added),
                  summary.added == 1 ? of.name : of.plural, EntriesOf(summary.entries));
  if (summary.amended > 0) text += render::Say(", {} amended", render::Number(summary.amended));
  if (summary.present > 0)
    text += render::Say(", {} were in the ledger already", render::Number(summary.present));
  text += render::Say("; {} rejected\n", RowsOf(summary.rejected));
  for (const auto& [code, rows] : summary.reject_codes)
    text += render::Say("  {} {}\n", render::Number(rows), code);
  if (!rejects.empty()) text += render::Say("  rejected rows, with why: {}\n", rejects);
  if (!summary.unused.empty())
    text += render::Say("  columns that no field has: {}\n", absl::StrJoin(summary.unused, ", "));
  return text;
}

nlohmann::json ItemsJson(const std::string& file, const intake::RegisterImportSummary& summary,
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

namespace {

// `attest`: what is said about the items of the file, once they are in.
StatusOr<ImportedFile> ImportOne(const Context& context, intake::Target* target, const std::string& file,
                                 const FileOptions& options, const intake::RegisterImportOptions& common,
                                 const std::optional<intake::AttestOptions>& attest) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet,
                      OpenSheet(context, file, options, common.map.encoding, common.map.separator));
  render::Progress progress = ProgressOf(context, render::Say("importing {}", sheet.name));
  intake::RegisterImportOptions how = common;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  const auto reject = [&sheet](const sheets::RawRow& row, const std::string& reason) {
    sheet.rejects->Take(row, reason);
    return absl::OkStatus();
  };
  const auto summary = intake::ImportRegister(target, sheet.name, sheet.text, sheet.digest, how, reject);
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  const auto finished = sheet.rejects->Finish(false);  // each run judges every row
  const std::string rejects = finished.value_or("");
  ImportedFile imported{ItemsJson(file, *summary, rejects), ItemsText(file, *how.of, *summary, rejects),
                        summary->rejected == 0, finished.status()};
  if (!attest.has_value()) return imported;
  FT_ASSIGN_OR_RETURN(const auto said, intake::AttestItems(target, summary->items, *attest));
  imported.json["attested"] = AttestJson(*attest, said);
  imported.text += AttestText(*attest, said);
  imported.well = imported.well && said.refused == 0 && said.other == 0;
  return imported;
}

constexpr std::size_t kMaxShownRejects = 10;

// Every row as the rules would take it. Nothing is written, not even the rejects.
StatusOr<ImportedFile> TryOne(const Context& context, intake::Target* target, const std::string& file,
                              const FileOptions& options, intake::RegisterImportOptions how) {
  FT_ASSIGN_OR_RETURN(const Sheet sheet,
                      OpenSheet(context, file, options, how.map.encoding, how.map.separator));
  how.dry_run = true;
  render::Shown rejected;
  auto reasons = nlohmann::json::array();
  const auto reject = [&](const sheets::RawRow& row, const std::string& reason) {
    if (reasons.size() >= kMaxShownRejects) return absl::OkStatus();
    reasons.push_back({{"line", std::to_string(row.line)}, {"rejected", reason}});
    rejected += render::Say("  line {}: would be rejected: {}\n", row.line, render::Told(reason));
    return absl::OkStatus();
  };
  FT_ASSIGN_OR_RETURN(const auto summary,
                      intake::ImportRegister(target, sheet.name, sheet.text, sheet.digest, how, reject));
  ImportedFile tried{
      ItemsJson(file, summary, ""),
      render::Say(
          "{}: {}, {} would be added, {} amended, {} are in the ledger already, {} would be rejected. "
          "Nothing was recorded\n",
          file, RowsOf(summary.rows), render::Number(summary.added), render::Number(summary.amended),
          render::Number(summary.present), render::Number(summary.rejected)) +
          rejected,
      summary.rejected == 0};
  if (summary.rejected > reasons.size())
    tried.text += render::Say("  and {} more\n", RowsOf(summary.rejected - reasons.size()));
  if (!summary.unused.empty())
    tried.text += render::Say("  columns that no field has: {}\n", absl::StrJoin(summary.unused, ", "));
  tried.json["dry_run"] = true;
  tried.json["first_rejected"] = std::move(reasons);
  return tried;
}

// How a map names the column of a field.
std::string SourceOf(const model::FieldDescriptor& field) {
  const v1::Form& form = model::FormOf(field);
  const auto* const named = model::FindRegister(form.refers_to());
  if (named != nullptr && field.cpp_type() == model::FieldDescriptor::CPPTYPE_STRING &&
      model::ItemDescriptor(*named).FindFieldByName("name") != nullptr)
    return fmt::format("{{ name_in = \"{}\" }}", field.name());
  if (!form.amount_in().empty()) return fmt::format("{{ column = \"{}\", factor = 1 }}", field.name());
  if (form.id()) return fmt::format("{{ column = \"{}\", prefix = \"\" }}", field.name());
  return fmt::format("\"{}\"", field.name());
}

StatusOr<Exit> PrintMapHelp(const Context& context, const model::Register& of) {
  render::Shown text;
  for (const sheets::MapKey& key : sheets::MapKeys())
    if (key.table.empty() && (key.key == "encoding" || key.key == "separator"))
      text += render::Say("{}\n#   {}\n", sheets::LineOf(key), key.words);
  text += render::Say(
      "[fields]\n#   which column is which field; without this table the fields' own names are looked for. "
      "Write one "
      "of\n");
  constexpr struct {
    const char* form;
    const char* words;
  } kForms[] = {
      {"\"TITLE\"", "the column with that title"},
      {"{ column = \"TITLE\", prefix = \"gbt2260:\" }", "the same, with this before each text"},
      {"{ column = \"TITLE\", factor = 10000 }", "an amount in units of so many, as 万元"},
      {"{ name_in = \"TITLE\" }", "of an id, one made of the name there; else the item of that name"},
      {"{ value = \"3\" }", "the same for every row"},
  };
  for (const auto& form : kForms) text += render::Say("#   {}: {}\n", form.form, form.words);
  const auto& item = model::ItemDescriptor(of);
  for (int i = 0; i < item.field_count(); ++i) {
    const model::FieldDescriptor& field = *item.field(i);
    text +=
        render::Say("{} = {}\n#   {}\n", field.name(), SourceOf(field), model::FormOf(field).help().c_str());
  }
  text += render::Say(
      "[replace.{}]\n#   reads an exact cell as something else; [replace.FIELD] for any field\n"
      "\"a\" = \"b\"\n#   the cell, and what it is read as\n",
      model::IdField(of).name());
  PrintData(text.In(context.language));
  return Exit::kYes;
}

StatusOr<Exit> Run(const Context& context, const RegisterOptions& options) {
  const FileOptions& files = options.files;
  intake::RegisterImportOptions how;
  how.of = model::FindRegister(options.of);
  if (how.of == nullptr) {
    return absl::InvalidArgumentError(
        fmt::format("\"{}\" is not one of {}", Escaped(options.of), model::RegisterNames()));
  }
  if (options.help_map) return PrintMapHelp(context, *how.of);
  if (files.files.empty())
    return absl::InvalidArgumentError("FILE is required: which CSV file is to be read?");
  if (options.suggest) {
    return PrintSuggestion(context, files, [&](const std::string& name, const std::string& bytes) {
      return intake::SuggestRegisterMap(*how.of, name, bytes, files.encoding, files.cells);
    });
  }
  if (files.signing.key_file.empty())
    return absl::InvalidArgumentError("--key is required: with which key are the entries to be signed?");
  FT_RETURN_IF_ERROR(CheckManyEntries(files.signing));
  std::optional<intake::AttestOptions> attest;
  for (const auto& [verb, by] : options.by) {
    if (by.empty()) continue;
    const model::Attestation* said = nullptr;
    std::string registers;
    for (const model::Attestation* each : WithVerb(verb)) {
      if (each->about == how.of->action) said = each;
      registers += (registers.empty() ? "" : " or ") + std::string(model::FindRegister(each->about)->name);
    }
    if (said == nullptr)
      return absl::InvalidArgumentError(
          fmt::format("{} goes with `import registers {}`", ByOption(verb), registers));
    if (options.dry_run)
      return absl::InvalidArgumentError(
          fmt::format("--dry-run tries the rows alone: leave {} out, which judges items that are recorded",
                      ByOption(verb)));
    attest.emplace().of = said;
    attest->by = by;
  }
  if (!files.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(const std::string text, ReadFile(files.map_file, std::size_t{1} << 20));
    FT_ASSIGN_OR_RETURN(how.map, sheets::ParseFieldMap(text, files.map_file));
  }
  how.cells = files.cells;
  how.not_personal = files.signing.not_personal;
  how.amend = options.amend;
  FT_ASSIGN_OR_RETURN(how.date, DateFor(files.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, files.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), files.signing, key));
  if (attest.has_value()) {
    attest->key = &key;
    attest->date = how.date;
  }
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(context, connection.get()));
  return ImportFiles(context, files, [&](const std::string& file) {
    if (options.dry_run) return TryOne(context, target.get(), file, files, how);
    return ImportOne(context, target.get(), file, files, how, attest);
  });
}

}  // namespace

void AddImportRegistersCommand(CLI::App* group, Context* context) {
  auto* command = group->add_subcommand(
      "registers", "Records rows as items of a register. Other rows go to FILE.rejects.csv, with the reason");
  auto options = std::make_shared<RegisterOptions>();
  command->add_option("NAME", options->of, "The register: " + model::RegisterNames())->required();
  AddFileOptions(command, &options->files);
  command->get_option("--map")->description(
      "A TOML file that says which column is which field; else the title of a column is the name of its "
      "field");
  // Neither is needed for --help-map, and --suggest signs nothing.
  command->get_option("FILE")->required(false);
  command->get_option("--key")->required(false)->description(
      "The key file to sign with. It is needed to record");
  command->add_flag("--amend", options->amend,
                    "Records a new version of each item that is there and differs");
  command->add_flag("--dry-run", options->dry_run,
                    "Tries every row by the rules, says what would be rejected, and records nothing");
  command->add_flag("--help-map", options->help_map,
                    "Prints every key of a map for this register, with what each field is");
  command->add_flag("--suggest", options->suggest,
                    "Prints a first map for FILE, from its header and its rows, and records nothing");
  for (const model::Attestation& said : model::Attestations()) {
    const std::string verb(said.verb);
    if (model::VersionField(said) == nullptr || options->by.count(verb) > 0) continue;
    std::string registers;
    for (const model::Attestation* each : WithVerb(verb))
      registers += (registers.empty() ? "" : " or ") + std::string(model::FindRegister(each->about)->plural);
    command
        ->add_option(
            ByOption(verb), options->by[verb],
            fmt::format("With {}: the party that signs `{}` of each item, once all rows are recorded",
                        registers, verb))
        ->type_name("PARTY");
  }
  command->footer(
      "Example: fundtrail --ledger DIR import registers place counties.csv --map counties.toml --key "
      "root.key");
  OnRun(command, context, [=] { return Run(*context, *options); });
}

}  // namespace fundtrail::cli
