// The log in a real PostgreSQL with a synchronous standby: what dies under load, who is promoted, and what an administrator can do
// to a commit that waits. Who has a receipt has a record.
#include "ledger/postgres/postgres_log.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>
#include <mutex>

#include "ledger/postgres/connection.h"
#include "tests/postgres/cluster.h"
#include "tests/postgres/log_in_database.h"
#include "tests/replica/machine.h"

namespace fundtrail::testing {
namespace {

using std::chrono::milliseconds;

// Appends groups until it is told to end, and keeps what was promised.
class Load {
 public:
  Load(Machine* machine, Promises* promises, std::uint64_t* id)
      : thread_([=, this] {
          TestClock clock;
          while (!over_) {
            std::vector<Bytes> entries;
            const std::uint64_t first = *id;
            for (std::uint64_t i = 0; i <= first % 4; ++i) entries.push_back(PaymentBytes((*id)++));
            const auto receipts = machine->ledger->Append(entries, clock.Read());
            for (std::size_t i = 0; i < receipts.size(); ++i) promises->Keep(first + i, receipts[i]);
            if (!receipts[0].ok()) {
              failed_ = receipts[0].status();
              return;
            }
            kept_ += receipts.size();
          }
        }) {}
  ~Load() { (void)End(); }
  std::uint64_t kept() const { return kept_; }
  Status End() {
    over_ = true;
    if (thread_.joinable()) thread_.join();
    return failed_;
  }

