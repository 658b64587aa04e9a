// config
#include <cstdlib>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/context.h"
#include "cli/render/table.h"
#include "cli/settings.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

// The value that is in force, as it is given on the command line; empty: none.
std::string ValueInForce(const Context& context, const std::string& option) {
  if (option == "ledger") return context.ledger_dir;
  if (option == "server") return context.server;
  if (option == "ca") return context.ca_file;
  if (option == "tls") return context.tls ? "true" : "";
  if (option == "client-cert") return context.client_cert;
  if (option == "client-key") return context.client_key;
  if (option == "timeout") return std::to_string(context.timeout);
  if (option == "lang") return context.language == render::Language::kChinese ? "zh" : "en";
  const char* const vkey = std::getenv("FUNDTRAIL_VKEY");
  return option == "vkey" && vkey != nullptr ? vkey : "";
}

// Where the language comes from when none of ours says it.
std::string OriginOf(const Context& context, const std::string& option) {
  const auto found = context.setting_origins.find(option);
  return found == context.setting_origins.end() ? "" : found->second;
}

StatusOr<Exit> ShowConfig(const Context& context) {
  const Settings& settings = context.settings;
  if (context.json) {
    nlohmann::ordered_json json = {{"file", settings.file}};
    json["settings"] = nlohmann::ordered_json::array();
    json["ledgers"] = nlohmann::ordered_json::array();
    for (const SettingName& setting : kSettingNames) {
      const std::string value = ValueInForce(context, setting.option);
      if (value.empty()) continue;
      json["settings"].push_back(
          {{"setting", setting.option}, {"value", value}, {"from", OriginOf(context, setting.option)}});
    }
    for (const auto& [name, values] : settings.ledgers)
      json["ledgers"].push_back({{"name", name}, {"settings", values}});
    PrintData(json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
    return Exit::kYes;
  }
  render::Table table(
      {{"setting", false, true}, {"value", false, true}, {.title = "from", .means = "where it comes from"}});
  for (const SettingName& setting : kSettingNames) {
    const std::string value = ValueInForce(context, setting.option);
    if (value.empty()) continue;
    const std::string from = OriginOf(context, setting.option);
    const render::Cell shown = !from.empty()                           ? render::Cell(from)
                               : std::string(setting.option) == "lang" ? render::Cell("the system's language")
                                                                       : render::Cell("built in");
    table.Add({setting.option, value, shown});
  }
  render::Shown text = table.Text(context.style());
  if (settings.file.empty()) {
    text += "There is no file of settings: neither XDG_CONFIG_HOME nor HOME says where.\n";
  } else if (settings.ledgers.empty()) {
    text += render::Say("No ledger is named in {}.\n", settings.file);
  } else {
    render::Table ledgers({{"-L", false, true}, {"ledger", false, true}, {"vkey"}});
    for (const auto& [name, values] : settings.ledgers) {
      const auto value = [&values = values](const std::string& option) {
        const auto found = values.find(option);
        return found == values.end() ? std::string() : found->second;
      };
      ledgers.Add({name, value("server").empty() ? value("ledger") : value("server"), value("vkey")});
    }
    text += render::Say("\nNamed in {}:\n", settings.file) + ledgers.Text(context.style());
  }
  Print(context, text);
  return Exit::kYes;
}

}  // namespace

void AddConfigCommand(CLI::App* app, Context* context) {
  auto* config = app->add_subcommand(
      "config", "Shows the settings in force, where each comes from, and which ledgers have names");
  config->footer("Example: fundtrail -L NAME config");
  OnRun(config, context, [=] { return ShowConfig(*context); });
}

}  // namespace fundtrail::cli
