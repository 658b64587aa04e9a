// A machine of a test, and the log that it keeps in a PostgreSQL.
#pragma once

#include <catch2/catch.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "ledger/postgres/postgres_log.h"
#include "tests/postgres/cluster.h"
#include "tests/replica/machine.h"

namespace fundtrail::testing {

inline postgres::PostgresSettings SettingsOf(const std::string& url) {
  return {url, false, std::chrono::milliseconds(1'500)};
}
inline std::unique_ptr<store::GroupLog> OpenLog(const std::string& url) {
  return Need(postgres::OpenPostgresLog(SettingsOf(url)));
}

inline void Prepare(const std::string& url) {
  // The standby that was named a moment ago may not be seen yet.
  Status prepared;
  REQUIRE(WaitUntil([&] {
    prepared = postgres::PreparePostgresLog(SettingsOf(url), kLedgerName, tree::EmptyRoot());
    return prepared.ok();
  }));
}

// It tries again as the database says that another holds the log: the process that died a moment ago.
inline Status StartSoon(Machine* machine, const std::string& url, bool give_back = false) {
  Status started = absl::UnavailableError("not tried");
  WaitUntil([&] {
    started = machine->StartOn(OpenLog(url), give_back);
    return !absl::IsUnavailable(started);
  });
  return started;
}

inline std::unique_ptr<Machine> NewMachine(const std::string& name, std::chrono::milliseconds patience) {
  auto machine = std::make_unique<Machine>(name);
  machine->real_time = true;
  machine->patience = patience;
  return machine;
}

}  // namespace fundtrail::testing
