// Two folders of one ledger, each with the thread that plays its part in their log: the second follows, takes a rotation of the
// ledger's key with it, and takes over.
#include "ledger/replica/keeper.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <mutex>
#include <thread>

#include "ledger/replica/open.h"
#include "tests/replica/machine.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

bool Soon(const std::function<bool()>& done) {
  for (int i = 0; i < 2'000; ++i) {
    if (done()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return false;
}

struct Folders {
  TempDir temp;
  TestClock clock;
  std::shared_ptr<store::MemoryDatabase> database = NewDatabase();

  Folders() {
    database->TakeTurns();
    Need(folder::CreateFolder(temp / "one", kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom())
             .status());
    fs::copy(temp / "one", temp / "two", fs::copy_options::recursive);
    // The log gets its first record.
    replica::OpenSettings settings;
    settings.replicated = log::SleepingSettings("attach", std::chrono::milliseconds(1'000));
    settings.give_back = true;
    Need(replica::OpenReplicated(temp / "one", store::OpenMemoryLog(database), settings).status());
  }
};

struct Served {
  Served(const Folders& folders, const std::string& name) {
    replica::Keeper::Tell tell;
    tell.active = [this](log::Ledger* of) { ledger = of; };
    tell.left = [this](const Status&) { left = true; };
    tell.warn = [this](const std::string& words) {
      const std::lock_guard lock(mutex);
      warned += words + "\n";
    };
    keeper = Need(replica::Keeper::Open(
        folders.temp / name,
        [database = folders.database] {
          return StatusOr<std::unique_ptr<store::GroupLog>>(store::OpenMemoryLog(database));
        },
        {}, std::move(tell)));
    replica::MemberSettings settings;
    settings.replicated = log::SleepingSettings(name, std::chrono::milliseconds(1'000));
    settings.address = name + ":7450";
    settings.silent = std::chrono::milliseconds(500);
    keeper->Start(settings);
  }
  std::size_t size() const { return RecordsOf(keeper->rows()).size(); }

  std::mutex mutex;
  std::string warned;
  std::atomic<log::Ledger*> ledger{nullptr};
  std::atomic<bool> left{false};
  std::unique_ptr<replica::Keeper> keeper;
};

TEST_CASE(
    "a standby follows a rotation of the ledger's key, which waits for it, and records on under the new "
    "one") {
  Folders folders;
  const std::string one = folders.temp / "one", two = folders.temp / "two";
  auto first = std::make_unique<Served>(folders, "one");
  REQUIRE(Soon([&] { return first->ledger != nullptr; }));
  Served second(folders, "two");
  Need(first->ledger.load()->AppendOne(PaymentBytes(1), folders.clock.Read()).status());
  REQUIRE(Soon([&] { return second.size() == 2; }));
  CHECK(second.ledger == nullptr);
  CHECK(second.keeper->active() == nullptr);
  CHECK(second.keeper->figures().active_address == "one:7450");
  CHECK(absl::IsUnavailable(folder::OpenFolder(two).status()));  // it is in use

  v1::Action action;
  *action.mutable_rotate_ledger_key() = Need(folder::PrepareKey(one, false, crypto::SystemRandom())).rotation;
  const auto rotate = [&] {
    return first->ledger.load()
        ->AppendOne(SignedBytes(Entry("root", 2, {action}), {1}), folders.clock.Read())
        .status();
  };
  REQUIRE(Soon([&] {  // it has seen the other
    return absl::IsFailedPrecondition(first->keeper->MayRotateTo(Key(8).public_key()));
  }));
  const Status refused = rotate();
  CHECK(std::string(refused.message()).find("the machine two serves the ledger too") != std::string::npos);
  fs::copy(one + "/signing.key.next", two + "/signing.key.next");
  REQUIRE(Soon([&] { return rotate().ok(); }));
  REQUIRE(Soon([&] { return second.size() == 3; }));
  const std::string vkey = first->ledger.load()->vkey();
  CHECK(Soon([&] { return Need(folder::ReadVkey(two)) == vkey; }));
  CHECK_FALSE(fs::exists(two + "/signing.key.next"));
  Need(first->ledger.load()->AppendOne(PaymentBytes(3), folders.clock.Read()).status());

  first->keeper->Stop();
  first->keeper->Leave();
  CHECK(absl::IsUnavailable(first->ledger.load()->AppendOne(PaymentBytes(4), folders.clock.Read()).status()));
  REQUIRE(Soon([&] { return second.ledger != nullptr; }));
  CHECK(second.size() == 4);
  Need(second.ledger.load()->AppendOne(PaymentBytes(4), folders.clock.Read()).status());
  CHECK(WhatIsWrong(second.keeper->rows(), vkey) == "");
  CHECK(AllRows(first->keeper->rows()) != AllRows(second.keeper->rows()));
  first.reset();
  // It comes back, and has all again.
  Served again(folders, "one");
  REQUIRE(Soon([&] { return again.size() == 5; }));
  CHECK(again.ledger == nullptr);
  CHECK(Need(folder::ReadVkey(one)) == vkey);
  CHECK_FALSE(second.left);
}

}  // namespace
}  // namespace fundtrail::testing
