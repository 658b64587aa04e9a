// Each way in which the log that several machines keep may fail, with a crash before and after the rows are written here: who
// has a receipt has a record, on every machine, whatever fails over.
#include <catch2/catch.hpp>
#include <random>

#include "ledger/store/forwarding_log.h"
#include "tests/replica/machine.h"

namespace fundtrail::testing {
namespace {

using store::LogFault;

enum class Crash { kNone, kBeforeRows, kAfterRows };

struct Way {
  const char* name;
  LogFault fault;
  bool receipt;          // when the log can be asked what became of it
  bool receipt_if_away;  // when it cannot, while patience lasts
  bool kept_if_away;     // and then: whether the failover kept it
};

constexpr Way kWays[] = {
    {"none", LogFault::kNone, true, true, true},
    {"lost", LogFault::kLost, true, false, false},
    {"kept though failed", LogFault::kKeptThoughFailed, true, false, true},
    {"notice", LogFault::kNotice, true, false, false},
    {"fenced", LogFault::kFenced, false, false, false},
    {"delayed", LogFault::kDelayed, true, false, false},
};

// Believes that what is in doubt was kept: what must not be done.
class CredulousLog final : public store::ForwardingLog {
 public:
  using ForwardingLog::ForwardingLog;
  Status Append(const store::LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    const Status kept = ForwardingLog::Append(before, records, root, note);
    return absl::IsUnknown(kept) ? absl::OkStatus() : kept;
  }
};

TEST_CASE("an append that ends in any way, with a crash at any moment, loses no receipt and makes none up") {
  for (const Way& way : kWays) {
    for (const Crash crash : {Crash::kNone, Crash::kBeforeRows, Crash::kAfterRows}) {
      for (const bool away : {false, true}) {
        INFO(way.name << ", crash " << static_cast<int>(crash) << (away ? ", and the log is away" : ""));
        const auto database = NewDatabase();
        TestClock clock;
        Machine first("first"), second("second");
        // It gives the new log its one record; rows are written for group 10 first, and for group 20 then.
        Need(first.Start(database, true, crash == Crash::kNone ? 0 : 2,
                         crash == Crash::kBeforeRows ? Fault::kNothingWritten : Fault::kAllWritten));
        Promises promises;
        const auto append = [&](log::Ledger* ledger, std::uint64_t id) {
          const auto receipts = ledger->Append({PaymentBytes(id), PaymentBytes(id + 1)}, clock.Read());
          promises.Keep(id, receipts[0]);
          promises.Keep(id + 1, receipts[1]);
          return receipts[0].status();
        };
        Need(append(first.ledger.get(), 10));
        database->Inject(way.fault);
        if (away) database->BeAway(1'000);
        const Status group = append(first.ledger.get(), 20);
        const bool was_kept = away ? way.receipt_if_away : way.receipt;
        CHECK(group.ok() == (was_kept && crash == Crash::kNone));
        if (!group.ok()) {
          CHECK(absl::IsUnavailable(group));
          CHECK(absl::IsUnavailable(append(first.ledger.get(), 30)));  // it is to be opened again
        } else {
          Need(append(first.ledger.get(), 30));
        }
        // The process dies, and the machine of the database.
        first.ledger.reset();
        database->BeAway(0);
        database->FailOver();

        Need(second.Start(database));
        CHECK(promises.Lost(second.ledger->store()) == 0);
        CHECK(WhatIsWrong(second.ledger->store(), second.ledger->vkey()) == "");
        // The author, who may have no receipt, sends it again. It is there already exactly if the log kept it.
        const bool kept = away ? way.kept_if_away : way.receipt;
        const auto again = Need(second.ledger->AppendOne(PaymentBytes(20), clock.Read()));
        CHECK(again.repeated == kept);
        CHECK(second.ledger->size() == std::uint64_t{3} + (kept ? 2 : 1) + (group.ok() ? 2 : 0));
        // The first one comes back and has it all, too.
        Need(first.Start(database));
        CHECK(AllRows(*first.disk) == AllRows(*second.disk));
        CHECK(database->records() == RecordsOf(*first.disk));
      }
    }
  }
}

TEST_CASE("whoever believes what is in doubt loses receipts, so the table above can fail") {
  std::size_t lost = 0;
  for (const Way& way : kWays) {
    const auto database = NewDatabase();
    TestClock clock;
    Machine first("first"), second("second");
    Need(first.StartOn(std::make_unique<CredulousLog>(store::OpenMemoryLog(database)), true));
    Promises promises;
    database->Inject(way.fault);
    promises.Keep(20, first.ledger->AppendOne(PaymentBytes(20), clock.Read()));
    first.ledger.reset();
    database->FailOver();
    Need(second.Start(database));
    lost += promises.Lost(second.ledger->store());
  }
  CHECK(lost == 3);  // lost, notice, delayed
}

TEST_CASE(
    "machines that take the log from each other, fail and fail over keep one history and all promises") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  const auto database = NewDatabase();
  TestClock clock;
  Machine machines[] = {Machine("a"), Machine("b"), Machine("c")};
  Need(machines[0].Start(database, true));
  Promises promises;
  std::uint64_t id = 1;
  for (int round = 0; round < 400; ++round) {
    INFO("round " << round);
    Machine& machine = machines[random() % 3];
    const auto dice = random() % 10;
    if (dice == 0) {
      machine.ledger.reset();
      database->FailOver();
    }
    if (dice == 1) machine.ledger.reset();
    if (machine.ledger == nullptr) {
      const int failing = static_cast<int>(random() % 6);  // 0: none
      Need(machine.Start(database, false, failing,
                         random() % 2 == 0 ? Fault::kNothingWritten : Fault::kAllWritten));
    }
    if (random() % 3 == 0) database->Inject(static_cast<LogFault>(random() % 6));
    if (random() % 8 == 0) database->BeAway(static_cast<int>(random() % 40));
    std::vector<Bytes> entries;
    const std::uint64_t first = id;
    for (std::size_t i = 0; i <= random() % 3; ++i) entries.push_back(PaymentBytes(id++));
    const auto receipts = machine.ledger->Append(entries, clock.Read());
    for (std::size_t i = 0; i < receipts.size(); ++i) promises.Keep(first + i, receipts[i]);
    if (!receipts[0].ok()) machine.ledger.reset();
    database->BeAway(0);
  }
  database->FailOver();
  CHECK(promises.size() > 100);
  for (Machine& machine : machines) {
    Need(machine.Start(database));
    CHECK(promises.Lost(machine.ledger->store()) == 0);
    CHECK(database->records() == RecordsOf(*machine.disk));
  }
  CHECK(WhatIsWrong(machines[2].ledger->store(), machines[2].ledger->vkey()) == "");
}

}  // namespace
}  // namespace fundtrail::testing
