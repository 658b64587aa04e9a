// witness
#include "ledger/audit/witness.h"

#include <signal.h>

#include <chrono>
#include <cstdio>
#include <mutex>
#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "cli/context.h"
#include "fmt/format.h"
#include "ledger/base/text.h"
#include "ledger/crypto/key_file.h"
#include "ledger/net/address.h"
#include "ledger/net/http_listener.h"
#include "nlohmann/json.hpp"

namespace fundtrail::cli {
namespace {

constexpr char kText[] = "text/plain; charset=utf-8";
constexpr std::size_t kHeaderBytes = std::size_t{16} << 10;
constexpr std::string_view kAdd = "/add-checkpoint", kCheckpoint = "/checkpoint";
constexpr std::size_t kHashDigits = 64;

struct Options {
  std::string key_file, passphrase_file, name, listen = "127.0.0.1:7470", state;
  std::vector<std::string> logs;
  bool is_public = false;
};

void Say(const std::string& words) {
  std::fputs(fmt::format("{} {}\n", ToString(log::SystemClock()()), Escaped(words)).c_str(), stderr);
}

// Anybody can send bad proofs, as many as they like: at most a line a minute tells of them.
class BadProofs {
 public:
  void Tell(const audit::Witness::Judged& judged, const std::string& why) {
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    ++since_;
    if (told_.has_value() && now < *told_ + std::chrono::minutes(1)) return;
    const std::string more =
        since_ > 1 ? fmt::format(" ({} such since the last of these lines)", since_) : "";
    Say(fmt::format("not cosigned {} size={}: {}; anybody can send that, it says nothing of the log{}",
                    judged.origin, judged.size, why, more));
    told_ = now;
    since_ = 0;
  }

