// who-answers, deployment idle
#include "cli/render/duties.h"

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"

namespace fundtrail::cli {
namespace {

struct WhoOptions {
  v1::WhoAnswersRequest request;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunWho(const Context& context, const WhoOptions& options) {
  v1::WhoAnswersRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskWhoAnswers(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::WhoAnswersCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

struct IdleOptions {
  v1::IdleTeamsRequest request;
  std::uint32_t days = 180;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunIdle(const Context& context, const IdleOptions& options) {
  v1::IdleTeamsRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  request.set_days(options.days);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMaxTraced));
  FT_ASSIGN_OR_RETURN(const auto answer, AskIdleTeams(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::IdleTeamsCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

void AddIdle(CLI::App* group, Context* context) {
  auto* idle = group->add_subcommand("idle", "Teams on whose project nobody has reported for long");
  auto options = std::make_shared<IdleOptions>();
  idle->add_option("--place", *options->request.mutable_place(), "This place and all below it; else all");
  idle->add_option("--category", *options->request.mutable_category(),
                   "This category and all below it; else all");
  idle->add_option("--over", options->days, "Teams without a report for more days than these; else 180")
      ->check(CLI::Range(1, 100'000));
  idle->add_option("--on", *options->request.mutable_on(),
                   "The day to look at; else the day of the last record");
  AddAsOf(idle, &options->as_of);
  AddRaw(idle, &options->cells,
         idle->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  idle->footer("Example: fundtrail --ledger DIR deployment idle --place gbt2260:5205 --over 365");
  OnRun(idle, context, [=] { return RunIdle(*context, *options); });
}

}  // namespace

void AddDutyCommands(CLI::App* app, Context* context) {
  auto* who = app->add_subcommand("who-answers", "Who answers for help in a place: nobody, one, or several");
  auto options = std::make_shared<WhoOptions>();
  who->add_option("PLACE", *options->request.mutable_place(), "The place")->required();
  who->add_option("CATEGORY", *options->request.mutable_category(), "The kind of help; else all kinds");
  who->add_option("--on", *options->request.mutable_on(),
                  "The day to look at; else the day of the last record");
  AddAsOf(who, &options->as_of);
  AddRaw(who, &options->cells,
         who->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  who->footer("Example: fundtrail --ledger DIR who-answers gbt2260:520521 EDU");
  OnRun(who, context, [=] { return RunWho(*context, *options); });
  AddIdle(app->get_subcommand("deployment"), context);
}

}  // namespace fundtrail::cli
