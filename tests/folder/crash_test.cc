// A process that is killed while it appends: what it acknowledged is there, and what is there is whole.
//
// The appending process is this program, run anew with the hidden test case "appends until it is killed". A
// fork alone would not have RocksDB's threads.
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstring>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/folder/folder.h"
#include "tests/support/evaluations.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/projects.h"
#include "tests/support/temp_dir.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace fundtrail::testing {
namespace {

constexpr char kDirVariable[] = "FUNDTRAIL_CRASH_DIR";
constexpr std::size_t kMessage = 8 + Hash::kSize;  // record, leaf hash

// Tells the parent what stands. A refusal ends the child, which the parent takes for a failure.
void Acknowledge(const std::vector<StatusOr<log::Receipt>>& receipts) {
  Bytes acknowledged;
  for (const auto& receipt : receipts) {
    AppendBigEndian64(&acknowledged, Need(receipt).record.value());
    acknowledged.append(receipt->leaf_hash.view());
  }
  // Writes to a pipe of less than 4,096 bytes arrive whole.
  REQUIRE(::write(STDOUT_FILENO, acknowledged.data(), acknowledged.size()) ==
          static_cast<ssize_t>(acknowledged.size()));
}

TEST_CASE("appends until it is killed", "[.crash-child]") {
  const char* dir = std::getenv(kDirVariable);
  REQUIRE(dir != nullptr);
  auto ledger = Need(folder::OpenFolder(dir));
  std::uint64_t id = ledger->size();
  for (std::size_t group = 1;; group = group % 7 + 1) {
    std::vector<Bytes> entries;
    for (std::size_t i = 0; i < group; ++i) {
      entries.push_back(SignedBytes(
          Entry("root", id++, {Pay("donor", "ministry", 10), Pay("ministry", "village", 3)}), {1}));
    }
    Acknowledge(ledger->Append(entries, log::SystemClock()));
  }
}

// Each line that it tells is a record that stands, which the key of that place in the history signed.
TEST_CASE("rotates the ledger's key until it is killed", "[.crash-child]") {
  const char* dir = std::getenv(kDirVariable);
  REQUIRE(dir != nullptr);
  auto ledger = Need(folder::OpenFolder(dir));
  for (std::uint64_t id = ledger->size();; ++id) {
    v1::Action action;
    *action.mutable_rotate_ledger_key() =
        Need(folder::PrepareKey(dir, false, crypto::SystemRandom())).rotation;
    Acknowledge(ledger->Append({PaymentBytes(2 * id), SignedBytes(Entry("root", 2 * id + 1, {action}), {1})},
                               log::SystemClock()));
  }
}

// The places, the members and the method that groups need, before any of them acts.
void PrepareGroups(log::Ledger* ledger, const log::Clock& clock) {
  std::vector<v1::Action> ground = {Place("cn"),
                                    Place("df", "cn", 3),
                                    Party("county", "root"),
                                    Party("charity", "root"),
                                    Seated(Party("auditor", "root"), "cn"),
                                    Method("points", "county", {{"A", 5'000}, {"B", 5'000}})};
  for (v1::Action& action : JudgingMembers()) ground.push_back(std::move(action));
  // No entry of the children has this id: theirs are numbers of records.
  Need(ledger->AppendOne(SignedBytes(Entry("root", 1'000'000, ground), {1}), clock).status());
}

// Of each six records: a group is formed, its members take their seats, and a project gets money. The group's quorum suspends it
// and lets it go on. They are written by threes, so that some groups are left without an act.
TEST_CASE("seats groups that judge until it is killed", "[.crash-child]") {
  const char* dir = std::getenv(kDirVariable);
  REQUIRE(dir != nullptr);
  auto ledger = Need(folder::OpenFolder(dir));
  while (true) {
    const std::uint64_t first = ledger->size();
    const std::string id = absl::StrCat("g", first), project = absl::StrCat("p", first);
    const std::string stop = absl::StrCat("stop", first), go_on = absl::StrCat("go-on", first);
    const auto by_root = [&](std::uint64_t number, const std::vector<v1::Action>& actions) {
      return SignedBytes(Entry("root", first + number, actions), {1});
    };
    const auto by_group = [&](std::uint64_t number, const v1::Action& action) {
      return SignedBytes(Entry(id, first + number, {action}), {kSpeaker, kMember1, kMember2});
    };
    const std::vector<Bytes> formed = {
        by_root(0, {Party(id, "root"), Authorise(kSpeaker, id, {v1::PERMISSION_EVALUATE}),
                    JudgingGroup(id, "cn", v1::FormGroup::KIND_ASSESSMENT), JudgingSeat(id + "-1", id, "m1"),
                    JudgingSeat(id + "-2", id, "m2")}),
        by_root(1, {JudgingSeatTaken(id + "-1", first, "m1"), JudgingSeatTaken(id + "-2", first, "m2"),
                    Where(Project(project, "county", "charity"), {{"df", 0}}, {})}),
        by_root(2, {Decide(project, first + 1)})};
    const std::vector<Bytes> acts = {
        by_root(3, {Into(project, Pay("donor", "ministry", 10))}),
        by_group(4, Evaluation(stop, id, project, v1::Evaluate::VERDICT_SUSPEND)),
        by_group(5, Evaluation(go_on, id, project, v1::Evaluate::VERDICT_CONTINUE, {stop}))};
    for (const auto* entries : {&formed, &acts}) Acknowledge(ledger->Append(*entries, log::SystemClock()));
  }
}

// Runs the child on `dir` and kills it after `microseconds` from its first acknowledgement. What it wrote.
Bytes RunAndKill(const std::string& dir, const std::string& child_case, int microseconds) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  std::string program = "/proc/self/exe";
  std::string only = child_case;
  char* arguments[] = {program.data(), only.data(), nullptr};
  REQUIRE(::setenv(kDirVariable, dir.c_str(), 1) == 0);
  pid_t child = 0;
  REQUIRE(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);

