// See open_ledger.h.
#include "server/open_ledger.h"

#include <chrono>
#include <utility>

#include "ledger/folder/attached.h"
#include "ledger/postgres/postgres_log.h"
#include "ledger/replica/open.h"

namespace fundtrail::server {

namespace {

std::chrono::milliseconds Milliseconds(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
}

}  // namespace

StatusOr<std::unique_ptr<log::Ledger>> OpenLedger(const std::string& dir, const LogConfig& config,
                                                  const folder::WrapStore& wrap) {
  FT_ASSIGN_OR_RETURN(const auto url, folder::ReadLogUrl(dir));
  if (!url.has_value()) return folder::OpenFolder(dir, wrap);
  FT_ASSIGN_OR_RETURN(
      auto log, postgres::OpenPostgresLog({*url, config.quorum_ok, Milliseconds(config.group_seconds)}));
  replica::OpenSettings settings;
  settings.replicated = log::SleepingSettings(replica::HolderOfThisProcess(config.holder),
                                              Milliseconds(config.patience_seconds));
  return replica::OpenReplicated(dir, std::move(log), settings, wrap);
}

}  // namespace fundtrail::server
