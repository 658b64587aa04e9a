// witness
#include "ledger/witness/witness.h"

#include <signal.h>

#include <cstdio>
#include <optional>

#include "CLI/CLI.hpp"
#include "absl/strings/str_join.h"
#include "cli/context.h"
#include "fmt/format.h"
#include "ledger/crypto/key_file.h"
#include "ledger/net/address.h"
#include "ledger/witness/witness_server.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

struct WitnessOptions {
  std::string key_file, passphrase_file, name, listen = "127.0.0.1:7470", state;
  std::vector<std::string> logs;
  bool is_public = false;
};

StatusOr<tree::Cosigner> LoadCosigner(const Context& context, const WitnessOptions& options) {
  FT_ASSIGN_OR_RETURN(const auto passphrase, ReadPassphrase(options.passphrase_file));
  std::optional<std::string_view> words;
  if (passphrase.has_value()) words = *passphrase;
  FT_ASSIGN_OR_RETURN(auto key, ReadKey(context, options.key_file, words));
  const std::string name =
      options.name.empty() ? "witness-" + key.public_key().hex().substr(0, 8) : options.name;
  return tree::MakeCosigner(name, std::move(key));
}

void PrintStart(const Context& context, const tree::Verifier& verifier, const std::string& address,
                const std::vector<std::string>& origins) {
  const std::string vkey = FormatVkey(verifier);
  if (context.json) {
    PrintData(
        nlohmann::json{{"name", verifier.name}, {"vkey", vkey}, {"url", address}, {"logs", origins}}.dump(
            context.json_indent()) +
        "\n");
  } else {
    Print(context,
          render::Say(
              "Cosigning checkpoints of {}. For policies, the key of this witness:\n{}\nListening on {}\n",
              absl::StrJoin(origins, ", "), vkey, address));
  }
  std::fflush(stdout);
}

StatusOr<Exit> RunWitness(const Context& context, const WitnessOptions& options) {
  if (!options.is_public && !net::IsLoopback(options.listen)) {
    return absl::InvalidArgumentError(fmt::format(
        "a witness speaks HTTP without TLS, and {} is reached from others: listen on 127.0.0.1 behind a web "
        "server with TLS, or say --public",
        options.listen));
  }
  FT_ASSIGN_OR_RETURN(auto logs, tree::WitnessedLogs(options.logs));
  FT_ASSIGN_OR_RETURN(auto cosigner, LoadCosigner(context, options));
  std::vector<std::string> origins;
  origins.reserve(logs.size());
  for (const auto& log : logs) origins.push_back(log.origin);
  const tree::Verifier verifier = cosigner.verifier;
  const std::string state = options.state.empty() ? options.key_file + ".state" : options.state;

  // Signals are waited for below, by this thread; those made later leave them alone.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  auto opened = witness::Witness::Open(state, std::move(cosigner), std::move(logs), log::SystemClock());
  if (absl::IsDataLoss(opened.status())) return absl::UnavailableError(opened.status().message());
  FT_ASSIGN_OR_RETURN(const auto witness, std::move(opened));
  const auto tell = [](witness::Severity /*severity*/, const std::string& words) {
    std::fputs(fmt::format("{} {}\n", ToString(log::SystemClock()()), words).c_str(), stderr);
  };
  FT_ASSIGN_OR_RETURN(const auto serving, witness::WitnessServer::Start(options.listen, witness.get(), tell));
  PrintStart(
      context, verifier,
      fmt::format("http://{}:{}", options.listen.substr(0, options.listen.rfind(':')), serving->port()),
      origins);
  int signal = 0;
  sigwait(&signals, &signal);
  return Exit::kYes;
}

}  // namespace

void AddWitnessCommand(CLI::App* app, Context* context) {
  auto* witness = app->add_subcommand(
      "witness", "Cosigns other people's checkpoints, so that no ledger can show two histories");
  auto options = std::make_shared<WitnessOptions>();
  witness
      ->add_option("--key", options->key_file,
                   "The witness's own key file, made with `keygen` and used for nothing else")
      ->required();
  witness
      ->add_option(
          "--log", options->logs,
          "The verification key of a ledger to follow. Give it for each ledger, and for each key of one")
      ->required();
  witness->add_option(
      "--name", options->name,
      "The witness's name, which never changes: witness.example.org; else it is made from the key");
  witness->add_option("--listen", options->listen, "The address to listen at; else 127.0.0.1:7470");
  witness
      ->add_option("--state", options->state,
                   "The folder that keeps what was cosigned; else KEY.state. Never restore it from a backup")
      ->type_name("DIR");
  witness->add_option("--passphrase-file", options->passphrase_file,
                      "A file whose first line is the passphrase of the key");
  witness->add_flag("--public", options->is_public,
                    "Listens without TLS on an address that others can reach");
  witness->footer("Example: fundtrail witness --key witness.key --log \"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(witness, context, [=] { return RunWitness(*context, *options); });
}

}  // namespace fundtrail::cli
