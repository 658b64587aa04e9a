// What is said of a command line that cannot be read, with the nearest word that can; and the short help.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/render/shown.h"

namespace fundtrail::cli {

// The one of `among` that is the fewest slips away from `word`: a letter too many, too few, wrong or exchanged with its
// neighbour. At most a third of the word's letters, and at least one. Else the first that begins with it.
std::optional<std::string> NearestWord(const std::string& word, const std::vector<std::string>& among);

// The first word of the command line that names no command and no option, in a sentence. It says: "there is no command
// "lsit"; did you mean "list"?". Nothing when each is known. `words` are those after the program's name.
std::optional<std::string> UnknownWord(const CLI::App& app, const std::vector<std::string>& words);

// The same, or else what CLI11 found wrong. Words that nothing takes are named in the order in which they were given.
std::string UsageError(const CLI::App& app, const CLI::ParseError& error,
                       const std::vector<std::string>& words);

// Where the command stands among the words, past the program's own options; their count when there is none.
std::size_t CommandAt(const CLI::App& app, const std::vector<std::string>& words);

// The command that is named, as far as the words are commands, and these words: "trace from". `app` and "" for none.
std::pair<const CLI::App*, std::string> CommandNamed(const CLI::App& app,
                                                     const std::vector<std::string>& words);

// What people do first.
render::Shown ShortHelp();

}  // namespace fundtrail::cli
