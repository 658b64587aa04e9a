// Who only reads the log in a PostgreSQL: a copy of the ledger is made from it, and what a hostile hand wrote there is bounded.
#include "ledger/audit/clone.h"

#include <catch2/catch.hpp>

#include "ledger/replica/log_source.h"
#include "ledger/store/rocks.h"
#include "tests/postgres/log_in_database.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

using Catch::Matchers::Contains;
using std::chrono::milliseconds;

TEST_CASE("a copy is made from the log by a role that may only read, and goes on after a failover") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2"), n3(folder, "n3");
  const std::string url = UrlOf({&n1, &n2});
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "n3");
  Prepare(url);
  n1.Sql("CREATE ROLE reader LOGIN");
  n1.Sql(
      "GRANT USAGE ON SCHEMA fundtrail TO reader; GRANT SELECT ON fundtrail.head, fundtrail.log, "
      "fundtrail.member TO reader");
  auto machine = NewMachine("first", milliseconds(30'000));
  Need(StartSoon(machine.get(), url, true));
  TestClock clock;
  std::uint64_t id = 1;
  const auto pay = [&](std::uint64_t until) {
    for (; id <= until; ++id) Need(machine->ledger->AppendOne(PaymentBytes(id), clock.Read()).status());
    // As a server says it each half second.
    store::LogMember said;
    said.holder = "first";
    said.size = machine->ledger->size();
    said.note = *Need(machine->disk->Get(model::keys::Checkpoint()));
    Need(OpenLog(url)->Beat(said));
  };
  pay(30);
  const std::string as_reader = "postgres://reader@" + url.substr(url.find('@') + 1);
  const TempDir temp;
  const auto copy = [&] {
    const auto source = replica::FromLog(OpenLog(as_reader), kLedgerName);
    return audit::Clone(source.get(), temp / "copy", {machine->ledger->vkey(), {}});
  };
  const auto rows = [&] {
    return AllRows(*Need(store::OpenRocks(temp / "copy/store", store::Access::kReadOnly)));
  };
  CHECK(Need(copy()).size() == 31);
  CHECK(rows() == AllRows(*machine->disk));
  // It took nothing, and may not: not even when nobody holds the log.
  CHECK(Need(OpenLog(url)->Peek()).holder == "first");
  const auto may_not = [](const Status& why) {
    return std::string(why.message()).find("permission denied for table") != std::string::npos;
  };
  CHECK(may_not(OpenLog(as_reader)->Beat({})));
  machine->ledger.reset();
  Status why;
  const bool refused = WaitUntil([&] {
    why = OpenLog(as_reader)->Take("reader", store::Taking::kAnew).status();
    return may_not(why);
  });
  INFO(why);
  CHECK(refused);
  CHECK(Need(OpenLog(url)->Peek()).holder == "first");
  Need(StartSoon(machine.get(), url));
  Need(machine->ledger->AppendOne(PaymentBytes(id++), clock.Read()).status());

  n1.Kill();
  n2.Promote();
  n3.MakeStandby(n2, "none");
  machine->ledger.reset();
  Need(StartSoon(machine.get(), url));
  pay(40);
  CHECK(Need(copy()).size() == 41);
  CHECK(rows() == AllRows(*machine->disk));
}

TEST_CASE(
    "a table of machines that a hostile hand filled is refused in words, and holds nothing up for ever") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  const std::string url = UrlOf({&n1, &n2});
  n1.MakePrimary("n2");
  n2.MakeStandby(n1, "none");
  Prepare(url);
  const auto log = OpenLog(url);
  store::LogMember own;
  own.holder = "own:1";
  Need(log->Beat(own));
  const std::string insert = "INSERT INTO fundtrail.member SELECT ";
  const std::vector<std::pair<std::string, std::string>> fills = {
      {"'m' || i, '', '', 0, '', clock_timestamp() FROM generate_series(1, 5000) i",
       "more than 1024 machines"},
      {"'m', repeat('x', 10000000), '', 0, '', clock_timestamp()", "more in the database's table"},
      {"'m', '', repeat('x', 10000000), 0, '', clock_timestamp()", "more in the database's table"},
      {"'m', '', '', 0, decode(repeat('00', 10000000), 'hex'), clock_timestamp()",
       "more in the database's table"},
      {"repeat('m', 600), '', '', 0, '', clock_timestamp()", "more in the database's table"},
  };
  for (const auto& [fill, words] : fills) {
    INFO(fill);
    n1.Sql(insert + fill);
    const auto view = log->Look();
    CHECK(absl::IsFailedPrecondition(view.status()));
    CHECK_THAT(std::string(view.status().message()), Contains(words) && Contains("Empty fundtrail.member"));
    // Nobody is kept from recording, and what it says to do helps.
    REQUIRE(WaitUntil([&] { return OpenLog(url)->Take("own:1", store::Taking::kAnew).ok(); }));
    n1.Sql("DELETE FROM fundtrail.member");
    Need(log->Beat(own));
    CHECK(Need(log->Look()).members.size() == 1);
  }
  // As many as there may be, and as long as they may be.
  n1.Sql(insert +
         "'m' || i, repeat('a', 512), repeat('k', 4096), 0, decode(repeat('00', 4096), 'hex'), "
         "clock_timestamp() FROM generate_series(1, 1023) i");
  CHECK(Need(log->Look()).members.size() == 1'024);

  // So of the head: what is longer than ours is cut, and fits nothing.
  n1.Sql(
      "UPDATE fundtrail.head SET note = decode(repeat('00', 10000000), 'hex'), holder = repeat('h', "
      "100000)");
  const auto head = Need(log->Peek());
  CHECK(head.note.size() < 10'000);
  CHECK(head.holder.size() < 10'000);
  n1.Sql("UPDATE fundtrail.head SET size = 1");
  n1.Sql("INSERT INTO fundtrail.log VALUES (0, decode(repeat('00', 20000000), 'hex'))");
  CHECK(Need(log->Read(0)).front().size() < (std::size_t{5} << 20));
}

}  // namespace
}  // namespace fundtrail::testing
