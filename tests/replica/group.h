// Machines that serve one ledger whose log a database in memory keeps: as processes of them, with the hooks that a server has.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "ledger/replica/member.h"
#include "tests/replica/machine.h"

namespace fundtrail::testing {

// Machines that look at one database in turn, while a clock goes on that all of them share.
struct Group {
  std::shared_ptr<store::MemoryDatabase> database = NewDatabase();
  PassingTime time;
  TestClock clock;
  std::string first_line = database->head().line;

  Group() {
    database->TakeTurns();
    // As `replicate attach` does it: by a process that is gone then.
    Machine first("attach");
    Need(first.Start(database, true));
  }
  void Pass(std::chrono::milliseconds pause) {
    time.now += pause;
    database->Pass(pause);
  }
};

struct Part {
  Part(Group* in, std::string part_name) : group(*in), name(std::move(part_name)), machine(name) { Begin(); }

  // As a process that starts.
  void Begin() {
    member.reset();
    replica::MemberSettings settings;
    settings.replicated = group.time.Settings(name, std::chrono::milliseconds(1'000));
    settings.address = name + ".example.org:7450";
    settings.goes_on_alone = alone;
    replica::MemberHooks hooks;
    hooks.open_log = [this] {
      return StatusOr<std::unique_ptr<store::GroupLog>>(store::OpenMemoryLog(group.database));
    };
    hooks.sign = [this](const store::Reader& rows,
                        const tree::Checkpoint& checkpoint) -> StatusOr<std::string> {
      if (key != kLedgerKey) return absl::FailedPreconditionError("not the ledger's key");
      return SignWith(key)(rows, checkpoint);
    };
    hooks.keys = [this]() -> StatusOr<std::vector<crypto::PublicKey>> {
      std::vector<crypto::PublicKey> keys = {Key(key).public_key()};
      if (next_key != 0) keys.push_back(Key(next_key).public_key());
      return keys;
    };
    hooks.open_ledger = [this]() -> StatusOr<std::unique_ptr<log::Ledger>> {
      if (!cannot_open.ok()) return cannot_open;
      return log::Ledger::Open(std::make_unique<FaultyStore>(machine.disk), Key(kLedgerKey));
    };
    hooks.known_line = [this] { return StatusOr<std::optional<folder::KnownLine>>(known); };
    hooks.keep_line = [this](const folder::KnownLine& line) {
      if (!cannot_keep.ok()) return cannot_keep;
      known = line;
      return absl::OkStatus();
    };
    hooks.followed = [this] { ++followed; };
    hooks.trouble = [this](const Status& why) { said = why; };
    member = std::make_unique<replica::Member>(machine.disk.get(), std::move(settings), std::move(hooks));
  }
  replica::Role Round() { return member->Round(); }
  Status Pay(std::uint64_t id) {
    return member->ledger()->AppendOne(PaymentBytes(id), group.clock.Read()).status();
  }
  std::size_t size() const { return RecordsOf(*machine.disk).size(); }

  Group& group;
  const std::string name;
  Machine machine;
  int key = kLedgerKey, next_key = 0, followed = 0;
  bool alone = false;  // from its next beginning on
  // As in a folder that was attached before anybody recorded.
  std::optional<folder::KnownLine> known = folder::KnownLine{group.first_line, {}};
  Status cannot_keep;  // why its disk keeps nothing
  Status cannot_open;  // why its ledger does not open
  Status said;
  std::unique_ptr<replica::Member> member;
};

}  // namespace fundtrail::testing
