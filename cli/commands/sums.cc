// summary, top, series, idle
#include "cli/render/sums.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/commands/compare.h"
#include "cli/render/idle.h"
#include "cli/whole_number.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// How many lines a text shows when nothing else is said. A table for a program has all of them.
constexpr std::uint64_t kShownLines = 20;

struct SumOptions {
  std::optional<std::uint64_t> as_of, top;
  std::string by, of, role, since, until, against;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;

  std::uint64_t Top(const Context& context) const {
    return top.value_or(csv || context.json ? 0 : kShownLines);
  }
};

// "brought-in" as BROUGHT_IN; the words that there are, for the error.
template <typename Enum>
StatusOr<Enum> EnumOfWord(const char* option, const std::string& word, const char* words) {
  Enum value{};
  const std::string name = absl::StrReplaceAll(absl::AsciiStrToUpper(word), {{"-", "_"}});
  // What stands for nothing said is not one of the words.
  if (model::ReadWord(name, &value) && static_cast<int>(value) != 0) return value;
  return absl::InvalidArgumentError(absl::StrCat(option, ": \"", Escaped(word), "\" is not one of ", words));
}

Status CheckDays(const SumOptions& options) {
  FT_RETURN_IF_ERROR(ParseOptionalDay("--since", options.since).status());
  return ParseOptionalDay("--until", options.until).status();
}

// --- summary -------------------------------------------------------------------------------------------------

