// See usage.h.
#include "cli/usage.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/base/distance.h"
#include "ledger/base/text.h"

namespace fundtrail::cli {
namespace {

bool IsOption(const std::string& word) {
  return word.size() > 1 && word[0] == '-' && std::isdigit(static_cast<unsigned char>(word[1])) == 0;
}

// "--format" of "--format=csv", "-o" of "-ocsv".
std::string OptionName(const std::string& word) {
  return word[1] == '-' ? word.substr(0, word.find('=')) : word.substr(0, 2);
}

// A command has the options of those that it stands below, too.
const CLI::Option* FindOption(const CLI::App* command, const std::string& name) {
  for (; command != nullptr; command = command->get_parent())
    if (const auto* const option = command->get_option_no_throw(name); option != nullptr) return option;
  return nullptr;
}

bool TakesNext(const CLI::Option& option, const std::string& word) {
  if (option.get_expected_max() == 0) return false;  // a flag
  return word[1] == '-' ? word.find('=') == std::string::npos : word.size() == 2;
}

std::vector<std::string> OptionNames(const CLI::App* command) {
  std::vector<std::string> names;
  for (; command != nullptr; command = command->get_parent())
    for (const CLI::Option* option : command->get_options())
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  return names;
}

std::vector<const CLI::App*> CommandsOf(const CLI::App* command) {
  return command->get_subcommands([](const CLI::App*) { return true; });
}

// What other programs, and people, call a command of ours; "" where there is none.
std::string_view OurWord(std::string_view word) {
  constexpr std::pair<std::string_view, std::string_view> kOthers[] = {
      {"undo", "reverse"},      {"correct", "reverse"},   {"cancel", "reverse"},    {"find", "search"},
      {"ls", "list"},           {"transfer", "pay"},      {"ledger", "init"},       {"register", "party"},
      {"key add", "authorise"}, {"key new", "authorise"}, {"key remove", "revoke"}, {"key delete", "revoke"},
  };
  for (const auto& [other, ours] : kOthers)
    if (word == other) return ours;
  return "";
}

// A command of one of the groups, as "key authorise", where one group alone has such a word.
std::optional<std::string> NearBelow(const CLI::App* at, const std::string& word) {
  std::optional<std::string> near;
  for (const CLI::App* group : CommandsOf(at)) {
    std::vector<std::string> names;
    for (const CLI::App* command : CommandsOf(group)) names.push_back(command->get_name());
    const auto here = NearestWord(word, names);
    if (!here.has_value()) continue;
    if (near.has_value()) return std::nullopt;
    near = group->get_name() + " " + *here;
  }
  return near;
}

std::string NoSuchCommand(const CLI::App* at, const std::string& path, const std::string& word) {
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(at)) names.push_back(command->get_name());
  auto near = NearestWord(word, names);
  if (const std::string_view ours = OurWord(path + word); !ours.empty()) near = ours;
  if (!near.has_value()) near = NearBelow(at, word);
  // A file is no kind of file: what most people import is a sheet.
  if (!near.has_value() && at->get_name() == "import" && word.find('.') != std::string::npos)
    near = absl::StrCat("csv ", Escaped(word));
  return absl::StrCat("there is no command \"", path, Escaped(word), "\"",
                      near.has_value() ? absl::StrCat("; did you mean \"", path, *near, "\"?") : "");
}

// Options that say the same in different commands.
constexpr std::pair<std::string_view, std::string_view> kSameOptions[] = {
    {"--limit", "--top"}, {"--since", "--from"}, {"--until", "--to"}};

std::optional<std::string> SameOption(const std::string& name, const std::vector<std::string>& among) {
  for (const auto& [one, other] : kSameOptions) {
    const std::string_view same = name == one ? other : name == other ? one : "";
    if (!same.empty() && std::find(among.begin(), among.end(), same) != among.end()) return std::string(same);
  }
  return std::nullopt;
}

std::string NoSuchOption(const CLI::App* at, const std::string& path, const std::string& name) {
  const std::vector<std::string> names = OptionNames(at);
  auto near = SameOption(name, names);
  if (!near.has_value()) near = NearestWord(name, names);
  std::string sentence = absl::StrCat("there is no option ", Escaped(name));
  if (path.empty()) {
    absl::StrAppend(&sentence, " before a command, whose own options stand after it");
  } else {
    absl::StrAppend(&sentence, " of \"", path.substr(0, path.size() - 1), "\"");
  }
  // Of a trace it is an option of its own, and of all else this one.
  if (name == "--format") near = "--output";
  if (near.has_value()) absl::StrAppend(&sentence, "; did you mean ", *near, "?");
  return sentence;
}

// Goes along the words; stops at the first that is not known, with a sentence.
struct Walk {
  const CLI::App* at = nullptr;
  std::string path;  // "trace from "
  std::optional<std::string> unknown;
};

Walk WalkAlong(const CLI::App& app, const std::vector<std::string>& words) {
  Walk walk;
  walk.at = &app;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == "--") break;
    if (IsOption(word)) {
      const CLI::Option* const option = FindOption(walk.at, OptionName(word));
      if (option == nullptr) {
        walk.unknown = NoSuchOption(walk.at, walk.path, OptionName(word));
        break;
      }
      if (TakesNext(*option, word)) ++i;
      continue;
    }
    const auto commands = CommandsOf(walk.at);
    if (commands.empty()) continue;  // an argument
    const auto next = std::find_if(commands.begin(), commands.end(),
                                   [&](const CLI::App* command) { return command->check_name(word); });
    if (next == commands.end()) {
      walk.unknown = NoSuchCommand(walk.at, walk.path, word);
      break;
    }
    walk.path += word + " ";
    walk.at = *next;
  }
  return walk;
}

}  // namespace

