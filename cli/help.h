// How --help is laid out: each option with the name of its value, whether it must be given, and what it goes with.
#pragma once

#include <string>

#include "CLI/CLI.hpp"
#include "cli/render/chinese.h"

namespace fundtrail::cli {

// The name of an option's value in help: FILE, DATE, PARTY. An option states its own with type_name(), without a colon
// in it; else the name follows from the name of the option.
std::string ValueName(const CLI::Option& option);

// Given to the program once, before its commands are added: each command takes it over.
class HelpFormatter : public CLI::Formatter {
 public:
  explicit HelpFormatter(render::Language language = render::Language::kEnglish);
  std::string make_option_opts(const CLI::Option* option) const override;
  std::string make_description(const CLI::App* app) const override;
};

// Puts the help of the program and of all its commands into Chinese. A text without Chinese stays as it is, as do names and examples.
void TranslateHelp(CLI::App* app);

}  // namespace fundtrail::cli
