// import iati
#include <filesystem>
#include <map>
#include <memory>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "cli/client/names.h"
#include "cli/client/send.h"
#include "cli/commands/import_files.h"
#include "cli/commands/import_told.h"
#include "cli/render/messages.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/crypto/sha256.h"
#include "ledger/iati/tables.h"
#include "ledger/iati/xml.h"
#include "ledger/intake/iati_import.h"

namespace fundtrail::cli {
namespace {

constexpr std::size_t kMaxRemarksSaid = 20;
constexpr std::size_t kMaxWaitingSaid = 20;
constexpr std::size_t kMaxWarned = 20;
constexpr char kPayments[] = "payments";
constexpr std::size_t kMaxNameMapBytes = std::size_t{1} << 20;

struct IatiFileOptions {
  FileOptions files;
  intake::IatiOptions how;
  std::string map_file;
  bool dry_run = false, no_duties = false, round = false;
};

std::vector<iati::RemarkKind> Kinds() {
  std::vector<iati::RemarkKind> kinds;
  for (std::size_t kind = 0; kind < iati::kRemarkKinds; ++kind)
    kinds.push_back(static_cast<iati::RemarkKind>(kind));
  return kinds;
}

// What was mended, passed over or left out: how often, and where first.
render::Shown RemarksText(const iati::Payments& payments) {
  render::Shown text;
  for (const iati::RemarkKind kind : Kinds()) {
    const std::uint64_t count = payments.remarks.CountOf(kind);
    if (count == 0) continue;
    text += render::Say("  {} times: {}\n", render::Number(count), render::Told(std::string(NameOf(kind))));
    std::size_t said = 0;
    for (const iati::Remark& remark : payments.remarks.KeptOf(kind)) {
      if (said == kMaxRemarksSaid) break;
      text += render::Say("    line {}: {}\n", remark.line, Escaped(remark.what));
      ++said;
    }
    if (count > said)
      text += render::Say("    and {} more (--json lists up to {})\n", render::Number(count - said),
                          render::Number(iati::Remarks::kMaxKept));
  }
  for (const auto& [of, promises] : payments.promises) {
    text +=
        render::Say("  left out, since it is promised and not paid: {} transactions of type {} ({}) in {}\n",
                    render::Number(promises.transactions), static_cast<int>(of.first),
                    render::Told(std::string(NameOf(of.first))), Escaped(of.second));
  }
  return text;
}

nlohmann::json RemarksJson(const iati::Payments& payments) {
  nlohmann::json json = nlohmann::json::array();
  for (const iati::RemarkKind kind : Kinds()) {
    const std::uint64_t count = payments.remarks.CountOf(kind);
    if (count == 0) continue;
    nlohmann::json first = nlohmann::json::array();
    for (const iati::Remark& remark : payments.remarks.KeptOf(kind))
      first.push_back({{"line", std::to_string(remark.line)}, {"what", remark.what}});
    json.push_back(
        {{"kind", std::string(NameOf(kind))}, {"times", std::to_string(count)}, {"first", std::move(first)}});
  }
  return json;
}

nlohmann::json PromisesJson(const iati::Payments& payments) {
  nlohmann::json json = nlohmann::json::array();
  for (const auto& [of, promises] : payments.promises) {
    json.push_back({{"type", static_cast<int>(of.first)},
                    {"name", std::string(NameOf(of.first))},
                    {"asset", of.second},
                    {"transactions", std::to_string(promises.transactions)}});
  }
  return json;
}

// What the file says, before anything is recorded of it.
ImportedFile PlanTold(const std::string& file, const intake::IatiPlan& plan) {
  ImportedFile told;
  const iati::Payments& payments = plan.payments;
  told.text = render::Say("{}: {} activities, {} payments to record, {} that are refused\n", file,
                          render::Number(plan.document.activities.size()),
                          render::Number(payments.payments.size()), render::Number(payments.refused.size()));
  told.json = {{"file", file},
               {"activities", std::to_string(plan.document.activities.size())},
               {"payments", std::to_string(payments.payments.size())},
               {"refused", std::to_string(payments.refused.size())},
               {"told_twice", std::to_string(payments.told_twice)},
               {"remarks", RemarksJson(payments)},
               {"promises", PromisesJson(payments)},
               {"registers", nlohmann::json::object()}};
  told.text += RemarksText(payments);
  return told;
}

// The files of rejects, one a table.
class IatiRejects {
 public:
  IatiRejects(render::Language language, const std::string& file, const FileOptions& options)
      : language_(language), file_(file), options_(options) {}

  Status Take(const std::string& table, const std::vector<std::string>& header, const sheets::RawRow& row,
              const std::string& reason) {
    Of(table, header).Take(row, reason);
    return absl::OkStatus();
  }
  // The file's name, or nothing where no row of that table was rejected: then one of an earlier run is removed.
  StatusOr<std::string> Finish(const std::string& table, bool keep) { return Of(table, {}).Finish(keep); }

