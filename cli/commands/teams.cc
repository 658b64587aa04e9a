// deployment short, deployment matrix: counted here from the registers, all as the ledger stood after one record
#include "cli/render/teams.h"

#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "CLI/CLI.hpp"
#include "cli/client/checks.h"
#include "cli/client/connection.h"
#include "cli/client/questions.h"
#include "cli/commands/as_of.h"
#include "ledger/base/date.h"
#include "ledger/model/register_table.h"

namespace fundtrail::cli {
namespace {

struct TeamOptions {
  std::string place, category, on;
  std::optional<std::uint64_t> as_of;
  std::int64_t staff = 3, days = 730;
  bool csv = false;
  sheets::Cells cells = sheets::Cells::kGuarded;
};

constexpr int kMaxIds = 256;  // that one question may name

// The questions of one command: all are as of one record, so that places, deployments and parties fit together.
class TeamQuestions {
 public:
  TeamQuestions(Connection* connection, const TeamOptions& options)
      : connection_(*connection), options_(options) {}

  StatusOr<render::TeamScope> Scope() {
    FT_RETURN_IF_ERROR(ParseOptionalDay("--on", options_.on).status());
    FT_ASSIGN_OR_RETURN(const auto newest, AskGetCheckpoint(&connection_, v1::CheckpointRequest()));
    if (newest.as_of().size() == 0) return absl::DataLossError("the server has a ledger without records");
    record_ = options_.as_of.value_or(newest.as_of().size() - 1);
    render::TeamScope scope;
    scope.as_of = newest.as_of();
    scope.as_of_record = options_.as_of;
    if (!options_.place.empty()) {
      FT_ASSIGN_OR_RETURN(scope.places, Below("place", options_.place));
    }
    if (!options_.category.empty()) {
      FT_ASSIGN_OR_RETURN(scope.categories, Below("category", options_.category));
    }
    scope.on = options_.on;
    if (scope.on.empty()) {
      v1::ShowRequest request;
      request.mutable_ref()->set_record(record_);
      FT_ASSIGN_OR_RETURN(const auto shown, AskShow(&connection_, request));
      const Timestamp recorded(shown.recorded_micros());
      if (shown.index() != record_ || !IsWithinBounds(recorded))
        return absl::DataLossError("the server answered without the record that was asked for");
      scope.on = fundtrail::ToString(DateOf(recorded));
    }
    return scope;
  }

  // Each deployment that is there, by id.
  Status EachThere(const render::TeamScope& scope, const std::function<void(const v1::RegisterLine&)>& take) {
    v1::RegistersRequest request = Of("deployment");
    request.set_current(true);
    return Each(request, [&](const v1::RegisterLine& line) {
      if (render::IsThere(line, scope)) take(line);
    });
  }

  // The names of parties that are there.
  StatusOr<std::map<std::string, std::string>> NamesOf(const std::set<std::string>& parties) {
    std::map<std::string, std::string> names;
    v1::RegistersRequest request = Of("party");
    const auto ask = [&] {
      return Each(request, [&](const v1::RegisterLine& line) {
        names[line.action().register_party().id()] = line.action().register_party().name();
      });
    };
    for (const std::string& party : parties) {
      request.add_ids(party);
      if (request.ids_size() < kMaxIds) continue;
      FT_RETURN_IF_ERROR(ask());
      request.clear_ids();
    }
    if (request.ids_size() > 0) FT_RETURN_IF_ERROR(ask());
    return names;
  }

 private:
  v1::RegistersRequest Of(const char* name) const {
    v1::RegistersRequest request;
    request.set_register_(name);
    request.set_as_of(record_);
    return request;
  }

  // An item and all below it.
  StatusOr<std::set<std::string>> Below(const char* name, const std::string& id) {
    v1::RegistersRequest request = Of(name);
    request.set_below(id);
    std::set<std::string> ids;
    FT_RETURN_IF_ERROR(
        Each(request, [&](const v1::RegisterLine& line) { ids.insert(model::IdOf(line.action())); }));
    return ids;
  }

  // Page by page; of a server, no more than is decent.
  Status Each(const v1::RegistersRequest& request, const std::function<void(const v1::RegisterLine&)>& take) {
    std::size_t bytes = 0;
    const std::function<Status(const v1::RegistersAnswer&)> take_page =
        [&](const v1::RegistersAnswer& page) -> Status {
      if (connection_.own() == nullptr)
        FT_RETURN_IF_ERROR(CountBytes(page.SpaceUsedLong(), kMaxWhole, &bytes));
      FT_RETURN_IF_ERROR(CheckAnswer(page, request));
      for (const v1::RegisterLine& line : page.lines()) take(line);
      return absl::OkStatus();
    };
    return PagesOfRegisters(&connection_, request, take_page);
  }

