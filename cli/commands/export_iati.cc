// export iati
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/names.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/commands/export.h"
#include "cli/render/table.h"
#include "ledger/base/decimal.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/iati/write.h"
#include "ledger/tables/activities.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

struct ExportIatiOptions {
  std::string out;
  std::optional<std::uint64_t> as_of;
};

Status EachItem(Connection* connection, const char* of, const std::optional<std::uint64_t>& as_of,
                const std::function<void(const v1::RegisterLine&)>& take) {
  v1::RegistersRequest request;
  request.set_register_(of);
  if (as_of.has_value()) request.set_as_of(*as_of);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  for (const auto& line : answer.lines()) take(line);
  return absl::OkStatus();
}

// What a server says may be anything.
Status CheckMoney(std::uint32_t decimals, std::int64_t amount) {
  if (decimals > kMaxDecimals || amount < 0)
    return absl::DataLossError("the server's answer cannot be true: an amount that no asset has");
  return absl::OkStatus();
}

StatusOr<Exit> RunExportIati(const Context& context, const ExportIatiOptions& options) {
  FT_ASSIGN_OR_RETURN(const Date today, DateFor(""));
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  // All answers are of one moment.
  std::optional<std::uint64_t> as_of = options.as_of;
  if (!as_of.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto checkpoint, AskGetCheckpoint(connection.get(), {}));
    if (checkpoint.as_of().size() == 0)
      return absl::DataLossError("the server's answer cannot be true: a ledger without a record");
    as_of = checkpoint.as_of().size() - 1;
  }
  tables::Activities all;
  FT_RETURN_IF_ERROR(
      EachItem(connection.get(), "party", as_of, [&](const v1::RegisterLine& line) { all.TakeParty(line); }));
  FT_RETURN_IF_ERROR(
      EachItem(connection.get(), "place", as_of, [&](const v1::RegisterLine& line) { all.TakePlace(line); }));
  FT_RETURN_IF_ERROR(EachItem(connection.get(), "category", as_of,
                              [&](const v1::RegisterLine& line) { all.TakeCategory(line); }));
  FT_RETURN_IF_ERROR(EachItem(connection.get(), "programme", as_of,
                              [&](const v1::RegisterLine& line) { all.TakeProgramme(line); }));
  Status money;
  std::vector<std::string> projects;
  FT_RETURN_IF_ERROR(EachItem(connection.get(), "project", as_of, [&](const v1::RegisterLine& line) {
    money.Update(CheckMoney(line.decimals(), line.action().propose_project().budget()));
    if (!money.ok()) return;
    // What was reported is said beside a target: without one there is nothing to ask.
    if (!line.action().propose_project().targets().empty())
      projects.push_back(line.action().propose_project().id());
    all.TakeProject(line);
  }));
  FT_RETURN_IF_ERROR(money);
  for (const std::string& project : projects) {
    v1::ProjectMoneyRequest asked;
    asked.set_project(project);
    asked.set_as_of(*as_of);
    FT_ASSIGN_OR_RETURN(const auto answer, AskProjectMoney(connection.get(), asked));
    FT_RETURN_IF_ERROR(CheckAnswer(answer, asked));
    for (const v1::ProjectResult& result : answer.results()) all.TakeResult(project, result);
  }
  v1::ListRequest request;
  request.set_as_of(*as_of);
  FT_ASSIGN_OR_RETURN(const auto transfers, WholeList(connection.get(), request));
  for (const auto& line : transfers.transfers()) {
    FT_RETURN_IF_ERROR(CheckMoney(line.decimals(), line.transfer().amount()));
    all.TakeTransfer(line);
  }
  std::string text = iati::FileBegin(ToString(today));
  std::uint64_t activities = 0, transactions = 0;
  for (const iati::Activity& activity : all.Finish(ToString(today))) {
    text += iati::ActivityText(activity);
    ++activities;
    transactions += activity.transactions.size();
  }
  text += iati::FileEnd();
  const tables::LeftOutOfActivities& left_out = all.left_out();
  const bool leaves_out = left_out.exchanges + left_out.fund_moves > 0;
  if (options.out.empty()) {
    PrintData(text);
    if (leaves_out)
      Warn(context.language,
           absl::StrCat("left out, since the standard cannot say them: ", left_out.exchanges, " exchanges, ",
                        left_out.fund_moves, " moves between funds and what sends them back"));
    return Exit::kYes;
  }
  FT_RETURN_IF_ERROR(WriteFileAtomically(options.out, text));
  if (context.json) {
    const nlohmann::json json = {{"file", options.out},
                                 {"as_of", std::to_string(*as_of)},
                                 {"activities", std::to_string(activities)},
                                 {"transactions", std::to_string(transactions)},
                                 {"exchanges_left_out", std::to_string(left_out.exchanges)},
                                 {"moves_between_funds_left_out", std::to_string(left_out.fund_moves)}};
    PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  Print(context, render::Say("{}: {} activities with {} transactions, as of record {}\n", options.out,
                             activities, transactions, *as_of));
  Print(context, render::Say("  read it into another ledger with `import iati {} --commitments --open-places "
                             "--approve-by PARTY`\n",
                             options.out));
  if (leaves_out)
    Print(context,
          render::Say("  left out, since the standard cannot say them: {} exchanges, {} moves between "
                      "funds and what sends them back\n",
                      left_out.exchanges, left_out.fund_moves));
  return Exit::kYes;
}

}  // namespace

void AddExportIati(CLI::App* group, Context* context) {
  auto* command = group->add_subcommand(
      "iati",
      "Writes all projects and transfers as activities of IATI 2.03, which `import iati` reads again");
  auto options = std::make_shared<ExportIatiOptions>();
  command->add_option("--out", options->out, "The file to write; else the activities are printed")
      ->type_name("FILE");
  AddAsOf(command, &options->as_of);
  command->footer("Example: fundtrail --ledger DIR export iati --out activities.xml");
  OnRun(command, context, [=] { return RunExportIati(*context, *options); });
}

}  // namespace fundtrail::cli
