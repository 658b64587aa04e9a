// show, list, balance, statement
#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/commands/below.h"
#include "cli/render/answers.h"
#include "cli/whole_number.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

// How many values of each facet a text or JSON shows.
constexpr std::uint32_t kFacetValuesShown = 20;

struct ListOptions {
  v1::ListRequest request;
  std::optional<std::uint64_t> limit;  // else 100, and with --csv all
  std::optional<std::uint64_t> as_of;
  std::string kind, after;
  bool csv = false, facets = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

// NOT_FOUND when the ledger has no such project.
Status NeedProject(Connection* connection, const std::string& project) {
  v1::RegistersRequest request;
  request.set_register_("project");
  request.add_ids(project);
  FT_ASSIGN_OR_RETURN(const auto found, WholeRegisters(connection, request, kMaxShort));
  return CheckAnswer(found, request);
}

// Whether nothing but the project decides.
bool IsOfProject(const v1::ListRequest& request) {
  v1::ListRequest other;
  other.set_project(request.project());
  other.set_limit(request.limit());
  other.set_facets(request.facets());
  return !request.project().empty() && request.SerializeAsString() == other.SerializeAsString();
}

StatusOr<Exit> RunList(const Context& context, const ListOptions& options) {
  v1::ListRequest request = options.request;
  v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
  if (!options.kind.empty() && !model::ReadWord(absl::AsciiStrToUpper(options.kind), &kind)) {
    return absl::InvalidArgumentError("--kind: \"" + options.kind + "\" is not a kind of transfer");
  }
  request.set_kind(kind);
  FT_RETURN_IF_ERROR(ParseOptionalDay("--from", request.from()).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--to", request.to()).status());
  if (!options.after.empty()) {
    FT_ASSIGN_OR_RETURN(*request.mutable_after(), ParseRefText(options.after));
  }
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  request.set_limit(options.limit.value_or(options.csv ? 0 : 100));
  if (options.facets) request.set_facets(kFacetValuesShown);
  v1::ListAnswer all;
  std::uint64_t lines = 0;
  std::size_t bytes = 0;
  bool first = true;  // a question that fails prints no header
  render::ItemNames names;
  const std::function<Status(const v1::ListAnswer&)> take = [&](const v1::ListAnswer& page) -> Status {
    lines += static_cast<std::uint64_t>(page.transfers_size());
    if (request.limit() > 0 && lines > request.limit())
      return absl::DataLossError("the server's answer has more transfers than were asked for");
    if (options.csv) {
      if (page.transfers().empty()) return absl::OkStatus();
      if (first) PrintData(render::ListCsvHeader());
      first = false;
      names.Add(page.names());
      PrintData(render::ListCsvLines(page, names, options.cells));
    } else {
      if (connection->own() == nullptr)
        FT_RETURN_IF_ERROR(CountBytes(page.SpaceUsedLong(), kMaxWhole, &bytes));
      all.MergeFrom(page);
    }
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfList(connection.get(), request, take));
  // It may be part of a name.
  if (lines == 0 && IsOfProject(request))
    FT_RETURN_IF_ERROR(NeedProject(connection.get(), request.project()));
  if (options.csv && first) PrintData(render::ListCsvHeader());
  if (options.csv) return Exit::kYes;
  FT_RETURN_IF_ERROR(CheckAnswer(all, request));
  return PrintAnswer(context, all, [&] { return render::Text(all, context.style(), request.has_after()); });
}

struct AccountOptions {
  std::string party, fund, project, from, to, programme;
  std::string as_of;                          // of a balance
  std::optional<std::uint64_t> as_of_record;  // of a statement
  PageOptions page;
  bool csv = false, below = false, joined = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunBelow(const Context& context, const AccountOptions& options) {
  BelowQuestion question;
  question.party = options.party;
  question.fund = options.fund;
  question.csv = options.csv;
  question.cells = options.cells;
  if (!options.as_of.empty()) {
    FT_ASSIGN_OR_RETURN(question.as_of, ParseAsOf(options.as_of));
  }
  return AskBelow(context, question);
}

// Leaves the accounts in one project, and the names that they show. An unknown one is NOT_FOUND.
Status KeepProject(Connection* connection, const std::string& project, v1::BalanceAnswer* answer) {
  FT_RETURN_IF_ERROR(NeedProject(connection, project));
  auto* lines = answer->mutable_lines();
  lines->erase(
      std::remove_if(lines->begin(), lines->end(),
                     [&](const v1::BalanceLine& line) { return line.account().project() != project; }),
      lines->end());
  std::set<std::pair<std::string, std::string>> shown;
  for (const v1::BalanceLine& line : *lines) {
    shown.emplace("fund", line.account().fund());
    shown.emplace("project", line.account().project());
  }
  auto* names = answer->mutable_names();
  names->erase(std::remove_if(names->begin(), names->end(),
                              [&](const v1::ItemName& name) {
                                return shown.count({name.register_(), name.id()}) == 0;
                              }),
               names->end());
  return absl::OkStatus();
}

StatusOr<Exit> RunBalance(const Context& context, const AccountOptions& options) {
  if (options.below) return RunBelow(context, options);
  v1::BalanceRequest request;
  request.set_party(options.party);
  request.set_fund(options.fund);
  request.set_joined(options.joined);
  AsOf as_of;
  if (!options.as_of.empty()) {
    FT_ASSIGN_OR_RETURN(as_of, ParseAsOf(options.as_of));
  }
  if (!as_of.day.empty()) request.set_date(as_of.day);
  if (as_of.record.has_value()) request.set_record(*as_of.record);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(auto answer, AskBalance(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, options.joined));
  if (!options.project.empty()) FT_RETURN_IF_ERROR(KeepProject(connection.get(), options.project, &answer));
  if (options.csv) {
    PrintData(render::BalanceCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

StatusOr<Exit> RunStatement(const Context& context, const AccountOptions& options) {
  if (options.party.empty() && options.programme.empty() && options.project.empty())
    return absl::InvalidArgumentError("name the party, or --project PROJECT, or --programme PROGRAMME");
  v1::StatementRequest request;
  request.set_party(options.party);
  request.set_fund(options.fund);
  request.set_joined(options.joined);
  request.set_below(options.below);
  request.set_programme(options.programme);
  request.set_project(options.project);
  const bool within = options.below || !options.programme.empty() || !options.project.empty();
  FT_RETURN_IF_ERROR(ParseOptionalDay("--from", options.from).status());
  FT_RETURN_IF_ERROR(ParseOptionalDay("--to", options.to).status());
  request.set_from(options.from);
  request.set_to(options.to);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  if (options.as_of_record.has_value()) request.set_as_of(*options.as_of_record);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (!options.csv) {
    FT_ASSIGN_OR_RETURN(const auto answer, WholeStatement(connection.get(), request));
    FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
    // Only all pages together are all of it.
    const bool whole = answer.next().empty() && request.after().empty();
    return PrintAnswer(context, answer, [&] {
      return render::Text(answer, context.style(), !request.after().empty()) +
             (within && whole ? render::TogetherText(answer, context.style()) : render::Shown());
    });
  }
  bool first = true;  // a question that fails prints no header
  render::ItemNames names;
  const std::function<Status(const v1::StatementAnswer&)> take =
      [&](const v1::StatementAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request));
    if (first) PrintData(render::StatementCsvHeader(within));
    first = false;
    names.Add(page.names());
    PrintData(render::StatementCsvLines(page, names, options.cells, within));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfStatement(connection.get(), request, take));
  return Exit::kYes;
}

}  // namespace

void AddAskCommands(CLI::App* app, Context* context) {
  auto* show = app->add_subcommand("show", "Shows one record, or one of its transfers");
  auto ref = std::make_shared<std::string>();
  show->add_option("REF", *ref, "The record, as 12, or its transfer, as 12.3")->required();
  show->footer("Example: fundtrail --ledger DIR show 12.3");
  OnRun(show, context, [=]() -> StatusOr<Exit> {
    v1::ShowRequest request;
    FT_ASSIGN_OR_RETURN(*request.mutable_ref(), ParseRefText(*ref));
    FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(*context, Access::kAsk));
    FT_ASSIGN_OR_RETURN(const auto answer, AskShow(connection.get(), request));
    return PrintAnswer(*context, answer, [&] { return render::Text(answer, context->style()); });
  });

  auto* list = app->add_subcommand("list", "Lists transfers, in the order of the log");
  auto listed = std::make_shared<ListOptions>();
  list->add_option("--party", *listed->request.mutable_party(),
                   "Only transfers that this party pays or is paid");
  list->add_option("--fund", *listed->request.mutable_fund(), "Only money in this fund");
  list->add_option("--project", *listed->request.mutable_project(), "Only money in this project");
  list->add_option("--kind", listed->kind,
                   "Only transfers of this kind: donation, allocation, disbursement, return and so on");
  list->add_option("--asset", *listed->request.mutable_asset(), "Only money in this asset");
  list->add_option("--min", *listed->request.mutable_min(),
                   "Only transfers of at least this amount; needs --asset");
  list->add_option("--from", *listed->request.mutable_from(), "Only value dates from this day on");
  list->add_option("--to", *listed->request.mutable_to(), "Only value dates up to this day");
  AddJoined(list, [listed] { listed->request.set_joined(true); });
  AddAsOf(list, &listed->as_of);
  list->add_option("--limit", listed->limit,
                   "The most transfers to print; else 100, with --csv all. 0 prints all")
      ->check(WholeNumber());
  list->add_option("--after", listed->after, "Continues after this transfer, as 12.3")->type_name("TRANSFER");
  auto* list_csv =
      list->add_flag("--csv", listed->csv,
                     "Prints a table for a spreadsheet (CSV): every transfer that matches, with its pieces");
  AddRaw(list, &listed->cells, list_csv);
  list->add_flag("--facets", listed->facets,
                 "And how many transfers fit by party, fund, project, kind, year and asset")
      ->excludes(list_csv);
  list->footer("Example: fundtrail --ledger DIR list --party unicef --from 2020-01-01");
  OnRun(list, context, [=] { return RunList(*context, *listed); });

  const auto add = [&](const char* name, const char* what) {
    auto* command = app->add_subcommand(name, what);
    auto options = std::make_shared<AccountOptions>();
    auto* party = command->add_option("PARTY", options->party, "The party's id");
    if (std::string_view(name) == "balance") party->required();
    command->add_option("--fund", options->fund, "Only money in this fund");
    AddJoined(command, [options] { options->joined = true; });
    AddRaw(command, &options->cells,
           command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
    return std::pair(command, options);
  };
  const auto [balance, balances] = add("balance", "What a party received, paid and holds");
  AddAsOfValueDate(balance, &balances->as_of);
  balance
      ->add_flag("--below", balances->below,
                 "Adds up the party and all below it. What they paid one another is told apart")
      ->excludes("--joined");
  balance->add_option("--project", balances->project, "Only money in this project")->excludes("--below");
  balance->footer("Example: fundtrail --ledger DIR balance unicef --as-of 2020-06-30");
  OnRun(balance, context, [=, options = balances] { return RunBalance(*context, *options); });
  const auto [statement, statements] = add("statement", "Every movement of a party's accounts");
  statement->add_option("--from", statements->from, "Only value dates from this day on");
  statement->add_option("--to", statements->to, "Only value dates up to this day");
  AddAsOf(statement, &statements->as_of_record);
  statement
      ->add_flag("--below", statements->below,
                 "Of the party and all below it. What they paid one another is told apart")
      ->excludes("--joined");
  auto* of_programme =
      statement->add_option("--programme", statements->programme,
                            "Only money in projects of this programme, of the party or, without one, of all");
  of_programme->excludes("--joined");
  statement
      ->add_option("--project", statements->project,
                   "Only money in this project, of the party or, without one, of all")
      ->excludes("--joined")
      ->excludes(of_programme);
  AddPageOptions(statement, &statements->page);
  statement->footer("Example: fundtrail --ledger DIR statement unicef --from 2020-01-01");
  OnRun(statement, context, [=, options = statements] { return RunStatement(*context, *options); });
}

}  // namespace fundtrail::cli
