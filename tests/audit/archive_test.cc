// Archives: what is in one, written step by step; verified as a ledger is; and damage of each kind, found and named.
#include "ledger/audit/archive.h"

#include <sys/file.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>

#include "ledger/audit/verify.h"
#include "ledger/model/row_keys.h"
#include "ledger/store/memory.h"
#include "ledger/tree/tiles.h"
#include "tests/support/ledgers.h"
#include "tests/support/log_check.h"
#include "tests/support/temp_dir.h"
#include "tests/support/text.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;
using FileMap = std::map<std::string, Bytes>;

FileMap FilesIn(const std::string& dir) {
  FileMap files;
  for (const auto& file : fs::recursive_directory_iterator(dir)) {
    if (!file.is_regular_file()) continue;
    std::ifstream in(file.path(), std::ios::binary);
    files[fs::relative(file.path(), dir)] = Bytes(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

void Write(const std::string& path, const Bytes& bytes) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << bytes;
}

// A ledger to which payments are added, and its archive.
class Desk {
 public:
  Desk() : ledger_(Need(NewLedger(store::MakeMemoryStore(), clock_.Read()))) {}

  void GrowTo(std::uint64_t size) {
    std::vector<Bytes> entries;
    for (std::uint64_t id = ledger_->size(); id < size; ++id) entries.push_back(PaymentBytes(id));
    for (const auto& receipt : ledger_->Append(entries, clock_.Read())) Need(receipt.status());
  }
  v1::ArchiveAnswer Archive() { return Need(audit::WriteArchive(ledger_->store(), dir(), {})); }
  v1::VerifyAnswer Verify() { return VerifyWith(ledger_->vkey()); }
  v1::VerifyAnswer VerifyWith(const std::string& vkey) {
    audit::VerifyOptions options;
    options.vkey = vkey;
    return Need(audit::VerifyFolder(dir(), options));
  }
  std::string dir() const { return temp_ / "archive"; }
  log::Ledger& ledger() { return *ledger_; }

 private:
  TempDir temp_;
  TestClock clock_;
  std::unique_ptr<log::Ledger> ledger_;
};

TEST_CASE("an archive is the checkpoint, the tiles and the bundles, byte for byte") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(300);
  const auto answer = desk.Archive();
  const FileMap files = FilesIn(desk.dir());
  CHECK(answer.size() == 300);
  CHECK(answer.previous_size() == 0);
  CHECK(answer.files() == 6);
  std::vector<std::string> paths;
  for (const auto& [path, bytes] : files) paths.push_back(path);
  CHECK(paths == std::vector<std::string>{"checkpoint", "tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1",
                                          "tile/entries/000", "tile/entries/001.p/44"});
  CHECK(files.at("checkpoint") == desk.ledger().checkpoint());
  const auto records = RecordsOf(desk.ledger().store());
  Bytes bundle, hashes;
  for (std::size_t i = 256; i < 300; ++i) {
    tree::AppendToBundle(&bundle, records[i]);
    hashes += tree::LeafHash(records[i]).view();
  }
  CHECK(files.at("tile/entries/001.p/44") == bundle);
  CHECK(files.at("tile/0/001.p/44") == hashes);
  CHECK(files.at("tile/1/000.p/1") == NaiveRoot({records.begin(), records.begin() + 256}).view());

  const auto verified = desk.Verify();
  INFO(verified.problem());
  CHECK(verified.holds());
  CHECK(verified.size() == 300);
  CHECK(verified.transfers() == 299);
  CHECK(verified.tiles() == 3);
}

TEST_CASE("a second run writes only what is new; a partial tile goes when the full one is there") {
  Need(crypto::Init());
  Desk desk;
  std::uint64_t size = 0;
  for (const std::uint64_t next : {1, 2, 255, 256, 257, 300, 511, 512, 700}) {
    INFO("size " << next);
    desk.GrowTo(next);
    const FileMap before = size == 0 ? FileMap() : FilesIn(desk.dir());
    const auto answer = desk.Archive();
    CHECK(answer.previous_size() == size);
    const FileMap after = FilesIn(desk.dir());
    std::uint64_t fresh = 0;
    for (const auto& [path, bytes] : after) {
      const auto old = before.find(path);
      fresh += old == before.end() || old->second != bytes ? 1 : 0;
    }
    CHECK(answer.files() == fresh);
    for (const auto& [path, bytes] : before) {
      if (after.count(path) > 0) continue;
      // Gone: then the full tile is there, and begins with it.
      const std::string full = path.substr(0, path.find(".p/"));
      INFO(path);
      REQUIRE(after.count(full) == 1);
      CHECK(after.at(full).substr(0, bytes.size()) == bytes);
    }
    CHECK(desk.Verify().holds());
    CHECK(desk.Archive().files() == 0);
    size = next;
  }
  CHECK(fs::exists(desk.dir() + "/tile/entries/002.p/188"));
  CHECK_FALSE(fs::exists(desk.dir() + "/tile/entries/000.p"));
}

TEST_CASE("an interrupted run is gone over again: until its checkpoint nobody sees it") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(10);
  desk.Archive();
  const Bytes old = FilesIn(desk.dir()).at("checkpoint");
  desk.GrowTo(300);
  desk.Archive();
  const FileMap whole = FilesIn(desk.dir());
  // As it was before the last step: all tiles, the old checkpoint; and one file that was not finished.
  Write(desk.dir() + "/checkpoint", old);
  Write(desk.dir() + "/.new", "half");
  const auto between = desk.Verify();
  INFO(between.problem());
  CHECK(between.holds());
  CHECK(between.size() == 10);
  fs::remove(desk.dir() + "/tile/0/000");
  desk.Archive();
  CHECK(FilesIn(desk.dir()) == whole);
}

