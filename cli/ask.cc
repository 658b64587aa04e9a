// show, list, balance, statement
#include "absl/strings/ascii.h"
#include "cli/context.h"
#include "cli/render/answers.h"
#include "ledger/query/accounts.h"
#include "ledger/query/records.h"

namespace fundtrail::cli {
namespace {

struct ListOptions {
  query::ListFilter filter;
  std::string kind, from, to, after;
  bool csv = false;
};

StatusOr<Exit> RunList(const Context& context, ListOptions options) {
  query::ListFilter& filter = options.filter;
  if (!options.kind.empty() && !v1::TransferKind_Parse(absl::AsciiStrToUpper(options.kind), &filter.kind)) {
    return absl::InvalidArgumentError("--kind: \"" + options.kind + "\" is no kind of transfer");
  }
  FT_ASSIGN_OR_RETURN(filter.from, ParseOptionalDay("--from", options.from));
  FT_ASSIGN_OR_RETURN(filter.to, ParseOptionalDay("--to", options.to));
  if (!options.after.empty()) {
    FT_ASSIGN_OR_RETURN(filter.after, query::ParseRef(options.after));
  }
  FT_ASSIGN_OR_RETURN(const auto opened, OpenToAsk(context));
  if (options.csv) {
    Print(render::ListCsvHeader());
    FT_RETURN_IF_ERROR(query::ListEach(opened.view, filter, [](const v1::TransferLine& line) {
      Print(render::ListCsvLine(line));
      return absl::OkStatus();
    }));
    return Exit::kYes;
  }
  FT_ASSIGN_OR_RETURN(const auto answer, query::List(opened.view, filter));
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

struct AccountOptions {
  std::string party, fund, as_of, from, to;
  bool csv = false;
};

StatusOr<Exit> RunBalance(const Context& context, const AccountOptions& options) {
  query::AsOf as_of;
  if (options.as_of.find('-') != std::string::npos) {
    FT_ASSIGN_OR_RETURN(as_of.date, ParseDay("--as-of", options.as_of));
  } else if (!options.as_of.empty()) {
    FT_ASSIGN_OR_RETURN(const auto ref, query::ParseRef(options.as_of));
    if (ref.line != 0) return absl::InvalidArgumentError("--as-of takes a record, 12, or a day, 2026-01-31");
    as_of.record = ref.record.value();
  }
  FT_ASSIGN_OR_RETURN(const auto opened, OpenToAsk(context));
  FT_ASSIGN_OR_RETURN(const auto answer, query::Balance(opened.view, options.party, options.fund, as_of));
  return PrintAnswer(context, answer, [&] {
    return options.csv ? render::BalanceCsv(answer) : render::Text(answer, context.style());
  });
}

StatusOr<Exit> RunStatement(const Context& context, const AccountOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto from, ParseOptionalDay("--from", options.from));
  FT_ASSIGN_OR_RETURN(const auto to, ParseOptionalDay("--to", options.to));
  FT_ASSIGN_OR_RETURN(const auto opened, OpenToAsk(context));
  FT_ASSIGN_OR_RETURN(const auto answer,
                      query::Statement(opened.view, options.party, options.fund, from, to));
  return PrintAnswer(context, answer, [&] {
    return options.csv ? render::StatementCsv(answer) : render::Text(answer, context.style());
  });
}

}  // namespace

void AddAskCommands(CLI::App* app, Context* context) {
  auto* show = app->add_subcommand("show", "One record, or one transfer of it");
  auto ref = std::make_shared<std::string>();
  show->add_option("REF", *ref, "12, or 12.3")->required();
  show->footer("Example: fundtrail --ledger DIR show 12.3");
  OnRun(show, context, [=]() -> StatusOr<Exit> {
    FT_ASSIGN_OR_RETURN(const auto parsed, query::ParseRef(*ref));
    FT_ASSIGN_OR_RETURN(const auto opened, OpenToAsk(*context));
    FT_ASSIGN_OR_RETURN(const auto answer, query::Show(opened.view, parsed));
    return PrintAnswer(*context, answer, [&] { return render::Text(answer, context->style()); });
  });

  auto* list = app->add_subcommand("list", "Transfers, in the order of the log");
  auto listed = std::make_shared<ListOptions>();
  list->add_option("--party", listed->filter.party, "That this party pays or is paid");
  list->add_option("--fund", listed->filter.fund);
  list->add_option("--project", listed->filter.project);
  list->add_option("--kind", listed->kind, "donation, allocation, disbursement, return, ...");
  list->add_option("--from", listed->from, "Value date, from this day on");
  list->add_option("--to", listed->to, "Value date, until this day");
  list->add_option("--limit", listed->filter.limit, "At most so many; 0: all");
  list->add_option("--after", listed->after, "Goes on behind this transfer");
  list->add_flag("--csv", listed->csv, "Every transfer that matches, with its pieces");
  list->footer("Example: fundtrail --ledger DIR list --party unicef --from 2020-01-01");
  OnRun(list, context, [=] { return RunList(*context, *listed); });

  const auto add = [&](const char* name, const char* what) {
    auto* command = app->add_subcommand(name, what);
    auto options = std::make_shared<AccountOptions>();
    command->add_option("PARTY", options->party, "The party's id")->required();
    command->add_option("--fund", options->fund, "In this fund only");
    command->add_flag("--csv", options->csv);
    return std::pair(command, options);
  };
  const auto [balance, balances] = add("balance", "What a party received, paid and holds");
  balance->add_option("--as-of", balances->as_of, "As after a record, or by value date until a day");
  balance->footer("Example: fundtrail --ledger DIR balance unicef --as-of 2020-06-30");
  OnRun(balance, context, [=, options = balances] { return RunBalance(*context, *options); });
  const auto [statement, statements] = add("statement", "Every movement of a party's accounts");
  statement->add_option("--from", statements->from, "Value date, from this day on");
  statement->add_option("--to", statements->to, "Value date, until this day");
  statement->footer("Example: fundtrail --ledger DIR statement unicef --from 2020-01-01");
  OnRun(statement, context, [=, options = statements] { return RunStatement(*context, *options); });
}

}  // namespace fundtrail::cli
