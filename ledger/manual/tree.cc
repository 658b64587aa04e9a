// See tree.h.
#include "ledger/manual/tree.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace fundtrail::manual {
namespace {

// What help writes after the name of an option: "FILE (or $X)".
std::string AfterName(const CLI::App& app, const CLI::Option& option) {
  const auto formatter = std::dynamic_pointer_cast<CLI::Formatter>(app.get_formatter());
  return std::string(absl::StripAsciiWhitespace(formatter != nullptr ? formatter->make_option_opts(&option)
                                                                     : option.get_type_name()));
}

// The words of a choice: CLI11 writes them into the name of the type, as "TEXT:{en,zh}".
std::vector<std::string> ChoicesOf(const std::string& type) {
  const auto from = type.find('{'), to = type.find('}');
  if (from == std::string::npos || to == std::string::npos || to < from) return {};
  return absl::StrSplit(type.substr(from + 1, to - from - 1), ',', absl::SkipWhitespace());
}

Option ReadOption(const CLI::App& app, const CLI::Option& from) {
  Option option;
  option.description = from.get_description();
  const std::string after = AfterName(app, from);
  if (!from.nonpositional()) {
    option.names = {from.get_name(true)};
    option.remarks = after;
    return option;
  }
  option.names = absl::StrSplit(from.get_name(false, true), ',');
  if (from.get_items_expected_max() == 0) {  // a flag
    option.remarks = after;
    return option;
  }
  const auto end = after.find(' ');
  option.value_name = after.substr(0, end);
  if (end != std::string::npos) option.remarks = after.substr(end + 1);
  option.choices = ChoicesOf(from.get_type_name());
  option.value = !option.choices.empty()       ? Value::kChoice
                 : option.value_name == "FILE" ? Value::kFile
                 : option.value_name == "DIR"  ? Value::kFolder
                                               : Value::kAny;
  return option;
}

// A command takes over its parent's footer where it has none of its own: so `outer` is the parent's.
Command ReadCommand(const CLI::App& app, const std::string& path, const std::string& outer) {
  Command command;
  command.path = path;
  command.names = {app.get_name()};
  for (const std::string& alias : app.get_aliases()) command.names.push_back(alias);
  command.title = app.get_group();
  command.description = app.get_description();
  if (app.get_footer() != outer) command.footer = app.get_footer();
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_group().empty() || (!path.empty() && option == app.get_help_ptr())) continue;
    (option->nonpositional() ? command.options : command.arguments).push_back(ReadOption(app, *option));
  }
  for (const CLI::App* inner : app.get_subcommands(nullptr)) {
    if (inner->get_name().empty() || inner->get_group().empty()) continue;
    command.commands.push_back(ReadCommand(
        *inner, absl::StrCat(path, path.empty() ? "" : " ", inner->get_name()), app.get_footer()));
  }
  return command;
}

void AddFlat(const Command& command, std::vector<const Command*>* flat) {
  flat->push_back(&command);
  for (const Command& inner : command.commands) AddFlat(inner, flat);
}

}  // namespace

Command ReadTree(const CLI::App& app) { return ReadCommand(app, "", ""); }

std::vector<const Command*> Flat(const Command& program) {
  std::vector<const Command*> flat;
  AddFlat(program, &flat);
  return flat;
}

}  // namespace fundtrail::manual