TEST_CASE("a first run that was killed leaves half files, and is gone over again") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(10);
  for (const char* name : {"/.new", "/.new-7"}) Write(desk.dir() + name, "half");
  CHECK(desk.Archive().size() == 10);
  CHECK(desk.Verify().holds());
  Desk other;
  other.GrowTo(10);
  Write(other.dir() + "/.newer", "of somebody");
  const auto refused = audit::WriteArchive(other.ledger().store(), other.dir(), {}).status();
  CHECK(std::string(refused.message()).find("holds .newer and is not an archive") != std::string::npos);
}

TEST_CASE("files that went away or were cut are written again, with new records or without") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(300);
  desk.Archive();
  const FileMap whole = FilesIn(desk.dir());
  for (const auto& [path, bytes] : whole) {
    if (path == "checkpoint") continue;
    INFO(path);
    fs::remove(desk.dir() + "/" + path);
    CHECK(desk.Archive().files() == 1);
    CHECK(FilesIn(desk.dir()) == whole);
    Write(desk.dir() + "/" + path, bytes.substr(0, 31));
    CHECK(desk.Archive().files() == 1);
    CHECK(FilesIn(desk.dir()) == whole);
  }
  fs::remove(desk.dir() + "/tile/entries/000");
  fs::remove_all(desk.dir() + "/tile/0");
  desk.GrowTo(310);
  desk.Archive();
  CHECK(desk.Verify().holds());
}

TEST_CASE("what is no archive of this history is left alone") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(20);
  desk.Archive();
  const FileMap before = FilesIn(desk.dir());
  const auto refused = [&](const store::Reader& rows, const char* says, absl::StatusCode code) {
    const auto answer = audit::WriteArchive(rows, desk.dir(), {});
    CHECK(answer.status().code() == code);
    INFO(answer.status());
    CHECK_THAT(std::string(answer.status().message()), Contains(says));
  };
  Desk shorter;
  shorter.GrowTo(5);
  refused(shorter.ledger().store(), "set back", absl::StatusCode::kFailedPrecondition);
  Desk other;
  other.ledger();
  TestClock clock;
  clock.now += 1;
  const auto changed = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  for (std::uint64_t id = 1; id < 25; ++id)
    Need(changed->AppendOne(PaymentBytes(id, 7), clock.Read()).status());
  refused(changed->store(), "are not those in", absl::StatusCode::kFailedPrecondition);
  store::Overlay renamed(static_cast<const store::Reader&>(desk.ledger().store()));
  const auto own = CheckpointOf(desk.ledger().store(), desk.ledger().vkey());
  renamed.Put(model::keys::Checkpoint(),
              Need(tree::SignCheckpoint({"other.example/x", own.size, own.root, {}}, Key(1))));
  refused(renamed, "is an archive of the ledger", absl::StatusCode::kAlreadyExists);
  CHECK(FilesIn(desk.dir()) == before);

  const TempDir mine;
  Write(mine / "letter.txt", "dear");
  const auto full = audit::WriteArchive(desk.ledger().store(), mine / "", {});
  CHECK(full.status().code() == absl::StatusCode::kAlreadyExists);
  CHECK(FilesIn(mine / "").size() == 1);
}

TEST_CASE("a damaged ledger is not archived, and one writer writes at a time") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(20);
  store::Overlay damaged(static_cast<const store::Reader&>(desk.ledger().store()));
  const Bytes key = model::keys::Record(RecordIndex(7));
  Bytes record = *Need(damaged.Get(key));
  record[30] = static_cast<char>(record[30] ^ 1);
  damaged.Put(key, record);
  auto answer = audit::WriteArchive(damaged, desk.dir(), {});
  CHECK(answer.status().code() == absl::StatusCode::kDataLoss);
  CHECK_THAT(std::string(answer.status().message()), Contains("record 7"));
  damaged.Delete(key);
  answer = audit::WriteArchive(damaged, desk.dir(), {});
  CHECK_THAT(std::string(answer.status().message()), Contains("record 7 is missing"));
  CHECK_FALSE(fs::exists(desk.dir() + "/checkpoint"));

  const int folder = open(desk.dir().c_str(), O_RDONLY | O_DIRECTORY);
  REQUIRE(flock(folder, LOCK_EX) == 0);
  CHECK(audit::WriteArchive(desk.ledger().store(), desk.dir(), {}).status().code() ==
        absl::StatusCode::kUnavailable);
  close(folder);
  CHECK(desk.Archive().size() == 20);
}

