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

TEST_CASE("giving a long log to a new database goes on where it was broken off") {
  TestClock clock;
  Machine machine("first");
  {
    auto alone = Need(log::Ledger::Open(std::make_unique<FaultyStore>(machine.disk), Key(kLedgerKey)));
    std::vector<Bytes> entries;
    for (std::uint64_t id = 1; id <= 5'000; ++id) entries.push_back(PaymentBytes(id));
    for (const auto& receipt : alone->Append(entries, clock.Read())) Need(receipt.status());
  }
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