std::optional<std::string> NearestWord(const std::string& word, const std::vector<std::string>& among) {
  if (word.size() > kMaxComparedText) return std::nullopt;
  const std::size_t bound = std::max<std::size_t>(1, word.size() / 3);
  std::optional<std::string> nearest;
  std::size_t least = bound + 1;
  for (const std::string& candidate : among) {
    const std::size_t slips = Distance(word, candidate);
    if (slips >= least) continue;
    least = slips;
    nearest = candidate;
  }
  if (nearest.has_value()) return nearest;
  const auto longer = std::find_if(among.begin(), among.end(), [&](const std::string& candidate) {
    return word.size() >= 3 && candidate.compare(0, word.size(), word) == 0;
  });
  return longer == among.end() ? std::nullopt : std::optional<std::string>(*longer);
}

std::pair<const CLI::App*, std::string> CommandNamed(const CLI::App& app,
                                                     const std::vector<std::string>& words) {
  Walk walk = WalkAlong(app, words);
  if (!walk.path.empty()) walk.path.pop_back();
  return {walk.at, std::move(walk.path)};
}

std::optional<std::string> UnknownWord(const CLI::App& app, const std::vector<std::string>& words) {
  return WalkAlong(app, words).unknown;
}

std::string UsageError(const CLI::App& app, const CLI::ParseError& error,
                       const std::vector<std::string>& words) {
  const Walk walk = WalkAlong(app, words);
  if (walk.unknown.has_value()) return *walk.unknown;
  std::vector<std::string> names;
  for (const CLI::App* command : CommandsOf(walk.at)) names.push_back(command->get_name());
  if (error.get_name() == "RequiredError" && !names.empty() && !walk.path.empty())
    return absl::StrCat("\"", walk.path.substr(0, walk.path.size() - 1), "\" needs one of ",
                        absl::StrJoin(names, ", "), " after it");
  std::vector<std::string> left = app.remaining(true), extra;
  // The name of this error is that of the command.
  if (error.get_exit_code() != static_cast<int>(CLI::ExitCodes::ExtrasError) || left.empty())
    return Escaped(error.what());
  for (const std::string& word : words) {
    const auto found = std::find(left.begin(), left.end(), word);
    if (found == left.end()) continue;
    left.erase(found);
    extra.push_back(absl::StrCat("\"", Escaped(word), "\""));
  }
  if (extra.empty()) return Escaped(error.what());
  return absl::StrCat("\"", walk.path.substr(0, walk.path.size() - 1),
                      "\" takes no more words, and was given ", absl::StrJoin(extra, ", "));
}

std::size_t CommandAt(const CLI::App& app, const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!IsOption(words[i])) return i;
    const CLI::Option* const option = FindOption(&app, OptionName(words[i]));
    if (option != nullptr && TakesNext(*option, words[i])) ++i;
  }
  return words.size();
}

render::Shown ShortHelp() {
  const auto command = [](const char* line) {
    return render::Shown::Made(std::string("    ") + line + "\n");
  };
  render::Shown text = render::Say("A ledger of public and charitable money. What people do first:\n\n");
  text += render::Say("  Begin a ledger, with a key of your own:\n");
  text += command("fundtrail keygen --out root.key");
  text += command("fundtrail init DIR --name example.org/ledger --root-key root.key");
  text += render::Say("  Declare what is counted, and what money is for:\n");
  text += command("fundtrail --ledger DIR asset add CNY --key root.key");
  text += command("fundtrail --ledger DIR fund add FUND --name NAME --key root.key");
  text += render::Say("  Register who pays and who is paid:\n");
  text += command("fundtrail --ledger DIR party add PARTY --name NAME --key root.key");
  text += render::Say("  Record a payment:\n");
  text += command("fundtrail --ledger DIR pay --from PARTY --to PARTY --amount AMOUNT");
  text += command("    --asset ASSET --fund FUND --key root.key");
  text += render::Say("  Record a spreadsheet of payments:\n");
  text += command("fundtrail import csv FILE --suggest > MAP");
  text += command("fundtrail --ledger DIR import csv FILE --map MAP --key root.key --dry-run");
  text += render::Say("  Find who and what is in it, in any script:\n");
  text += command("fundtrail --ledger DIR search WORDS");
  text += render::Say("  Ask where money went, or where it came from:\n");
  text += command("fundtrail --ledger DIR trace from --party PARTY");
  text += command("fundtrail --ledger DIR trace to --party PARTY");
  text += render::Say("  Check every record and every sum:\n");
  text += command("fundtrail verify DIR --vkey KEY");
  text += render::Say(
      "\n`fundtrail help COMMAND` shows the options of a command.\n`fundtrail --help` lists all commands.\n");
  text += render::Say("docs/questions.md has questions that people ask, each with its command.\n");
  return text;
}

}  // namespace fundtrail::cli