 private:
  std::atomic<bool> over_{false};
  std::atomic<std::uint64_t> kept_{0};
  Status failed_;
  std::thread thread_;
};

TEST_CASE(
    "a primary killed under load loses no receipt; a laggard that is promoted is told, and given back its "
    "records") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3"), n4(folder, "n4"), late(folder, "late"),
      n6(folder, "n6");
  const std::string url = UrlOf({&n1, &n2, &n3, &n4, &late, &n6});
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "n3");
  Prepare(url);
  auto machine = NewMachine("first", milliseconds(30'000));
  Need(StartSoon(machine.get(), url, true));

  Promises promises;
  std::uint64_t id = 1;
  // One standby falls behind for good.
  late.MakeStandby(n1, "n6");
  late.Kill();
  PostgresNode* primary = &n1;
  PostgresNode* standby = &n2;
  for (PostgresNode* next : {&n3, &n4}) {
    Load load(machine.get(), &promises, &id);
    REQUIRE(WaitUntil([&] { return load.kept() > 200; }));
    primary->Kill();
    standby->Promote();
    const std::uint64_t before = load.kept();
    next->MakeStandby(*standby, next == &n3 ? "n4" : "none");
    // The same process goes on: its group in doubt is decided, and others follow.
    CHECK(WaitUntil([&] { return load.kept() > before + 50; }));
    const Status end = load.End();
    INFO(end);
    CHECK(end.ok());
    primary = standby;
    standby = next;
  }
  auto second = NewMachine("second", milliseconds(1'000));
  machine->ledger.reset();
  Need(StartSoon(second.get(), url));
  CHECK(promises.size() > 500);
  CHECK(promises.Lost(second->ledger->store()) == 0);
  CHECK(AllRows(*second->disk) == AllRows(*machine->disk));
  CHECK(WhatIsWrong(second->ledger->store(), second->ledger->vkey()) == "");
  second->ledger.reset();

  // Both nodes die, and what is left is the one that is behind.
  primary->Kill();
  standby->Kill();
  late.Start();
  late.Promote();
  n6.MakeStandby(late, "none");
  const Status behind = StartSoon(machine.get(), url);
  CHECK(absl::IsFailedPrecondition(behind));
  CHECK(std::string(behind.message()).find("a failover forgot some that have receipts") != std::string::npos);
  auto third =
      NewMachine("third", milliseconds(1'000));  // who knows no better is served the loss: it is real
  Need(StartSoon(third.get(), url));
  CHECK(promises.Lost(third->ledger->store()) > 0);
  third->ledger.reset();
  Need(StartSoon(machine.get(), url, true));
  CHECK(promises.Lost(machine->ledger->store()) == 0);
  machine->ledger.reset();
  Need(StartSoon(third.get(), url));
  CHECK(promises.Lost(third->ledger->store()) == 0);
  CHECK(AllRows(*third->disk) == AllRows(*machine->disk));
}

constexpr char kWaiting[] =
    "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'ledger'";

TEST_CASE("a commit that stopped waiting for its standby gives no receipt, whatever it says") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  const std::string url = UrlOf({&n1, &n2});
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "none");
  n1.Sql("ALTER ROLE ledger SET client_min_messages = error");  // a role that is told nothing, by itself
  Prepare(url);
  auto machine = NewMachine("first", milliseconds(2'000));
  Need(StartSoon(machine.get(), url, true));
  TestClock clock;
  std::uint64_t id = 0;
  const std::string of_ledger =
      "(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'ledger'";
  struct Way {
    const char* name;
    std::vector<std::string> sql;
    bool says_nothing;  // the commit is let go, and the session goes on without a word
  };
  const Way ways[] = {
      {"the wait is cancelled", {"SELECT pg_cancel_backend" + of_ledger}, false},
      {"the session is ended", {"SELECT pg_terminate_backend" + of_ledger}, false},
      {"replication is switched off",
       {"ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()"},
       true},
      {"replication is switched off and on",
       {"ALTER SYSTEM SET synchronous_standby_names = ''", "SELECT pg_reload_conf()", "SELECT pg_sleep(0.2)",
        "ALTER SYSTEM SET synchronous_standby_names = 'n2'", "SELECT pg_reload_conf()"},
       true},
  };
  for (const Way& way : ways) {
    INFO(way.name);
    const std::uint64_t entry = ++id;
    Need(machine->ledger->AppendOne(PaymentBytes(100 + entry), clock.Read()).status());
    n2.Kill();
    auto group = std::async(std::launch::async,
                            [&] { return machine->ledger->AppendOne(PaymentBytes(entry), clock.Read()); });
    REQUIRE(WaitUntil([&] { return n1.Sql(kWaiting) != "0"; }));
    for (const std::string& sql : way.sql) n1.Sql(sql);
    const auto receipt = group.get();
    CHECK(absl::IsUnavailable(receipt.status()));
    INFO(receipt.status());
    // It can be read, and is on one disk alone: a receipt would have been a lie.
    CHECK(n1.Sql("SELECT max(n) FROM fundtrail.log") == std::to_string(machine->ledger->size()));

    // What was done is undone, and the author sends it again: the log was taken with it, on both disks.
    n1.NameStandby("n2");
    n2.Start();
    Need(StartSoon(machine.get(), url));
    CHECK(Need(machine->ledger->AppendOne(PaymentBytes(entry), clock.Read())).repeated);
  }
  CHECK(WhatIsWrong(machine->ledger->store(), machine->ledger->vkey()) == "");
  machine->ledger.reset();

  // Whoever goes by what a commit says would have given a receipt for each, so the above can fail.
  for (const Way& way : {ways[0], ways[2]}) {
    INFO(way.name);
    const auto deadline = [] { return std::chrono::steady_clock::now() + std::chrono::seconds(10); };
    auto connection = Need(postgres::Connection::Open(url, milliseconds(1'000), deadline()));
    n2.Kill();
    auto answers = std::async(std::launch::async, [&] {
      return connection->Run({{"UPDATE fundtrail.head SET note = note", {}}}, deadline());
    });
    REQUIRE(WaitUntil([&] { return n1.Sql(kWaiting) != "0"; }));
    for (const std::string& sql : way.sql) n1.Sql(sql);
    const auto said = answers.get();
    REQUIRE(said.ok());
    CHECK(Need((*said)[0]).changed == 1);
    CHECK(connection->TakeNotices().empty() == way.says_nothing);
    n1.NameStandby("n2");
    n2.Start();
  }
}

TEST_CASE("one process has the log, and the one before cannot append to it") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  const std::string url = UrlOf({&n1, &n2});
  n1.MakePrimary("n2");
  CHECK(absl::IsNotFound(OpenLog(url)->Peek().status()));
  n2.MakeStandby(n1, "none");
  Prepare(url);
  Prepare(url);  // what is there stays
  CHECK(absl::IsFailedPrecondition(
      postgres::PreparePostgresLog(SettingsOf(url), "ledger.example/other", tree::EmptyRoot())));

  auto first = NewMachine("first", milliseconds(500)), second = NewMachine("second", milliseconds(500));
  Need(StartSoon(first.get(), url, true));
  TestClock clock;
  Need(first->ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const Status held = second->StartOn(OpenLog(url));
  CHECK(absl::IsUnavailable(held));
  CHECK(held.message() == "the log is held by first: one process at a time has it");

  // The first one's session ends without its knowledge, and the second one takes the log: the epoch tells.
  n1.Sql("SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'");
  Need(StartSoon(second.get(), url));
  Need(second->ledger->AppendOne(PaymentBytes(2), clock.Read()).status());
  CHECK(absl::IsUnavailable(first->ledger->AppendOne(PaymentBytes(3), clock.Read()).status()));
  CHECK(n1.Sql("SELECT max(n) FROM fundtrail.log") == "2");

  // A node that hangs has a share of the time, and the next one is asked.
  {
    const SilentNode silent;
    const auto at = url.find("127.0.0.1:");
    const std::string with_silent =
        url.substr(0, at) + "127.0.0.1:" + std::to_string(silent.port()) + "," + url.substr(at);
    CHECK(Need(OpenLog(with_silent)->Peek()).size == 3);
  }

  // Machines say how they stand, whoever holds the log, and are seen by others.
  {
    n1.Sql("DROP TABLE fundtrail.member");  // as a log that was made before there were any
    const auto look = OpenLog(url), other = OpenLog(url);
    CHECK(Need(look->Look()).members.empty());
    store::LogMember said;
    said.holder = "second";
    said.address = "second.example.org:7450";
    said.keys = {std::string(64, 'a'), std::string(64, 'b')};
    said.size = 3;
    said.note = "a note\n";
    Need(look->Beat(said));
    auto view = Need(other->Look());
    REQUIRE(view.members.size() == 1);
    CHECK(view.members[0].address == said.address);
    CHECK(view.members[0].keys == said.keys);
    CHECK(view.members[0].size == 3);
    CHECK(view.members[0].note == said.note);
    CHECK(view.head.holder == "second");
    CHECK(view.now_micros >= view.members[0].seen_micros);
    CHECK_FALSE(view.synchronous_standbys.has_value());  // the role may not see them
    n1.Sql("GRANT pg_read_all_stats TO ledger");
    CHECK(Need(other->Look()).synchronous_standbys == std::optional<std::uint64_t>(1));
    said.size = 4;
    said.keys.clear();
    // It waits for no standby: who is away must not silence those who are there.
    n2.Kill();
    Need(look->Beat(said));
    CHECK(Need(other->Look()).members[0].size == 4);
    CHECK(Need(other->Look()).members[0].keys.empty());
    CHECK(Need(other->Look()).members[0].seen_micros > view.members[0].seen_micros);
    CHECK(Need(other->Look()).synchronous_standbys == std::optional<std::uint64_t>(0));
    n2.Start();
    REQUIRE(WaitUntil(
        [&] { return Need(other->Look()).synchronous_standbys == std::optional<std::uint64_t>(1); }));
    Need(look->Leave("second"));
    CHECK(Need(other->Look()).members.empty());
    // A session that hangs is ended from another: its holder finds that out at its next word.
    Need(second->ledger->AppendOne(PaymentBytes(4), clock.Read()).status());
    CHECK(absl::IsUnavailable(other->Take("third", store::Taking::kAnew).status()));
    Need(look->Evict());
    Need(look->Evict());  // there is none
    REQUIRE(WaitUntil([&] { return other->Take("third", store::Taking::kAnew).ok(); }));
    CHECK(absl::IsUnavailable(second->ledger->AppendOne(PaymentBytes(5), clock.Read()).status()));
  }
  REQUIRE(WaitUntil([&] {
    second->ledger.reset();
    return second->StartOn(OpenLog(url)).ok();
  }));

  // Many records and large ones come back as they were, some at a time.
  const auto log = OpenLog(url);
  auto head = Need(log->Peek());
  CHECK(head.size == 4);
  CHECK(head.root == Need(tree::RootAt(4, log::TreeNodes(*second->disk))));
  CHECK(Need(log->Read(2)) == std::vector<Bytes>({RecordsOf(*second->disk)[2], RecordsOf(*second->disk)[3]}));
  CHECK(Need(log->Read(4)).empty());
  second->ledger.reset();
  REQUIRE(WaitUntil([&] {
    const auto taken = log->Take("third", store::Taking::kAnew);
    if (taken.ok()) head = *taken;
    return taken.ok();
  }));
  std::vector<Bytes> large(5, Bytes((std::size_t{2} << 20) + 7, '\0'));
  large.push_back("");
  // A failover that forgot a Take may have given the same epoch to another, at the same size.
  auto forgotten = head;
  forgotten.holder = "fourth";
  const Status refused = log->Append(forgotten, large, head.root, "note");
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(std::string(refused.message()).find("the log was taken by third, as of epoch ") == 0);
  CHECK(absl::IsFailedPrecondition(log->Take("fourth", store::Taking::kAgain).status()));
  Need(log->Append(head, large, head.root, "note"));
  CHECK(
      absl::IsFailedPrecondition(log->Append(head, large, head.root, "note")));  // not at that size any more
  CHECK(Need(log->Read(4)).size() == 2);
  CHECK(Need(log->Read(9)) == std::vector<Bytes>({""}));
  CHECK(Need(log->Peek()).note == "note");
}

TEST_CASE(
    "a promotion begins another line of the log's history, and a node that only died and came back does "
    "not") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3");
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "n3");
  const std::string url = UrlOf({&n1, &n2});
  Prepare(url);
  const std::string line = Need(OpenLog(url)->Peek()).line;
  CHECK(line.find("/00000001") != std::string::npos);
  CHECK(Need(OpenLog(url)->Look()).head.line == line);
  n1.Kill();
  n1.Start();
  REQUIRE(WaitUntil([&] {
    const auto taken = OpenLog(url)->Take("one", store::Taking::kAnew);
    return taken.ok() && taken->line == line;
  }));
  n1.Kill();
  n2.Promote();
  n3.MakeStandby(n2, "none");
  CHECK(Need(OpenLog(url)->Peek()).line != line);
}

}  // namespace
}  // namespace fundtrail::testing
