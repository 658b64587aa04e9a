// See open_ledger.h.
#include "server/open_ledger.h"

#include <unistd.h>

#include <chrono>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/postgres/postgres_log.h"
#include "ledger/replica/open.h"

namespace fundtrail::server {

namespace {

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
}

postgres::PostgresSettings SettingsOf(const folder::Attached& attached, const LogConfig& config) {
  return {attached.url, attached.quorum_ok || config.quorum_ok, Milliseconds(config.group_seconds)};
}

}  // namespace

StatusOr<std::unique_ptr<log::Ledger>> OpenLedger(const std::string& dir, const folder::WrapStore& wrap) {
  FT_ASSIGN_OR_RETURN(const auto attached, folder::ReadAttached(dir));
  if (!attached.has_value()) return folder::OpenFolder(dir, wrap);
  const LogConfig config;
  FT_ASSIGN_OR_RETURN(auto log, postgres::OpenPostgresLog(SettingsOf(*attached, config)));
  replica::OpenSettings settings;
  settings.replicated = log::SleepingSettings(replica::HolderOfThisProcess(config.holder),
                                              Milliseconds(config.patience_seconds));
  return replica::OpenReplicated(dir, std::move(log), settings, wrap);
}

replica::OpenLog LogOpener(const folder::Attached& attached, const LogConfig& config, LogWatch* watch) {
  return [settings = SettingsOf(attached, config), watch]() -> StatusOr<std::unique_ptr<store::GroupLog>> {
    FT_ASSIGN_OR_RETURN(auto log, postgres::OpenPostgresLog(settings));
    return WithLogTimes(std::move(log), pipeline::SteadySeconds(), watch);
  };
}

replica::MemberSettings MemberSettingsOf(const LogConfig& config, const std::string& address) {
  replica::MemberSettings settings;
  settings.replicated = log::SleepingSettings(replica::HolderOfThisProcess(config.holder),
                                              Milliseconds(config.patience_seconds));
  settings.goes_on_alone = config.go_on_alone;
  settings.address = config.address.empty() ? address : config.address;
  return settings;
}

std::string AddressForClients(const std::string& listen, int port) {
  if (listen.rfind("unix:", 0) == 0) return listen;
  std::string host = listen.substr(0, listen.rfind(':'));
  if (host.empty() || host == "0.0.0.0" || host == "[::]") {
    char name[256] = "";
    if (gethostname(name, sizeof name - 1) != 0) return "";
    host = name;
  }
  return absl::StrCat(host, ":", port);
}

}  // namespace fundtrail::server
