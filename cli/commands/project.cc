// project money; and what `project show` asks
#include "cli/commands/project.h"

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/render/item_names.h"
#include "cli/render/project.h"

namespace fundtrail::cli {

namespace {

// The names of what the project names: its owner, its places, its categories. The answer about its money has ids alone.
StatusOr<render::ItemNames> NamesIn(Connection* connection, const v1::ProjectMoneyRequest& of) {
  v1::RegistersRequest request;
  request.set_register_("project");
  request.add_ids(of.project());
  if (of.has_as_of()) request.set_as_of(of.as_of());
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection, request, kMaxShort));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return render::ItemNames(answer.names());
}

}  // namespace

StatusOr<Exit> AskProject(const Context& context, const ProjectQuestion& question) {
  v1::ProjectMoneyRequest request;
  request.set_project(question.id);
  request.set_on(question.on);
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", question.on).status());
  if (question.as_of.has_value()) request.set_as_of(*question.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskProjectMoney(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  render::ItemNames names;
  const bool shows_item = !question.money_alone && !context.json;
  if (shows_item) {
    FT_ASSIGN_OR_RETURN(names, NamesIn(connection.get(), request));
  }
  return PrintAnswer(context, answer, [&] {
    return question.money_alone ? render::MoneyText(answer, context.style())
                                : render::Text(answer, context.style(), names);
  });
}

void AddProjectCommands(CLI::App* app, Context* context) {
  auto* money = app->get_subcommand("project")->add_subcommand(
      "money", "What was put in, where it lies, what was taken out, and what was reported");
  auto question = std::make_shared<ProjectQuestion>();
  question->money_alone = true;
  money->add_option("ID", question->id, "The project; else general money, which is in no project");
  AddAsOf(money, &question->as_of);
  money->add_option("--on", question->on,
                    "The day of the state and of the reports; else the day of the last record");
  money->footer("Example: fundtrail --ledger DIR project money warm-lunches");
  OnRun(money, context, [=] { return AskProject(*context, *question); });
}

}  // namespace fundtrail::cli
