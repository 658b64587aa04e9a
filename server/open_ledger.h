// Opening the ledger that a server writes: of its folder alone, or with the log that several machines keep of it.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "server/config.h"

namespace fundtrail::server {

// The errors of folder::OpenFolder; where its log is kept elsewhere too, those of replica::OpenReplicated.
StatusOr<std::unique_ptr<log::Ledger>> OpenLedger(const std::string& dir, const LogConfig& config,
                                                  const folder::WrapStore& wrap);

}  // namespace fundtrail::server
