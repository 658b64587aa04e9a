// A log that is far away, and a log whose machines do not all see each other.
#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/postgres/log_in_database.h"
#include "tests/postgres/relay.h"

namespace fundtrail::testing {
namespace {

using std::chrono::milliseconds;

Status StartThrough(Machine* machine, const std::string& url, milliseconds answer_in,
                    bool give_back = false) {
  Status started;
  WaitUntil([&] {
    started = machine->StartOn(Need(postgres::OpenPostgresLog({url, false, answer_in})), give_back);
    return !absl::IsUnavailable(started);
  });
  return started;
}

TEST_CASE(
    "a log that is far away: a group of many entries takes its round trips once, and no receipt is lost") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  n1.MakePrimary("n2");
  Relay to_n1(n1.port()), n2_to_n1(n1.port());
  n2.MakeStandby(n1, "none", n2_to_n1.port());
  const std::string url = UrlOfPorts({to_n1.port()});
  Prepare(url);
  // What an answer may take is the server's own default.
  constexpr milliseconds kAnswerIn{10'000};
  auto machine = NewMachine("far", milliseconds(30'000));
  Need(StartThrough(machine.get(), url, kAnswerIn, true));
  TestClock clock;
  Promises kept;
  std::uint64_t id = 1;
  const auto takes = [&](std::size_t entries) {
    std::vector<Bytes> bytes;
    const std::uint64_t first = id;
    for (std::size_t i = 0; i < entries; ++i) bytes.push_back(PaymentBytes(id++));
    const auto begun = std::chrono::steady_clock::now();
    const auto receipts = machine->ledger->Append(bytes, clock.Read());
    const auto took = std::chrono::steady_clock::now() - begun;
    for (std::size_t i = 0; i < receipts.size(); ++i) {
      CHECK(receipts[i].ok());
      kept.Keep(first + i, receipts[i]);
    }
    return std::chrono::duration_cast<milliseconds>(took);
  };
  for (const milliseconds one_way : {milliseconds(25), milliseconds(250)}) {
    INFO(one_way.count() << " ms in each direction");
    to_n1.Delay(one_way);
    n2_to_n1.Delay(one_way);
    // The best of three: a busy machine may be late once.
    const milliseconds one = std::min({takes(1), takes(1), takes(1)}), many = takes(200);
    INFO("one entry took " << one.count() << " ms, and 200 took " << many.count());
    // To the log and back, and from there to its standby and back.
    CHECK(one >= 3 * one_way);
    CHECK(one < 8 * one_way + milliseconds(1'500));
    // One by one they would take 200 times as long.
    CHECK(many < 2 * one + milliseconds(5'000));
    // Who takes the log needs some more of them.
    machine->ledger.reset();
    Need(StartThrough(machine.get(), url, kAnswerIn));
  }
  machine->ledger.reset();
  CHECK(kept.size() == 406);
  Machine last("last");
  Need(StartSoon(&last, UrlOf({&n1})));
  CHECK(kept.Lost(last.ledger->store()) == 0);
  CHECK(WhatIsWrong(last.ledger->store(), last.ledger->vkey()) == "");
}

TEST_CASE(
    "whoever sees the primary and not its standby promises nothing, and whoever is cut off is replaced") {
  if (!HasPostgres()) {
    WARN("postgresql-15 is not installed");
    return;
  }
  PostgresFolder folder;
  PostgresNode n1(folder, "n1"), n2(folder, "n2");
  n1.MakePrimary("n2");
  Relay a_to_n1(n1.port()), n2_to_n1(n1.port());
  n2.MakeStandby(n1, "none", n2_to_n1.port());
  const std::string through = UrlOfPorts({a_to_n1.port()}), straight = UrlOf({&n1});
  Prepare(straight);
  constexpr milliseconds kAnswerIn{1'500};
  auto a = NewMachine("a", milliseconds(4'000)), b = NewMachine("b", milliseconds(20'000));
  Need(StartThrough(a.get(), through, kAnswerIn, true));
  TestClock clock;
  Need(a->ledger->AppendOne(PaymentBytes(1), clock.Read()).status());

  // The writer sees the primary, and the primary does not see its standby, in one direction or both.
  std::uint64_t id = 2;
  for (const bool there : {true, false}) {
    for (const bool back : {true, false}) {
      if (!there && !back) continue;
      INFO("to the primary " << there << ", from it " << back);
      n2_to_n1.Cut(there, back);
      CHECK(absl::IsUnavailable(a->ledger->AppendOne(PaymentBytes(id), clock.Read()).status()));
      n2_to_n1.Mend();
      a->ledger.reset();
      Need(StartThrough(a.get(), through, kAnswerIn));
      // Whether it had come or not, it is recorded once.
      Need(a->ledger->AppendOne(PaymentBytes(id), clock.Read()).status());
      CHECK(a->ledger->size() == id + 1);
      ++id;
    }
  }

  // Only answers are lost, and for a while: the group is in doubt, is decided, and has its receipts.
  a->patience = milliseconds(20'000);
  a->ledger.reset();
  Need(StartThrough(a.get(), through, kAnswerIn));
  a_to_n1.Cut(false, true);
  std::thread mends([&] {
    std::this_thread::sleep_for(2 * kAnswerIn);
    a_to_n1.Mend();
  });
  const auto late = a->ledger->AppendOne(PaymentBytes(id), clock.Read());
  mends.join();
  Need(late.status());
  CHECK(a->ledger->size() == ++id);

  // It is cut off, and another takes its place: what it goes on with is refused.
  a_to_n1.Cut(true, true);
  Need(OpenLog(straight)->Evict());
  Need(StartSoon(b.get(), straight));
  CHECK(b->ledger->size() == id);
  Need(b->ledger->AppendOne(PaymentBytes(1'000), clock.Read()).status());
  a_to_n1.Mend();
  CHECK_FALSE(a->ledger->AppendOne(PaymentBytes(2'000), clock.Read()).ok());
  CHECK(Need(OpenLog(straight)->Peek()).size == id + 1);
  CHECK(WhatIsWrong(b->ledger->store(), b->ledger->vkey()) == "");
}

}  // namespace
}  // namespace fundtrail::testing
