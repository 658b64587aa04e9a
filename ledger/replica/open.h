// Opening a ledger whose log several machines keep. See ledger/log/replicated.h for what that promises.
#pragma once

#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/folder/folder.h"
#include "ledger/log/ledger.h"
#include "ledger/log/replicated.h"
#include "ledger/replica/catch_up.h"
#include "ledger/store/group_log.h"

namespace fundtrail::replica {

struct OpenSettings {
  log::ReplicatedSettings replicated;
  // Where the log has fewer records than the folder, and is a beginning of it: give it the rest. So a new log is filled, and
  // one that a failover set back is mended. Whoever asks for it says that no other machine has more.
  bool give_back = false;
  Progress progress;
};

// Takes the log, brings the folder up to it, and opens the ledger on both. Errors of folder::OpenFolder, and: FAILED_PRECONDITION
// when the log is behind this folder, may be behind another machine since the database failed over, or is that of another ledger; DATA_LOSS when there are two histories, or witnesses
// cosigned more than the log has; UNAVAILABLE when the log does not answer or another process holds it.
StatusOr<std::unique_ptr<log::Ledger>> OpenReplicated(const std::string& dir,
                                                      std::unique_ptr<store::GroupLog> log,
                                                      const OpenSettings& settings,
                                                      const folder::WrapStore& wrap = {});

// A name that no other process has: the host's, or `name` if there is one, and the process.
std::string HolderOfThisProcess(const std::string& name);

}  // namespace fundtrail::replica
