// See settings.h.
#include "cli/settings.h"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/base/toml.h"

namespace fundtrail::cli {
namespace {

constexpr std::int64_t kMaxTimeout = 86'400;  // seconds
constexpr std::size_t kMaxNameBytes = 64;

std::string VariableOf(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// A file or folder that a setting names: from the folder of the settings, or from ~.
std::string PathIn(const std::filesystem::path& folder, const std::string& text) {
  if (text.rfind("~/", 0) == 0) return (std::filesystem::path(VariableOf("HOME")) / text.substr(2)).string();
  return (folder / text).string();
}

// Letters, digits and . _ -, so that it can be typed and shown.
bool IsName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

// The value as the command line takes it. INVALID_ARGUMENT with what it should have been.
StatusOr<std::string> ValueOf(const std::string& option, const toml::node& node,
                              const std::filesystem::path& folder) {
  if (option == "tls") {
    const auto yes = node.value_exact<bool>();
    if (!yes.has_value()) return absl::InvalidArgumentError("takes true or false");
    return std::string(*yes ? "true" : "false");
  }
  if (option == "timeout") {
    const auto seconds = node.value_exact<std::int64_t>();
    if (!seconds.has_value() || *seconds < 1 || *seconds > kMaxTimeout)
      return absl::InvalidArgumentError(absl::StrCat("takes a whole number of seconds, 1 to ", kMaxTimeout));
    return absl::StrCat(*seconds);
  }
  auto text = node.value_exact<std::string>();
  if (const toml::array* const several = node.as_array(); option == "server" && several != nullptr) {
    text.emplace();
    for (const auto& one : *several) {
      const auto server = one.value_exact<std::string>();
      if (!server.has_value() || server->empty())
        return absl::InvalidArgumentError("takes a text, or a list of texts");
      absl::StrAppend(&*text, text->empty() ? "" : ",", *server);
    }
  }
  if (!text.has_value() || text->empty()) return absl::InvalidArgumentError("takes a text");
  if (Escaped(*text) != *text)
    return absl::InvalidArgumentError("has characters that cannot be seen, or that reorder text");
  if (option == "lang" && *text != "en" && *text != "zh")
    return absl::InvalidArgumentError("takes \"en\" or \"zh\"");
  const bool path = option == "ledger" || option == "ca" || option == "client-cert" || option == "client-key";
  return path ? PathIn(folder, *text) : *text;
}

// Reads settings of one table.
class TableReader {
 public:
  explicit TableReader(const std::string& file)
      : file_(file), folder_(std::filesystem::path(file).parent_path()) {}

  Status Read(const toml::table& table, std::initializer_list<const char*> options,
              OptionValues* values) const {
    for (const auto& [key, node] : table) {
      const std::string name(key.str());
      if (node.is_table() || name == "default") continue;  // read by itself
      const std::string option = absl::StrReplaceAll(name, {{"_", "-"}});
      if (std::find(options.begin(), options.end(), option) == options.end())
        return Wrong(node, absl::StrCat("there is no setting ", Escaped(name), " here"));
      auto value = ValueOf(option, node, folder_);
      if (!value.ok()) return Wrong(node, absl::StrCat(name, " ", value.status().message()));
      (*values)[option] = *std::move(value);
    }
    return absl::OkStatus();
  }

  Status Wrong(const toml::node& node, const std::string& what) const {
    return absl::InvalidArgumentError(
        absl::StrCat(Escaped(file_), " line ", node.source().begin.line, ": ", what));
  }

 private:
  const std::string file_;
  const std::filesystem::path folder_;
};

Status ReadLedgers(const TableReader& reader, const toml::table& tables, Settings* settings) {
  for (const auto& [key, node] : tables) {
    const std::string name(key.str());
    if (!node.is_table() || !IsName(name))
      return reader.Wrong(node, absl::StrCat("\"", Escaped(name),
                                             "\" is no table [ledgers.NAME], of letters, digits "
                                             "and . _ -"));
    if (settings->ledgers.size() == kMaxNamedLedgers)
      return reader.Wrong(node, absl::StrCat("there are more than ", kMaxNamedLedgers, " ledgers"));
    OptionValues& values = settings->ledgers[name];
    FT_RETURN_IF_ERROR(reader.Read(
        *node.as_table(),
        {"ledger", "server", "ca", "tls", "client-cert", "client-key", "vkey", "timeout", "lang"}, &values));
    for (const auto& [inner, more] : *node.as_table())
      if (more.is_table() || inner.str() == "default")
        return reader.Wrong(
            more, absl::StrCat("there is no setting ", Escaped(std::string_view(inner.str())), " here"));
    if (values.count("ledger") == values.count("server"))
      return reader.Wrong(node,
                          absl::StrCat(name, " takes either `ledger`, a folder, or `server`, as HOST:PORT"));
  }
  return absl::OkStatus();
}

std::string NamesOfLedgers(const Settings& settings) {
  std::string names;
  for (const auto& [name, values] : settings.ledgers)
    absl::StrAppend(&names, names.empty() ? "" : ", ", name);
  return names.empty() ? "no ledger" : names;
}

void SetVariable(const SettingName& setting, const std::string& value) {
  setenv(setting.variable, value.c_str(), 1);
}

}  // namespace

std::string SettingsFile() {
  std::filesystem::path base = VariableOf("XDG_CONFIG_HOME");
  if (!base.is_absolute()) {  // as the XDG specification has it
    const std::string home = VariableOf("HOME");
    if (home.empty()) return "";
    base = std::filesystem::path(home) / ".config";
  }
  return (base / "fundtrail" / "config.toml").string();
}

StatusOr<Settings> ReadSettings(const std::string& file) {
  Settings settings;
  settings.file = file;
  if (file.empty()) return settings;
  const auto text = ReadFileFront(file, kMaxSettingsBytes + 1);
  if (absl::IsNotFound(text.status())) return settings;
  if (!text.ok()) return Annotate(text.status(), file);
  if (text->size() > kMaxSettingsBytes)
    return absl::InvalidArgumentError(
        absl::StrCat(Escaped(file), " has more than ", kMaxSettingsBytes, " bytes, the most that is read"));
  FT_ASSIGN_OR_RETURN(const toml::table parsed, ParseToml(*text, file));
  const TableReader reader(file);
  for (const auto& [key, node] : parsed) {
    if (!node.is_table()) continue;
    if (key.str() != "ledgers")
      return reader.Wrong(node,
                          absl::StrCat("there is no table [", Escaped(std::string_view(key.str())), "]"));
    FT_RETURN_IF_ERROR(ReadLedgers(reader, *node.as_table(), &settings));
  }
  FT_RETURN_IF_ERROR(reader.Read(parsed, {"timeout", "lang"}, &settings.all));
  if (const toml::node* const named = parsed.get("default"); named != nullptr) {
    settings.named = named->value_exact<std::string>().value_or("");
    if (settings.ledgers.count(settings.named) == 0)
      return reader.Wrong(*named,
                          absl::StrCat("default names one of the ledgers below: ", NamesOfLedgers(settings)));
  }
  return settings;
}

StatusOr<SettingOrigins> ApplySettings(const Settings& settings, const std::string& named,
                                       const std::function<bool(const std::string& option)>& given) {
  const bool elsewhere = given("--ledger") || given("--server");
  if (!named.empty() && elsewhere)
    return absl::InvalidArgumentError("-L and --ledger or --server each name a ledger: give one of them");
  std::string name = named;
  if (name.empty() && !elsewhere && VariableOf("FUNDTRAIL_LEDGER").empty() &&
      VariableOf("FUNDTRAIL_SERVER").empty())
    name = settings.named;
  SettingOrigins origins;
  for (const SettingName& setting : kSettingNames)
    if (!VariableOf(setting.variable).empty()) origins[setting.option] = absl::StrCat("$", setting.variable);
  for (const SettingName& setting : kSettingNames) {
    const auto value = settings.all.find(setting.option);
    if (value == settings.all.end() || origins.count(setting.option) > 0) continue;
    SetVariable(setting, value->second);
    origins[setting.option] = settings.file;
  }
  if (!name.empty()) {
    const auto found = settings.ledgers.find(name);
    if (found == settings.ledgers.end())
      return absl::NotFoundError(
          absl::StrCat("-L: there is no ledger \"", Escaped(name), "\" in ",
                       settings.file.empty() ? "a file of settings" : Escaped(settings.file), ", which has ",
                       NamesOfLedgers(settings)));
    for (const SettingName& setting : kSettingNames) {
      const std::string option = setting.option;
      const auto value = found->second.find(option);
      if (value != found->second.end()) {
        SetVariable(setting, value->second);
        origins[option] = absl::StrCat(name, " in ", settings.file);
      } else if (option != "timeout" && option != "lang") {
        unsetenv(setting.variable);  // it is of another ledger
        origins.erase(option);
      }
    }
  }
  for (const SettingName& setting : kSettingNames) {
    const std::string option = absl::StrCat("--", setting.option);
    if (given(option)) origins[setting.option] = option;
  }
  return origins;
}

}  // namespace fundtrail::cli
