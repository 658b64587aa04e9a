// fundtrail: the program. Reads the command line, runs one command, ends with its exit code.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/context.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "cli/usage.h"
#include "cli/whole_number.h"
#include "google/protobuf/stubs/logging.h"
#include "ledger/base/wrap.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/manual/manual.h"
#include "ledger/model/register_table.h"

namespace {

using fundtrail::cli::Context;
using fundtrail::cli::Exit;

// Whether a command that was named has this flag and was given it.
bool Given(const CLI::App& app, const std::string& flag) {
  const auto* option = app.get_option_no_throw(flag);
  if (option != nullptr && option->count() > 0) return true;
  const auto named = app.get_subcommands();
  return std::any_of(named.begin(), named.end(),
                     [&](const CLI::App* command) { return Given(*command, flag); });
}

// The form that -o asks for: the last one that is given. Options of commands never begin with "-o".
std::string OutputAsked(const std::vector<std::string>& words) {
  std::string asked;
  for (std::size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
    const std::string& word = words[i];
    if ((word == "-o" || word == "--output") && i + 1 < words.size()) {
      asked = words[++i];
    } else if (word.rfind("--output=", 0) == 0) {
      asked = word.substr(9);
    } else if (word.rfind("-o", 0) == 0 && word.size() > 2) {
      asked = word.substr(word[2] == '=' ? 3 : 2);
    }
  }
  return asked;
}

// The command line as the commands read it. What -o csv says is their own --csv, which each has that has a table. It
// stands where the words of the command are over.
std::vector<std::string> WithCsv(std::vector<std::string> words, bool csv) {
  if (csv) words.insert(std::find(words.begin(), words.end(), "--"), "--csv");
  return words;
}

// What adds some commands, and the names of all that it adds or adds something to.
struct CommandPart {
  void (*add)(CLI::App* app, Context* context);
  std::set<std::string_view> names;
};

// What stands under one title of the help.
struct CommandTitle {
  const char* words;
  std::vector<CommandPart> parts;
  bool registers = false;  // which come first
};

// All commands. Those in the groups of registers come after the registers.
std::vector<CommandTitle> AllCommands() {
  namespace cli = fundtrail::cli;
  return {
      {"Ledgers and keys",
       {{cli::AddKeyCommands, {"keygen", "init"}},
        {cli::AddKeyGrantCommands, {"key"}},
        {cli::AddLedgerKeyCommands, {"ledger-key", "root", "rules"}},
        {cli::AddConfigCommand, {"config"}}}},
      {"Registers", {}, true},
      {"Recording",
       {{cli::AddEntryCommands, {"pay", "reverse", "submit", "sign", "cosign"}},
        {cli::AddImportCommand, {"import"}},
        {cli::AddAcknowledgeCommand, {"acknowledge", "ack"}},
        {cli::AddPersonalCommands, {"personal"}}}},
      {"Questions",
       {{cli::AddSumCommands, {"summary", "top", "series", "idle"}},
        {cli::AddAskCommands, {"show", "list", "balance", "statement"}},
        {cli::AddLogCommand, {"log"}},
        {cli::AddFlowsCommand, {"flows"}},
        {cli::AddCommittedCommand, {"committed"}},
        {cli::AddTraceCommands, {"trace"}},
        {cli::AddSearchCommand, {"search"}},
        {cli::AddFindingsCommand, {"findings"}},
        {cli::AddProjectCommands, {"project"}},
        {cli::AddCoverageCommands, {"coverage", "fragmentation"}},
        {cli::AddNeedsCommand, {"needs"}},
        {cli::AddMatchCommand, {"match"}},
        {cli::AddPledgesCommand, {"pledges"}},
        {cli::AddDutyCommands, {"who-answers", "deployment"}},
        {cli::AddStandingCommands, {"standing", "evaluations", "participation"}},
        {cli::AddPolicyCommands, {"policies", "policy"}},
        {cli::AddTeamCommands, {"deployment"}},
        {cli::AddGroupCommands, {"missing", "group"}},
        {cli::AddAnswerCommands, {"acknowledgements", "concerns", "sample"}},
        {cli::AddPublicityCommands, {"publicity", "open"}},
        {cli::AddWatchCommand, {"watch"}}}},
      {"Checking and copying",
       {{cli::AddVerifyCommands, {"verify", "checkpoint"}},
        {cli::AddProofCommands, {"proof", "receipt", "consistency"}},
        {cli::AddCloneCommand, {"clone"}},
        {cli::AddArchiveCommand, {"archive"}},
        {cli::AddExportCommands, {"export"}},
        {cli::AddSiteCommand, {"site"}},
        {cli::AddFeedCommand, {"feed"}},
        {cli::AddWitnessCommand, {"witness"}},
        {cli::AddReplicateCommands, {"replicate"}}}},
  };
}

// Adds the command or the group that `name` names; perhaps others, too. To make the options of all commands takes longer than most
// answers. Where nothing is called so, all commands are added.
void AddCommands(const std::string& name, CLI::App* app, Context* context) {
  const std::vector<CommandTitle> titles = AllCommands();
  std::set<std::string_view> wanted;
  if (fundtrail::model::FindRegister(name) != nullptr) wanted.insert(name);
  for (const CommandTitle& title : titles)
    for (const CommandPart& part : title.parts)
      // What it adds to the group of a register needs the group.
      if (part.names.count(name) > 0) wanted.insert(part.names.begin(), part.names.end());
  const bool all = wanted.empty();
  std::set<const CLI::App*> titled;
  for (const CommandTitle& title : titles) {
    if (title.registers) {
      for (const auto& of : fundtrail::model::Registers())
        if (all || wanted.count(of.name) > 0) fundtrail::cli::AddRegisterCommand(app, of, context);
    }
    for (const CommandPart& part : title.parts)
      if (all || part.names.count(name) > 0) part.add(app, context);
    for (CLI::App* command : app->get_subcommands(nullptr))
      if (titled.insert(command).second) command->group(title.words);
  }
}

// The language that is asked for: by --lang, else by the variable of the system that counts for messages.
fundtrail::render::Language LanguageOf(int argc, char** argv) {
  std::string asked;
  for (const char* name : {"FUNDTRAIL_LANG", "LC_ALL", "LC_MESSAGES", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    asked = value;
    break;
  }
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--lang" && i + 1 < argc) asked = argv[i + 1];
    if (word.rfind("--lang=", 0) == 0) asked = word.substr(7);
  }
  return asked.rfind("zh", 0) == 0 ? fundtrail::render::Language::kChinese
                                   : fundtrail::render::Language::kEnglish;
}

// `help COMMAND` and `version` as the options that they stand for.
std::vector<std::string> WithoutHelpWords(const CLI::App& app, std::vector<std::string> words) {
  const std::size_t at = fundtrail::cli::CommandAt(app, words);
  if (at == words.size() || (words[at] != "help" && words[at] != "version")) return words;
  const bool help = words[at] == "help";
  words.erase(words.begin() + static_cast<std::ptrdiff_t>(at));
  words.emplace_back(help ? "--help" : "--version");
  return words;
}

// Whether nothing is asked but the version of the program.
bool AsksVersionAlone(const std::vector<std::string>& words) {
  return words.size() == 1 && (words[0] == "--version" || words[0] == "-V");
}

// The value of an option that is read before the others; empty when it is not given.
std::string ValueGiven(int argc, char** argv, const std::string& letter, const std::string& name) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if ((word == letter || word == name) && i + 1 < argc) return argv[i + 1];
    if (word.rfind(name + "=", 0) == 0) return word.substr(name.size() + 1);
    if (word.size() > letter.size() && word.rfind(letter, 0) == 0) return word.substr(letter.size());
  }
  return "";
}