 private:
  Rejects& Of(const std::string& table, const std::vector<std::string>& header) {
    auto& rejects = of_[table];
    if (rejects == nullptr) {
      const std::string name = table == kPayments ? file_ : absl::StrCat(file_, ".", table);
      rejects = std::make_unique<Rejects>(language_, name, options_, ',', header, true);
    }
    return *rejects;
  }

  const render::Language language_;
  const std::string file_;
  const FileOptions& options_;
  std::map<std::string, std::unique_ptr<Rejects>> of_;
};

Status TellImported(const Context& context, const std::string& file, const intake::IatiOptions& how,
                    const intake::IatiSummary& summary, IatiRejects* rejects, ImportedFile* told) {
  std::map<std::string, std::string> rejected_of;
  for (const char* of : iati::kRegisters) {
    FT_ASSIGN_OR_RETURN(rejected_of[of], rejects->Finish(of, false));
  }
  for (const auto& [of, items] : summary.registers) {
    const std::string& rejected = rejected_of[of];
    told->text += ItemsText(file, *model::FindRegister(of), items, rejected);
    told->json["registers"][of] = ItemsJson(file, items, rejected);
    told->well = told->well && items.rejected == 0;
  }
  if (summary.approved.has_value()) {
    intake::AttestOptions attest;
    attest.of = model::FindAttestation(v1::Action::kApproveProject);
    attest.by = how.approve_by;
    told->text += AttestText(attest, *summary.approved);
    told->json["attested"] = AttestJson(attest, *summary.approved);
    told->well = told->well && summary.approved->refused == 0 && summary.approved->other == 0;
  }
  if (summary.reported.has_value()) {
    told->text += render::Say(
        "  results: {} recorded, {} there before, {} refused\n", render::Number(summary.reported->said),
        render::Number(summary.reported->before), render::Number(summary.reported->refused));
    if (summary.reported->refused > 0)
      told->text += render::Say("    the first one: {}\n", Escaped(summary.reported->first_refusal));
    told->json["results"] = {{"recorded", std::to_string(summary.reported->said)},
                             {"present", std::to_string(summary.reported->before)},
                             {"refused", std::to_string(summary.reported->refused)}};
    told->well = told->well && summary.reported->refused == 0;
  }
  told->json["waiting"] = summary.waiting;
  if (!summary.waiting.empty()) {
    std::vector<std::string> some(summary.waiting.begin(),
                                  summary.waiting.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                                kMaxWaitingSaid, summary.waiting.size())));
    if (some.size() < summary.waiting.size()) some.emplace_back("...");
    told->text += render::Say(
        "  no payment was recorded: {} projects wait for approval ({}); have them approved, or give "
        "--approve-by, "
        "and run this again\n",
        render::Number(summary.waiting.size()), absl::StrJoin(some, ", "));
    told->well = false;
  }
  if (!summary.payments.has_value()) return absl::OkStatus();
  const bool keep = summary.payments->imported == 0 && summary.payments->present > 0;
  FT_ASSIGN_OR_RETURN(const std::string rejected, rejects->Finish(kPayments, keep));
  told->text += PaymentsText(file, *summary.payments, rejected, context.style());
  if (summary.refused > 0)
    told->text +=
        render::Say("  refused before that, for what the file says of them: {}\n", RowsOf(summary.refused));
  told->json["payments_recorded"] = PaymentsJson(file, *summary.payments, rejected);
  told->well = told->well && summary.payments->rejected == 0 && summary.refused == 0;
  return absl::OkStatus();
}

StatusOr<ImportedFile> ImportIatiFile(const Context& context, intake::Target* target, const std::string& file,
                                      const IatiFileOptions& options) {
  FT_ASSIGN_OR_RETURN(const std::string bytes, ReadFile(file, iati::kMaxXmlBytes));
  auto plan = intake::PlanIati(*target, bytes, options.how);
  if (!plan.ok()) return Annotate(plan.status(), file);
  ImportedFile told = PlanTold(file, *plan);
  if (options.dry_run) {
    told.text += render::Say("  nothing was recorded\n");
    told.well = plan->payments.refused.empty();
    return told;
  }
  const std::string name = std::filesystem::path(file).filename().string();
  render::Progress progress = ProgressOf(context, render::Say("importing {}", name));
  intake::IatiOptions how = options.how;
  how.progress = [&progress](std::uint64_t done, std::uint64_t total) { progress.Update(done, total); };
  std::size_t warned = 0;
  how.warn = [&warned, language = context.language](const std::string& words) {
    if (++warned <= kMaxWarned) Warn(language, words);
    if (warned == kMaxWarned + 1)
      Warn(language, "and more names like that: the summary counts them, --json lists them");
  };
  IatiRejects rejects(context.language, file, options.files);
  const auto summary = intake::ImportIati(
      target, name, crypto::Sha256(bytes), *plan, how,
      [&](const std::string& table, const std::vector<std::string>& header, const sheets::RawRow& row,
          const std::string& reason) { return rejects.Take(table, header, row, reason); });
  progress.Finish();
  FT_RETURN_IF_ERROR(summary.status());
  told.after = TellImported(context, file, how, *summary, &rejects, &told);
  return told;
}

