// See help.h.
#include "cli/help.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace fundtrail::cli {
namespace {

// What follows an option whose value is not named as the option is.
constexpr std::pair<std::string_view, std::string_view> kValueNames[] = {
    {"add-key", "KEY"},
    {"after", "TOKEN"},
    {"arrived", "DATE"},
    {"as", "PARTY"},
    {"as-of", "RECORD|DATE"},
    {"base", "URL"},
    {"by", "WORD"},
    {"ca", "FILE"},
    {"can", "PERMISSIONS"},
    {"client-cert", "FILE"},
    {"client-key", "FILE"},
    {"cosigner", "KEY"},
    {"date", "DATE"},
    {"depth", "NUMBER"},
    {"draw", "TRANSFER"},
    {"extra", "AMOUNT"},
    {"from", "DATE"},
    {"hops", "NUMBER"},
    {"jobs", "NUMBER"},
    {"key", "FILE"},
    {"lang", "en|zh"},
    {"ledger", "DIR"},
    {"limit", "NUMBER"},
    {"listen", "HOST:PORT"},
    {"log", "VKEY"},
    {"map", "FILE"},
    {"min", "AMOUNT"},
    {"named", "NAME"},
    {"on", "DATE"},
    {"out", "FILE"},
    {"output", "FORM"},
    {"over", "DAYS"},
    {"passphrase-file", "FILE"},
    {"paths", "NUMBER"},
    {"places", "WORD"},
    {"project-words", "WORDS"},
    {"receipt", "FILE"},
    {"rejects-dir", "DIR"},
    {"remove-key", "KEY"},
    {"return", "TRANSFER"},
    {"root-key", "FILE"},
    {"root-name", "NAME"},
    {"root-party", "PARTY"},
    {"scratch", "DIR"},
    {"server", "HOST:PORT"},
    {"since", "DATE"},
    {"staff", "NUMBER"},
    {"store", "FILE"},
    {"store-passphrase-file", "FILE"},
    {"threshold", "NUMBER"},
    {"timeout", "SECONDS"},
    {"to", "DATE"},
    {"to-amount", "AMOUNT"},
    {"to-asset", "ASSET"},
    {"to-fund", "FUND"},
    {"to-project", "PROJECT"},
    {"top", "NUMBER"},
    {"until", "DATE"},
    {"values", "FILE"},
};

// What CLI11 calls a value that nobody named.
bool IsTypeOfCode(std::string_view name) { return name == "TEXT" || name == "INT" || name == "UINT"; }

// " (1 to 100)" of an option that checks a range, which CLI11 writes as "INT:INT in [1 - 100]".
std::string RangeWords(const std::string& type) {
  const std::size_t from = type.rfind(" in ["), to = type.rfind(']');
  if (from == std::string::npos || to == std::string::npos || to < from) return "";
  return " (" + absl::StrReplaceAll(type.substr(from + 5, to - from - 5), {{" - ", " to "}}) + ")";
}

// The names of some options, in the order of the alphabet.
std::string NamesOf(const std::set<CLI::Option*>& options) {
  std::vector<std::string> names;
  names.reserve(options.size());
  for (const CLI::Option* option : options) names.push_back(option->get_name());
  std::sort(names.begin(), names.end());
  return absl::StrJoin(names, ", ");
}

}  // namespace

std::string ValueName(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  std::string stated = type.substr(0, type.find(':'));
  if (!IsTypeOfCode(stated) || option.get_lnames().empty()) return stated;
  std::string name = option.get_lnames().front();
  for (const auto& [of, value] : kValueNames)
    if (of == name) return std::string(value);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

HelpFormatter::HelpFormatter(render::Language language) {
  label("Positionals", "Arguments");
  label("SUBCOMMAND", "COMMAND");
  if (language == render::Language::kEnglish) return;
  label("Positionals", "参数");
  label("Usage", "用法");
  label("OPTIONS", "选项");
  label("SUBCOMMAND", "命令");
}

namespace {

// Texts that are made of one of these and the name of a register.
constexpr std::string_view kMadeOfNames[] = {"Adds to the {}", "All {}, by id"};

std::string InChinese(const std::string& text) {
  if (render::TranslationOf(text) != nullptr) return std::string(render::ChineseOf(text));
  for (const std::string_view made : kMadeOfNames) {
    const std::size_t place = made.find("{}");
    const std::string_view front = made.substr(0, place), back = made.substr(place + 2);
    if (text.size() <= front.size() + back.size() || !text.starts_with(front) || !text.ends_with(back))
      continue;
    const std::string name = text.substr(front.size(), text.size() - front.size() - back.size());
    return absl::StrReplaceAll(std::string(render::ChineseOf(made)),
                               {{"{}", std::string(render::ChineseOf(name))}});
  }
  return text;
}

}  // namespace

void TranslateHelp(CLI::App* app) {
  const auto chinese = InChinese;
  constexpr std::string_view kExample = "Example: ";
  app->description(chinese(app->get_description()));
  const std::string footer = app->get_footer();
  app->footer(footer.starts_with(kExample) && chinese(footer) == footer
                  ? "示例：" + footer.substr(kExample.size())
                  : chinese(footer));
  app->group(app->get_group() == "Subcommands" ? "命令" : chinese(app->get_group()));
  for (CLI::Option* option : app->get_options()) {
    option->description(chinese(option->get_description()));
    if (option->get_group() == "Options") option->group("选项");
  }
  for (CLI::App* command : app->get_subcommands(nullptr)) TranslateHelp(command);
}

std::string HelpFormatter::make_option_opts(const CLI::Option* option) const {
  std::string text;
  if (option->get_type_size() != 0 && option->get_expected_max() != 0) {
    if (option->nonpositional()) text += " " + ValueName(*option);
    if (option->get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll ||
        option->get_expected_max() == CLI::detail::expected_max_vector_size)
      text += " ...";
    text += RangeWords(option->get_type_name());
    if (option->nonpositional() && option->get_required()) text += " REQUIRED";
  }
  if (!option->get_envname().empty()) text += " (or $" + option->get_envname() + ")";
  if (!option->get_needs().empty()) text += " (with " + NamesOf(option->get_needs()) + ")";
  if (!option->get_excludes().empty()) text += " (not with " + NamesOf(option->get_excludes()) + ")";
  return text;
}

std::string HelpFormatter::make_description(const CLI::App* app) const {
  return app->get_description().empty() ? "" : app->get_description() + "\n";
}

}  // namespace fundtrail::cli
