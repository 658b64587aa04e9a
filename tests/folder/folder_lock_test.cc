// One writer at a time has a ledger's folder: whatever was tidied away, whichever name another comes by, and whatever
// becomes of the folder meanwhile.
#include "ledger/folder/folder_lock.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>
#include <thread>
#include <vector>

#include "ledger/folder/folder.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

StatusOr<std::unique_ptr<log::Ledger>> Make(const std::string& dir) {
  TestClock clock;
  return folder::CreateFolder(dir, kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom());
}

bool Has(const Status& status, const std::string& part) {
  return std::string(status.message()).find(part) != std::string::npos;
}

void CopyByLinks(const std::string& from, const std::string& to) {  // cp -al
  fs::copy(from, to, fs::copy_options::recursive | fs::copy_options::create_hard_links);
}

TEST_CASE("a second writer is kept out, whatever was tidied away and whichever name it comes by") {
  TempDir temp;
  const std::string dir = temp / "aid", other = temp / "other";
  struct Case {
    std::string what, comes_by;
    std::function<void()> meanwhile;
  };
  const auto tidy = [](const std::string& folder) { fs::remove(folder + "/store/LOCK"); };
  const std::vector<Case> cases = {
      {"nothing", dir, [] {}},
      {"the lock file removed", dir, [&] { tidy(dir); }},
      {"all that RocksDB makes anew removed", dir,
       [&] {
         tidy(dir);
         fs::remove(dir + "/store/IDENTITY");
       }},
      {"by another path", temp / "aid/../aid/./", [&] { tidy(dir); }},
      {"by a symbolic link", other,
       [&] {
         tidy(dir);
         fs::create_directory_symlink(dir, other);
       }},
      {"by a copy of hard links", other,
       [&] {
         CopyByLinks(dir, other);
         tidy(other);
       }},
      {"with another signing.key in the place", dir,
       [&] {
         tidy(dir);
         fs::copy_file(dir + "/signing.key", other);
         fs::rename(other, dir + "/signing.key");
       }},
      {"by the name that the folder was given since", other,
       [&] {
         tidy(dir);
         fs::rename(dir, other);
       }},
      {"with a copy of the store in the place", dir,
       [&] {
         fs::rename(dir + "/store", other);
         fs::copy(other, dir + "/store", fs::copy_options::recursive);
         tidy(dir);
       }},
  };
  const auto check = [&](const Case& c, bool made_now) {
    INFO(c.what << (made_now ? ", of a ledger made now" : ""));
    auto ledger = Need(Make(dir));
    if (!made_now) {
      ledger.reset();
      ledger = Need(folder::OpenFolder(dir));
    }
    c.meanwhile();
    const Status second = folder::OpenFolder(c.comes_by).status();
    CHECK(second.code() == absl::StatusCode::kUnavailable);
    CHECK(Has(second, "this process already has the ledger open for writing in " + c.comes_by));
    CHECK(folder::OpenFolderToRead(c.comes_by).ok());
    ledger.reset();
    CHECK(folder::OpenFolder(c.comes_by).ok());
    fs::remove_all(dir);
    fs::remove_all(other);
  };
  for (const Case& c : cases) {
    check(c, true);
    check(c, false);
  }
}

TEST_CASE("who has the folder is named by its process, and a process that was killed has it no more") {
  TempDir temp;
  const std::string dir = temp / "aid";
  Need(Make(dir).status());
  int ready[2];
  REQUIRE(pipe(ready) == 0);
  const pid_t first = fork();
  if (first == 0) {
    const auto ledger = folder::OpenFolder(dir);
    const char byte = ledger.ok() ? 'y' : 'n';
    if (write(ready[1], &byte, 1) != 1) _exit(1);
    while (true) pause();
  }
  char byte = 0;
  REQUIRE(read(ready[0], &byte, 1) == 1);
  CHECK(byte == 'y');
  fs::remove(dir + "/store/LOCK");
  const Status second = folder::OpenFolder(dir).status();
  CHECK(second.code() == absl::StatusCode::kUnavailable);
  std::ifstream comm("/proc/self/comm");
  std::string name;
  REQUIRE(std::getline(comm, name));
  CHECK(std::string(second.message()) ==
        "another process (" + std::to_string(first) + ", " + name + ") has this ledger open for writing in " +
            dir + "; stop it first, or send what you have to it (--server HOST:PORT)");
  kill(first, SIGKILL);
  waitpid(first, nullptr, 0);
  CHECK(folder::OpenFolder(dir).ok());
  close(ready[0]);
  close(ready[1]);
}

