// Folders whose log is kept elsewhere too: nobody writes to one alone, and a second machine takes what it lacks, a rotation of the
// ledger's key among it.
#include "ledger/replica/open.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/folder/attached.h"
#include "ledger/folder/cosigned.h"
#include "ledger/folder/known_line.h"
#include "tests/replica/machine.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

// A ledger in the folder `one`, and a copy of the folder with its key, as of then, in `two`.
struct Folders {
  TempDir temp;
  TestClock clock;
  PassingTime time;
  std::shared_ptr<store::MemoryDatabase> database = NewDatabase();

  Folders() {
    Need(folder::CreateFolder(temp / "one", kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom())
             .status());
    fs::copy(temp / "one", temp / "two", fs::copy_options::recursive);
  }
  StatusOr<std::unique_ptr<log::Ledger>> Open(const std::string& name, bool give_back = false) {
    replica::OpenSettings settings;
    settings.replicated = time.Settings(name, std::chrono::milliseconds(5'000));
    settings.give_back = give_back;
    return replica::OpenReplicated(temp / name, store::OpenMemoryLog(database), settings);
  }
};

TEST_CASE("a folder that is attached is not written to alone, and is again when it is left") {
  Folders folders;
  const std::string dir = folders.temp / "one";
  CHECK_FALSE(Need(folder::ReadAttached(dir)).has_value());
  Need(folder::WriteAttached(dir, {"postgres://ledger@127.0.0.1/fundtrail", true}));
  CHECK(Need(folder::ReadAttached(dir)) == folder::Attached{"postgres://ledger@127.0.0.1/fundtrail", true});
  const Status alone = folder::OpenFolder(dir).status();
  CHECK(absl::IsFailedPrecondition(alone));
  CHECK(std::string(alone.message()).find("postgres://ledger@127.0.0.1/fundtrail") != std::string::npos);
  CHECK(folder::OpenFolderToRead(dir).ok());
  {
    const auto ledger = Need(folders.Open("one", true));
    Need(ledger->AppendOne(PaymentBytes(1), folders.clock.Read()).status());
    // A backup that is restored goes on from the log, and not alone.
    const std::string backup = Need(folder::BackUpFolder(*ledger, folders.temp / "backups", std::nullopt,
                                                         Need(folder::ReadAttached(dir))));
    fs::copy(dir + "/signing.key", backup + "/signing.key");
    CHECK(absl::IsFailedPrecondition(folder::OpenFolder(backup).status()));
  }
  Need(folder::RemoveAttached(dir));
  Need(folder::RemoveAttached(dir));  // nothing is there
  CHECK(Need(folder::OpenFolder(dir))->size() == 2);
  CHECK(absl::IsInvalidArgument(folder::WriteAttached(dir, {"two\nlines", false})));
  CHECK(absl::IsInvalidArgument(folder::WriteAttached(dir, {"", false})));
  std::ofstream(dir + "/log-url") << "no end of the line";
  CHECK(absl::IsDataLoss(folder::OpenFolder(dir).status()));
  std::ofstream(dir + "/log-url") << "postgres://ledger@127.0.0.1/fundtrail\nanother line\n";
  CHECK(absl::IsDataLoss(folder::ReadAttached(dir).status()));
}

TEST_CASE("a machine that lacks a rotation takes it from the log, when it has the new key") {
  Folders folders;
  const std::string one = folders.temp / "one", two = folders.temp / "two";
  std::string vkey;
  {
    auto ledger = Need(folders.Open("one", true));
    Need(ledger->AppendOne(PaymentBytes(1), folders.clock.Read()).status());
    v1::Action action;
    *action.mutable_rotate_ledger_key() =
        Need(folder::PrepareKey(one, false, crypto::SystemRandom())).rotation;
    fs::copy(one + "/signing.key.next", folders.temp / "next");
    Need(ledger->AppendOne(SignedBytes(Entry("root", 2, {action}), {1}), folders.clock.Read()).status());
    Need(ledger->AppendOne(PaymentBytes(3), folders.clock.Read()).status());
    vkey = ledger->vkey();
  }
  // It says nothing of the log, and lacks records of it: whether there were more is for others to say.
  const std::uint64_t epoch = folders.database->head().epoch;
  const Status unknown = folders.Open("two").status();
  CHECK(absl::IsFailedPrecondition(unknown));
  CHECK(std::string(unknown.message()).find("this folder has no log-line, as one from a backup, and lacks") ==
        0);
  CHECK(folders.database->head().epoch == epoch);
  Need(folder::WriteKnownLine(two, {folders.database->head().line, {}}));
  const Status without = folders.Open("two").status();
  CHECK(absl::IsFailedPrecondition(without));
  CHECK(std::string(without.message()).find("bring signing.key from the machine that signed last") !=
        std::string::npos);
  fs::copy(folders.temp / "next", two + "/signing.key.next");
  {
    const auto ledger = Need(folders.Open("two"));
    CHECK(ledger->size() == 4);
    CHECK(ledger->vkey() == vkey);
    CHECK(Need(folder::ReadVkey(two)) == vkey);
    CHECK_FALSE(fs::exists(two + "/signing.key.next"));
    Need(ledger->AppendOne(PaymentBytes(4), folders.clock.Read()).status());
    CHECK(WhatIsWrong(ledger->store(), vkey) == "");
  }
  CHECK(Need(folders.Open("one"))->size() == 5);
}

TEST_CASE(
    "a log that has less than witnesses cosigned is not served, though this machine has no more either") {
  Folders folders;
  Need(folders.Open("one", true).status());
  const tree::Checkpoint ahead{kLedgerName, 9, tree::EmptyRoot(), {}};
  Need(folder::WriteCosigned(folders.temp / "one", Need(tree::SignCheckpoint(ahead, Key(kLedgerKey)))));
  const Status opened = folders.Open("one").status();
  CHECK(absl::IsDataLoss(opened));
  CHECK(std::string(opened.message()).find("it has 9 records, and the ledger 1") != std::string::npos);
}

TEST_CASE(
    "after a failover a folder that several machines serve is not opened by itself, until a person vouches") {
  Folders folders;
  const std::string one = folders.temp / "one";
  Need(folders.Open("one", true).status());
  auto known = Need(folder::ReadKnownLine(one));
  REQUIRE(known.has_value());
  CHECK(known->line == folders.database->head().line);
  known->machines = {"a", "b"};
  Need(folder::WriteKnownLine(one, *known));
  Need(folders.Open("one").status());
  folders.database->FailOver();
  const std::uint64_t epoch = folders.database->head().epoch;
  const Status refused = folders.Open("one").status();
  CHECK(absl::IsFailedPrecondition(refused));
  CHECK(std::string(refused.message()).find("the database failed over since this folder was written to") ==
        0);
  CHECK(folders.database->head().epoch == epoch);  // it was taken from nobody
  Need(folders.Open("one", true).status());
  CHECK(Need(folder::ReadKnownLine(one))->machines.empty());
  Need(folders.Open("one").status());
  // One machine alone knows all that it was promised.
  folders.database->FailOver();
  Need(folders.Open("one").status());
}

TEST_CASE("what is known of the log may be gone or damaged, and the folder is opened again all the same") {
  Folders folders;
  const std::string one = folders.temp / "one";
  Need(folders.Open("one", true).status());
  // As a folder of an older version: it has all that the log has.
  Need(folder::RemoveKnownLine(one));
  Need(folders.Open("one").status());
  const auto line = Need(folder::ReadKnownLine(one));
  CHECK(line == folder::KnownLine{folders.database->head().line, {}, "one"});
  std::ofstream(one + "/log-line") << "half a na";
  const Status damaged = folders.Open("one").status();
  CHECK(absl::IsDataLoss(damaged));
  CHECK(std::string(damaged.message()).find("remove that file, and start the server") != std::string::npos);
  SECTION("a person's word needs it not") {
    Need(folders.Open("one", true).status());
    CHECK(Need(folder::ReadKnownLine(one)) == line);
  }
  SECTION("nor does a folder that has all") {
    Need(folder::RemoveKnownLine(one));
    Need(folders.Open("one").status());
  }
}

TEST_CASE("a process has a name that no other has") {
  CHECK(replica::HolderOfThisProcess("db") != replica::HolderOfThisProcess(""));
  CHECK(replica::HolderOfThisProcess("db").rfind("db:", 0) == 0);
}

}  // namespace
}  // namespace fundtrail::testing
