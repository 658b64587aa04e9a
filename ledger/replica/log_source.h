// A ledger's records read from the log that several machines keep, for whoever makes a copy of the ledger (ledger/audit/clone.h).
// Nothing is taken and nothing is said there, so who only reads disturbs nobody.
#pragma once

#include <memory>
#include <string>

#include "ledger/audit/source.h"
#include "ledger/store/group_log.h"

namespace fundtrail::replica {

// The source shows the newest checkpoint that the log has, in its head or of a machine that serves the ledger. The last group
// may be behind it: what nobody signed yet may be forgotten by a failover. Errors of Checkpoint and Next, in words:
// - FAILED_PRECONDITION: it is the log of another ledger than `ledger`, or a machine that serves it signed more records than the log has
// - DATA_LOSS: the log states another root than was signed over as many records, or lacks records that it counts
// - UNAVAILABLE: the log does not answer, or failed over while it was read
std::unique_ptr<audit::Source> FromLog(std::unique_ptr<store::GroupLog> log, std::string ledger);

}  // namespace fundtrail::replica
