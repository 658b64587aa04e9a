// coverage, fragmentation
#include "cli/render/coverage.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/render/fragmentation.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

struct CoverageOptions {
  v1::CoverageRequest request;
  std::string by = "place";
  std::string places;
  std::vector<std::string> states;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunCoverage(const Context& context, const CoverageOptions& options) {
  v1::CoverageRequest request = options.request;
  v1::CoverageRequest::By by = v1::CoverageRequest::BY_UNSPECIFIED;
  if (!model::ReadWord(absl::AsciiStrToUpper(options.by), &by) || by == v1::CoverageRequest::BY_UNSPECIFIED) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--by: \"", Escaped(options.by), "\" is not one of place, category, programme, project, fund, cell"));
  }
  request.set_by(by);
  if (!options.places.empty() && options.places != "today") {
    return absl::InvalidArgumentError(
        absl::StrCat("--places: \"", Escaped(options.places),
                     "\" is not today; without it, each place keeps what was booked there"));
  }
  request.set_places_today(options.places == "today");
  for (const std::string& text : options.states) {
    v1::CoverageState state = v1::COVERAGE_STATE_UNSPECIFIED;
    if (!model::ReadWord(absl::AsciiStrToUpper(text), &state) || state == v1::COVERAGE_STATE_UNSPECIFIED) {
      return absl::InvalidArgumentError(
          absl::StrCat("--state: \"", Escaped(text),
                       "\" is not one of vacuum, unfunded, under, covered, over, undeclared"));
    }
    request.add_states(state);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMaxTraced));
  FT_ASSIGN_OR_RETURN(const auto answer, AskCoverage(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::CoverageCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

struct FragmentationOptions {
  v1::FragmentationRequest request;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunFragmentation(const Context& context, const FragmentationOptions& options) {
  v1::FragmentationRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskFragmentation(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::FragmentationCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

void AddFragmentation(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand(
      "fragmentation",
      "In how many hands the help for a place lies: bodies, funds, projects, teams, declarers of needs");
  auto options = std::make_shared<FragmentationOptions>();
  v1::FragmentationRequest& request = options->request;
  command->add_option("PLACE", *request.mutable_place(), "This place and all below it")->required();
  command->add_option("CATEGORY", *request.mutable_category(), "This category and all below it; else all");
  command->add_option("--asset", *request.mutable_asset(),
                      "The asset to count; else the only one that needs and projects count");
  command->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(command, &options->as_of);
  command->add_flag_callback(
      "--unverified", [options] { options->request.set_unverified(true); },
      "Counts needs that nobody verified, too");
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  command->footer("Example: fundtrail --ledger DIR fragmentation gbt2260:520521 EDU");
  OnRun(command, context, [=] { return RunFragmentation(*context, *options); });
}

}  // namespace

void AddCoverageCommands(CLI::App* app, Context* context) {
  auto* coverage = app->add_subcommand(
      "coverage", "Who is left out: compares needs with the money and the teams that are there");
  auto options = std::make_shared<CoverageOptions>();
  v1::CoverageRequest& request = options->request;
  coverage->add_option("--by", options->by,
                       "What a line is about: place, category, programme, project, fund or cell; else place");
  coverage->add_option("--place", *request.mutable_place(), "This place and all below it; else all");
  coverage->add_option("--category", *request.mutable_category(), "This category and all below it; else all");
  coverage->add_option("--asset", *request.mutable_asset(),
                       "The asset to count; else the only one that needs and projects count");
  coverage->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(coverage, &options->as_of);
  coverage->add_flag_callback(
      "--unverified", [options] { options->request.set_unverified(true); },
      "Counts needs that nobody verified, too");
  coverage->add_flag_callback(
      "--by-recipient", [options] { options->request.set_by_recipient(true); },
      "Counts the money of projects where its recipients have their seats, not where the projects work");
  AddJoined(coverage, [options] { options->request.set_joined(true); });
  coverage->add_option("--places", options->places,
                       "Only \"today\": counts what was booked at a former place at its successor");
  auto depth = std::make_shared<std::uint32_t>(1);
  coverage->add_option("--depth", *depth, "How many levels of places or categories to show")
      ->check(CLI::Range(1, 10));
  auto* state = coverage->add_option("--state", options->states,
                                     "Only lines in this state: vacuum, unfunded, under, covered, over or "
                                     "undeclared. May be given several times");
  state->expected(1);
  state->take_all();
  coverage->add_flag_callback(
      "--crowded", [options] { options->request.set_crowded(true); }, "Only lines that are crowded");
  AddRaw(coverage, &options->cells,
         coverage->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  coverage->footer("Example: fundtrail --ledger DIR coverage --place gbt2260:5205 --state vacuum");
  OnRun(coverage, context, [=] {
    CoverageOptions own = *options;
    own.request.set_depth(*depth);
    return RunCoverage(*context, own);
  });

  AddFragmentation(app, context);
}

}  // namespace fundtrail::cli