  Connection& connection_;
  const TeamOptions& options_;
  std::uint64_t record_ = 0;
};

// What both answers say of themselves.
nlohmann::ordered_json Frame(const TeamOptions& options, const render::TeamScope& scope) {
  nlohmann::ordered_json json;
  json["as_of"] = {{"ledger", scope.as_of.ledger()}, {"size", std::to_string(scope.as_of.size())}};
  if (scope.as_of_record.has_value()) json["as_of_record"] = std::to_string(*scope.as_of_record);
  json["on"] = scope.on;
  json["place"] = options.place;
  json["category"] = options.category;
  return json;
}

void PrintJson(const Context& context, const nlohmann::ordered_json& json) {
  PrintData(json.dump(context.json_indent(), ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

StatusOr<Exit> RunShort(const Context& context, const TeamOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  TeamQuestions questions(connection.get(), options);
  FT_ASSIGN_OR_RETURN(const auto scope, questions.Scope());
  render::ShortTeams teams;
  teams.staff = options.staff;
  teams.days = options.days;
  FT_RETURN_IF_ERROR(questions.EachThere(scope, [&](const v1::RegisterLine& line) { teams.Take(line); }));
  if (context.json) {
    nlohmann::ordered_json json = Frame(options, scope);
    json["staff"] = options.staff;
    json["days"] = options.days;
    json["teams"] = nlohmann::ordered_json::array();
    for (const v1::RegisterLine& line : teams.teams) {
      const v1::Deploy& team = line.action().deploy();
      nlohmann::ordered_json one = {{"deployment", team.id()},     {"party", team.party()},
                                    {"project", team.project()},   {"place", team.place()},
                                    {"category", team.category()}, {"record", std::to_string(line.record())}};
      // What nobody said is not there.
      if (team.staff() > 0) one["staff"] = team.staff();
      if (const auto days = render::PlannedDays(line); days.has_value()) one["planned_days"] = *days;
      json["teams"].push_back(std::move(one));
    }
    json["there"] = teams.there;
    json["no_staff"] = teams.no_staff;
    json["no_first_day"] = teams.no_first_day;
    PrintJson(context, json);
  } else if (options.csv) {
    PrintData(render::ShortTeamsCsv(teams, scope.as_of, options.cells));
  } else {
    Print(context, render::Text(teams, scope, context.style()));
  }
  return Exit::kYes;
}

StatusOr<Exit> RunMatrix(const Context& context, const TeamOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto connection, Connection::Open(context, Access::kAsk));
  TeamQuestions questions(connection.get(), options);
  FT_ASSIGN_OR_RETURN(const auto scope, questions.Scope());
  render::Presences there;
  std::set<std::string> parties;
  FT_RETURN_IF_ERROR(questions.EachThere(scope, [&](const v1::RegisterLine& line) {
    const v1::Deploy& team = line.action().deploy();
    there.emplace(team.party(), team.category(), team.place());
    parties.insert(team.party());
  }));
  FT_ASSIGN_OR_RETURN(const auto names, questions.NamesOf(parties));
  FT_ASSIGN_OR_RETURN(const auto matrix, render::MatrixOf(there, names));
  if (context.json) {
    nlohmann::ordered_json json = Frame(options, scope);
    json["rows"] = nlohmann::ordered_json::array();
    for (const render::TeamMatrix::Row& row : matrix.rows) {
      nlohmann::ordered_json one = {{"party", row.party}, {"party_name", row.name}, {"places", row.all}};
      one["categories"] = nlohmann::ordered_json::object();
      for (std::size_t i = 0; i < row.places.size(); ++i)
        if (row.places[i] > 0) one["categories"][matrix.categories[i]] = row.places[i];
      json["rows"].push_back(std::move(one));
    }
    json["categories"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < matrix.categories.size(); ++i) {
      json["categories"].push_back(
          {{"category", matrix.categories[i]}, {"parties", matrix.parties[i]}, {"places", matrix.places[i]}});
    }
    json["places"] = matrix.all_places;
    PrintJson(context, json);
  } else if (options.csv) {
    PrintData(render::MatrixCsv(matrix, scope.as_of, options.cells));
  } else {
    Print(context, render::Text(matrix, scope, context.style()));
  }
  return Exit::kYes;
}

std::shared_ptr<TeamOptions> AddTeamOptions(CLI::App* command) {
  auto options = std::make_shared<TeamOptions>();
  command->add_option("--place", options->place, "This place and all below it; else all");
  command->add_option("--category", options->category, "This category and all below it; else all");
  command->add_option("--on", options->on, "The day to look at; else the day of the last record");
  AddAsOf(command, &options->as_of);
  AddRaw(command, &options->cells,
         command->add_flag("--csv", options->csv, "Prints a table for a spreadsheet (CSV)"));
  return options;
}

}  // namespace

void AddTeamCommands(CLI::App* app, Context* context) {
  auto* group = app->get_subcommand("deployment");
  auto* few = group->add_subcommand("short", "Teams with few paid people, or planned for a short time");
  auto options = AddTeamOptions(few);
  few->add_option("--staff", options->staff, "Teams with fewer paid people than these; else 3")
      ->check(CLI::Range(1, 1'000'000));
  few->add_option("--days", options->days, "Teams that are planned for fewer days than these; else 730")
      ->check(CLI::Range(1, 100'000));
  few->footer("Example: fundtrail --ledger DIR deployment short --place gbt2260:5205 --days 365");
  OnRun(few, context, [=] { return RunShort(*context, *options); });

  auto* matrix = group->add_subcommand("matrix", "In how many places each party works, by category");
  auto asked = AddTeamOptions(matrix);
  matrix->footer("Example: fundtrail --ledger DIR deployment matrix --place gbt2260:5205 --csv");
  OnRun(matrix, context, [=] { return RunMatrix(*context, *asked); });
}

}  // namespace fundtrail::cli