  Bytes heard;
  char buffer[4096];
  const auto hear = [&] {
    const ssize_t count = ::read(ends[0], buffer, sizeof buffer);
    if (count > 0) heard.append(buffer, static_cast<std::size_t>(count));
    return count > 0;
  };
  const bool started = hear();
  std::this_thread::sleep_for(std::chrono::microseconds(microseconds));
  ::kill(child, SIGKILL);
  while (hear()) {
  }
  ::close(ends[0]);
  int how = 0;
  REQUIRE(::waitpid(child, &how, 0) == child);
  REQUIRE(started);
  REQUIRE((WIFSIGNALED(how) && WTERMSIG(how) == SIGKILL));  // it did not end by itself
  return heard;
}

TEST_CASE("after kill -9 every acknowledged record is there, and the log is whole") {
  const std::string child =
      GENERATE("appends until it is killed", "rotates the ledger's key until it is killed",
               "seats groups that judge until it is killed");
  TempDir temp;
  const std::string dir = temp / "ledger";
  TestClock clock;
  std::uint64_t size = 0;
  {
    const auto ledger =
        Need(folder::CreateFolder(dir, kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom()));
    PrepareGroups(ledger.get(), clock.Read());
    size = ledger->size();
  }
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  for (int round = 0; round < 10; ++round) {
    INFO("round " << round);
    const Bytes heard = RunAndKill(dir, child, static_cast<int>(random() % 40'000));
    auto ledger = Need(folder::OpenFolder(dir));
    INFO("heard last: " << heard.substr(heard.size() -
                                        heard.size() % kMessage));  // of a child that failed, its report
    REQUIRE(heard.size() % kMessage == 0);
    for (std::size_t at = 0; at < heard.size(); at += kMessage) {
      const RecordIndex record(ReadBigEndian64(ByteView(heard).substr(at)));
      REQUIRE(record.value() == size + at / kMessage);
      const auto bytes = Need(ledger->store().Get(model::keys::Record(record)));
      REQUIRE(bytes.has_value());
      REQUIRE(tree::LeafHash(*bytes).view() == ByteView(heard).substr(at + 8, Hash::kSize));
    }
    CHECK(ledger->size() >= size + heard.size() / kMessage);
    CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
    CHECK(Need(folder::ReadVkey(dir)) == ledger->vkey());
    size = ledger->size();
  }
}

}  // namespace
}  // namespace fundtrail::testing
