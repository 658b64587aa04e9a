// The group log in PostgreSQL: two tables in the schema `fundtrail` of a database of its own, one row of which says who may
// append. A record counts when the named standby has it on its disk, too.
//
// What is not plain, and was measured: a COMMIT that says OK may have been let go without the standby, by an administrator who
// cancelled the wait (it says so in a notice) or changed the settings (it says nothing). So each write is followed, in the same
// round trip, by the question what the settings are and when they were read. Any notice, error, or change is in doubt.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "ledger/base/status.h"
#include "ledger/store/group_log.h"

namespace fundtrail::postgres {

struct PostgresSettings {
  std::string url;         // of all nodes; CheckUrl says what it may be
  bool quorum_ok = false;  // start_checks.h
  // So long an answer is waited for, to connect as well; then it is in doubt.
  std::chrono::milliseconds answer_in{10'000};
};

// It connects when it is first used, and again after what was in doubt. Take needs the role to be alone with the log: another
// process that holds it is UNAVAILABLE, and named.
StatusOr<std::unique_ptr<store::GroupLog>> OpenPostgresLog(const PostgresSettings& settings);

// Makes the tables and the head of an empty log for the ledger of that name, where there are none. FAILED_PRECONDITION when the
// log there is another ledger's, and for what Take refuses.
Status PreparePostgresLog(const PostgresSettings& settings, const std::string& ledger,
                          const Hash& empty_root);

}  // namespace fundtrail::postgres
