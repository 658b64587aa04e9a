// A log that went back, that has another history, or that somebody changed: it is told, and nothing is recorded.
#include "ledger/replica/catch_up.h"

#include <catch2/catch.hpp>

#include "tests/replica/machine.h"

namespace fundtrail::testing {
namespace {

// A machine with a log of five records, which has the receipts 1 to 4.
struct Five {
  std::shared_ptr<store::MemoryDatabase> database = NewDatabase();
  TestClock clock;
  Machine machine{"first"};
  Promises promises;
  Five() {
    Need(machine.Start(database, true));
    for (std::uint64_t id = 1; id <= 4; ++id)
      promises.Keep(id, machine.ledger->AppendOne(PaymentBytes(id), clock.Read()));
  }
  void FailBack(std::uint64_t size) {
    database->FailBackTo(size, Need(tree::RootAt(size, log::TreeNodes(*machine.disk))));
  }
};

TEST_CASE("a log that a failover set back is told, takes no record, and is given back its own") {
  Five five;
  five.FailBack(3);
  // Under way, at the next group; and when it is opened.
  const Status under_way = five.machine.ledger->AppendOne(PaymentBytes(9), five.clock.Read()).status();
  CHECK(absl::IsUnavailable(under_way));
  const Status opened = five.machine.Start(five.database);
  CHECK(absl::IsFailedPrecondition(opened));
  CHECK(
      opened.message() ==
      "the log has 3 records, and this machine has 5: a failover forgot some that have receipts. Nothing is "
      "recorded; `fundtrail --ledger DIR replicate give-back` puts them back from here");
  CHECK(five.database->records().size() == 3);

  Need(five.machine.Start(five.database, true));
  CHECK(five.database->records() == RecordsOf(*five.machine.disk));
  Machine second("second");
  Need(second.Start(five.database));
  CHECK(second.ledger->size() == 5);
  CHECK(five.promises.Lost(second.ledger->store()) == 0);
}

TEST_CASE("without that, a machine that has less goes on from the log as it is, so the loss would be real") {
  Five five;
  five.FailBack(3);
  Machine second("second");
  Need(second.Start(five.database));
  CHECK(five.promises.Lost(second.ledger->store()) == 2);
  // It writes on: now there are two histories, and nothing may be given back.
  Need(second.ledger->Append({PaymentBytes(7), PaymentBytes(8), PaymentBytes(9)}, five.clock.Read())[2]
           .status());
  for (const bool give_back : {false, true}) {
    const Status opened = five.machine.Start(five.database, give_back);
    CHECK(absl::IsDataLoss(opened));
    CHECK_FALSE(opened.message().empty());
  }
  CHECK(five.database->records() == RecordsOf(*second.disk));
}

TEST_CASE("two histories of one length, and one that is shorter, are told apart from a log that is behind") {
  Five five;
  five.FailBack(3);
  Machine second("second");
  Need(second.Start(five.database));
  Need(second.ledger->AppendOne(PaymentBytes(7), five.clock.Read()).status());
  CHECK(absl::IsDataLoss(five.machine.Start(five.database, true)));
  Need(second.Start(five.database));  // the other took the log from it
  Need(second.ledger->AppendOne(PaymentBytes(8), five.clock.Read()).status());
  CHECK(absl::IsDataLoss(five.machine.Start(five.database, true)));
}

TEST_CASE("a record that was changed in the database is found by whoever replays it") {
  Five five;
  auto records = five.database->records();
  SECTION("another amount") {
    auto record = Need(log::ParseRecord(records[3]));
    record.mutable_signed_entry()->set_entry(
        Need(model::DecodeSignedEntry(PaymentBytes(3, 1))).signed_entry.entry());
    five.database->Overwrite(3, model::SerialiseDeterministic(record));
  }
  SECTION("another order") {
    five.database->Overwrite(3, records[4]);
    five.database->Overwrite(4, records[3]);
  }
  SECTION("rubbish") { five.database->Overwrite(4, "rubbish"); }
  SECTION("too large") { five.database->Overwrite(4, Bytes(std::size_t{5} << 20, 'x')); }
  Machine second("second");
  const Status opened = second.Start(five.database);
  CHECK(absl::IsDataLoss(opened));
  CHECK(RecordsOf(*second.disk).size() == 1);
}

TEST_CASE("the log of another ledger is refused") {
  const auto database = std::make_shared<store::MemoryDatabase>("ledger.example/other", tree::EmptyRoot());
  Machine machine("first");
  const Status opened = machine.Start(database, true);
  CHECK(absl::IsFailedPrecondition(opened));
  CHECK(opened.message() ==
        "the log is that of ledger.example/other, not of ledger.example/aid: is the URL right?");
}

// A machine that has so many payments, on which no process runs.
Machine WithPayments(const std::string& name, std::uint64_t count, std::int64_t amount) {
  Machine machine(name);
  auto alone = Need(log::Ledger::Open(std::make_unique<FaultyStore>(machine.disk), Key(kLedgerKey)));
  std::vector<Bytes> entries;
  for (std::uint64_t id = 1; id <= count; ++id) entries.push_back(PaymentBytes(id, amount));
  TestClock clock;
  for (const auto& receipt : alone->Append(entries, clock.Read())) Need(receipt.status());
  return machine;
}

// Shows the records of one database, and those of another to whoever reads from the beginning again.
class TurningLog final : public store::GroupLog {
 public:
  TurningLog(std::shared_ptr<store::MemoryDatabase> first, std::shared_ptr<store::MemoryDatabase> then)
      : log_(store::OpenMemoryLog(std::move(first))), then_(store::OpenMemoryLog(std::move(then))) {}
  StatusOr<store::LogHead> Take(const std::string& holder, store::Taking taking) override {
    return log_->Take(holder, taking);
  }
  Status Append(const store::LogHead& before, const std::vector<Bytes>& records, const Hash& root,
                ByteView note) override {
    return log_->Append(before, records, root, note);
  }
  StatusOr<store::LogHead> Peek() override { return log_->Peek(); }
  StatusOr<std::vector<Bytes>> Read(std::uint64_t from) override {
    if (from == 1 && times_++ == 1) log_.swap(then_);
    return log_->Read(from);
  }
  Status Beat(const store::LogMember& member) override { return log_->Beat(member); }
  Status Leave(const std::string& holder) override { return log_->Leave(holder); }
  StatusOr<store::LogView> Look() override { return log_->Look(); }
  Status Evict() override { return log_->Evict(); }

