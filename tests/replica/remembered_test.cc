// What a machine must remember of the log so that nothing is forgotten unseen: its line, who served the ledger, how long it was.
#include <catch2/catch.hpp>

#include "tests/replica/group.h"

namespace fundtrail::testing {
namespace {

using replica::Role;
using std::chrono::milliseconds;

const Status kFull = absl::UnavailableError("cannot write log-line.part: No space left on device");

TEST_CASE("a machine whose disk is full when it must remember another leaves, and never takes the log so") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  Need(a.Pay(1));
  const auto remembered = a.known;
  a.cannot_keep = kFull;
  CHECK(a.Round() == Role::kActive);  // nothing new is to be remembered
  REQUIRE(b.Round() == Role::kStandby);
  CHECK(a.Round() == Role::kLeft);
  CHECK(std::string(a.member->why_left().message()) ==
        "what is known of the log cannot be kept, so nothing more is recorded: " +
            std::string(kFull.message()));
  CHECK(a.known == remembered);  // as it was
  a.member->Leave();

  // As the unit starts it again: it stands by, however long nobody has the log, and says why.
  b.member.reset();
  a.Begin();
  for (int i = 0; i < 20; ++i) {
    CHECK(a.Round() == Role::kStandby);
    group.Pass(milliseconds(500));
  }
  CHECK(a.said == kFull);
  SECTION("there is room again") {
    a.cannot_keep = absl::OkStatus();
    CHECK(a.Round() == Role::kActive);
    CHECK(a.known->machines.count("b") == 1);
    Need(a.Pay(2));
  }
  SECTION("it is decided that it goes on alone, and it may not forget that either") {
    group.database->FailOver();
    a.alone = true;
    a.Begin();
    for (int i = 0; i < 20; ++i) {
      CHECK(a.Round() == Role::kStandby);
      group.Pass(milliseconds(500));
    }
    CHECK(a.said == kFull);
    CHECK(a.known == remembered);
    a.cannot_keep = absl::OkStatus();
    group.Pass(milliseconds(30'000));
    CHECK(a.Round() == Role::kActive);
    CHECK(a.known->line == group.database->head().line);
  }
}

TEST_CASE("a machine that was to go on alone and could not open its ledger waits again without the setting") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  const auto remembered = b.known;
  REQUIRE(remembered->machines.count("a") == 1);
  a.member.reset();
  group.database->FailOver();
  b.alone = true;
  b.cannot_open = absl::UnavailableError("the disk does not answer");
  b.Begin();
  const auto waits = [&] {
    for (int i = 0; i < 100; ++i, group.Pass(milliseconds(500)))
      if (b.Round() != Role::kStandby) return false;
    return true;
  };
  CHECK(waits());
  CHECK(b.said == b.cannot_open);
  CHECK(group.database->head().holder == "b");
  CHECK(b.known == remembered);
  b.cannot_open = absl::OkStatus();
  SECTION("the setting is switched off") {
    b.alone = false;
    b.Begin();
    CHECK(waits());
    CHECK(std::string(b.said.message()).find("the database failed over, and a was not heard since") == 0);
  }
  SECTION("it opens after all, and remembers the line then") {
    group.Pass(milliseconds(30'000));
    CHECK(b.Round() == Role::kActive);
    CHECK(b.known->line == group.database->head().line);
    Need(b.Pay(1));
  }
}

TEST_CASE("a database that is set back on its line is told by whoever saw more, and by nobody else") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  Need(a.Pay(1));
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  REQUIRE(b.size() == 2);
  const Hash image = group.database->head().root;  // of the disk, as of two records
  const auto pay_more = [&] {
    for (const std::uint64_t id : {2, 3}) Need(a.Pay(id));
    REQUIRE(a.Round() == Role::kActive);
  };
  const auto waits = [&](Part* part) {
    for (int i = 0; i < 50; ++i) {
      if (part->Round() != Role::kStandby) return false;
      group.Pass(milliseconds(500));
    }
    return true;
  };
  SECTION("it has the records") {
    pay_more();
    REQUIRE(b.Round() == Role::kStandby);
    REQUIRE(b.size() == 4);
    a.member.reset();
    group.database->SetBackTo(2, image);
    REQUIRE(group.database->head().line == group.first_line);
    CHECK(waits(&b));
    CHECK(std::string(b.said.message()).find("the log has 2 records, and this machine has 4") == 0);
    b.Begin();  // and it remembers
    CHECK(waits(&b));
    CHECK(b.member->figures().behind);
  }
  SECTION("it saw them and could not follow") {
    b.key = 8;
    pay_more();
    REQUIRE(b.Round() == Role::kStandby);
    REQUIRE(b.size() == 2);
    b.key = kLedgerKey;
    a.member.reset();
    group.database->SetBackTo(2, image);
    CHECK(waits(&b));
    CHECK(std::string(b.said.message()).find("the log has 2 records, and had 4 before, on the same line") ==
          0);
    CHECK(b.member->figures().behind);
  }
  SECTION("it was down all that time, and the other is gone: nothing that it has tells it so") {
    b.member->Leave();
    b.member.reset();
    pay_more();
    a.member.reset();
    group.database->SetBackTo(2, image);
    Need(group.database->Leave("a"));  // of what it said later the image knows nothing
    b.Begin();
    bool took = false;
    for (int i = 0; i < 50 && !took; ++i, group.Pass(milliseconds(500))) took = b.Round() == Role::kActive;
    CHECK(took);
    CHECK(b.size() == 2);
    // The one that recorded comes back, and tells: it has more than the log.
    a.Begin();
    CHECK(waits(&a));
    CHECK(a.member->figures().behind);
  }
}

TEST_CASE(
    "of names that a hostile hand writes so many are remembered, and the machines that were there stay") {
  Group group;
  Part a(&group, "a"), b(&group, "b");
  REQUIRE(a.Round() == Role::kActive);
  REQUIRE(b.Round() == Role::kStandby);
  REQUIRE(a.Round() == Role::kActive);
  for (int i = 0; i < 17'000; ++i) {
    store::LogMember hostile;
    hostile.holder = "m" + std::to_string(i) + ":1";
    Need(group.database->Beat(hostile));
  }
  CHECK(a.Round() == Role::kActive);
  CHECK(a.known->machines.size() == 16'384);
  CHECK(a.known->machines.count("b") == 1);
}

}  // namespace
}  // namespace fundtrail::testing
