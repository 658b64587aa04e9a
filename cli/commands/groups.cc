// group members, missing groups
#include "cli/render/groups.h"

#include "CLI/CLI.hpp"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::cli {
namespace {

struct MembersOptions {
  v1::GroupRequest request;
  std::optional<std::uint64_t> as_of;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

StatusOr<Exit> RunMembers(const Context& context, const MembersOptions& options) {
  v1::GroupRequest request = options.request;
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  FT_ASSIGN_OR_RETURN(const auto answer, AskGroup(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request));
  if (options.csv && !context.json) {
    PrintData(render::GroupCsv(answer, options.cells));
    return Exit::kYes;
  }
  return PrintAnswer(context, answer, [&] { return render::Text(answer, context.style()); });
}

struct MissingOptions {
  v1::MissingGroupsRequest request;
  std::uint32_t level = 4;
  std::string kind = "cooperative";
  std::optional<std::uint64_t> as_of;
  PageOptions page;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

// Page by page.
StatusOr<Exit> PrintCsv(Connection* connection, const MissingOptions& options,
                        const v1::MissingGroupsRequest& request) {
  bool begun = false;  // a question that fails prints no header
  const std::function<Status(const v1::MissingGroupsAnswer&)> take =
      [&](const v1::MissingGroupsAnswer& page) -> Status {
    FT_RETURN_IF_ERROR(CheckAnswer(page, request, false));
    if (!begun) PrintData(render::MissingGroupsCsvHeader());
    begun = true;
    PrintData(render::MissingGroupsCsvLines(page, options.cells));
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(PagesOfMissingGroups(connection, request, take));
  return Exit::kYes;
}

StatusOr<Exit> RunMissing(const Context& context, const MissingOptions& options) {
  v1::MissingGroupsRequest request = options.request;
  request.set_level(options.level);
  v1::FormGroup::Kind kind = v1::FormGroup::KIND_UNSPECIFIED;
  if (!model::ReadWord(absl::AsciiStrToUpper(options.kind), &kind) ||
      kind == v1::FormGroup::KIND_UNSPECIFIED) {
    return absl::InvalidArgumentError(
        absl::StrCat("--kind: \"", Escaped(options.kind),
                     "\" is not one of cooperative, coordination, assessment, supervision"));
  }
  request.set_kind(kind);
  FT_RETURN_IF_ERROR(ParseOptionalDay("--on", request.on()).status());
  if (options.as_of.has_value()) request.set_as_of(*options.as_of);
  request.set_limit(options.page.limit);
  request.set_after(options.page.after);
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  if (options.csv && !context.json) return PrintCsv(connection.get(), options, request);
  FT_ASSIGN_OR_RETURN(const auto answer, WholeMissingGroups(connection.get(), request));
  FT_RETURN_IF_ERROR(CheckAnswer(answer, request, true));
  return PrintAnswer(context, answer,
                     [&] { return render::Text(answer, context.style(), !request.after().empty()); });
}

void AddMembers(CLI::App* group, Context* context) {
  auto* members = group->add_subcommand(
      "members", "Who has a seat, which kinds of member are missing, and how often each member signed");
  auto options = std::make_shared<MembersOptions>();
  members->add_option("ID", *options->request.mutable_group(), "The group")->required();
  members->add_option("--on", *options->request.mutable_on(),
                      "The day to look at; else the day of the last record");
  AddAsOf(members, &options->as_of);
  AddRaw(members, &options->cells,
         members->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  members->footer("Example: fundtrail --ledger DIR group members dafang-coop");
  OnRun(members, context, [=] { return RunMembers(*context, *options); });
}

void AddMissing(CLI::App* missing, Context* context) {
  auto* groups = missing->add_subcommand("groups", "Places with a verified need and no group of their own");
  auto options = std::make_shared<MissingOptions>();
  groups
      ->add_option("--level", options->level,
                   "The level of places to look at: 3 counties, 4 townships, 5 villages; else 4")
      ->check(CLI::Range(0, 5));
  groups->add_option("--place", *options->request.mutable_place(), "This place and all below it; else all");
  groups->add_option(
      "--kind", options->kind,
      "The kind of group: cooperative, coordination, assessment or supervision; else cooperative");
  groups->add_option("--on", *options->request.mutable_on(),
                     "The day to look at; else the day of the last record");
  AddAsOf(groups, &options->as_of);
  AddPageOptions(groups, &options->page);
  AddRaw(groups, &options->cells,
         groups->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  groups->footer("Example: fundtrail --ledger DIR missing groups --level 4 --place gbt2260:5205");
  OnRun(groups, context, [=] { return RunMissing(*context, *options); });
}

}  // namespace

void AddGroupCommands(CLI::App* app, Context* context) {
  AddMembers(app->get_subcommand("group"), context);
  auto* missing = app->add_subcommand("missing", "What is missing where it is needed");
  missing->require_subcommand(1);
  missing->fallthrough();
  AddMissing(missing, context);
}

}  // namespace fundtrail::cli
