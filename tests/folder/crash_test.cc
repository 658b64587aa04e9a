// A process that is killed while it appends: what it acknowledged is there, and what is there is whole.
//
// The appending process is this program, run anew with the hidden test case "appends until it is killed": a
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
#include <thread>

#include "ledger/folder/folder.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

extern char** environ;  // NOLINT: POSIX declares it nowhere

namespace fundtrail::testing {
namespace {

constexpr char kDirVariable[] = "FUNDTRAIL_CRASH_DIR";
constexpr std::size_t kMessage = 8 + Hash::kSize;  // record, leaf hash

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
    Bytes acknowledged;
    for (const auto& receipt : ledger->Append(entries, log::SystemClock())) {
      AppendBigEndian64(&acknowledged, Need(receipt).record.value());
      acknowledged.append(receipt->leaf_hash.view());
    }
    // Writes to a pipe of less than 4,096 bytes arrive whole.
    REQUIRE(::write(STDOUT_FILENO, acknowledged.data(), acknowledged.size()) ==
            static_cast<ssize_t>(acknowledged.size()));
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
    const auto receipts = ledger->Append(
        {PaymentBytes(2 * id), SignedBytes(Entry("root", 2 * id + 1, {action}), {1})}, log::SystemClock());
    Bytes acknowledged;
    for (const auto& receipt : receipts) {
      AppendBigEndian64(&acknowledged, Need(receipt).record.value());
      acknowledged.append(receipt->leaf_hash.view());
    }
    REQUIRE(::write(STDOUT_FILENO, acknowledged.data(), acknowledged.size()) ==
            static_cast<ssize_t>(acknowledged.size()));
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
      GENERATE("appends until it is killed", "rotates the ledger's key until it is killed");
  TempDir temp;
  const std::string dir = temp / "ledger";
  TestClock clock;
  Need(folder::CreateFolder(dir, kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom()).status());
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::uint64_t size = 1;
  for (int round = 0; round < 10; ++round) {
    INFO("round " << round);
    const Bytes heard = RunAndKill(dir, child, static_cast<int>(random() % 40'000));
    auto ledger = Need(folder::OpenFolder(dir));
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
