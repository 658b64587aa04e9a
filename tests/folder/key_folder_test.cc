// The ledger's key in its folder: prepared, put in its place, and found after a crash at any step between.
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "ledger/crypto/key_file.h"
#include "ledger/folder/folder.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

std::string FileText(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

class Aid {
 public:
  Aid() {
    Need(folder::CreateFolder(dir(), kLedgerName, GenesisBytes(), clock.Read(), crypto::SystemRandom()));
  }

  std::string dir() const { return temp_ / "aid"; }
  std::string in(const std::string& name) const { return temp_ / name; }
  std::string key() const { return dir() + "/signing.key"; }
  std::string next() const { return dir() + "/signing.key.next"; }
  folder::Prepared Prepare(bool lost = false) const {
    return Need(folder::PrepareKey(dir(), lost, crypto::SystemRandom()));
  }
  static Bytes Rotation(std::uint64_t id, const folder::Prepared& prepared) {
    v1::Action action;
    *action.mutable_rotate_ledger_key() = prepared.rotation;
    return SignedBytes(Entry("root", id, {action}), {1});
  }
  void Rotate(std::uint64_t id, const folder::Prepared& prepared) {
    const auto ledger = Need(folder::OpenFolder(dir()));
    Need(ledger->AppendOne(Rotation(id, prepared), clock.Read()).status());
  }

  TestClock clock;

 private:
  TempDir temp_;
};

TEST_CASE("a prepared key is for nobody else to read, replaces nothing, and is made once") {
  const Aid aid;
  const std::string before = FileText(aid.key()), vkey = Need(folder::ReadVkey(aid.dir()));
  CHECK(folder::FindPrepared(aid.dir()).status().code() == absl::StatusCode::kNotFound);
  const auto ledger = Need(folder::OpenFolder(aid.dir()));  // beside its writer
  const folder::Prepared prepared = aid.Prepare();
  CHECK(prepared.made);
  struct stat info {};
  REQUIRE(::stat(aid.next().c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
  CHECK(prepared.ledger == kLedgerName);
  CHECK(prepared.root_party == "root");
  CHECK(prepared.rotation.old_key() == ledger->public_key().view());
  CHECK(prepared.vkey != vkey);
  CHECK(FileText(aid.key()) == before);
  CHECK(Need(folder::ReadVkey(aid.dir())) == vkey);

  const folder::Prepared again = aid.Prepare();
  CHECK_FALSE(again.made);
  CHECK(again.vkey == prepared.vkey);
  CHECK(again.rotation.SerializeAsString() == prepared.rotation.SerializeAsString());
  CHECK(folder::PrepareKey(aid.dir(), true, crypto::SystemRandom()).status().code() ==
        absl::StatusCode::kInvalidArgument);  // it is not lost
}

TEST_CASE("a rotation puts the new key and the new vkey in the place of the old, and the ledger goes on") {
  Aid aid;
  const folder::Prepared prepared = aid.Prepare();
  aid.Rotate(1, prepared);
  CHECK(Need(crypto::ReadKeyFile(aid.key(), std::nullopt)).public_key().view() ==
        prepared.rotation.new_key());
  CHECK_FALSE(fs::exists(aid.next()));
  CHECK(Need(folder::ReadVkey(aid.dir())) == prepared.vkey);
  const folder::Prepared second = aid.Prepare();
  CHECK(second.made);
  CHECK(second.rotation.old_key() == prepared.rotation.new_key());
  aid.Rotate(2, second);
  auto ledger = Need(folder::OpenFolder(aid.dir()));
  Need(ledger->AppendOne(PaymentBytes(3), aid.clock.Read()).status());
  CHECK(WhatIsWrong(ledger->store(), second.vkey) == "");
}

TEST_CASE("a rotation to a key that the folder does not hold is refused, and says which it holds") {
  Aid aid;
  const auto ledger = Need(folder::OpenFolder(aid.dir()));
  folder::Prepared other = aid.Prepare();
  other.rotation.set_new_key(PublicKey(9));
  other.rotation.clear_endorsement();
  const Status refused = ledger->AppendOne(Aid::Rotation(1, other), aid.clock.Read()).status();
  CHECK(Verdict(refused) == "KEY_UNKNOWN at actions[0].rotate_ledger_key.new_key");
  CHECK(refused.message().find(HexEncode(aid.Prepare().rotation.new_key())) != std::string::npos);
  fs::remove(aid.next());
  CHECK(Verdict(ledger->AppendOne(Aid::Rotation(1, other), aid.clock.Read()).status()) ==
        "KEY_UNKNOWN at actions[0].rotate_ledger_key.new_key");
}

// What the disk has when the process ends after each step of a rotation (folder_keys.cc lists them).
TEST_CASE("a crash between the steps of a rotation is mended when the ledger is opened") {
  const int step = GENERATE(0, 1, 2, 3, 4);
  INFO("step " << step);
  Aid aid;
  const folder::Prepared prepared = aid.Prepare();
  const std::string old_key = FileText(aid.key()), old_vkey = FileText(aid.dir() + "/vkey");
  const std::string new_key = FileText(aid.next());
  const auto put = [](const std::string& path, const std::string& text) {
    std::ofstream(path) << text;
    REQUIRE(::chmod(path.c_str(), 0600) == 0);
  };
  if (step > 0) aid.Rotate(1, prepared);
  if (step == 1) {  // written, and nothing renamed yet
    put(aid.key(), old_key);
    put(aid.next(), new_key);
  }
  if (step == 1 || step == 2 || step == 3) put(aid.dir() + "/vkey", old_vkey);  // 2: renamed, no vkey yet
  if (step == 3) put(aid.dir() + "/vkey.part", "half");
  if (step == 4) {  // the next key is prepared already
    aid.Prepare();
    put(aid.dir() + "/vkey", old_vkey);
  }
  if (step == 1)
    CHECK(folder::FindPrepared(aid.dir()).status().code() == absl::StatusCode::kFailedPrecondition);

  auto ledger = Need(folder::OpenFolder(aid.dir()));
  const auto receipt = Need(ledger->AppendOne(Aid::Rotation(1, prepared), aid.clock.Read()));
  CHECK(receipt.repeated == (step > 0));
  CHECK(ledger->vkey() == prepared.vkey);
  Need(ledger->AppendOne(PaymentBytes(2), aid.clock.Read()).status());
  CHECK(WhatIsWrong(ledger->store(), prepared.vkey) == "");
  CHECK(FileText(aid.key()) == new_key);
  CHECK(Need(folder::ReadVkey(aid.dir())) == prepared.vkey);
  CHECK(fs::exists(aid.next()) == (step == 4));
}

TEST_CASE("a key that was replaced does not open the ledger any more") {
  Aid aid;
  fs::copy(aid.key(), aid.in("kept"));
  const folder::Prepared prepared = aid.Prepare();
  aid.Rotate(1, prepared);
  fs::copy(aid.key(), aid.in("new"));
  fs::copy_file(aid.in("kept"), aid.key(), fs::copy_options::overwrite_existing);
  const Status opened = folder::OpenFolder(aid.dir()).status();
  CHECK(opened.code() == absl::StatusCode::kInvalidArgument);
  CHECK(opened.message().find("record 1 replaced it") != std::string::npos);
  fs::copy_file(aid.in("new"), aid.key(), fs::copy_options::overwrite_existing);
  CHECK(folder::OpenFolder(aid.dir()).ok());
}

TEST_CASE("a lost key is replaced without its endorsement, once and again") {
  Aid aid;
  for (std::uint64_t id = 1; id < 3; ++id) {
    fs::remove(aid.key());
    CHECK(folder::OpenFolder(aid.dir()).status().code() == absl::StatusCode::kInvalidArgument);
    CHECK(folder::PrepareKey(aid.dir(), false, crypto::SystemRandom()).status().code() ==
          absl::StatusCode::kInvalidArgument);
    const folder::Prepared prepared = aid.Prepare(true);
    CHECK(prepared.rotation.endorsement().empty());
    auto ledger = Need(folder::OpenFolder(aid.dir()));
    CHECK(ledger->AppendOne(PaymentBytes(9), aid.clock.Read()).status().code() ==
          absl::StatusCode::kFailedPrecondition);
    Need(ledger->AppendOne(Aid::Rotation(id, prepared), aid.clock.Read()).status());
    CHECK(WhatIsWrong(ledger->store(), prepared.vkey) == "");
  }
  CHECK(Need(folder::OpenFolder(aid.dir()))->AppendOne(PaymentBytes(9), aid.clock.Read()).ok());
}

TEST_CASE("backups from before and after a rotation each state the key that they are under") {
  Aid aid;
  const std::string backups = aid.in("backups"), vkey = Need(folder::ReadVkey(aid.dir()));
  const auto ledger = Need(folder::OpenFolder(aid.dir()));
  const std::string before = Need(folder::BackUpFolder(*ledger, backups));
  const folder::Prepared prepared = aid.Prepare();
  Need(ledger->AppendOne(Aid::Rotation(1, prepared), aid.clock.Read()).status());
  const std::string after = Need(folder::BackUpFolder(*ledger, backups));
  CHECK(Need(folder::ReadVkey(before)) == vkey);
  CHECK(WhatIsWrong(*Need(folder::OpenFolderToRead(before)), vkey) == "");
  CHECK(Need(folder::ReadVkey(after)) == prepared.vkey);
  CHECK(WhatIsWrong(*Need(folder::OpenFolderToRead(after)), prepared.vkey) == "");
  for (const char* name : {"signing.key", "signing.key.next"}) {
    CHECK_FALSE(fs::exists(before + "/" + name));
    CHECK_FALSE(fs::exists(after + "/" + name));
  }
}

}  // namespace
}  // namespace fundtrail::testing
