// See shells.h.
#include "ledger/manual/shells.h"

#include <set>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"

namespace fundtrail::manual {
namespace {

// A word that bash and zsh leave as it is; and one for fish, which knows a backslash in quotes.
std::string Quoted(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"'", "'\\''"}}), "'");
}
std::string QuotedForFish(const std::string& text) {
  return absl::StrCat("'", absl::StrReplaceAll(text, {{"\\", "\\\\"}, {"'", "\\'"}}), "'");
}

// What stands beside a word that is offered: one line.
std::string FirstLine(const std::string& text) { return text.substr(0, text.find('\n')); }

// The options that are followed by a value. One that is a flag elsewhere is left out, so that no command is taken for a value.
std::vector<std::string> ValuedOptions(const Command& tree) {
  std::set<std::string> valued, flags;
  for (const Command* command : Flat(tree))
    for (const Option& option : command->options)
      for (const std::string& name : option.names)
        (option.value == Value::kNone ? flags : valued).insert(name);
  for (const std::string& flag : flags) valued.erase(flag);
  return {valued.begin(), valued.end()};
}

// All options' and all commands' names of a command, as one line of words.
std::string OptionWords(const Command& command) {
  std::vector<std::string> words;
  for (const Option& option : command.options)
    words.insert(words.end(), option.names.begin(), option.names.end());
  return absl::StrJoin(words, " ");
}
std::string CommandWords(const Command& command) {
  std::vector<std::string> words;
  for (const Command& inner : command.commands)
    words.insert(words.end(), inner.names.begin(), inner.names.end());
  return absl::StrJoin(words, " ");
}

// For bash and zsh: `at` is the command so far. Each arm has the names of a command, and sets `at` to its path.
std::string Steps(const Command& tree) {
  std::string steps;
  for (const Command* command : Flat(tree)) {
    for (const Command& inner : command->commands) {
      std::vector<std::string> patterns;
      for (const std::string& name : inner.names)
        patterns.push_back(Quoted(absl::StrCat(command->path, " ", name)));
      absl::StrAppend(&steps, "      ", absl::StrJoin(patterns, " | "), ") at=", Quoted(inner.path), " ;;\n");
    }
  }
  return steps;
}

// For bash and zsh: `way` says what to do for the value of an option; an empty one says nothing. Options of the program come
// last, since they go with every command, and one of a command may have the same name.
template <typename Way>
std::string ValueArms(const Command& tree, const Way& way) {
  std::string arms, last;
  for (const Command* command : Flat(tree)) {
    for (const Option& option : command->options) {
      const std::string what = option.value == Value::kNone ? "" : way(option);
      if (what.empty()) continue;
      std::vector<std::string> patterns;
      for (const std::string& name : option.names)
        patterns.push_back(command->path.empty() ? absl::StrCat("*", Quoted(":" + name))
                                                 : Quoted(absl::StrCat(command->path, ":", name)));
      absl::StrAppend(command->path.empty() ? &last : &arms, "      ", absl::StrJoin(patterns, " | "), ") ",
                      what, " ;;\n");
    }
  }
  return arms + last;
}

// The words of a shell's own kind of name for the functions of a program.
std::string FunctionOf(const Command& tree) {
  return "_" + absl::StrReplaceAll(tree.names.front(), {{"-", "_"}});
}

std::string MadeBy(const Command& tree) {
  return absl::StrCat("completion of ", tree.names.front(),
                      ", which made it of its own help: ", tree.names.front(), " --manual");
}

}  // namespace

std::string BashCompletion(const Command& tree) {
  const std::string& program = tree.names.front();
  std::string arms;
  for (const Command* command : Flat(tree)) {
    if (command->path.empty()) continue;
    absl::StrAppend(&arms, "      ", Quoted(command->path), ") commands=", Quoted(CommandWords(*command)),
                    " options+=", Quoted(" " + OptionWords(*command)), " ;;\n");
  }
  const std::string ways = ValueArms(tree, [](const Option& option) -> std::string {
    if (option.value == Value::kFile) return ":";  // bash offers files where nothing else is
    if (option.value == Value::kFolder) return "compopt -o dirnames +o default 2>/dev/null";
    if (option.value == Value::kChoice)
      return absl::StrCat("mapfile -t COMPREPLY < <(compgen -W ", Quoted(absl::StrJoin(option.choices, " ")),
                          " -- \"$cur\")");
    return "";
  });
  return absl::StrCat(
      "# bash: ", MadeBy(tree), "\n", FunctionOf(tree), "() {\n",
      "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]} at='' word i\n",
      "  local commands=", Quoted(CommandWords(tree)), "\n  local options=", Quoted(OptionWords(tree)),
      "\n  local valued=", Quoted(" " + absl::StrJoin(ValuedOptions(tree), " ") + " "), R"(
  COMPREPLY=()
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $prev == '=' ]]; then
    prev=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $word == -* ]]; then
      [[ $valued == *" $word "* ]] && ((i++))
      continue
    fi
    case "$at $word" in
)",
      Steps(tree), R"(    esac
  done
  if [[ $valued == *" $prev "* ]]; then
    case "$at:$prev" in
)",
      ways, R"(      *) compopt +o default 2>/dev/null ;;
    esac
    return
  fi
  case "$at" in
)",
      arms, R"(  esac
  if [[ $cur == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
  elif [[ -n $commands ]]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$cur")
  fi
}
complete -o default -F )",
      FunctionOf(tree), " ", program, "\n");
}

