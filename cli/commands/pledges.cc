// pledges
#include "cli/render/pledges.h"

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"

namespace fundtrail::cli {
namespace {

struct PledgesOptions {
  v1::PledgesRequest request;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
};

StatusOr<Exit> RunPledges(const Context& context, const PledgesOptions& options) {
  v1::PledgesRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, WholePledges(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

}  // namespace

void AddPledgesCommand(CLI::App* app, Context* context) {
  auto* pledges = app->add_subcommand("pledges", "What donors pledged, what is assigned, and what they paid");
  auto options = std::make_shared<PledgesOptions>();
  v1::PledgesRequest& request = options->request;
  pledges->add_option("DONOR", *request.mutable_donor(),
                      "The donor, with the sums of its pledges; else all donors");
  pledges->add_flag_callback(
      "--all", [options] { options->request.set_all(true); },
      "Shows pledges that are not in force or were withdrawn, too");
  pledges->add_option("--on", *request.mutable_on(), "The day to look at; else the day of the last record");
  AddAsOf(pledges, &options->as_of);
  AddPageOptions(pledges, &options->page);
  pledges->footer("Example: fundtrail --ledger DIR pledges company");
  OnRun(pledges, context, [=] { return RunPledges(*context, *options); });
}

}  // namespace fundtrail::cli
