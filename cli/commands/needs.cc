// needs
#include "cli/render/needs.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

struct NeedsOptions {
  v1::NeedsRequest request;
  std::vector<std::string> ids, states;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<v1::NeedsRequest> RequestOf(const NeedsOptions& options) {
  v1::NeedsRequest request = options.request;
  for (const std::string& id : options.ids) request.add_ids(id);
  for (const std::string& text : options.states) {
    v1::NeedState state = v1::NEED_STATE_UNSPECIFIED;
    const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(text), {{"-", "_"}});
    if (!model::ReadWord(name, &state) || state == v1::NEED_STATE_UNSPECIFIED)
      return absl::InvalidArgumentError(
          absl::StrCat("--state: \"", Escaped(text),
                       "\" is not one of open, partly, assigned, met, expired, without-amount"));
    request.add_states(state);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  return request;
}

// Page by page.
StatusOr<Exit> PrintCsv(Connection* connection, const NeedsOptions& options,
                        const v1::NeedsRequest& request) {
  bool begun = false;  // a question that fails prints no header
  const std::function<Status(const v1::NeedsAnswer&)> take = [&](const v1::NeedsAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request, false));
    if (!begun) PrintData(render::NeedsCsvHeader());
    begun = true;
    PrintData(render::NeedsCsvLines(page, options.cells));
    return absl::OkStatus();
  };
  const Status end = PagesOfNeeds(connection, request, take);
  if (!end.ok()) return end;
  return Exit::kYes;
}

StatusOr<Exit> RunNeeds(const Context& context, const NeedsOptions& options) {
  FT_ASSIGN_OR_RETURN(const v1::NeedsRequest request, RequestOf(options));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) return PrintCsv(connection.get(), options, request);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeNeeds(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

}  // namespace

void AddNeedsCommand(CLI::App* app, Context* context) {
  auto* needs = app->add_subcommand("needs", "Which needs are open, the most severe first, and what came");
  auto options = std::make_shared<NeedsOptions>();
  v1::NeedsRequest& request = options->request;
  needs->add_option("IDS", options->ids, "Only these needs, in any state; else all");
  needs->add_option("--place", *request.mutable_place(), "Only in this place and all below it");
  needs->add_option("--category", *request.mutable_category(), "Only for this category and all below it");
  auto* state = needs->add_option("--state", options->states,
                                  "Only needs in this state: open, partly, assigned, met, expired or "
                                  "without-amount. May be given several times");
  state->expected(1);
  state->take_all();
  needs->add_flag_callback(
      "--unverified", [options] { options->request.set_unverified(true); },
      "Shows needs that nobody verified or that were refused, too");
  needs->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(needs, &options->as_of);
  AddPageOptions(needs, &options->page);
  AddRaw(needs, &options->cells,
         needs->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  needs->footer("Example: fundtrail --ledger DIR needs --place gbt2260:5205 --state open --state partly");
  OnRun(needs, context, [=] { return RunNeeds(*context, *options); });
}

}  // namespace fundtrail::cli