TEST_CASE("one changed, cut or missing file is found and named") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(258);
  desk.Archive();
  desk.GrowTo(300);
  desk.Archive();  // .p/2 of an older checkpoint stays beside .p/44
  const FileMap files = FilesIn(desk.dir());
  REQUIRE(files.count("tile/0/001.p/2") == 1);
  REQUIRE(files.count("tile/entries/001.p/2") == 1);
  for (const auto& [path, bytes] : files) {
    const bool older = path.find(".p/2") != std::string::npos;
    const auto is_named = [&, name = path] {
      const auto answer = desk.Verify();
      INFO(name << ": " << answer.problem());
      CHECK_FALSE(answer.holds());
      // A change within a record is named by the record, whatever file it came in.
      CHECK((Has(answer.problem(), name) || answer.has_bad_record()));
    };
    INFO(path);
    Bytes flipped = bytes;  // at other places: tampering_bytes_test.cc
    flipped[0] = static_cast<char>(flipped[0] ^ 1);
    Write(desk.dir() + "/" + path, flipped);
    is_named();
    Write(desk.dir() + "/" + path, bytes.substr(0, bytes.size() - 1));
    is_named();
    Write(desk.dir() + "/" + path, bytes + "\n");
    is_named();
    fs::remove(desk.dir() + "/" + path);
    if (!older) is_named();
    fs::create_directory(desk.dir() + "/" + path);
    if (!older) is_named();
    fs::remove(desk.dir() + "/" + path);
    Write(desk.dir() + "/" + path, bytes);
  }
  CHECK(desk.Verify().holds());
  // A partial tile that is gone may be read from the full one; what no reader asks for is nobody's claim.
  Write(desk.dir() + "/tile/index.html", "hello");
  CHECK(desk.Verify().holds());
}

TEST_CASE("files behind links are compared, or it is said that they cannot be") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(258);
  desk.Archive();
  desk.GrowTo(300);
  desk.Archive();
  const std::string leftover = desk.dir() + "/tile/0/001.p/2";
  const Bytes sound = FilesIn(desk.dir()).at("tile/0/001.p/2");
  fs::rename(desk.dir() + "/tile", desk.dir() + ".tiles");
  fs::create_directory_symlink(desk.dir() + ".tiles", desk.dir() + "/tile");
  CHECK(desk.Verify().holds());
  Write(leftover, Bytes(sound.size(), 'x'));
  CHECK(desk.Verify().problem() == "tile/0/001.p/2 is not what the records give");
  Write(leftover, sound);
  fs::rename(desk.dir() + ".tiles/0", desk.dir() + ".tiles0");
  fs::create_directory_symlink(desk.dir() + ".tiles0", desk.dir() + ".tiles/0");
  audit::VerifyOptions options;
  options.vkey = desk.ledger().vkey();
  const auto answer = audit::VerifyFolder(desk.dir(), options);
  CHECK(answer.status().code() == absl::StatusCode::kUnavailable);
  CHECK_THAT(std::string(answer.status().message()), Contains("tile/0 is a link to a folder"));
}

TEST_CASE("whom the auditor trusts decides, and what the checkpoint counts must be there") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(30);
  desk.Archive();
  const auto stranger =
      tree::FormatVkey(Need(tree::MakeVerifier(kLedgerName, tree::KeyType::kEd25519, Key(5).public_key())));
  CHECK_THAT(desk.VerifyWith(stranger).problem(), Contains("the checkpoint"));
  fs::remove(desk.dir() + "/checkpoint");
  CHECK_THAT(desk.Verify().problem(), Contains("there is no checkpoint"));
  // The ledger's own key signs a size that nobody has: memory and time stay bounded.
  Write(desk.dir() + "/checkpoint",
        Need(tree::SignCheckpoint({kLedgerName, UINT64_MAX, Hash(), {}}, Key(kLedgerKey))));
  const auto answer = desk.Verify();
  CHECK(answer.bad_record() == 0);
  CHECK_THAT(answer.problem(), Contains("tile/entries/000 is missing"));
}

TEST_CASE(
    "records that were changed together have another root, and a bundle may not hold more than it says") {
  Need(crypto::Init());
  Desk desk;
  desk.GrowTo(30);
  desk.Archive();
  const std::string path = desk.dir() + "/tile/entries/000.p/30";
  Bytes more = FilesIn(desk.dir()).at("tile/entries/000.p/30");
  tree::AppendToBundle(&more, "x");
  Write(path, more);
  CHECK_THAT(desk.Verify().problem(),
             Contains("record 30: tile/entries/000.p/30 goes on after its 30 records"));

  TestClock clock;
  clock.now += 5;
  const auto changed = Need(NewLedger(store::MakeMemoryStore(), clock.Read()));
  for (std::uint64_t id = 1; id < 30; ++id)
    Need(changed->AppendOne(PaymentBytes(id, 7), clock.Read()).status());
  Bytes others;
  for (const auto& record : RecordsOf(changed->store())) tree::AppendToBundle(&others, record);
  Write(path, others);
  CHECK_THAT(desk.Verify().problem(), Contains("changed together"));
}

}  // namespace
}  // namespace fundtrail::testing