std::string ZshCompletion(const Command& tree) {
  const auto described = [](const std::vector<std::string>& names, const std::string& description) {
    std::string words;
    for (const std::string& name : names)
      absl::StrAppend(&words, " ", Quoted(absl::StrCat(name, ":", FirstLine(description))));
    return words;
  };
  const auto options = [&](const Command& command) {
    std::string words;
    for (const Option& option : command.options) words += described(option.names, option.description);
    return words;
  };
  const auto commands = [&](const Command& command) {
    std::string words;
    for (const Command& inner : command.commands) words += described(inner.names, inner.description);
    return words;
  };
  std::string arms;
  for (const Command* command : Flat(tree)) {
    if (command->path.empty()) continue;
    absl::StrAppend(&arms, "    ", Quoted(command->path), ")\n      commands=(", commands(*command),
                    " )\n      options+=(", options(*command), " )\n      ;;\n");
  }
  const std::string ways = ValueArms(tree, [](const Option& option) -> std::string {
    if (option.value == Value::kFile) return "_files";
    if (option.value == Value::kFolder) return "_files -/";
    if (option.value == Value::kChoice)
      return absl::StrCat("compadd -- ", absl::StrJoin(option.choices, " "));
    return absl::StrCat("_message ", Quoted(option.value_name));
  });
  return absl::StrCat(
      "#compdef ", tree.names.front(), "\n# zsh: ", MadeBy(tree), "\n", FunctionOf(tree), "() {\n",
      "  local at='' word i previous=${words[CURRENT-1]}\n  local -a commands options\n  commands=(",
      commands(tree), " )\n  options=(", options(tree),
      " )\n  local valued=", Quoted(" " + absl::StrJoin(ValuedOptions(tree), " ") + " "), R"(
  for ((i = 2; i < CURRENT; i++)); do
    word=${words[i]}
    if [[ $word == -* ]]; then
      [[ $valued == *" $word "* ]] && ((i++))
      continue
    fi
    case "$at $word" in
)",
      Steps(tree), R"(    esac
  done
  if [[ $valued == *" $previous "* ]]; then
    case "$at:$previous" in
)",
      ways, R"(    esac
    return
  fi
  case "$at" in
)",
      arms, R"(  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  elif (( $#commands )); then
    _describe command commands
  else
    _files
  fi
}
)",
      FunctionOf(tree), " \"$@\"\n");
}

std::string FishCompletion(const Command& tree) {
  const std::string& program = tree.names.front();
  const std::string at = "_" + FunctionOf(tree) + "_at";
  std::string text = absl::StrCat("# fish: ", MadeBy(tree), "\nfunction ", at, R"(
  set -l at ''
  set -l skip 0
  set -l words (commandline -opc)
  for word in $words[2..-1]
    if test $skip = 1
      set skip 0
    else if string match -q -- '-*' $word
      contains -- $word )",
                                  absl::StrJoin(ValuedOptions(tree), " "), R"(; and set skip 1
    else
      switch "$at $word"
)");
  for (const Command* command : Flat(tree)) {
    for (const Command& inner : command->commands) {
      std::vector<std::string> patterns;
      for (const std::string& name : inner.names)
        patterns.push_back(QuotedForFish(absl::StrCat(command->path, " ", name)));
      absl::StrAppend(&text, "        case ", absl::StrJoin(patterns, " "), "\n          set at ",
                      QuotedForFish(inner.path), "\n");
    }
  }
  absl::StrAppend(&text, "      end\n    end\n  end\n  test \"$at\" = \"$argv[1]\"\nend\n");
  for (const Command* command : Flat(tree)) {
    const std::string where =
        absl::StrCat(" -n ", QuotedForFish(absl::StrCat(at, " \"", command->path, "\"")));
    for (const Command& inner : command->commands)
      for (const std::string& name : inner.names)
        absl::StrAppend(&text, "complete -c ", program, where, " -f -a ", name, " -d ",
                        QuotedForFish(FirstLine(inner.description)), "\n");
    for (const Option& option : command->options) {
      absl::StrAppend(&text, "complete -c ", program, command->path.empty() ? "" : where);
      for (const std::string& name : option.names)
        absl::StrAppend(&text, name.rfind("--", 0) == 0 ? " -l " : " -s ",
                        absl::StripPrefix(absl::StripPrefix(name, "-"), "-"));
      if (option.value == Value::kFile) text += " -r -F";
      if (option.value == Value::kAny) text += " -x";
      if (option.value == Value::kFolder) text += " -x -a '(__fish_complete_directories)'";
      if (option.value == Value::kChoice)
        absl::StrAppend(&text, " -x -a ", QuotedForFish(absl::StrJoin(option.choices, " ")));
      absl::StrAppend(&text, " -d ", QuotedForFish(FirstLine(option.description)), "\n");
    }
  }
  return text;
}

}  // namespace fundtrail::manual
