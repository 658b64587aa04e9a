// standing, evaluations, participation
#include "cli/render/standing.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

struct StandingOptions {
  v1::StandingRequest request;
  std::optional<std::uint64_t> as_of;
};

StatusOr<Exit> RunStanding(const Context& context, const StandingOptions& options) {
  v1::StandingRequest request = options.request;
  const int named = (request.project().empty() ? 0 : 1) + (request.programme().empty() ? 0 : 1) +
                    (request.policy().empty() ? 0 : 1) + (request.party().empty() ? 0 : 1);
  if (named != 1)
    return absl::InvalidArgumentError("give one PROJECT, or one of --programme, --policy and --party");
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskStanding(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

void AddStanding(CLI::App* app, Context* context) {
  auto* standing =
      app->add_subcommand("standing", "How a project stands after all evaluations, and what is frozen");
  auto options = std::make_shared<StandingOptions>();
  v1::StandingRequest& request = options->request;
  standing->add_option("PROJECT", *request.mutable_project(), "The project");
  standing->add_option("--programme", *request.mutable_programme(), "A programme, in place of a project");
  standing->add_option("--policy", *request.mutable_policy(), "A policy, in place of a project");
  standing->add_option("--party", *request.mutable_party(), "A party, in place of a project");
  standing->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(standing, &options->as_of);
  standing->footer("Example: fundtrail --ledger DIR standing warm-lunches --on 2026-12-31");
  OnRun(standing, context, [=] { return RunStanding(*context, *options); });
}

struct EvaluationsOptions {
  v1::EvaluationsRequest request;
  std::string verdict;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<v1::EvaluationsRequest> RequestOf(const EvaluationsOptions& options) {
  v1::EvaluationsRequest request = options.request;
  if (!options.verdict.empty()) {
    v1::Evaluate::Verdict verdict = v1::Evaluate::VERDICT_UNSPECIFIED;
    if (!model::ReadWord(absl::AsciiStrToUpper(options.verdict), &verdict) ||
        verdict == v1::Evaluate::VERDICT_UNSPECIFIED)
      return absl::InvalidArgumentError(
          absl::StrCat("--verdict: \"", Escaped(options.verdict),
                       "\" is not one of continue, improve, suspend, withdraw"));
    request.set_verdict(verdict);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  return request;
}

// Page by page.
StatusOr<Exit> PrintCsv(Connection* connection, const EvaluationsOptions& options,
                        const v1::EvaluationsRequest& request) {
  bool begun = false;  // a question that fails prints no header
  const std::function<Status(const v1::EvaluationsAnswer&)> take =
      [&](const v1::EvaluationsAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request));
    if (!begun) PrintData(render::EvaluationsCsvHeader());
    begun = true;
    PrintData(render::EvaluationsCsvLines(page, options.cells));
    return absl::OkStatus();
  };
  const Status end = PagesOfEvaluations(connection, request, take);
  if (!end.ok()) return end;
  return Exit::kYes;
}

StatusOr<Exit> RunEvaluations(const Context& context, const EvaluationsOptions& options) {
  FT_ASSIGN_OR_RETURN(const v1::EvaluationsRequest request, RequestOf(options));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) return PrintCsv(connection.get(), options, request);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeEvaluations(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer,
                     [&] { return render::Text(answer, context.style(), !request.after().empty()); });
}

void AddEvaluations(CLI::App* app, Context* context) {
  auto* evaluations = app->add_subcommand("evaluations", "Lists evaluations, and says which of them stand");
  auto options = std::make_shared<EvaluationsOptions>();
  v1::EvaluationsRequest& request = options->request;
  evaluations->add_option("--project", *request.mutable_project(), "Only evaluations of this project");
  evaluations->add_option("--programme", *request.mutable_programme(), "Only evaluations of this programme");
  evaluations->add_option("--policy", *request.mutable_policy(), "Only evaluations of this policy");
  evaluations->add_option("--party", *request.mutable_party(), "Only evaluations of this party");
  evaluations->add_option("--group", *request.mutable_group(), "Only evaluations by this group");
  evaluations->add_option("--verdict", options->verdict,
                          "Only this verdict: continue, improve, suspend or withdraw");
  evaluations->add_flag_callback(
      "--standing", [options] { options->request.set_standing(true); },
      "Only evaluations whose verdict stands");
  evaluations->add_option("--on", *request.mutable_on(),
                          "The day to look at; else the day of the last record");
  AddAsOf(evaluations, &options->as_of);
  AddPageOptions(evaluations, &options->page);
  AddRaw(evaluations, &options->cells,
         evaluations->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  evaluations->footer("Example: fundtrail --ledger DIR evaluations --project warm-lunches --standing");
  OnRun(evaluations, context, [=] { return RunEvaluations(*context, *options); });
}

struct ParticipationOptions {
  v1::ParticipationRequest request;
  std::optional<std::uint64_t> as_of;
};

StatusOr<Exit> RunParticipation(const Context& context, const ParticipationOptions& options) {
  v1::ParticipationRequest request = options.request;
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMaxTraced));
  FT_ASSIGN_OR_RETURN(const auto answer, AskParticipation(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

void AddParticipation(CLI::App* app, Context* context) {
  auto* who = app->add_subcommand("participation",
                                  "From how many givers of which kind money comes, and how far it reaches");
  auto options = std::make_shared<ParticipationOptions>();
  v1::ParticipationRequest& request = options->request;
  who->add_option("--fund", *request.mutable_fund(), "Only money in this fund; else in all funds");
  who->add_option("--programme", *request.mutable_programme(),
                  "Only money in the projects of this programme");
  who->add_option("--project", *request.mutable_project(), "Only money in this project");
  AddJoined(who, [options] { options->request.set_joined(true); });
  AddAsOf(who, &options->as_of);
  who->footer("Example: fundtrail --ledger DIR participation --fund winter-2026");
  OnRun(who, context, [=] { return RunParticipation(*context, *options); });
}

}  // namespace

void AddStandingCommands(CLI::App* app, Context* context) {
  AddStanding(app, context);
  AddEvaluations(app, context);
  AddParticipation(app, context);
}

}  // namespace fundtrail::cli