StatusOr<Exit> RunImportIati(const Context& context, IatiFileOptions options) {
  const FileOptions& files = options.files;
  FT_RETURN_IF_ERROR(CheckManyEntries(files.signing));
  intake::IatiOptions& how = options.how;
  how.not_personal = files.signing.not_personal;
  how.duties = !options.no_duties;
  if (!options.map_file.empty()) {
    FT_ASSIGN_OR_RETURN(how.names_text, ReadFile(options.map_file, kMaxNameMapBytes));
    FT_ASSIGN_OR_RETURN(how.names, iati::ParseNameMap(how.names_text, options.map_file));
  }
  how.rounding = options.round ? Rounding::kHalfEven : Rounding::kRefuse;
  FT_ASSIGN_OR_RETURN(how.today, DateFor(""));
  FT_ASSIGN_OR_RETURN(how.date, DateFor(files.signing.date));
  FT_ASSIGN_OR_RETURN(const auto key, LoadKey(context, files.signing));
  how.key = &key;
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kWrite));
  FT_ASSIGN_OR_RETURN(how.author, AuthorFor(connection.get(), files.signing, key));
  FT_ASSIGN_OR_RETURN(const auto target, OpenTarget(context, connection.get()));
  return ImportFiles(context, files, [&](const std::string& file) {
    return ImportIatiFile(context, target.get(), file, options);
  });
}

}  // namespace

void AddImportIatiCommand(CLI::App* group, Context* context) {
  auto* command = group->add_subcommand("iati",
                                        "Records activities of IATI 2.0x as parties, programmes, projects, "
                                        "duties and payments. What cannot be taken "
                                        "goes to FILE.rejects.csv, with the line and the reason");
  auto options = std::make_shared<IatiFileOptions>();
  command->add_option("FILE", options->files.files, "The XML files to read")->required();
  AddSigning(command, &options->files.signing);
  AddReceipt(command, &options->files.signing);
  for (const char* one : {"--receipt", "--cosigned", "--id", "--memo"}) command->get_option(one)->group("");
  command->add_option("--rejects-dir", options->files.rejects_dir,
                      "The folder for FILE.rejects.csv; else the folder of FILE");
  command->add_option(
      "--map", options->map_file,
      "A TOML file that says what the names and codes of the file are in the ledger: parties, "
      "projects, funds, places, sectors");
  command->add_option("--fund", options->how.fund, "The fund that the money is of; else general");
  command
      ->add_option("--approve-by", options->how.approve_by,
                   "The party that approves the projects, once they are recorded; else payments wait until "
                   "somebody did")
      ->type_name("PARTY");
  command->add_flag(
      "--commitments", options->how.promises,
      "Records outgoing commitments too, as committed and not paid; else they are counted and left out");
  command->add_flag("--results", options->how.results,
                    "Records what was reached as reports by the owners of the projects; else it is left out");
  command->add_flag("--open-places", options->how.open_places,
                    "Opens the places and categories that the file names and the ledger does not have; else "
                    "they are left out, and told");
  command->add_flag("--no-duties", options->no_duties,
                    "Does not record who takes part in an activity as duties");
  command->add_flag("--amend", options->how.amend,
                    "Records a new version of each item that is there and differs");
  command->add_flag("--round", options->round,
                    "Rounds amounts that are finer than the asset, half to even; else they are rejected");
  command->add_flag(
      "--open-missing", options->how.open_missing,
      "Brings in what a payer lacks from the party `unrecorded`, so that it is seen and counted");
  command->add_flag(
      "--accept-duplicates", options->how.accept_duplicates,
      "Records rows that may be payments made before; else they are rejected as DUPLICATE_SUSPECTED");
  command->add_flag(
      "--strict-dates", options->how.strict_dates,
      "Rejects rows with a date in the future, or ten years before the ledger's first record; else "
      "they are counted");
  command->add_flag("--dry-run", options->dry_run, "Tells what the files say, and records nothing");
  command->footer(
      "Example: fundtrail --ledger DIR import iati activities.xml --key root.key --approve-by reviewer");
  OnRun(command, context, [=] { return RunImportIati(*context, *options); });
}

}  // namespace fundtrail::cli
