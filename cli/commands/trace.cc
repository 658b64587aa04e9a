// trace from | trace to
#include "cli/render/trace.h"

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/render/csv.h"
#include "ledger/query/trace.h"

namespace fundtrail::cli {
namespace {

struct TraceOptions {
  std::string ref, party, fund, since, until, min;
  std::string format = "tree";
  std::uint32_t depth = 0;
  std::optional<std::uint64_t> as_of;
  std::uint32_t paths = 1000;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

// The server speaks of its own fields.
Status InOurWords(const Status& failed) {
  std::string_view message(failed.message().data(), failed.message().size());
  const std::string_view field = "path_budget: ";
  if (!absl::IsInvalidArgument(failed) || message.substr(0, field.size()) != field) return failed;
  message.remove_prefix(field.size());
  return absl::InvalidArgumentError(absl::StrCat("--paths: ", std::string(message), ", says this server"));
}

StatusOr<Exit> RunTrace(const Context& context, v1::Direction direction, const TraceOptions& options) {
  if (options.ref.empty() == options.party.empty()) {
    return absl::InvalidArgumentError("trace one thing: a transfer, as 12.3, or --party PARTY");
  }
  if (options.cells == sheets::Cells::kRaw && options.format != "csv")
    return absl::InvalidArgumentError("--raw goes with --format csv");
  v1::TraceRequest request;
  request.set_direction(direction);
  if (!options.ref.empty()) {
    FT_ASSIGN_OR_RETURN(*request.mutable_ref(), ParseRefText(options.ref));
  }
  request.set_party(options.party);
  request.set_fund(options.fund);
  FT_RETURN_IF_ERROR(ParseOptionalDay("--since", options.since).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--until", options.until).status());
  request.set_since(options.since);
  request.set_until(options.until);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_depth(options.depth);
  request.set_min(options.min);
  request.set_path_budget(options.paths);
  request.set_tree(options.format == "tree" || context.json || options.format == "json");
  request.set_paths(options.format == "paths");
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMostTraced));
  const auto traced = AskTrace(connection.get(), request);
  if (!traced.ok()) return InOurWords(traced.status());
  const v1::TraceAnswer& answer = *traced;
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  Context as = context;
  as.json = context.json || options.format == "json";
  if (options.format == "csv" && !as.json) {
    PrintData(render::TraceCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(as, answer, [&] {
    if (options.format == "flows") return render::TraceFlows(answer, context.style());
    if (options.format == "paths") return render::TracePaths(answer, context.style());
    return render::TraceTree(answer, context.style());
  });
}

void AddDirection(CLI::App* trace, Context* context, v1::Direction direction, const char* name,
                  const char* what) {
  auto* command = trace->add_subcommand(name, what);
  auto options = std::make_shared<TraceOptions>();
  command->add_option("REF", options->ref, "A transfer, 12.3, or all of record 12");
  command->add_option("--party", options->party, "All that this party brought in or received");
  command->add_option("--fund", options->fund, "Of the party: in this fund only");
  command->add_option("--since", options->since, "Of the party: from this day on (value date)");
  command->add_option("--until", options->until, "Of the party: until this day");
  command->add_option("--format", options->format, "tree, flows, paths, csv or json")
      ->check(CLI::IsMember({"tree", "flows", "paths", "csv", "json"}));
  AddRaw(command, &options->cells, nullptr);
  command->add_option("--depth", options->depth, "Levels of the tree")->check(CLI::Range(1, 10'000));
  command->add_option("--min", options->min, "Leaves out branches below this amount");
  command->add_option("--as-of", options->as_of, "As the ledger stood after this record");
  command->add_option("--paths", options->paths, "Stops after so many paths")
      ->check(CLI::Range(1, 1'000'000));
  command->footer(std::string("Example: fundtrail --ledger DIR trace ") + name +
                  " --party sweden --format flows");
  OnRun(command, context, [=] { return RunTrace(*context, direction, *options); });
}

}  // namespace

void AddTraceCommands(CLI::App* app, Context* context) {
  auto* trace = app->add_subcommand("trace", "Where money went, and where it came from");
  trace->require_subcommand(1);
  trace->fallthrough();
  AddDirection(trace, context, v1::FROM, "from", "Where it went");
  AddDirection(trace, context, v1::TO, "to", "Where it came from");
}

}  // namespace fundtrail::cli
