// committed
#include "cli/render/committed.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/context.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// How many lines a text shows when nothing else is said.
constexpr std::uint64_t kShownPromises = 20;

struct PromiseOptions {
  v1::CommittedRequest request;
  std::string by;
  std::optional<std::uint64_t> as_of, top;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunCommitted(const Context& context, const PromiseOptions& options) {
  v1::CommittedRequest request = options.request;
  if (!options.by.empty()) {
    v1::CommittedRequest::By by{};
    if (!model::ReadWord(absl::AsciiStrToUpper(options.by), &by) ||
        by == v1::CommittedRequest::BY_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat(
          "--by: \"", Escaped(options.by), "\" is not one of payer, recipient, fund, project and year"));
    request.set_by(by);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--since", request.since()).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--until", request.until()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_top(options.top.value_or(options.csv || context.json ? 0 : kShownPromises));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskCommitted(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::CommittedCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

}  // namespace

void AddCommittedCommand(CLI::App* app, Context* context) {
  auto* command = app->add_subcommand(
      "committed", "What is committed and not paid, by payer, recipient, fund, project or year");
  auto options = std::make_shared<PromiseOptions>();
  v1::CommittedRequest& request = options->request;
  command->add_option("--by", options->by,
                      "What the lines are: payer, recipient, fund, project or year; else payer");
  command->add_option("--party", *request.mutable_party(), "Only what this party promised, or was promised");
  command->add_option("--fund", *request.mutable_fund(), "Only what would be paid out of this fund");
  command->add_option("--asset", *request.mutable_asset(), "Only money in this asset");
  command->add_option("--since", *request.mutable_since(),
                      "Only value dates from this day on; what was open before is told apart");
  command->add_option("--until", *request.mutable_until(), "Only value dates up to this day");
  command
      ->add_option("--top", options->top,
                   absl::StrCat("The most lines of each asset to print; else ", kShownPromises,
                                ", with --csv or --json all. 0 prints all"))
      ->check(WholeNumber());
  AddJoined(command, [options] { options->request.set_joined(true); });
  AddAsOf(command, &options->as_of);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV), with every sum"));
  command->footer("Example: fundtrail --ledger DIR committed --by year");
  OnRun(command, context, [=] { return RunCommitted(*context, *options); });
}

}  // namespace fundtrail::cli