TEST_CASE("a key that has come into its place is locked as the one before") {
  TempDir temp;
  const std::string dir = temp / "aid", copy = temp / "copy";
  TestClock clock;
  auto ledger = Need(Make(dir));
  const auto rotate = [&](std::uint64_t id) {
    v1::Action action;
    *action.mutable_rotate_ledger_key() =
        Need(folder::PrepareKey(dir, false, crypto::SystemRandom())).rotation;
    return SignedBytes(Entry("root", id, {action}), {1});
  };
  const auto kept_out = [&] {
    CopyByLinks(dir, copy);
    fs::remove(copy + "/store/LOCK");
    const Status second = folder::OpenFolder(copy).status();
    fs::remove_all(copy);
    return second.code() == absl::StatusCode::kUnavailable && Has(second, "open for writing");
  };
  Need(ledger->AppendOne(rotate(1), clock.Read()).status());
  CHECK(kept_out());
  Need(ledger->AppendOne(rotate(2), clock.Read()).status());
  CHECK(kept_out());
  ledger.reset();
  CHECK_FALSE(kept_out());
}

TEST_CASE("a folder that was moved or replaced gets no record by its old name, and loses none") {
  TempDir temp;
  const std::string dir = temp / "aid", moved = temp / "moved";
  struct Case {
    std::string what, lies_in;  // where the ledger is then, put together again
    std::function<void()> meanwhile;
    std::function<void()> again;
  };
  const std::vector<Case> cases = {
      {"the folder moved", moved, [&] { fs::rename(dir, moved); }, [] {}},
      {"a copy in the folder's place", moved,
       [&] {
         fs::rename(dir, moved);
         fs::copy(moved, dir, fs::copy_options::recursive);
       },
       [] {}},
      {"the store moved", dir, [&] { fs::rename(dir + "/store", moved); },
       [&] { fs::rename(moved, dir + "/store"); }},
      {"a copy in the store's place", dir,
       [&] {
         fs::rename(dir + "/store", moved);
         fs::copy(moved, dir + "/store", fs::copy_options::recursive);
       },
       [&] {
         fs::remove_all(dir + "/store");
         fs::rename(moved, dir + "/store");
       }},
  };
  for (const Case& c : cases) {
    INFO(c.what);
    TestClock clock;
    auto ledger = Need(Make(dir));
    Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
    c.meanwhile();
    const Status refused = ledger->AppendOne(PaymentBytes(2), clock.Read()).status();
    CHECK(refused.code() == absl::StatusCode::kUnavailable);
    CHECK(Has(refused, "was moved or replaced while it was open for writing"));
    if (fs::exists(dir + "/store")) CHECK(RecordsOf(*Need(folder::OpenFolderToRead(dir))).size() == 2);
    CHECK(RecordsOf(ledger->store()).size() == 2);
    ledger.reset();
    c.again();
    ledger = Need(folder::OpenFolder(c.lies_in));
    CHECK(ledger->size() == 2);
    Need(ledger->AppendOne(PaymentBytes(2), clock.Read()).status());
    CHECK(WhatIsWrong(ledger->store(), ledger->vkey()) == "");
    ledger.reset();
    fs::remove_all(dir);
    fs::remove_all(moved);
  }
}

TEST_CASE("of many who make one ledger at once, one does, and what it made is whole") {
  TempDir temp;
  const std::string dir = temp / "aid";
  std::vector<StatusOr<std::unique_ptr<log::Ledger>>> made(8);
  std::vector<std::thread> makers;
  for (auto& one : made) makers.emplace_back([&one, &dir] { one = Make(dir); });
  for (auto& maker : makers) maker.join();
  int whole = 0;
  for (auto& one : made) {
    if (one.ok()) ++whole;
    if (!one.ok()) CHECK((absl::IsUnavailable(one.status()) || absl::IsAlreadyExists(one.status())));
    one = absl::UnknownError("closed");
  }
  CHECK(whole == 1);
  CHECK(Need(folder::OpenFolder(dir))->size() == 1);
}

}  // namespace
}  // namespace fundtrail::testing