StatusOr<Exit> RunSummary(const Context& context, const SumOptions& options,
                          const v1::SummaryRequest& asked) {
  v1::SummaryRequest request = asked;
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  if (options.top.has_value()) request.set_top(static_cast<std::uint32_t>(*options.top));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskSummary(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::SummaryCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

// --- top -----------------------------------------------------------------------------------------------------

StatusOr<Exit> RunTop(const Context& context, const SumOptions& options, const v1::TopRequest& asked) {
  v1::TopRequest request = asked;
  if (!options.by.empty()) {
    FT_ASSIGN_OR_RETURN(const auto by, (EnumOfWord<v1::TopRequest::By>(
                                           "--by", options.by, "received, brought-in, paid and held")));
    request.set_by(by);
  }
  if (!options.role.empty()) {
    FT_ASSIGN_OR_RETURN(const auto role,
                        (EnumOfWord<v1::Role>("--role", options.role, "source, holder and recipient")));
    request.set_role(role);
  }
  FT_RETURN_IF_ERROR(CheckDays(options));
  request.set_since(options.since);
  request.set_until(options.until);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_top(options.Top(context));
  if (!options.of.empty()) {
    FT_ASSIGN_OR_RETURN(const auto of,
                        (EnumOfWord<v1::TopRequest::Of>("--of", options.of, "bodies, programmes and kinds")));
    request.set_of(of);
  }
  if (!options.against.empty()) {
    v1::CompareRequest both;
    *both.mutable_top() = request;
    return AskDifference(context, std::move(both), options.against, options.csv, options.cells);
  }
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    FT_RETURN_IF_ERROR(PagesOfTop(connection.get(), request, [&](const v1::TopAnswer& page) -> Status {
      Status good = CheckAnswer(page, request, false);
      if (!good.ok()) return good;
      if (!begun) PrintData(render::TopCsvHeader());
      begun = true;
      PrintData(render::TopCsvLines(page, options.cells));
      return absl::OkStatus();
    }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeTop(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

// --- series --------------------------------------------------------------------------------------------------

StatusOr<Exit> RunSeries(const Context& context, const SumOptions& options, const v1::SeriesRequest& asked) {
  v1::SeriesRequest request = asked;
  if (!options.by.empty()) {
    FT_ASSIGN_OR_RETURN(const auto by,
                        (EnumOfWord<v1::SeriesRequest::By>("--by", options.by, "day, month and year")));
    request.set_by(by);
  }
  FT_RETURN_IF_ERROR(CheckDays(options));
  request.set_since(options.since);
  request.set_until(options.until);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  if (!options.against.empty()) {
    v1::CompareRequest both;
    *both.mutable_series() = request;
    return AskDifference(context, std::move(both), options.against, options.csv, options.cells);
  }
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskSeries(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::SeriesCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

// --- idle ----------------------------------------------------------------------------------------------------

StatusOr<Exit> RunHeld(const Context& context, const SumOptions& options, const v1::IdleRequest& asked) {
  v1::IdleRequest request = asked;
  if (!options.by.empty()) {
    FT_ASSIGN_OR_RETURN(const auto by,
                        (EnumOfWord<v1::IdleRequest::By>("--by", options.by, "amount and oldest")));
    request.set_by(by);
  }
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_top(options.Top(context));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) {
    bool begun = false;  // a question that fails prints no header
    render::ItemNames names;
    FT_RETURN_IF_ERROR(PagesOfIdle(connection.get(), request, [&](const v1::IdleAnswer& page) -> Status {
      Status good = CheckAnswer(page, request, false);
      if (!good.ok()) return good;
      if (!begun) PrintData(render::IdleCsvHeader());
      begun = true;
      names.Add(page.names());
      PrintData(render::IdleCsvLines(page, names, options.cells));
      return absl::OkStatus();
    }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, WholeIdle(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, request, context.style()); });
}

void AddTop(CLI::App* command, SumOptions* options, const char* of_what) {
  command
      ->add_option("--top", options->top,
                   absl::StrCat("The most ", of_what, " to print; else ", kShownLines,
                                ", with --csv or --json all. 0 prints all"))
      ->check(WholeNumber());
}

void AddDays(CLI::App* command, SumOptions* options) {
  command->add_option("--since", options->since, "Only value dates from this day on");
  command->add_option("--until", options->until, "Only value dates up to this day");
}

void AddCsv(CLI::App* command, SumOptions* options) {
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV), with every sum"));
}

}  // namespace

void AddSumCommands(CLI::App* app, Context* context) {
  auto* summary = app->add_subcommand(
      "summary",
      "A ledger at a glance: what came in, where the money is, who gave and received the most, what is new");
  auto at_a_glance = std::make_shared<SumOptions>();
  summary
      ->add_option("--top", at_a_glance->top,
                   "The most donors, recipients and newest transfers to print; else 5")
      ->check(CLI::Range(1, 100));
  auto whole = std::make_shared<v1::SummaryRequest>();
  AddJoined(summary, [whole] { whole->set_joined(true); });
  AddAsOf(summary, &at_a_glance->as_of);
  AddCsv(summary, at_a_glance.get());
  summary->footer("Example: fundtrail --ledger DIR summary --top 10");
  OnRun(summary, context, [=] { return RunSummary(*context, *at_a_glance, *whole); });

  auto* top = app->add_subcommand("top", "Ranks bodies by what they brought in, received, paid or hold");
  auto ranked = std::make_shared<SumOptions>();
  auto bodies = std::make_shared<v1::TopRequest>();
  top->add_option("--by", ranked->by, "What to rank by: received, brought-in, paid or held; else received");
  top->add_option("--of", ranked->of,
                  "What a line is: bodies, programmes, or kinds, which are the kinds of bodies; else bodies");
  AddTop(top, ranked.get(), "bodies of each asset");
  top->add_option("--role", ranked->role, "Only bodies with this role: source, holder or recipient");
  top->add_option("--fund", *bodies->mutable_fund(), "Only money in this fund");
  top->add_option("--asset", *bodies->mutable_asset(), "Only money in this asset");
  AddDays(top, ranked.get());
  AddAgainst(top, &ranked->against);
  AddJoined(top, [bodies] { bodies->set_joined(true); });
  AddAsOf(top, &ranked->as_of);
  AddCsv(top, ranked.get());
  top->footer("Example: fundtrail --ledger DIR top --by brought-in --top 10");
  OnRun(top, context, [=] { return RunTop(*context, *ranked, *bodies); });

  auto* series = app->add_subcommand("series", "What came in, went out and is held, by day, month or year");
  auto timed = std::make_shared<SumOptions>();
  auto scope = std::make_shared<v1::SeriesRequest>();
  series->add_option("PARTY", *scope->mutable_party(), "The party; else all parties");
  series->add_option("--programme", *scope->mutable_programme(), "Only money in projects of this programme");
  series->add_option("--fund", *scope->mutable_fund(), "Only money in this fund");
  series->add_option("--asset", *scope->mutable_asset(), "Only money in this asset");
  series->add_option("--by", timed->by, "What a line covers: day, month or year; else month");
  AddDays(series, timed.get());
  AddAgainst(series, &timed->against);
  AddJoined(series, [scope] { scope->set_joined(true); });
  AddAsOf(series, &timed->as_of);
  AddCsv(series, timed.get());
  series->footer("Example: fundtrail --ledger DIR series unicef --by year");
  OnRun(series, context, [=] { return RunSeries(*context, *timed, *scope); });

  auto* idle = app->add_subcommand("idle", "Who holds money that is not passed on, and for how long");
  auto held = std::make_shared<SumOptions>();
  auto holders = std::make_shared<v1::IdleRequest>();
  idle->add_option("PARTY", *holders->mutable_party(), "The party; else all parties");
  idle->add_option("--fund", *holders->mutable_fund(), "Only money in this fund");
  idle->add_option("--asset", *holders->mutable_asset(), "Only money in this asset");
  idle->add_flag_callback(
      "--by-party", [holders] { holders->set_of(v1::IdleRequest::OF_PARTY); },
      "Prints a line for each party, in place of one for each account");
  idle->add_option("--by", held->by, "What to rank by: amount or oldest; else amount");
  AddTop(idle, held.get(), "lines of each asset");
  AddJoined(idle, [holders] { holders->set_joined(true); });
  idle->add_option("--on", *holders->mutable_on(),
                   "The day up to which ages are counted; else the day of the last record");
  AddAsOf(idle, &held->as_of);
  AddCsv(idle, held.get());
  idle->footer("Example: fundtrail --ledger DIR idle --by oldest --top 10");
  OnRun(idle, context, [=] { return RunHeld(*context, *held, *holders); });
}

}  // namespace fundtrail::cli
