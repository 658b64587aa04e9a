// publicity, open
#include "cli/render/publicity.h"

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"

namespace fundtrail::cli {
namespace {

struct PublicityOptions {
  v1::PublicityRequest request;
  std::uint32_t days = 90;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunPublicity(const Context& context, const PublicityOptions& options) {
  v1::PublicityRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  request.set_days(options.days);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskPublicity(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::PublicityCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

struct OpenOptions {
  v1::OpenRequest request;
  std::uint32_t top = 20;
  std::optional<std::uint64_t> as_of;
};

StatusOr<Exit> RunOpen(const Context& context, const OpenOptions& options) {
  v1::OpenRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  request.set_top(options.top);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskOpen(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

}  // namespace

void AddPublicityCommands(CLI::App* app, Context* context) {
  auto* publicity =
      app->add_subcommand("publicity", "What was made public where, and which places no call reached");
  auto options = std::make_shared<PublicityOptions>();
  publicity->add_option("--place", *options->request.mutable_place(), "This place and all below it");
  publicity->add_option("--category", *options->request.mutable_category(), "Only for this kind of help");
  publicity->add_option("--days", options->days, "How many days to look back; else 90")
      ->check(CLI::Range(1, 36'600));
  publicity->add_flag_callback(
      "--silent", [options] { options->request.set_silent(true); },
      "Only places with a verified need that no call reached");
  publicity->add_option("--on", *options->request.mutable_on(),
                        "The day to look at; else the day of the last record");
  AddAsOf(publicity, &options->as_of);
  AddRaw(publicity, &options->cells,
         publicity->add_flag("--csv", options->csv, "Prints the places as a table for a spreadsheet (CSV)"));
  publicity->footer("Example: fundtrail --ledger DIR publicity --place gbt2260:5205 --silent");
  OnRun(publicity, context, [=] { return RunPublicity(*context, *options); });

  auto* open = app->add_subcommand("open", "How to take part: calls, open needs, projects that lack money");
  auto asked = std::make_shared<OpenOptions>();
  open->add_option("--place", *asked->request.mutable_place(), "This place and all below it");
  open->add_option("--category", *asked->request.mutable_category(), "Only for this kind of help");
  open->add_option("--top", asked->top, "The most calls, needs and projects to print; else 20")
      ->check(CLI::Range(1, 100));
  open->add_option("--on", *asked->request.mutable_on(),
                   "The day to look at; else the day of the last record");
  AddAsOf(open, &asked->as_of);
  open->footer("Example: fundtrail --ledger DIR open --place gbt2260:5205");
  OnRun(open, context, [=] { return RunOpen(*context, *asked); });
}

}  // namespace fundtrail::cli
