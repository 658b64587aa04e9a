// fundtrail: the program. Reads the command line, runs one command, ends with its exit code.
#include <signal.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <initializer_list>
#include <iostream>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/context.h"
#include "cli/help.h"
#include "google/protobuf/stubs/logging.h"
#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"

namespace {

using fundtrail::cli::Context;
using fundtrail::cli::Exit;

// The words of the command line that are no options of the program's own, nor their values.
std::vector<std::string> Words(int argc, char** argv) {
  const std::set<std::string> with_value = {"--ledger",     "--server",  "--ca",  "--client-cert",
                                            "--client-key", "--timeout", "--lang"};
  std::vector<std::string> words;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (with_value.count(word) > 0) {
      ++i;
    } else if (word.rfind('-', 0) != 0) {
      words.push_back(word);
    }
  }
  return words;
}

// What was wrong, in words: a command that does not exist is named, which CLI11 does not do.
std::string UsageError(const CLI::App& app, const CLI::ParseError& error, int argc, char** argv) {
  const CLI::App* at = &app;
  std::string path;
  for (const std::string& word : Words(argc, argv)) {
    const auto commands = at->get_subcommands([](const CLI::App*) { return true; });
    if (commands.empty()) break;
    const auto next = std::find_if(commands.begin(), commands.end(),
                                   [&](const CLI::App* command) { return command->check_name(word); });
    if (next == commands.end()) return "there is no command \"" + path + fundtrail::Escaped(word) + "\"";
    path += word + " ";
    at = *next;
  }
  return fundtrail::Escaped(error.what());
}

// Whether a command that was named has this flag and was given it.
bool Given(const CLI::App& app, const std::string& flag) {
  const auto* option = app.get_option_no_throw(flag);
  if (option != nullptr && option->count() > 0) return true;
  const auto named = app.get_subcommands();
  return std::any_of(named.begin(), named.end(),
                     [&](const CLI::App* command) { return Given(*command, flag); });
}

// Adds commands under one title of the help.
void AddTitled(const char* title, std::initializer_list<void (*)(CLI::App*, Context*)> adders, CLI::App* app,
               Context* context) {
  std::set<const CLI::App*> before;
  for (const CLI::App* command : app->get_subcommands(nullptr)) before.insert(command);
  for (const auto add : adders) add(app, context);
  for (CLI::App* command : app->get_subcommands(nullptr))
    if (before.count(command) == 0) command->group(title);
}

// All commands. Those in the groups of registers come after the registers.
void AddCommands(CLI::App* app, Context* context) {
  namespace cli = fundtrail::cli;
  AddTitled("Ledgers and keys", {cli::AddKeyCommands, cli::AddKeyGrantCommands, cli::AddLedgerKeyCommands},
            app, context);
  AddTitled("Registers", {cli::AddRegisterCommands}, app, context);
  AddTitled(
      "Recording",
      {cli::AddEntryCommands, cli::AddImportCommand, cli::AddAcknowledgeCommand, cli::AddPersonalCommands},
      app, context);
  AddTitled("Questions",
            {cli::AddSumCommands, cli::AddAskCommands, cli::AddTraceCommands, cli::AddSearchCommand,
             cli::AddFindingsCommand, cli::AddProjectCommands, cli::AddCoverageCommands, cli::AddNeedsCommand,
             cli::AddMatchCommand, cli::AddPledgesCommand, cli::AddDutyCommands, cli::AddStandingCommands,
             cli::AddPolicyCommands, cli::AddTeamCommands, cli::AddGroupCommands, cli::AddAnswerCommands,
             cli::AddPublicityCommands, cli::AddWatchCommand},
            app, context);
  AddTitled("Checking and copying",
            {cli::AddVerifyCommands, cli::AddProofCommands, cli::AddCloneCommand, cli::AddArchiveCommand,
             cli::AddSiteCommand, cli::AddFeedCommand, cli::AddWitnessCommand},
            app, context);
}

// The language that is asked for: by --lang, else by the variable of the system that counts for messages.
fundtrail::render::Language LanguageOf(int argc, char** argv) {
  std::string asked;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
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

int Run(int argc, char** argv) {
  CLI::App app{
      "An append-only ledger of public and charitable money: where did it go, and where did it come from?",
      "fundtrail"};
  // Before the commands are added: each takes these over.
  app.formatter(std::make_shared<fundtrail::cli::HelpFormatter>());
  app.set_help_flag("-h,--help", "Prints this help");
  app.set_version_flag("--version", "fundtrail " FUNDTRAIL_VERSION, "Prints the version");
  app.footer(
      "fundtrail COMMAND --help shows the options of a command.\n"
      "Exit codes: 0 done, or it holds; 1 the ledger or the answer does not hold, or the entry was refused;\n"
      "2 wrong usage or input; 3 not reachable, locked, or a file cannot be read or written");
  Context context;
  context.language = LanguageOf(argc, argv);
  app.add_option("--ledger", context.ledger_dir, "The ledger's folder")->envname("FUNDTRAIL_LEDGER");
  app.add_option("--server", context.server, "The server to ask, in place of a folder")
      ->envname("FUNDTRAIL_SERVER");
  app.add_option("--ca", context.ca_file, "PEM file of the authorities that may vouch for the server (TLS)");
  app.add_option("--client-cert", context.client_cert,
                 "PEM file of your certificate, where the server asks for one");
  app.add_option("--client-key", context.client_key, "PEM file of the key of your certificate");
  app.add_option("--timeout", context.timeout,
                 "How long to wait for a server that is away, full or silent; else 60. Each page of a long "
                 "answer, each "
                 "entry of an import and each file of an archive has as long again")
      ->check(CLI::Range(1, 86'400));
  app.add_flag("--json", context.json, "Prints the answer as JSON");
  std::string language;
  app.add_option("--lang", language, "The language of what people read: en or zh; else that of LANG")
      ->check(CLI::IsMember({"en", "zh"}));
  app.add_flag("--no-color", context.no_color, "Prints no colours");
  // What is said on the command line counts for more than what the environment says of the other.
  const auto given = [&](const std::string& option) {
    return std::any_of(argv + 1, argv + argc, [&](const char* word) {
      return word == option || std::string(word).rfind(option + "=", 0) == 0;
    });
  };
  if (given("--ledger") && !given("--server")) unsetenv("FUNDTRAIL_SERVER");
  if (given("--server") && !given("--ledger")) unsetenv("FUNDTRAIL_LEDGER");
  setenv("GRPC_VERBOSITY", "NONE", 0);  // errors are ours to tell
  app.fallthrough();
  app.require_subcommand(1);
  AddCommands(&app, &context);
  try {
    app.parse(argc, argv);
    if (context.json && Given(app, "--csv"))
      throw CLI::ValidationError("--csv and --json are two forms of one answer: give one of them");
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help
    context.json = given("--json");
    PrintError(context, absl::InvalidArgumentError(UsageError(app, error, argc, argv)));
    std::cerr << "(fundtrail --help, or fundtrail COMMAND --help, shows how)\n";
    return static_cast<int>(Exit::kUsage);
  }
  google::protobuf::SetLogHandler(nullptr);  // errors are ours to tell
  const auto ready = fundtrail::crypto::Init();
  fundtrail::StatusOr<Exit> end = ready.ok() ? context.run() : fundtrail::StatusOr<Exit>(ready);
  if (!end.ok()) {
    PrintError(context, end.status());
    return static_cast<int>(fundtrail::cli::ExitFor(end.status()));
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    std::cerr << "fundtrail: the answer could not be written\n";
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