// Reads the reader's own settings into the environment, before the options take their values from it.
fundtrail::Status UseSettings(int argc, char** argv, const std::function<bool(const std::string&)>& given,
                              Context* context) {
  FT_ASSIGN_OR_RETURN(context->settings, fundtrail::cli::ReadSettings(fundtrail::cli::SettingsFile()));
  FT_ASSIGN_OR_RETURN(
      context->setting_origins,
      fundtrail::cli::ApplySettings(context->settings, ValueGiven(argc, argv, "-L", "--named"), given));
  return absl::OkStatus();
}

// Help, whose lines are for any terminal.
std::string OnTerminal(const Context& context, const std::string& text) {
  const fundtrail::render::Style style = context.style();
  return style.endless() ? text : fundtrail::Wrapped(text, style.width);
}

int Run(int argc, char** argv) {
  CLI::App app{
      "An append-only ledger of public and charitable money: where did it go, and where did it come from?",
      "fundtrail"};
  // Before the commands are added: each takes these over.
  app.formatter(std::make_shared<fundtrail::cli::HelpFormatter>(LanguageOf(argc, argv)));
  app.set_help_flag("-h,--help", "Prints this help");
  app.set_version_flag("-V,--version", "fundtrail " FUNDTRAIL_VERSION, "Prints the version");
  app.footer(
      "fundtrail COMMAND --help, or fundtrail help COMMAND, shows the options of a command.\n"
      "Exit codes: 0 done, or it holds; 1 the ledger or the answer does not hold, or the entry was refused;\n"
      "2 wrong usage or input; 3 not reachable, locked, or a file cannot be read or written");
  Context context;
  // What is said on the command line counts for more than what the environment says of the other.
  const auto given = [&](const std::string& option) {
    return std::any_of(argv + 1, argv + argc, [&](const char* word) {
      return word == option || std::string(word).rfind(option + "=", 0) == 0;
    });
  };
  if (given("--ledger") && !given("--server")) unsetenv("FUNDTRAIL_SERVER");
  if (given("--server") && !given("--ledger")) unsetenv("FUNDTRAIL_LEDGER");
  const fundtrail::Status settled = UseSettings(argc, argv, given, &context);
  context.language = LanguageOf(argc, argv);
  app.add_option("--ledger", context.ledger_dir, "The ledger's folder")->envname("FUNDTRAIL_LEDGER");
  app.add_option(
         "--server", context.server,
         "The server to ask, in place of a folder. Several of one ledger stand with commas between them: the "
         "first that answers is asked, and the one that records gets entries")
      ->envname("FUNDTRAIL_SERVER");
  std::string named;  // read before: UseSettings
  app.add_option("-L,--named", named,
                 "The ledger of this name in your settings: `fundtrail config` shows them");
  app.add_option("--ca", context.ca_file, "PEM file of the authorities that may vouch for the server (TLS)")
      ->envname("FUNDTRAIL_CA");
  app.add_flag("--tls", context.tls,
               "Speaks TLS to a server on this machine too, with the system's authorities; to others it "
               "always does")
      ->envname("FUNDTRAIL_TLS");
  app.add_option("--client-cert", context.client_cert,
                 "PEM file of your certificate, where the server asks for one")
      ->envname("FUNDTRAIL_CLIENT_CERT");
  app.add_option("--client-key", context.client_key, "PEM file of the key of your certificate")
      ->envname("FUNDTRAIL_CLIENT_KEY");
  app.add_option("--timeout", context.timeout,
                 "How long to wait for a server that is away, full or silent; else 60. Each page of a long "
                 "answer, each "
                 "entry of an import and each file of an archive has as long again")
      ->check(CLI::Range(1, 86'400))
      ->envname("FUNDTRAIL_TIMEOUT");
  app.add_option(
         "--min-size", context.min_size,
         "How many records an answer is to be of at least: 13 where it must have record 12. A copy that has "
         "fewer is asked again until --timeout")
      ->type_name("RECORDS")
      ->check(fundtrail::cli::WholeNumber());
  app.add_flag("--json", context.json, "Prints the answer as JSON, as -o json does");
  std::string output;
  app.add_option(
         "-o,--output", output,
         "The form of the answer: table for people, csv for a spreadsheet, json, or jsonl with an object "
         "a line; else table")
      ->check(CLI::IsMember({"table", "csv", "json", "jsonl"}))
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.add_flag("--wide", context.wide, "Cuts nothing, however narrow the terminal is");
  app.add_flag("--no-pager", context.no_pager, "Shows a long answer at once, and not in $PAGER");
  std::string language;
  app.add_option("--lang", language, "The language of what people read: en or zh; else that of LANG")
      ->check(CLI::IsMember({"en", "zh"}));
  app.add_flag("--no-color", context.no_color, "Prints no colours");
  setenv("GRPC_VERBOSITY", "NONE", 0);  // errors are ours to tell
  app.fallthrough();
  app.require_subcommand(1);
  // A program may be started without even its own name.
  const std::vector<std::string> given_words(argv + std::min(argc, 1), argv + argc);
  const std::size_t command_at = fundtrail::cli::CommandAt(app, given_words);
  const bool asks_help = command_at < given_words.size() && given_words[command_at] == "help";
  const std::vector<std::string> words = WithoutHelpWords(app, given_words);
  // For who makes a package. It is no option of a command, so help does not show it.
  const bool makes_manual = argc == 3 && std::string(argv[1]) == "--manual";
  // The help of the program, and what helps with a word that is no command, need all of them; the version needs none.
  const std::size_t named_at = fundtrail::cli::CommandAt(app, words);
  if (!AsksVersionAlone(words))
    AddCommands(makes_manual || named_at == words.size() ? "" : words[named_at], &app, &context);
  if (context.language == fundtrail::render::Language::kChinese) fundtrail::cli::TranslateHelp(&app);
  if (makes_manual) {
    const auto written =
        fundtrail::manual::WriteManual(app, {FUNDTRAIL_VERSION, 1, "fundtraild(8)"}, argv[2]);
    if (written.ok()) return static_cast<int>(Exit::kYes);
    PrintError(context, written);
    return static_cast<int>(fundtrail::cli::ExitFor(written));
  }
  if (asks_help && command_at + 1 == given_words.size()) {
    Print(context, fundtrail::cli::ShortHelp());
    return static_cast<int>(Exit::kYes);
  }
  const auto told_shortly = [&](const std::string& sentence) {
    context.json = context.json || given("--json");
    PrintError(context, absl::InvalidArgumentError(sentence));
    return static_cast<int>(Exit::kUsage);
  };
  if (const auto unknown = fundtrail::cli::UnknownWord(app, words); asks_help && unknown.has_value())
    return told_shortly(*unknown);
  const std::string asked = OutputAsked(words);
  try {
    if (asked == "csv") {
      const auto [command, path] = fundtrail::cli::CommandNamed(app, words);
      if (!path.empty() && command->get_subcommands(nullptr).empty() &&
          command->get_option_no_throw("--csv") == nullptr) {
        throw CLI::ValidationError("-o csv: `" + path +
                                   "` has no table for a spreadsheet; it has table, json and jsonl");
      }
    }
    auto arguments = WithCsv(words, asked == "csv" && !given("--csv"));
    std::reverse(arguments.begin(), arguments.end());  // as CLI11 takes them
    app.parse(std::move(arguments));
    if (output == "table" && (context.json || Given(app, "--csv")))
      throw CLI::ValidationError("-o table is for people: leave out --csv and --json");
    context.json_lines = output == "jsonl";
    context.json = context.json || output == "json" || output == "jsonl";
    if (context.json && Given(app, "--csv"))
      throw CLI::ValidationError("--csv and --json are two forms of one answer: give one of them");
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {  // --help
      std::ostringstream help;
      const int end = app.exit(error, help);
      fundtrail::cli::PrintData(OnTerminal(context, help.str()));
      return end;
    }
    context.json_lines = asked == "jsonl";
    context.json = asked == "json" || asked == "jsonl";
    if (!settled.ok()) {
      context.json = context.json || given("--json");
      PrintError(context, settled);
      return static_cast<int>(fundtrail::cli::ExitFor(settled));
    }
    const bool no_command = command_at == given_words.size() && error.get_name() == "RequiredError";
    if (no_command && !fundtrail::cli::UnknownWord(app, words).has_value()) {
      const int end = told_shortly("which command?");
      std::cerr << OnTerminal(context, fundtrail::cli::ShortHelp().In(context.language));
      return end;
    }
    const int end = told_shortly(fundtrail::cli::UsageError(app, error, words));
    std::cerr << fundtrail::render::Say("(fundtrail --help, or fundtrail COMMAND --help, shows how)\n")
                     .In(context.language);
    return end;
  }
  if (!settled.ok()) {
    PrintError(context, settled);
    return static_cast<int>(fundtrail::cli::ExitFor(settled));
  }
  google::protobuf::SetLogHandler(nullptr);  // errors are ours to tell
  const auto ready = fundtrail::crypto::Init();
  fundtrail::StatusOr<Exit> end =
      ready.ok() ? fundtrail::cli::RunNamed(app, &context) : fundtrail::StatusOr<Exit>(ready);
  if (!end.ok()) {
    PrintError(context, end.status());
    return static_cast<int>(fundtrail::cli::ExitFor(end.status()));
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::cerr
        << fundtrail::render::Say(
               "fundtrail: the answer could not be written; what the command did is done all the same\n")
               .In(context.language);
    return static_cast<int>(Exit::kUnavailable);
  }
  return static_cast<int>(*end);
}

}  // namespace

int main(int argc, char** argv) {
  // A file that may not grow (ulimit -f) is an error of the write, as a full disk is.
  ::signal(SIGXFSZ, SIG_IGN);
  // Modules let no exception out; what is left is memory that the machine refused.
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fundtrail: stopped: %s\n", error.what());
    return static_cast<int>(Exit::kUnavailable);
  }
}
