// See register_questions.h.
#include "cli/commands/register_questions.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "cli/commands/project.h"
#include "cli/render/registers.h"
#include "fmt/format.h"

namespace fundtrail::cli {
namespace {

// What a command that asks may say.
struct RegisterAsked {
  v1::RegistersRequest request;
  std::string id;
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> AskRegisterCsv(Connection* connection, const model::Register& of, const RegisterAsked& options,
                              const v1::RegistersRequest& request) {
  bool begun = false;
  const std::function<Status(const v1::RegistersAnswer&)> take =
      [&](const v1::RegistersAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request));
    if (!begun) PrintData(render::RegisterCsvHeader(of));
    begun = true;
    PrintData(render::RegisterCsvLines(page, options.cells));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfRegisters(connection, request, take));
  return Exit::kYes;
}

StatusOr<Exit> AskRegister(const Context& context, const model::Register& of, const RegisterAsked& options) {
  v1::RegistersRequest request = options.request;
  request.set_register_(std::string(of.name));
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) return AskRegisterCsv(connection.get(), of, options, request);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeRegisters(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  return PrintAnswer(context, answer, [&] {
    const bool continued = !request.after().empty();
    return request.ids_size() > 0 ? render::RegisterItems(answer, context.style(), continued)
                                  : render::RegisterTable(of, answer, context.style(), continued);
  });
}

std::shared_ptr<RegisterAsked> AddAsking(CLI::App* command) {
  auto options = std::make_shared<RegisterAsked>();
  AddAsOf(command, &options->as_of);
  return options;
}

// Of a project, its money and its results are shown too, unless all versions are asked for.
void AddShow(CLI::App* group, const model::Register& of, Context* context) {
  const bool project = of.action == v1::Action::kProposeProject;
  auto* command = group->add_subcommand(
      "show", project ? "Shows one item: its fields, what was said about it, its money and what it reached"
                      : "Shows one item, with all of its fields");
  auto options = AddAsking(command);
  command->add_option("ID", options->id, "The id of the item")->required();
  auto* versions = command->add_flag_callback(
      "--versions", [options] { options->request.set_versions(true); },
      "Shows all versions, the oldest first");
  auto on = std::make_shared<std::string>();
  if (project) {
    command
        ->add_option("--on", *on, "The day of the state and of the reports; else the day of the last record")
        ->excludes(versions);
  }
  OnRun(command, context, [=, &of] {
    RegisterAsked own = *options;
    if (project && !own.request.versions())
      return AskProject(*context, {.id = own.id, .as_of = own.as_of, .on = *on, .money_alone = false});
    own.request.add_ids(own.id);
    return AskRegister(*context, of, own);
  });
}

void AddListing(CLI::App* command, const model::Register& of, Context* context,
                const std::shared_ptr<RegisterAsked>& options,
                const std::function<void(RegisterAsked*)>& prepare) {
  command->add_flag_callback(
      "--current", [options] { options->request.set_current(true); }, "Leaves out what has ended");
  AddPageOptions(command, &options->page);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  OnRun(command, context, [=, &of] {
    RegisterAsked own = *options;
    prepare(&own);
    return AskRegister(*context, of, own);
  });
}

void AddLists(CLI::App* group, const model::Register& of, Context* context) {
  auto* list = group->add_subcommand("list", fmt::format("All {}, by id", of.plural));
  AddListing(list, of, context, AddAsking(list), [](RegisterAsked*) {});
  if (model::ParentField(of) == nullptr) return;
  auto* tree = group->add_subcommand("tree", "Shows an item and all below it, or all items");
  auto options = AddAsking(tree);
  tree->add_option("ID", options->id, "The item to begin at; else all");
  AddListing(tree, of, context, options, [](RegisterAsked* own) {
    own->request.set_tree(own->id.empty());
    own->request.set_below(own->id);
  });
}

}  // namespace

void AddRegisterQuestions(CLI::App* group, const model::Register& of, Context* context) {
  AddShow(group, of, context);
  AddLists(group, of, context);
}

}  // namespace fundtrail::cli