 private:
  std::unique_ptr<store::GroupLog> log_, then_;
  int times_ = 0;
};

TEST_CASE(
    "a standby far behind shows no part of records that are not the beginning of what a held key signed") {
  constexpr std::uint64_t kPayments = 2'500;  // more than are read at a time
  Machine acknowledged = WithPayments("first", kPayments, 100);
  // Each record holds by itself: the authors signed such entries, and nobody acknowledged them.
  Machine other = WithPayments("other", kPayments, 1);
  const auto database = NewDatabase(), forged = NewDatabase();
  Need(acknowledged.Start(database, true));
  Need(other.Start(forged, true));
  const Bytes note = database->head().note;
  const replica::Signing own{SignWith(kLedgerKey), {Key(6).public_key(), Key(kLedgerKey).public_key()}};
  Machine standby("standby");
  const auto follow = [&](std::unique_ptr<store::GroupLog> log, ByteView shown) {
    return replica::Follow(standby.disk.get(), log.get(), shown, own, 1);
  };

  const tree::Checkpoint theirs{kLedgerName, kPayments + 1, forged->head().root, {}};
  const Status by_another = follow(store::OpenMemoryLog(forged), Need(tree::SignCheckpoint(theirs, Key(7))));
  CHECK(absl::IsFailedPrecondition(by_another));
  CHECK(by_another.message() ==
        "the newest checkpoint in the log is signed by no key in this folder: bring signing.key from the "
        "machine that signed last, unless somebody else put the checkpoint there");
  CHECK(RecordsOf(*standby.disk).size() == 1);

  const Status other_records = follow(store::OpenMemoryLog(forged), note);
  CHECK(absl::IsDataLoss(other_records));
  CHECK(other_records.message() == "the records of the log do not have the root that it states");
  CHECK(RecordsOf(*standby.disk).size() == 1);

  const Status changed = follow(std::make_unique<TurningLog>(database, forged), note);
  CHECK(absl::IsDataLoss(changed));
  CHECK(changed.message() == "the records of the log changed while they were read");
  CHECK(RecordsOf(*standby.disk).size() == 1);

  Need(follow(store::OpenMemoryLog(database), note));
  CHECK(AllRows(*standby.disk) == AllRows(*acknowledged.disk));
}

TEST_CASE("giving a long log to a new database goes on where it was broken off") {
  Machine machine = WithPayments("first", 5'000, 100);
  const auto database = NewDatabase();
  database->Inject(store::LogFault::kNone);
  database->Inject(store::LogFault::kKeptThoughFailed);
  CHECK(absl::IsUnavailable(machine.Start(database, true)));
  CHECK(database->records().size() == 2 * store::kReadLogRecords);
  Need(machine.Start(database, true));
  CHECK(database->records().size() == 5'001);
  Machine second("second");
  Need(second.Start(database));
  CHECK(AllRows(*second.disk) == AllRows(*machine.disk));
}

}  // namespace
}  // namespace fundtrail::testing
