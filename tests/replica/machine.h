// A machine with a ledger whose log a database in memory keeps, too: what is on its disk outlives the process on it.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ledger/replica/catch_up.h"
#include "ledger/store/memory.h"
#include "ledger/store/memory_log.h"
#include "tests/support/faulty_store.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"

namespace fundtrail::testing {

inline folder::SignRows SignWith(int key) {
  return [key](const store::Reader&, const tree::Checkpoint& checkpoint) {
    return tree::SignCheckpoint(checkpoint, Key(key));
  };
}

// Time that passes when somebody sleeps.
struct PassingTime {
  std::chrono::steady_clock::time_point now;
  log::ReplicatedSettings Settings(const std::string& holder, std::chrono::milliseconds patience) {
    log::ReplicatedSettings settings;
    settings.holder = holder;
    settings.patience = patience;
    settings.now = [this] { return now; };
    settings.sleep = [this](std::chrono::milliseconds pause) { now += pause; };
    return settings;
  }
};

struct Machine {
  explicit Machine(std::string machine_name) : name(std::move(machine_name)) {
    TestClock clock;  // of every machine the same: all begin with the same record
    Need(NewLedger(std::make_unique<FaultyStore>(disk), clock.Read()).status());
  }

  // As a process that starts: takes the log, replays what is missing. Write number `failing` of what comes then fails.
  Status Start(const std::shared_ptr<store::MemoryDatabase>& database, bool give_back = false,
               int failing = 0, Fault fault = Fault::kNothingWritten) {
    return StartOn(store::OpenMemoryLog(database), give_back, failing, fault);
  }
  Status StartOn(std::unique_ptr<store::GroupLog> log, bool give_back = false, int failing = 0,
                 Fault fault = Fault::kNothingWritten) {
    ledger.reset();
    const auto settings = real_time ? log::SleepingSettings(name, patience) : time.Settings(name, patience);
    FT_ASSIGN_OR_RETURN(auto head, log->Take(settings.holder, store::Taking::kAnew));
    if (give_back) {
      FT_ASSIGN_OR_RETURN(head, replica::GiveBack(*disk, log.get(), head));
    }
    FT_RETURN_IF_ERROR(replica::CatchUp(disk.get(), log.get(), head, SignWith(kLedgerKey)));
    FT_ASSIGN_OR_RETURN(
        auto opened, log::Ledger::Open(std::make_unique<FaultyStore>(disk, failing, fault), Key(kLedgerKey)));
    FT_RETURN_IF_ERROR(opened->Replicate(std::make_unique<log::Replicated>(std::move(log), head, settings)));
    ledger = std::move(opened);
    return absl::OkStatus();
  }

  std::string name;
  std::shared_ptr<store::Store> disk = store::MakeMemoryStore();
  PassingTime time;
  std::chrono::milliseconds patience{5'000};
  bool real_time = false;
  std::unique_ptr<log::Ledger> ledger;
};

inline std::shared_ptr<store::MemoryDatabase> NewDatabase() {
  return std::make_shared<store::MemoryDatabase>(kLedgerName, tree::EmptyRoot());
}

// What authors were promised: which record an entry became.
class Promises {
 public:
  void Keep(std::uint64_t id, const StatusOr<log::Receipt>& receipt) {
    if (receipt.ok()) kept_.emplace(id, *receipt);
  }
  std::size_t size() const { return kept_.size(); }
  bool Has(std::uint64_t id) const { return kept_.count(id) > 0; }
  // How many of them the rows do not keep.
  std::size_t Lost(const store::Reader& rows) const {
    std::size_t lost = 0;
    for (const auto& [id, receipt] : kept_) {
      const auto bytes = Need(rows.Get(model::keys::Record(receipt.record)));
      if (!bytes.has_value() || tree::LeafHash(*bytes) != receipt.leaf_hash) ++lost;
    }
    return lost;
  }

 private:
  std::map<std::uint64_t, log::Receipt> kept_;
};

}  // namespace fundtrail::testing
