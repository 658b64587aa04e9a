// fundtraild: serves one ledger until it is told to stop.
#include <malloc.h>
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>

#include "google/protobuf/stubs/logging.h"
#include "ledger/base/files.h"
#include "ledger/base/text.h"
#include "ledger/base/wrap.h"
#include "ledger/copy/keeper.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/attached.h"
#include "ledger/folder/folder.h"
#include "ledger/log/head.h"
#include "ledger/manual/manual.h"
#include "ledger/model/row_keys.h"
#include "ledger/pages/site.h"
#include "ledger/witness/witnesses.h"
#include "server/backups.h"
#include "server/build_id.h"
#include "server/http.h"
#include "server/metrics.h"
#include "server/places_file.h"
#include "server/security_txt.h"
#include "server/server.h"

namespace {

using fundtrail::Status;
using fundtrail::server::Backups;
using fundtrail::server::Config;
using fundtrail::server::Metrics;
using fundtrail::server::Server;
using fundtrail::server::ServerStats;
using fundtrail::witness::Severity;
using fundtrail::witness::Witnesses;

constexpr int kUsage = 2, kUnavailable = 3;
constexpr double kPatience = 8;  // seconds beyond stop_seconds, for HTTP and witnesses to end

constexpr std::size_t kMaxConfig = std::size_t{1} << 20;

Status ReadConfigFile(const std::string& path, Config* config) {
  const auto text = fundtrail::ReadFileFront(path, kMaxConfig);
  if (!text.ok() || text->size() == kMaxConfig)
    return absl::InvalidArgumentError("cannot read " + path + ": is it there, and a file of less than 1 MB?");
  return fundtrail::server::ReadConfig(*text, path, config);
}

int Fail(const Status& status) {
  std::fprintf(stderr, "fundtraild: %s\n", fundtrail::Escaped(std::string(status.message())).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument || status.code() == absl::StatusCode::kNotFound
             ? kUsage
             : kUnavailable;
}

constexpr std::chrono::minutes kReports{1};

// Says how things stand every minute in which anything happened, and at the end.
void Report(const ServerStats& now, ServerStats* before) {
  const auto asked = [](const ServerStats& stats) {
    return stats.questions_answered + stats.questions_failed + stats.questions_turned_away;
  };
  if (now.pipeline.groups == before->pipeline.groups && asked(now) == asked(*before)) return;
  spdlog::info(
      "accepted={} repeated={} refused={} cancelled={} turned_away={} failed={} groups={} answered={} "
      "questions_failed={} questions_turned_away={} records={}",
      now.pipeline.accepted, now.pipeline.repeated, now.pipeline.refused, now.pipeline.cancelled,
      now.pipeline.turned_away, now.pipeline.failed, now.pipeline.groups, now.questions_answered,
      now.questions_failed, now.questions_turned_away, now.records);
  *before = now;
}

void SayBackup(const fundtrail::StatusOr<std::string>& path) {
  if (path.ok()) {
    spdlog::info("backup path={}", *path);
  } else {
    spdlog::error("no backup was made: {}", fundtrail::Escaped(std::string(path.status().message())));
  }
}

void BackUp(const Config& config, bool stands_by, Backups* backups) {
  if (!config.copy.dir.empty()) {
    spdlog::warn("no backup was made: this is a copy, and its ledger makes them");
  } else if (stands_by) {
    spdlog::warn("no backup was made: this server stands by, and the one that records makes them");
  } else if (config.backups.empty()) {
    spdlog::warn("no backup was made: set backups, the folder for them");
  } else if (!backups->Begin()) {
    spdlog::warn("no backup was made: one is under way still");
  }
}

// A backup is asked for by a timer, and nobody looks at what came of it: so the start says what would fail.
void LookAtBackups(const Config& config) {
  if (config.backups.empty()) return;
  std::error_code error;
  std::filesystem::path folder = std::filesystem::absolute(config.backups, error);
  while (!std::filesystem::exists(folder, error) && folder != folder.parent_path())
    folder = folder.parent_path();
  const fundtrail::Status can = fundtrail::CheckCanMake((folder / "backup").string());
  if (!can.ok())
    spdlog::warn("no backup can be made in {}: {}", fundtrail::Escaped(config.backups),
                 fundtrail::Escaped(std::string(can.message())));
}

void Warn(const std::vector<std::string>& warnings) {
  for (const std::string& warning : warnings) spdlog::warn("{}", fundtrail::Escaped(warning));
}

void RenewCertificates(const Config& config, Server* server) {
  if (config.tls_cert.empty()) {
    spdlog::info("no certificates to read again: this server speaks without TLS");
    return;
  }
  const auto warnings = server->RenewCertificates(config);
  if (warnings.ok()) {
    spdlog::info("certificates were read again: new connections get them");
    Warn(*warnings);
  } else {
    spdlog::error("certificates stay as they were: {}",
                  fundtrail::Escaped(std::string(warnings.status().message())));
  }
}

fundtrail::StatusOr<std::unique_ptr<Witnesses>> AskWitnesses(const Config& config, Server* server) {
  auto policy = fundtrail::witness::ReadWitnessPolicy(config.policy);
  if (!policy.ok()) return policy.status();
  fundtrail::witness::WitnessTimes times;
  if (config.log.receipts == "cosigned") times.longest = std::chrono::seconds(5);  // authors wait
  return Witnesses::Start(config.ledger, server->rows(), *policy, &server->published(), times,
                          [](Severity severity, const std::string& words) {
                            spdlog::log(severity == Severity::kInfo      ? spdlog::level::info
                                        : severity == Severity::kWarning ? spdlog::level::warn
                                                                         : spdlog::level::err,
                                        "{}", words);
                          });
}

// Over HTTP goes what witnesses have cosigned, once there are any: readers with a policy take nothing else. A copy goes by
// what its source shows instead: what was cosigned long ago does not hold that back.
fundtrail::server::NoteSource NoteToPublish(const Config& config, Server* server) {
  return [server, waits = !config.policy.empty(),
          is_copy = !config.copy.dir.empty()]() -> fundtrail::StatusOr<std::optional<std::string>> {
    const auto cosigned = server->published().newest();
    bool is_newest = cosigned != nullptr;
    if (is_newest && is_copy) {
      const auto had = fundtrail::log::ReadUnverifiedCheckpoint(server->rows());
      if (!had.ok()) return had.status();
      is_newest = cosigned->size() >= had->size;
    }
    if (is_newest) return std::optional(cosigned->note());
    if (waits) return std::optional<std::string>();
    return server->rows().Get(fundtrail::model::keys::Checkpoint());
  };
}

// Whatever changes a page of this server, beside its ledger.
std::string PagesMaker(const Config& config, const fundtrail::server::Places& places, bool is_copy) {
  return fundtrail::server::BuildIdWith({config.http_base, config.http_source, config.http_licence,
                                         config.http_places_licence, config.http_places_review,
                                         places.file_hash, is_copy ? "copy" : ""});
}

// It changes when the ledger's key is replaced.
std::function<std::string()> VkeyOf(const Config& config) {
  return
      [dir = fundtrail::server::FolderOf(config)] { return fundtrail::folder::ReadVkey(dir).value_or(""); };
}

// A copy may take hours to be made, or wait for its source. Until this goes away, SIGTERM and SIGINT end the process: what
// was loaded stays, and the next start goes on with it.
class EndOnSignal {
 public:
  EndOnSignal()
      : thread_([this] {
          sigset_t ends;
          sigemptyset(&ends);
          sigaddset(&ends, SIGTERM);
          sigaddset(&ends, SIGINT);
          const timespec moment{0, 50'000'000};
          while (!over_) {
            if (sigtimedwait(&ends, nullptr, &moment) < 0) continue;
            spdlog::info("stopped");
            std::_Exit(0);
          }
        }) {}
  ~EndOnSignal() {
    over_ = true;
    thread_.join();
  }
  EndOnSignal(const EndOnSignal&) = delete;
  EndOnSignal& operator=(const EndOnSignal&) = delete;

 private:
  std::atomic<bool> over_{false};
  std::thread thread_;  // last: it looks at the other
};

// What is said of a copy. One that has fallen too far behind to catch up while it is served ends the program.
fundtrail::copy::Keeper::Tell OfCopy(std::atomic<bool>* start_again) {
  fundtrail::copy::Keeper::Tell tell;
  tell.note = [](const std::string& words) { spdlog::info("{}", fundtrail::Escaped(words)); };
  tell.warn = [](const std::string& words) { spdlog::warn("{}", fundtrail::Escaped(words)); };
  tell.ended = [start_again](const Status& why) {
    const std::string words = fundtrail::Escaped(std::string(why.message()));
    if (absl::IsOutOfRange(why)) {
      spdlog::error("the copy is too far behind to catch up while it is served: start it again ({})", words);
      *start_again = true;
      kill(getpid(), SIGTERM);
    } else {
      spdlog::error("the copy takes in no more records, and still answers: {}", words);
    }
  };
  return tell;
}

// What is said of the log that several machines keep.
fundtrail::server::TellRole OfRole() {
  return {[](const std::string& words) { spdlog::info("{}", fundtrail::Escaped(words)); },
          [](const std::string& words) { spdlog::warn("{}", fundtrail::Escaped(words)); }};
}

// Help or the version, in lines of a terminal where it is printed on one.
int PrintHelp(const CLI::App& app, const CLI::ParseError& asked) {
  constexpr int kUsualWidth = 100,
                kNarrowest = 40;  // of a terminal that does not say how wide it is; that is fitted to
  std::ostringstream words;
  const int end = app.exit(asked, words);
  std::string text = words.str();
  winsize size{};
  const bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= kNarrowest;
  if (isatty(STDOUT_FILENO) != 0) text = fundtrail::Wrapped(text, known ? size.ws_col : kUsualWidth);
  std::fwrite(text.data(), 1, text.size(), stdout);
  return end;
}

int Run(int argc, char** argv) {
  CLI::App app{
      "Serves a fundtrail ledger over gRPC. The command line counts before FUNDTRAIL_LEDGER, and that before "
      "the file of --config.",
      "fundtraild"};
  app.set_help_flag("-h,--help", "Prints this help");
  app.set_version_flag("--version", "fundtraild " FUNDTRAIL_VERSION, "Prints the version");
  Config given;
  std::string config_file;
  app.add_option("--ledger", given.ledger, "The folder of the ledger")
      ->type_name("DIR")
      ->envname("FUNDTRAIL_LEDGER");
  app.add_option(
         "--copy", given.copy.dir,
         "The folder of a copy, to serve in place of a ledger. It is made when there is none, and keeps up")
      ->type_name("DIR");
  app.add_option("--from", given.copy.from, "Of a copy: where the ledger's archive is served over HTTP")
      ->type_name("URL");
  app.add_option("--vkey", given.copy.vkey,
                 "Of a copy: the ledger's verification key, as somebody other than the ledger published it")
      ->type_name("VKEY");
  app.add_option(
         "--writer", given.copy.writer,
         "Of a copy: the address of the ledger itself, which the copy tells whoever sends it an entry")
      ->type_name("HOST:PORT");
  app.add_option("--config", config_file, "A TOML file with settings. docs/operators.md explains each")
      ->type_name("FILE");
  auto* listen = app.add_option("--listen", given.listen,
                                "The address of gRPC. Without TLS it must be one of this machine alone")
                     ->type_name("HOST:PORT");
  app.add_option("--tls-cert", given.tls_cert,
                 "PEM file of the server's certificate. SIGHUP makes the server read it again")
      ->type_name("FILE");
  app.add_option("--tls-key", given.tls_key, "PEM file of the key of the certificate")->type_name("FILE");
  app.add_option("--client-ca", given.client_ca, "PEM file of the authorities that must vouch for clients")
      ->type_name("FILE");
  app.add_option("--metrics", given.metrics,
                 "The address of the metrics for Prometheus, of this machine alone")
      ->type_name("HOST:PORT");
  app.add_option("--backups", given.backups,
                 "The folder for backups of the running ledger, which SIGUSR1 makes")
      ->type_name("DIR");
  app.add_option("--policy", given.policy, "A tlog-policy file. The server asks its witnesses to cosign")
      ->type_name("FILE");
  app.add_option("--http", given.http, "The address of HTTP: pages, the archive and questions, for reading")
      ->type_name("HOST:PORT");
  app.footer(
      "Examples: fundtraild --ledger demo\n          fundtraild --copy copy --from "
      "https://ledger.example.org --vkey VKEY\nExit codes: 0 stopped; 2 wrong usage; 3 cannot serve");
  // For who makes a package; help does not show it.
  if (argc == 3 && std::string(argv[1]) == "--manual") {
    const Status written =
        fundtrail::manual::WriteManual(app, {FUNDTRAIL_VERSION, 8, "fundtrail(1)"}, argv[2]);
    return written.ok() ? 0 : Fail(written);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return PrintHelp(app, error);
    std::fprintf(stderr, "fundtraild: %s\n(fundtraild --help shows how)\n", error.what());
    return kUsage;
  }
  Config config;
  if (!config_file.empty()) {
    const Status read = ReadConfigFile(config_file, &config);
    if (!read.ok()) return Fail(read);
  }
  // FUNDTRAIL_LEDGER, which stands in for --ledger, is no other ledger beside --copy.
  const bool names_ledger = std::any_of(argv + 1, argv + argc, [](std::string_view word) {
    return word == "--ledger" || word.substr(0, 9) == "--ledger=";
  });
  if (!given.ledger.empty() && (names_ledger || given.copy.dir.empty())) config.ledger = given.ledger;
  if (!given.copy.dir.empty()) config.copy.dir = given.copy.dir;
  if (!given.copy.from.empty()) config.copy.from = given.copy.from;
  if (!given.copy.vkey.empty()) config.copy.vkey = given.copy.vkey;
  if (!given.copy.writer.empty()) config.copy.writer = given.copy.writer;
  if (listen->count() > 0) config.listen = given.listen;
  if (!given.http.empty()) config.http = given.http;
  if (!given.policy.empty()) config.policy = given.policy;
  if (!given.tls_cert.empty()) config.tls_cert = given.tls_cert;
  if (!given.tls_key.empty()) config.tls_key = given.tls_key;
  if (!given.client_ca.empty()) config.client_ca = given.client_ca;
  if (!given.metrics.empty()) config.metrics = given.metrics;
  if (!given.backups.empty()) config.backups = given.backups;

  // Signals are waited for below, by this thread; those made later leave them alone.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGUSR1}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  ::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is an error of the write, as a full disk is

  setenv("GRPC_VERBOSITY", "NONE", 0);
  google::protobuf::SetLogHandler(nullptr);  // what clients send may be anything, and is theirs to know
  const auto ready = fundtrail::crypto::Init();
  if (!ready.ok()) return Fail(ready);
  spdlog::set_default_logger(spdlog::stderr_color_mt("fundtraild"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  spdlog::set_level(spdlog::level::from_str(config.log_level));
  const bool is_copy = !config.copy.dir.empty();
  const bool is_attached =
      !is_copy && fundtrail::folder::ReadAttached(config.ledger).value_or(std::nullopt).has_value();
  std::atomic<bool> start_again{false};
  std::optional<EndOnSignal> until_served;
  if (is_copy) until_served.emplace();
  auto server = Server::Start(
      config,
      [&start_again, is_attached](const Status& why) {
        const std::string words = fundtrail::Escaped(std::string(why.message()));
        if (!is_attached) {
          spdlog::error("entries are taken no more, questions still are: {}", words);
          return;
        }
        // As a standby it looks anew at all that became of what was in doubt.
        spdlog::error("entries are taken no more, and this ends, to be started again: {}", words);
        start_again = true;
        kill(getpid(), SIGTERM);
      },
      [](const Status& fault) {
        spdlog::error("a call was ended, the server goes on: {}",
                      fundtrail::Escaped(std::string(fault.message())));
      },
      OfCopy(&start_again), OfRole());
  until_served.reset();
  if (!server.ok()) return Fail(server.status());
  Warn((*server)->warnings());
  std::shared_ptr<Witnesses> witnesses;
  if (!config.policy.empty()) {
    auto asked = AskWitnesses(config, server->get());
    if (!asked.ok()) return Fail(asked.status());
    witnesses = *std::move(asked);
    (*server)->CosignReceiptsWith(witnesses);
  }
  std::unique_ptr<fundtrail::server::HttpServer> http;
  if (!config.http.empty()) {
    auto security_txt = fundtrail::server::ReadSecurityTxt(config.http_security_txt);
    if (!security_txt.ok()) return Fail(security_txt.status());
    auto places = fundtrail::server::ReadPlaces(config);
    if (!places.ok()) return Fail(places.status());
    const auto maker = [served = server->get(), is_copy, own = PagesMaker(config, *places, false),
                        copy = PagesMaker(config, *places, true)] {
      const bool as_copy = is_copy || served->stands_by();
      return fundtrail::server::PageMaker{as_copy ? copy : own, as_copy};
    };
    auto started = fundtrail::server::HttpServer::Start(
        &(*server)->desk(),
        {config.http,
         config.http_base,
         config.http_behind,
         VkeyOf(config),
         maker,
         {},
         *std::move(security_txt)},
        NoteToPublish(config, server->get()),
        [outlines = places->outlines,
         terms = fundtrail::pages::DataTerms{config.http_source, config.http_licence}](
            const fundtrail::query::View& view, const fundtrail::pages::PageRequest& request) {
          fundtrail::pages::PageRequest asked = request;
          asked.outlines = outlines.get();
          asked.terms = &terms;
          return fundtrail::pages::AnswerPage(view, asked);
        });
    if (!started.ok()) return Fail(started.status());
    http = *std::move(started);
    spdlog::info("archive at http://{}:{}", config.http.substr(0, config.http.rfind(':')), http->port());
  }
  std::unique_ptr<Metrics> metrics;
  if (!config.metrics.empty()) {
    auto served = fundtrail::server::ServeMetrics(config.metrics, [&] {
      ServerStats stats = (*server)->stats();
      if (witnesses != nullptr) stats.witnesses = witnesses->figures();
      if (http != nullptr) stats.http = http->counts();
      if (http != nullptr) stats.pages = http->page_counts();
      return stats;
    });
    if (!served.ok()) return Fail(served.status());
    metrics = *std::move(served);
    spdlog::info("metrics url=http://{}:{}/metrics", config.metrics.substr(0, config.metrics.rfind(':')),
                 metrics->port());
  }
  LookAtBackups(config);
  const std::string host = config.listen.substr(0, config.listen.rfind(':'));
  spdlog::info("serving ledger={} address={} tls={}", (*server)->name(),
               host.rfind("unix", 0) == 0 ? config.listen : host + ":" + std::to_string((*server)->port()),
               config.tls_cert.empty()    ? "no"
               : config.client_ca.empty() ? "yes"
                                          : "mutual");
  Backups backups([&] { return (*server)->BackUp(config.backups); }, SayBackup);
  ServerStats reported;
  auto next_report = std::chrono::steady_clock::now() + kReports;
  for (int signal = 0; signal != SIGTERM && signal != SIGINT;) {
    const timespec moment{4, 0};
    signal = sigtimedwait(&signals, nullptr, &moment);
    if (signal == SIGHUP) RenewCertificates(config, server->get());
    if (signal == SIGUSR1) BackUp(config, (*server)->stands_by(), &backups);
    malloc_trim(0);  // what a flood took goes back to the system: glibc keeps it by itself
    if (std::chrono::steady_clock::now() < next_report) continue;
    Report((*server)->stats(), &reported);
    next_report = std::chrono::steady_clock::now() + kReports;
  }
  spdlog::info("stopping: finishing what was taken");
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(config.stop_seconds);
  const auto left = [&] {
    return std::max(std::chrono::milliseconds(0), std::chrono::duration_cast<std::chrono::milliseconds>(
                                                      until - std::chrono::steady_clock::now()));
  };
  // A disk that hangs gives no error. What was promised is on it: what a kill -9 may do, this may too. (The log may be
  // what hangs, so it is not asked.)
  std::thread([bound = config.stop_seconds + kPatience] {
    std::this_thread::sleep_for(std::chrono::duration<double>(bound));
    std::_Exit(kUnavailable);
  }).detach();
  metrics.reset();          // it looks at what goes next
  (*server)->Stop(left());  // first: entries are taken no more
  http.reset();
  witnesses.reset();
  Report((*server)->stats(), &reported);
  if (!backups.Wait(left())) {
    // All that was promised is on the disk: what a kill -9 may do, this may too.
    spdlog::warn("stopped, with a backup half-made: the next one removes it");
    std::_Exit(0);
  }
  spdlog::info("stopped");
  return start_again ? kUnavailable : 0;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return Run(argc, argv);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "fundtraild: stopped: %s\n", error.what());
    return kUnavailable;
  }
}