 private:
  std::mutex mutex_;
  std::optional<std::chrono::steady_clock::time_point> told_;
  std::uint64_t since_ = 0;
};

// What the operator of a witness wants to read: what was cosigned, and what was signed by a log and could not be.
void Tell(const audit::Witness::Judged& judged, BadProofs* bad_proofs) {
  const std::string why = judged.answer.body.substr(0, judged.answer.body.find('\n'));
  if (judged.answer.keep.has_value()) {
    Say(fmt::format("cosigned {} size={}", judged.origin, judged.size));
  } else if (judged.answer.two_histories) {
    Say(
        fmt::format("REFUSED {} size={}: {}. The log's key signed this checkpoint, and the one that was "
                    "cosigned: {}",
                    judged.origin, judged.size, why,
                    judged.evidence.empty() ? "the request that proves it could not be kept"
                                            : "the request that proves it is in " + judged.evidence));
  } else if (judged.answer.status == 422) {
    bad_proofs->Tell(judged, why);
  } else if (judged.answer.status == 500) {
    Say(fmt::format("FAILED {} size={}: {}", judged.origin, judged.size, why));
  }
}

void Add(audit::Witness* witness, BadProofs* bad_proofs, const httplib::Request& request,
         httplib::Response& response, const httplib::ContentReader& read) {
  response.set_header("Cache-Control", "no-store");
  if (!absl::EndsWith(request.path, std::string(kAdd))) {
    response.status = 404;
    return response.set_content("here is only .../add-checkpoint\n", kText);
  }
  if (request.has_header("Content-Encoding")) {
    response.status = 415;
    return response.set_content("send it as it is, without a Content-Encoding\n", kText);
  }
  std::string body;
  bool too_long = false;
  const bool whole = read([&](const char* data, std::size_t size) {
    too_long = size > tree::kMaxAddCheckpointBytes - body.size();
    if (!too_long) body.append(data, size);
    return !too_long;
  });
  if (too_long || !whole) {
    response.status = too_long ? 413 : 400;
    return response.set_content("the request did not come whole, or is too long\n", kText);
  }
  const auto judged = witness->Add(body);
  Tell(judged, bad_proofs);
  response.status = judged.answer.status;
  response.set_content(judged.answer.body, judged.answer.content_type);
}

void Show(const audit::Witness& witness, const httplib::Request& request, httplib::Response& response) {
  response.set_header("Access-Control-Allow-Origin", "*");
  response.set_header("X-Content-Type-Options", "nosniff");
  std::optional<std::string> note;
  // .../<64 hex digits>/checkpoint
  if (absl::EndsWith(request.path, std::string(kCheckpoint)) &&
      request.path.size() > kHashDigits + kCheckpoint.size()) {
    const std::size_t at = request.path.size() - kCheckpoint.size() - kHashDigits;
    if (request.path[at - 1] == '/') note = witness.Latest(request.path.substr(at, kHashDigits));
  }
  response.status = note.has_value() ? 200 : 404;
  response.set_header("Cache-Control", note.has_value() ? "public, max-age=5" : "no-store");
  response.set_content(note.value_or("nothing was cosigned of that log\n"), kText);
}

StatusOr<tree::Cosigner> LoadCosigner(const Options& options) {
  FT_ASSIGN_OR_RETURN(const auto passphrase, ReadPassphrase(options.passphrase_file));
  std::optional<std::string_view> words;
  if (passphrase.has_value()) words = *passphrase;
  FT_ASSIGN_OR_RETURN(auto key, crypto::ReadKeyFile(options.key_file, words));
  const std::string name =
      options.name.empty() ? "witness-" + key.public_key().hex().substr(0, 8) : options.name;
  return tree::MakeCosigner(name, std::move(key));
}

void PrintStart(const Context& context, const tree::Verifier& verifier, const std::string& address,
                const std::vector<std::string>& origins) {
  const std::string vkey = FormatVkey(verifier);
  if (context.json) {
    PrintData(
        nlohmann::json{{"name", verifier.name}, {"vkey", vkey}, {"url", address}, {"logs", origins}}.dump(1) +
        "\n");
  } else {
    Print(render::Say(
        "Cosigning checkpoints of {}. For policies, the key of this witness:\n{}\nListening on {}\n",
        absl::StrJoin(origins, ", "), vkey, address));
  }
  std::fflush(stdout);
}

StatusOr<Exit> RunWitness(const Context& context, const Options& options) {
  if (!options.is_public && !server::IsLoopback(options.listen)) {
    return absl::InvalidArgumentError(fmt::format(
        "a witness speaks HTTP without TLS, and {} is reached from others: listen on 127.0.0.1 behind a web "
        "server with TLS, or say --public",
        options.listen));
  }
  FT_ASSIGN_OR_RETURN(auto logs, tree::WitnessedLogs(options.logs));
  FT_ASSIGN_OR_RETURN(auto cosigner, LoadCosigner(options));
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

  auto opened = audit::Witness::Open(state, std::move(cosigner), std::move(logs), log::SystemClock());
  if (absl::IsDataLoss(opened.status())) return absl::UnavailableError(opened.status().message());
  FT_ASSIGN_OR_RETURN(const auto witness, std::move(opened));
  server::HttpBounds bounds;
  bounds.request_bytes = tree::kMaxAddCheckpointBytes + kHeaderBytes;
  bounds.requests_a_connection = 1;  // what a refused request has left unread is nobody's next one
  BadProofs bad_proofs;
  FT_ASSIGN_OR_RETURN(const auto listener, server::HttpListener::Bind(options.listen, bounds));
  listener->http().Post(".*", [&](const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& read) {
    Add(witness.get(), &bad_proofs, request, response, read);
  });
  listener->http().Get(".*", [&](const httplib::Request& request, httplib::Response& response) {
    Show(*witness, request, response);
  });
  listener->Start();
  PrintStart(
      context, verifier,
      fmt::format("http://{}:{}", options.listen.substr(0, options.listen.rfind(':')), listener->port()),
      origins);
  int signal = 0;
  sigwait(&signals, &signal);
  return Exit::kYes;
}

}  // namespace

void AddWitnessCommand(CLI::App* app, Context* context) {
  auto* witness = app->add_subcommand(
      "witness", "Cosigns other people's checkpoints, so that no ledger can show two histories");
  auto options = std::make_shared<Options>();
  witness
      ->add_option("--key", options->key_file,
                   "The witness's own key file, for nothing else (fundtrail keygen)")
      ->required();
  witness
      ->add_option("--log", options->logs,
                   "The verification key of a ledger to follow; again for each, and for each key of one")
      ->required();
  witness->add_option("--name", options->name,
                      "The witness's name, for ever: witness.example.org; else made from its key");
  witness->add_option("--listen", options->listen, "HOST:PORT; else 127.0.0.1:7470");
  witness->add_option("--state", options->state,
                      "The folder with what was cosigned, which must never be set back; else KEY.state");
  witness->add_option("--passphrase-file", options->passphrase_file, "A file whose first line opens the key");
  witness->add_flag("--public", options->is_public, "Listen, without TLS, on an address that others reach");
  witness->footer("Example: fundtrail witness --key witness.key --log \"example.org/ledger+c6c3ecb5+AQ...\"");
  OnRun(witness, context, [=] { return RunWitness(*context, *options); });
}

}  // namespace fundtrail::cli
