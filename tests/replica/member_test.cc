// The roles of machines that serve one ledger: who stands by, who takes over and when, and who must not.
#include "ledger/replica/member.h"

#include <catch2/catch.hpp>

#include "tests/replica/group.h"

namespace fundtrail::testing {
namespace {

using replica::Role;
using std::chrono::milliseconds;

TEST_CASE("whoever comes first is active, the next one stands by, follows, and knows who records") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  CHECK(a.Round() == Role::kActive);
  CHECK(b.Round() == Role::kStandby);
  CHECK(b.member->ledger() == nullptr);
  CHECK(b.member->figures().active == "a");
  CHECK(b.member->figures().active_address == "a.example.org:7450");
  Need(a.Pay(1));
  Need(a.Pay(2));
  // What nobody signed yet may be forgotten: the head's note is that of the group before.
  CHECK(b.Round() == Role::kStandby);
  CHECK(b.size() == 2);
  CHECK(b.member->figures().lag_records == 1);
  CHECK(a.Round() == Role::kActive);  // it says what it has
  CHECK(b.Round() == Role::kStandby);
  CHECK(b.size() == 3);
  CHECK(b.followed == 2);
  CHECK(b.member->figures().lag_records == 0);
  CHECK(AllRows(*b.machine.disk) == AllRows(*a.machine.disk));
  CHECK_FALSE(b.member->figures().behind);
  CHECK(b.said.ok());
}

TEST_CASE("a standby takes over when the active one is silent, and not before") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  const std::uint64_t epoch = a.member->figures().epoch;
  Need(a.Pay(1));

