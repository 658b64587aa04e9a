// What must hold of a PostgreSQL before a ledger may rest on it, each with a sentence.
#pragma once

#include <cstdint>
#include <string>

#include "ledger/base/status.h"

namespace fundtrail::postgres {

// What the server says of itself.
struct ServerFacts {
  std::uint32_t version = 0;  // as 150018
  std::string fsync, full_page_writes, standby_names, synchronous_commit;
  bool superuser = false;  // the role of this session
};

// OK, or FAILED_PRECONDITION: what is wrong and what to set. `quorum_ok`: any of several standbys may acknowledge.
Status CheckServer(const ServerFacts& facts, bool quorum_ok);

// Of the setting synchronous_standby_names alone.
Status CheckStandbyNames(const std::string& names, bool quorum_ok);

}  // namespace fundtrail::postgres
