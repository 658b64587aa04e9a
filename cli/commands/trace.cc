// trace from | trace to
#include "cli/render/trace.h"

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/render/csv.h"
#include "ledger/base/text.h"
#include "ledger/picture/dot.h"
#include "ledger/picture/flow.h"
#include "ledger/picture/page.h"
#include "ledger/query/trace.h"
#include "ledger/sheets/amount_text.h"

namespace fundtrail::cli {
namespace {

// Of a list of transfers: far more than may be asked about.
constexpr std::size_t kMaxRefBytes = std::size_t{64} << 10;

struct TraceOptions {
  std::vector<std::string> refs;  // as they were given: transfers, records, and files of them
  std::string party, fund, project, since, until, min;
  std::string format = "tree";
  std::string asset;
  std::uint32_t depth = 0, hops = 0;
  std::optional<std::uint64_t> as_of;
  bool joined = false, pro_rata = false;
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

// Each transfer or record that was given; of "@FILE" those in it, and of "-" those on standard input.
StatusOr<std::vector<std::string>> ReadRefs(const std::vector<std::string>& given) {
  std::vector<std::string> refs;
  for (const std::string& text : given) {
    const bool file = text.rfind('@', 0) == 0 || text == "-";
    std::string listed = text;
    if (file) {
      FT_ASSIGN_OR_RETURN(listed, ReadFile(text == "-" ? text : text.substr(1), kMaxRefBytes));
    }
    for (const auto& ref : absl::StrSplit(listed, absl::ByAnyChar(" \t\r\n,;"), absl::SkipEmpty()))
      refs.emplace_back(ref);
  }
  if (refs.size() > query::kMaxReceipts)
    return absl::InvalidArgumentError(
        absl::StrCat("more than ", query::kMaxReceipts, " receipts in one question: divide them"));
  return refs;
}

// One alone is a question of its own; several are told apart too.
Status SetRefs(const std::vector<std::string>& refs, v1::TraceRequest* request) {
  for (const std::string& text : refs) {
    auto ref = ParseRefText(text);
    if (!ref.ok() && refs.size() == 1)
      return absl::InvalidArgumentError(absl::StrCat(ref.status().message(), "; of a body ask with --party"));
    FT_RETURN_IF_ERROR(ref.status());
    *(refs.size() == 1 ? request->mutable_ref() : request->add_refs()) = *std::move(ref);
  }
  return absl::OkStatus();
}

// One asset alone: amounts of two cannot be drawn to one scale.
StatusOr<Exit> PrintFlow(const v1::TraceAnswer& answer, const std::string& asset) {
  std::vector<std::string> there;
  for (const auto& trace : answer.assets()) {
    there.push_back(Escaped(trace.asset()));
    if (trace.asset() != asset && (!asset.empty() || answer.assets_size() > 1)) continue;
    FT_ASSIGN_OR_RETURN(const auto drawn, picture::Flow(trace, answer.direction(),
                                                        picture::CaptionOf(answer, trace, picture::Words())));
    PrintData(drawn.svg.str() + "\n");
    return Exit::kYes;
  }
  const std::string assets = absl::StrJoin(there, ", ");
  if (there.empty()) return absl::NotFoundError("the answer has no money: there is nothing to draw");
  if (asset.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("a picture shows one asset: give --asset, one of ", assets));
  return absl::NotFoundError(absl::StrCat("--asset: the answer has no ", Escaped(asset), ", but ", assets));
}

StatusOr<Exit> RunTrace(const Context& context, v1::Direction direction, const TraceOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto refs, ReadRefs(options.refs));
  if (refs.empty() == (options.party.empty() && options.project.empty())) {
    return absl::InvalidArgumentError(
        "trace one thing: a transfer, as 12.3, or --party PARTY, or --project PROJECT");
  }
  if (options.cells == sheets::Cells::kRaw && options.format != "csv")
    return absl::InvalidArgumentError("--raw goes with --format csv");
  const bool drawn = options.format == "svg" || options.format == "html";
  if (!options.asset.empty() && options.format != "svg")
    return absl::InvalidArgumentError("--asset goes with --format svg: other forms have all assets");
  if (options.hops > 0 && !context.json && options.format != "json")
    return absl::InvalidArgumentError("--hops goes with --json");
  if (options.pro_rata && (drawn || options.format == "dot"))
    return absl::InvalidArgumentError("--pro-rata goes with text, --csv and --json");
  v1::TraceRequest request;
  request.set_direction(direction);
  FT_RETURN_IF_ERROR(SetRefs(refs, &request));
  request.set_party(options.party);
  request.set_fund(options.fund);
  request.set_project(options.project);
  FT_RETURN_IF_ERROR(ParseOptionalDay("--since", options.since).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--until", options.until).status());
  request.set_since(options.since);
  request.set_until(options.until);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_joined(options.joined);
  request.set_pro_rata(options.pro_rata);
  request.set_depth(options.depth);
  const auto min = sheets::WrittenOut(options.min);
  if (!min.ok()) return Annotate(min.status(), "--min");
  request.set_min(*min);
  request.set_path_budget(options.paths);
  request.set_tree(options.format == "tree" || context.json || options.format == "json");
  request.set_paths(options.format == "paths");
  request.set_hops(options.hops > 0 ? options.hops : drawn ? picture::kFlowHops : 0);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk, kMaxTraced));
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
  if (options.format == "svg" && !as.json) return PrintFlow(answer, options.asset);
  if (options.format == "html" && !as.json) {
    FT_ASSIGN_OR_RETURN(const auto page, picture::Page(answer));
    PrintData(page);
    return Exit::kYes;
  }
  if (options.format == "dot" && !as.json) {
    PrintData(picture::Dot(answer));
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
  command->add_option(
      "REF", options->refs,
      "Transfers, as 12.3, or all transfers of a record, as 12. Several are shown together and each "
      "by itself. @FILE and - stand for those in a file and on standard input");
  command->add_option("--party", options->party, "Traces all that this party brought in or received");
  command->add_option("--project", options->project,
                      "With --party: only money in this project. Alone: all that was put in the project");
  command->add_option("--fund", options->fund, "With --party or --project: only money in this fund");
  command->add_option("--since", options->since,
                      "With --party or --project: only value dates from this day on");
  command->add_option("--until", options->until,
                      "With --party or --project: only value dates up to this day");
  command
      ->add_option("--format", options->format,
                   "The form of the answer: tree, flows, paths, csv, json, svg, html or dot")
      ->check(CLI::IsMember({"tree", "flows", "paths", "csv", "json", "svg", "html", "dot"}));
  command->add_option("--asset", options->asset,
                      "The asset that --format svg draws, where there are several");
  command->add_option("--hops", options->hops, "With --json: adds the flows of each hop, for so many hops")
      ->check(CLI::Range(1, 40));
  command->add_flag_callback(
      "--csv", [options] { options->format = "csv"; },
      "Prints a table for a spreadsheet (CSV), as --format csv");
  AddRaw(command, &options->cells, nullptr);
  command->add_option("--depth", options->depth, "How many levels of the tree to show")
      ->check(CLI::Range(1, 10'000));
  command->add_option("--min", options->min, "Leaves out branches below this amount");
  AddAsOf(command, &options->as_of);
  AddJoined(command, [options] { options->joined = true; });
  command->add_flag("--pro-rata", options->pro_rata,
                    "And by a second method, in proportion; with how much depends on the order of payments");
  command->add_option("--paths", options->paths, "The most paths to follow")->check(CLI::Range(1, 1'000'000));
  command->footer(std::string("Example: fundtrail --ledger DIR trace ") + name +
                  (direction == v1::DIRECTION_FROM ? " --party sweden" : " --party red-cross") +
                  " --format flows");
  OnRun(command, context, [=] { return RunTrace(*context, direction, *options); });
}

}  // namespace

void AddTraceCommands(CLI::App* app, Context* context) {
  auto* trace = app->add_subcommand("trace", "Where money went, and where it came from");
  trace->require_subcommand(1);
  trace->fallthrough();
  AddDirection(trace, context, v1::DIRECTION_FROM, "from", "Where the money went");
  AddDirection(trace, context, v1::DIRECTION_TO, "to", "Where the money came from");
}

}  // namespace fundtrail::cli