  SECTION("it left: at once") {
    a.member->Leave();
    CHECK(b.Round() == Role::kActive);
  }
  SECTION("it died, and its session with it: when its row has not changed for three seconds") {
    a.member.reset();
    for (int i = 0; i < 5; ++i) {
      CHECK(b.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    group.Pass(milliseconds(500));
    CHECK(b.Round() == Role::kActive);
  }
  SECTION("it hangs, with its session open: that is ended after ten seconds") {
    for (int i = 0; i < 20; ++i) {
      CHECK(b.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(b.Round() == Role::kStandby);
    CHECK(b.Round() == Role::kActive);
    // It wakes up, and is told so at its next word: by its round, or by the log.
    SECTION("at its round") {
      CHECK(a.Round() == Role::kLeft);
      CHECK(std::string(a.member->why_left().message()).find("the log was taken by b") == 0);
      CHECK(a.Round() == Role::kLeft);
    }
    SECTION("at its next entry") { CHECK_FALSE(a.Pay(2).ok()); }
    // As a new process it stands by.
    a.Begin();
    CHECK(a.Round() == Role::kStandby);
  }
  CHECK(b.member->figures().epoch > epoch);
  CHECK(b.member->figures().active == "b");
  Need(b.Pay(3));
  CHECK(b.size() == 3);
  CHECK(b.member->ledger()->size() == 3);
  CHECK(group.database->records() == RecordsOf(*b.machine.disk));
}

TEST_CASE("nobody takes the log from one that cannot be heard because the database is away") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  group.database->BeDeaf(true);
  for (int i = 0; i < 60; ++i) {
    CHECK(a.Round() == Role::kActive);
    CHECK(b.Round() == Role::kStandby);
    group.Pass(milliseconds(500));
  }
  CHECK_FALSE(b.said.ok());
  group.database->BeDeaf(false);
  CHECK(b.Round() == Role::kStandby);  // first, though the other's row is old
  CHECK(b.said.ok());
  CHECK(a.Round() == Role::kActive);
  group.Pass(milliseconds(2'900));
  CHECK(a.Round() == Role::kActive);
  CHECK(b.Round() == Role::kStandby);
  Need(a.Pay(1));
}

TEST_CASE("of two that could take over one does, and whoever could not sign does not try") {
  Group group;
  Part a(&group, "a"), b(&group, "b"), c(&group, "c"), keyless(&group, "keyless");
  REQUIRE(a.Round() == Role::kActive);
  keyless.key = 9;
  for (Part* part : {&keyless, &b, &c}) CHECK(part->Round() == Role::kStandby);
  a.member->Leave();
  CHECK(keyless.Round() == Role::kStandby);
  CHECK(absl::IsFailedPrecondition(keyless.said));
  CHECK(b.Round() == Role::kActive);
  for (int i = 0; i < 30; ++i) {
    group.Pass(milliseconds(500));
    CHECK(b.Round() == Role::kActive);
    CHECK(c.Round() == Role::kStandby);
    CHECK(keyless.Round() == Role::kStandby);
  }
}

TEST_CASE("a log that went back is taken by nobody while somebody who has more can be heard") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  for (std::uint64_t id = 1; id <= 4; ++id) Need(a.Pay(id));
  REQUIRE(b.Round() == Role::kStandby);  // has the group before the last
  REQUIRE(b.size() == 4);
  a.member.reset();
  group.database->FailBackTo(3, Need(tree::RootAt(3, log::TreeNodes(*a.machine.disk))));
  a.Begin();
  for (int i = 0; i < 30; ++i) {
    CHECK(a.Round() == Role::kStandby);
    CHECK(b.Round() == Role::kStandby);
    group.Pass(milliseconds(500));
  }
  CHECK(a.member->figures().behind);
  CHECK(b.member->figures().behind);
  CHECK(std::string(a.said.message()).find("the log has 3 records, and this machine has 5") == 0);
  // One that has no more than the log would go on from it, were the others not there.
  Part empty(&group, "empty");
  CHECK(empty.Round() == Role::kStandby);
  CHECK(empty.member->figures().behind);
  CHECK(std::string(empty.said.message()).find("the log has 3 records, and the machine a has 5") == 0);
  // Nor does it when they are gone, for however long: nobody told it that they have no more.
  a.member->Leave();
  b.member->Leave();
  for (int i = 0; i < 200; ++i) {
    CHECK(empty.Round() == Role::kStandby);
    group.Pass(milliseconds(500));
  }
  CHECK(empty.member->figures().behind);
  CHECK(std::string(empty.said.message()).find("the database failed over, and a was not heard since") == 0);
  CHECK(group.database->head().size == 3);
  SECTION("a person who has them stop says which machine has most") {
    Need(a.machine.Start(group.database, true));
    a.machine.ledger.reset();
    a.known = folder::KnownLine{group.database->head().line, {}};
    a.Begin();
    CHECK(a.Round() == Role::kActive);
    CHECK(group.database->records().size() == 5);
    CHECK(empty.Round() == Role::kStandby);
    CHECK(empty.size() == 5);
  }
  SECTION("a setting says that this is not waited for, and what was forgotten is lost") {
    empty.alone = true;
    empty.Begin();
    CHECK(empty.Round() == Role::kActive);
    Need(empty.Pay(9));
    // Whoever has it sees two histories, and records nothing.
    a.Begin();
    CHECK(a.Round() == Role::kStandby);
    CHECK(a.member->figures().behind);
  }
}

TEST_CASE(
    "after a failover a standby takes over when whoever recorded was heard since, and else not by itself") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  REQUIRE(b.size() == 2);
  CHECK(b.known->machines == std::set<std::string>{"a", "b"});
  const auto passes = [&](int rounds) {
    for (int i = 0; i < rounds && b.member->ledger() == nullptr; ++i) {
      group.Pass(milliseconds(500));
      (void)b.Round();
    }
    return b.member->ledger() != nullptr;
  };
  group.database->FailOver();
  SECTION("it goes on, and dies later") {
    for (int i = 0; i < 3; ++i) {
      group.Pass(milliseconds(500));
      CHECK(a.Round() == Role::kActive);
      CHECK(b.Round() == Role::kStandby);
    }
    CHECK(a.known->line == group.database->head().line);
    CHECK(b.known == a.known);
    a.member.reset();
    CHECK(passes(8));
  }
  SECTION("it died with the database") {
    a.member.reset();
    CHECK_FALSE(passes(200));
    CHECK(b.member->figures().behind);
    CHECK(std::string(b.said.message()).find("the database failed over, and a was not heard since") == 0);
    SECTION("it comes back, and has no more than the log") {
      a.Begin();
      int rounds = 0;
      for (; rounds < 10 && a.Round() != Role::kActive; ++rounds) {
        CHECK(b.Round() == Role::kStandby);
        group.Pass(milliseconds(500));
      }
      CHECK(rounds < 10);
      CHECK(b.said.ok());
      Need(a.Pay(2));
    }
    SECTION("what is known outlives the process") {
      b.Begin();
      CHECK_FALSE(passes(20));
      b.known.reset();  // as a folder from a backup, in which nothing is known
      b.Begin();
      CHECK_FALSE(passes(20));
    }
    SECTION("a person decided beforehand that it goes on") {
      b.alone = true;
      b.Begin();
      CHECK(passes(8));
      CHECK(b.known->line == group.database->head().line);
    }
  }
}

TEST_CASE(
    "a command that took the log under the host's name holds up no server of its folder after a failover") {
  Group group;  // "attach" took it
  group.database->FailOver();
  Part a(&group, "a");
  CHECK(a.Round() == Role::kStandby);  // of another folder
  CHECK(std::string(a.said.message()).find("the database failed over, and attach was not heard since") == 0);
  a.known->taken_as = "attach";
  a.Begin();
  CHECK(a.Round() == Role::kActive);
}

TEST_CASE(
    "a folder that says nothing of the log is served when it has all and recorded last, and else when others "
    "are heard") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  REQUIRE(b.size() == 2);
  for (Part* part : {&a, &b}) {
    part->member->Leave();
    part->member.reset();
    part->known.reset();
  }
  SECTION("as after an upgrade of both: the one that recorded goes on, and the other waits for it") {
    b.Begin();
    for (int i = 0; i < 20; ++i) {
      CHECK(b.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(std::string(b.said.message())
              .find("this folder has no log-line, as one from a backup, and a was not heard") == 0);
    a.Begin();
    int rounds = 0;
    for (; rounds < 10 && a.Round() != Role::kActive; ++rounds) {
      CHECK(b.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(rounds < 10);
    CHECK(a.known->line == group.first_line);
    for (int i = 0; i < 3; ++i) {
      group.Pass(milliseconds(500));
      CHECK(a.Round() == Role::kActive);
      CHECK(b.Round() == Role::kStandby);
    }
    CHECK(b.known == a.known);
  }
  SECTION("as after an upgrade of one that serves alone: at once") {
    a.Begin();
    CHECK(a.Round() == Role::kActive);
    Need(a.Pay(2));
  }
  SECTION("after a failover too, if that forgot nothing that it has") {
    group.database->FailOver();
    a.Begin();
    CHECK(a.Round() == Role::kActive);
  }
  SECTION("a backup lacks records, and may lack more than the log has") {
    Part old(&group, "a");
    old.known.reset();
    old.Begin();
    for (int i = 0; i < 20; ++i) {
      CHECK(old.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(old.member->figures().behind);
    CHECK(std::string(old.said.message()).find("and lacks records of the log") != std::string::npos);
    // As `replicate give-back` leaves it.
    old.known = folder::KnownLine{group.first_line, {}};
    old.Begin();
    CHECK(old.Round() == Role::kActive);
    CHECK(old.size() == 2);
  }
}

TEST_CASE("a machine that serves a ledger alone goes on after a failover, and needs nobody") {
  Group group;
  Part a(&group, "a");
  REQUIRE(a.Round() == Role::kActive);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  a.member.reset();
  group.database->FailOver();
  a.Begin();
  CHECK(a.Round() == Role::kActive);
  Need(a.Pay(2));
}

TEST_CASE(
    "a standby of another history, or one that is shown what the ledger did not sign, takes nothing in") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  Need(a.Pay(1));
  Need(a.Pay(2));
  SECTION("a note by another key") {
    const tree::Checkpoint shown{kLedgerName, 3, group.database->head().root, {}};
    store::LogMember forged;
    forged.holder = "z";
    forged.note = Need(tree::SignCheckpoint(shown, Key(7)));
    Need(group.database->Beat(forged));
  }
  SECTION("a record that was changed") {
    auto records = group.database->records();
    group.database->Overwrite(1, records[2]);
    REQUIRE(a.Round() == Role::kActive);
  }
  CHECK(b.Round() == Role::kStandby);
  CHECK(absl::IsDataLoss(b.said));
  CHECK(b.member->figures().behind);
  CHECK(b.size() == 1);
}

TEST_CASE("the ledger's key is rotated when every machine that serves it holds the next one") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  CHECK(absl::IsUnavailable(a.member->MayRotateTo(Key(8).public_key())));
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  const auto may = [&] {
    (void)a.Round();
    return a.member->MayRotateTo(Key(8).public_key());
  };
  a.next_key = 8;
  const Status lacks = may();
  CHECK(absl::IsFailedPrecondition(lacks));
  CHECK(std::string(lacks.message()).find("the machine b serves the ledger too and does not hold the key") ==
        0);
  b.next_key = 8;
  (void)b.Round();
  CHECK(may().ok());
  // One that was not heard of for a minute counts no more.
  b.next_key = 0;
  (void)b.Round();
  CHECK_FALSE(may().ok());
  group.Pass(milliseconds(61'000));
  CHECK(may().ok());
  // Nobody knows who came while nothing could be heard.
  group.database->BeDeaf(true);
  CHECK(absl::IsUnavailable(may()));
}

TEST_CASE("a takeover that fails is tried again later, and the log is free meanwhile") {
  Group group;
  Part a(&group, "a");
  bool fails = true;
  replica::MemberSettings settings;
  settings.replicated = group.time.Settings("x", milliseconds(1'000));
  replica::MemberHooks hooks;
  hooks.open_log = [&] {
    return StatusOr<std::unique_ptr<store::GroupLog>>(store::OpenMemoryLog(group.database));
  };
  hooks.sign = SignWith(kLedgerKey);
  hooks.keys = [] { return StatusOr<std::vector<crypto::PublicKey>>(std::vector<crypto::PublicKey>()); };
  hooks.known_line = [&] {
    return StatusOr<std::optional<folder::KnownLine>>(folder::KnownLine{group.first_line, {}});
  };
  hooks.open_ledger = [&]() -> StatusOr<std::unique_ptr<log::Ledger>> {
    if (fails) return absl::UnavailableError("the disk is full");
    return log::Ledger::Open(std::make_unique<FaultyStore>(a.machine.disk), Key(kLedgerKey));
  };
  replica::Member member(a.machine.disk.get(), settings, hooks);
  CHECK(member.Round() == Role::kStandby);
  SECTION("by itself, when it has rested") {
    fails = false;
    group.Pass(milliseconds(29'000));
    CHECK(member.Round() == Role::kStandby);
    group.Pass(milliseconds(1'000));
    CHECK(member.Round() == Role::kActive);
  }
  SECTION("by another, though the first one goes on looking") {
    Part b(&group, "b");
    for (int i = 0; i < 6; ++i) {
      CHECK(b.Round() == Role::kStandby);
      CHECK(member.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(b.Round() == Role::kActive);
    fails = false;
    for (int i = 0; i < 80; ++i) {
      CHECK(member.Round() == Role::kStandby);
      CHECK(b.Round() == Role::kActive);
      group.Pass(milliseconds(500));
    }
    Need(b.Pay(1));
  }
}

TEST_CASE("one that records says so when the log went back, and leaves when its very epoch is another's") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  REQUIRE(b.size() == 2);
  SECTION("records were forgotten") {
    CHECK_FALSE(a.member->figures().behind);
    group.database->FailBackTo(1, Need(tree::RootAt(1, log::TreeNodes(*a.machine.disk))));
    CHECK(a.Round() == Role::kActive);
    CHECK(a.member->figures().behind);
    CHECK(std::string(a.said.message()).find("the log has 1 records, and this machine has 2") == 0);
    CHECK_FALSE(a.Pay(2).ok());
  }
  SECTION("that it took the log was forgotten") {
    group.database->FailBackTo(2, group.database->head().root);
    for (int i = 0; i < 3; ++i) {
      group.Pass(milliseconds(500));
      REQUIRE(a.Round() == Role::kActive);
      REQUIRE(b.Round() == Role::kStandby);
    }
    for (int i = 0; i < 20; ++i) {
      CHECK(b.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(b.Round() == Role::kStandby);
    CHECK(b.Round() == Role::kActive);
    CHECK(b.member->figures().epoch == a.member->figures().epoch);
    // The log is at the epoch and the size that it knows.
    CHECK(absl::IsUnavailable(a.Pay(9)));
    CHECK(group.database->head().size == 2);
    // Nor may it take the log again, as if nobody had taken it since.
    group.database->Evict();
    const auto again = store::OpenMemoryLog(group.database);
    CHECK(absl::IsFailedPrecondition(again->Take("a", store::Taking::kAgain).status()));
    CHECK(a.Round() == Role::kLeft);
    Need(b.Pay(2));
  }
}

TEST_CASE("a note that counts more than the log has does not keep a standby from following") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  store::LogMember gone;
  gone.holder = "z";
  gone.note = Need(tree::SignCheckpoint({kLedgerName, 9, group.database->head().root, {}}, Key(kLedgerKey)));
  Need(group.database->Beat(gone));
  CHECK(b.Round() == Role::kStandby);
  CHECK(b.size() == 2);
  CHECK(b.said.ok());
}

}  // namespace
}  // namespace fundtrail::testing
