// A ledger's folder: making it, opening it, reading beside its writer.
#include "ledger/folder/folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

StatusOr<std::unique_ptr<log::Ledger>> Make(const std::string& dir, const Bytes& genesis = GenesisBytes()) {
  TestClock clock;
  return folder::CreateFolder(dir, kLedgerName, genesis, clock.Read(), crypto::SystemRandom());
}

TEST_CASE("a folder holds the rows, the ledger's own key for nobody else to read, and the key to publish") {
  TempDir temp;
  const std::string dir = temp / "aid";
  const std::string vkey = Need(Make(dir))->vkey();
  CHECK(Need(folder::ReadVkey(dir)) == vkey);
  struct stat key {};
  REQUIRE(::stat((dir + "/signing.key").c_str(), &key) == 0);
  CHECK((key.st_mode & 0777) == 0600);
  auto ledger = Need(folder::OpenFolder(dir));
  CHECK(ledger->vkey() == vkey);
  CHECK(WhatIsWrong(ledger->store(), vkey) == "");
}

TEST_CASE("a folder that holds something is never made a ledger, and keeps what it holds") {
  TempDir temp;
  fs::create_directory(temp / "full");
  std::ofstream(temp / "full/letter.txt") << "dear ledger";
  CHECK(Make(temp / "full").status().code() == absl::StatusCode::kAlreadyExists);
  CHECK(fs::file_size(temp / "full/letter.txt") == 11);
  CHECK(std::distance(fs::directory_iterator(temp / "full"), fs::directory_iterator()) == 1);
  CHECK(Make(temp / "full/letter.txt").status().code() == absl::StatusCode::kAlreadyExists);
  Need(Make(temp / "aid").status());
  CHECK(Make(temp / "aid").status().code() == absl::StatusCode::kAlreadyExists);
}

TEST_CASE("a ledger that cannot begin leaves no folder behind, and an empty one empty") {
  TempDir temp;
  CHECK(Verdict(Make(temp / "aid", PaymentBytes(1)).status()) == "GENESIS_MISPLACED at actions[0]");
  CHECK_FALSE(fs::exists(temp / "aid"));
  fs::create_directory(temp / "empty");
  CHECK(Verdict(Make(temp / "empty", "rubbish").status()) == "MALFORMED at ");
  CHECK(fs::is_empty(temp / "empty"));
  CHECK(Make(temp / "empty").ok());
}

TEST_CASE("a backup is whole or not there, stands for what the ledger was, and is not made twice") {
  TempDir temp;
  const std::string backups = temp / "backups";
  const auto ledger = Need(Make(temp / "aid"));
  TestClock clock;
  const std::string first = Need(folder::BackUpFolder(*ledger, backups));
  CHECK(first == backups + "/1");
  CHECK(folder::BackUpFolder(*ledger, backups).status().code() == absl::StatusCode::kAlreadyExists);
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()));
  fs::create_directory(backups + "/.part-1-0");  // what a crash left
  std::ofstream(backups + "/.part-1-0/store") << "half";
  const std::string second = Need(folder::BackUpFolder(*ledger, backups));
  CHECK(second == backups + "/2");
  CHECK(std::distance(fs::directory_iterator(backups), fs::directory_iterator()) == 2);
  CHECK(WhatIsWrong(*Need(folder::OpenFolderToRead(first)), ledger->vkey()) == "");
  CHECK(WhatIsWrong(*Need(folder::OpenFolderToRead(second)), ledger->vkey()) == "");
  CHECK(Need(folder::ReadVkey(second)) == ledger->vkey());
  CHECK_FALSE(folder::OpenFolder(second).ok());  // it has no signing key
  std::ofstream(temp / "file") << "x";
  CHECK(folder::BackUpFolder(*ledger, temp / "file").status().code() == absl::StatusCode::kUnavailable);
}

TEST_CASE("what is no ledger is not found") {
  TempDir temp;
  fs::create_directory(temp / "empty");
  for (const std::string& dir : {temp / "nowhere", temp / "empty"}) {
    CHECK(folder::OpenFolder(dir).status().code() == absl::StatusCode::kNotFound);
    CHECK(folder::OpenFolderToRead(dir).status().code() == absl::StatusCode::kNotFound);
    CHECK(folder::ReadVkey(dir).status().code() == absl::StatusCode::kNotFound);
  }
}

TEST_CASE("one writes, and others read what was there when they opened it") {
  TempDir temp;
  const std::string dir = temp / "aid";
  TestClock clock;
  auto ledger = Need(Make(dir));
  CHECK(folder::OpenFolder(dir).status().code() == absl::StatusCode::kUnavailable);
  Need(ledger->AppendOne(PaymentBytes(1), clock.Read()).status());
  const auto reader = Need(folder::OpenFolderToRead(dir));
  Need(ledger->AppendOne(PaymentBytes(2), clock.Read()).status());
  CHECK(RecordsOf(*reader).size() == 2);
  CHECK(WhatIsWrong(*reader, ledger->vkey()) == "");
  CHECK(RecordsOf(*Need(folder::OpenFolderToRead(dir))).size() == 3);
  CHECK_FALSE(reader->Write({{"k", "v"}}).ok());
}

}  // namespace
}  // namespace fundtrail::testing
