// flows
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/commands/compare.h"
#include "cli/context.h"
#include "cli/render/flows_by.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// How many groups a text shows when nothing else is said.
constexpr std::uint64_t kShownGroups = 20;

struct FlowOptions {
  v1::FlowsByRequest request;
  std::string by, against;
  std::optional<std::uint64_t> as_of, top;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunFlows(const Context& context, const FlowOptions& options) {
  v1::FlowsByRequest request = options.request;
  if (!options.by.empty()) {
    v1::FlowsByRequest::By by{};
    const std::string word = absl::StrReplaceAll(absl::AsciiStrToUpper(options.by), {{"-", "_"}});
    if (!model::ReadWord(word, &by) || by == v1::FlowsByRequest::BY_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat("--by: \"", Escaped(options.by),
                                                     "\" is not one of party, place, programme, fund, "
                                                     "project, year, kind, party-project and party-kind"));
    request.set_by(by);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--since", request.since()).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--until", request.until()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_top(options.top.value_or(options.csv || context.json ? 0 : kShownGroups));
  if (!options.against.empty()) {
    v1::CompareRequest both;
    *both.mutable_flows() = request;
    return AskDifference(context, std::move(both), options.against, options.csv, options.cells);
  }
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskFlowsBy(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::FlowsByCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

}  // namespace

void AddFlowsCommand(CLI::App* app, Context* context) {
  auto* flows =
      app->add_subcommand("flows", "Who pays whom, by party, place, programme, fund, project, year or kind");
  auto options = std::make_shared<FlowOptions>();
  flows->add_option(
      "--by", options->by,
      "What the groups are: party, place, programme, fund, project, year or kind; party-project for payer, "
      "payee and project; party-kind for the kinds of bodies. Else party");
  flows
      ->add_option("--top", options->top,
                   absl::StrCat("The most groups of each asset to print; else ", kShownGroups,
                                ", with --csv or --json all. 0 prints all"))
      ->check(WholeNumber());
  flows->add_option("--fund", *options->request.mutable_fund(), "Only money that is paid out of this fund");
  flows->add_option("--asset", *options->request.mutable_asset(), "Only money in this asset");
  flows->add_option("--since", *options->request.mutable_since(), "Only value dates from this day on");
  flows->add_option("--until", *options->request.mutable_until(), "Only value dates up to this day");
  AddAgainst(flows, &options->against);
  AddJoined(flows, [options] { options->request.set_joined(true); });
  AddAsOf(flows, &options->as_of);
  AddRaw(flows, &options->cells,
         flows->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV), with every sum"));
  flows->footer("Example: fundtrail --ledger DIR flows --by fund --since 2026-01-01");
  OnRun(flows, context, [=] { return RunFlows(*context, *options); });
}

}  // namespace fundtrail::cli
