// fundtraild: serves one ledger until it is told to stop.
#include <signal.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iterator>

#include "google/protobuf/stubs/logging.h"
#include "ledger/base/text.h"
#include "ledger/crypto/ed25519.h"
#include "server/server.h"

namespace {

using fundtrail::Status;
using fundtrail::server::Config;
using fundtrail::server::Server;

constexpr int kUsage = 2, kUnavailable = 3;

Status ReadConfigFile(const std::string& path, Config* config) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::InvalidArgumentError("cannot read " + path + ": is it there, and a file?");
  std::string text(std::size_t{1} << 20, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(file.gcount()));
  return fundtrail::server::ReadConfig(text, path, config);
}

int Fail(const Status& status) {
  std::fprintf(stderr, "fundtraild: %s\n", fundtrail::Escaped(std::string(status.message())).c_str());
  return status.code() == absl::StatusCode::kInvalidArgument || status.code() == absl::StatusCode::kNotFound
             ? kUsage
             : kUnavailable;
}

// Says how things stand every minute in which anything happened, and at the end.
void Report(const Server& server, Server::Counts* before) {
  const auto now = server.counts();
  if (now.pipeline.groups == before->pipeline.groups && now.questions == before->questions) return;
  spdlog::info(
      "accepted={} repeated={} refused={} turned_away={} failed={} groups={} questions={} "
      "questions_failed={}",
      now.pipeline.accepted, now.pipeline.repeated, now.pipeline.refused, now.pipeline.turned_away,
      now.pipeline.failed, now.pipeline.groups, now.questions, now.questions_failed);
  *before = now;
}

int Run(int argc, char** argv) {
  CLI::App app{"Serves a fundtrail ledger over gRPC. Settings: command line, then --config, then defaults."};
  Config given;
  std::string config_file;
  app.add_option("--ledger", given.ledger, "The ledger's folder")->envname("FUNDTRAIL_LEDGER");
  app.add_option("--config", config_file, "A TOML file; docs/operators.md explains every key");
  auto* listen = app.add_option("--listen", given.listen, "HOST:PORT; without TLS only this machine's own");
  app.add_option("--tls-cert", given.tls_cert, "PEM file; read again when it changes");
  app.add_option("--tls-key", given.tls_key, "PEM file");
  app.add_option("--client-ca", given.client_ca, "PEM file: clients must show a certificate by it");
  app.footer("Example: fundtraild --ledger demo\nExit: 0 stopped · 2 wrong usage · 3 cannot serve");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    std::fprintf(stderr, "fundtraild: %s\n(fundtraild --help shows how)\n", error.what());
    return kUsage;
  }
  Config config;
  if (!config_file.empty()) {
    const Status read = ReadConfigFile(config_file, &config);
    if (!read.ok()) return Fail(read);
  }
  if (!given.ledger.empty()) config.ledger = given.ledger;
  if (listen->count() > 0) config.listen = given.listen;
  if (!given.tls_cert.empty()) config.tls_cert = given.tls_cert;
  if (!given.tls_key.empty()) config.tls_key = given.tls_key;
  if (!given.client_ca.empty()) config.client_ca = given.client_ca;

  // Signals are waited for below, by this thread; those made later leave them alone.
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&signals, signal);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);

  setenv("GRPC_VERBOSITY", "NONE", 0);
  google::protobuf::SetLogHandler(nullptr);  // what clients send may be anything, and is theirs to know
  const auto ready = fundtrail::crypto::Init();
  if (!ready.ok()) return Fail(ready);
  auto server = Server::Start(config);
  if (!server.ok()) return Fail(server.status());

  spdlog::set_default_logger(spdlog::stderr_color_mt("fundtraild"));
  spdlog::set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
  spdlog::set_level(spdlog::level::from_str(config.log_level));
  const std::string host = config.listen.substr(0, config.listen.rfind(':'));
  spdlog::info("serving ledger={} address={} tls={}", (*server)->name(),
               host.rfind("unix", 0) == 0 ? config.listen : host + ":" + std::to_string((*server)->port()),
               config.tls_cert.empty()    ? "no"
               : config.client_ca.empty() ? "yes"
                                          : "mutual");
  Server::Counts reported;
  while (true) {
    const timespec minute{60, 0};
    const int signal = sigtimedwait(&signals, nullptr, &minute);
    if (signal == SIGHUP) {
      spdlog::info("certificates are read again whenever their files change");
    } else if (signal == SIGTERM || signal == SIGINT) {
      break;
    }
    Report(**server, &reported);
  }
  spdlog::info("stopping: finishing what was taken");
  (*server)->Stop(std::chrono::milliseconds(static_cast<std::int64_t>(config.stop_seconds * 1000)));
  Report(**server, &reported);
  spdlog::info("stopped");
  return 0;
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
