// Opening the ledger that a server writes: of its folder alone, or with the log that several machines keep of it.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/folder/attached.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/replica/keeper.h"
#include "server/config.h"
#include "server/timed_log.h"

namespace fundtrail::server {

// For the command line, which writes for a moment. The errors of folder::OpenFolder; where its log is kept elsewhere too, those
// of replica::OpenReplicated.
StatusOr<std::unique_ptr<log::Ledger>> OpenLedger(const std::string& dir, const folder::WrapStore& wrap);

// For a server that plays its part in a log: its ways to it, and how it does so. `address`: of gRPC.
replica::OpenLog LogOpener(const folder::Attached& attached, const LogConfig& config, LogWatch* watch);
replica::MemberSettings MemberSettingsOf(const LogConfig& config, const std::string& address);
// What clients call a server that listens there: the host's own name where it listens on all addresses.
std::string AddressForClients(const std::string& listen, int port);

}  // namespace fundtrail::server
