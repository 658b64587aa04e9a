// Who may open a store on disk, and how.
#include "ledger/store/rocks.h"

#include <rocksdb/comparator.h>
#include <rocksdb/db.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <functional>

#include "ledger/store/memory.h"
#include "tests/support/rows.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;
using absl::StatusCode;
using store::Access;

StatusCode Opened(const std::string& path, Access access) {
  return store::OpenRocks(path, access).status().code();
}

std::unique_ptr<store::Store> Open(const std::string& path, Access access) {
  auto opened = store::OpenRocks(path, access);
  INFO(opened.status().ToString());
  REQUIRE(opened.ok());
  return *std::move(opened);
}

// Every file with its bytes.
std::map<std::string, std::string> Files(const std::string& dir) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(dir)) {
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

TEST_CASE("what was written is there when the store is opened again") {
  TempDir temp;
  Open(temp / "s", Access::kCreate)->Write({{"a", "1"}, {"b", "2"}}).IgnoreError();
  REQUIRE(Open(temp / "s", Access::kWrite)->Write({{"b", std::nullopt}, {"c", "3"}}).ok());
  CHECK(AllRows(*Open(temp / "s", Access::kWrite)) == Rows{{"a", "1"}, {"c", "3"}});
  CHECK(AllRows(*Open(temp / "s", Access::kReadOnly)) == Rows{{"a", "1"}, {"c", "3"}});
}

// The bytes of the journals, which whoever opens the store reads again.
std::uintmax_t JournalBytes(const std::string& path) {
  std::uintmax_t bytes = 0;
  for (const auto& file : fs::directory_iterator(path))
    if (file.path().extension() == ".log") bytes += file.file_size();
  return bytes;
}

TEST_CASE("a store that is closed leaves a short journal, and all its rows") {
  TempDir temp;
  Rows rows;
  for (const int count : {10, 5000, 300}) {
    {
      const auto store = Open(temp / "s", rows.empty() ? Access::kCreate : Access::kWrite);
      store::Batch batch;
      for (int i = 0; i < count; ++i) {
        const Bytes key = std::to_string(count) + "/" + std::to_string(i);
        batch[key] = Bytes(100, 'v');
        rows[key] = Bytes(100, 'v');
      }
      REQUIRE(store->Write(batch).ok());
      if (count == 5000) CHECK(JournalBytes(temp / "s") > 500'000);
    }
    CHECK(JournalBytes(temp / "s") < 50'000);
    CHECK(AllRows(*Open(temp / "s", Access::kReadOnly)) == rows);
  }
}

TEST_CASE("there is one writer at a time, and readers beside it see the moment they opened") {
  TempDir temp;
  auto writer = Open(temp / "s", Access::kCreate);
  CHECK(Opened(temp / "s", Access::kWrite) == StatusCode::kUnavailable);
  REQUIRE(writer->Write({{"a", "1"}}).ok());
  const auto early = Open(temp / "s", Access::kReadOnly);
  REQUIRE(writer->Write({{"a", std::nullopt}, {"b", "2"}}).ok());
  const auto late = Open(temp / "s", Access::kReadOnly);
  CHECK(AllRows(*early) == Rows{{"a", "1"}});
  CHECK(AllRows(*late) == Rows{{"b", "2"}});
  CHECK(AllRows(*late->Snapshot()) == Rows{{"b", "2"}});
  CHECK(late->Write({{"c", "3"}}).code() == StatusCode::kFailedPrecondition);
  writer.reset();
  CHECK(AllRows(*early) == Rows{{"a", "1"}});
  CHECK(Opened(temp / "s", Access::kWrite) == StatusCode::kOk);
}

TEST_CASE("reading changes no byte of the directory") {
  TempDir temp;
  REQUIRE(Open(temp / "s", Access::kCreate)->Write({{"a", "1"}}).ok());
  const auto before = Files(temp / "s");
  CHECK(AllRows(*Open(temp / "s", Access::kReadOnly)) == Rows{{"a", "1"}});
  CHECK(Files(temp / "s") == before);
}

TEST_CASE("a copy has the rows of its moment, goes its own way, and is made only where nothing is") {
  TempDir temp;
  auto store = Open(temp / "s", Access::kCreate);
  REQUIRE(store->Write({{"a", "1"}, {"b", "2"}}).ok());
  REQUIRE(store->CopyTo(temp / "copy").ok());
  REQUIRE(store->Write({{"a", "changed"}}).ok());
  CHECK(AllRows(*Open(temp / "copy", Access::kReadOnly)) == Rows{{"a", "1"}, {"b", "2"}});
  REQUIRE(Open(temp / "copy", Access::kWrite)->Write({{"c", "3"}}).ok());
  CHECK(AllRows(*store) == Rows{{"a", "changed"}, {"b", "2"}});
  const auto before = Files(temp / "copy");
  CHECK_FALSE(store->CopyTo(temp / "copy").ok());
  CHECK(Files(temp / "copy") == before);
  CHECK_FALSE(store->CopyTo(temp / "nowhere/copy").ok());
  CHECK(store::MakeMemoryStore()->CopyTo(temp / "m").code() == StatusCode::kUnimplemented);
}

TEST_CASE("what is missing is not found, what is there is not made anew") {
  TempDir temp;
  fs::create_directory(temp / "empty");
  for (const Access access : {Access::kWrite, Access::kReadOnly}) {
    CHECK(Opened(temp / "nowhere", access) == StatusCode::kNotFound);
    CHECK(Opened(temp / "empty", access) == StatusCode::kNotFound);
  }
  CHECK(fs::is_empty(temp / "empty"));
  CHECK_FALSE(fs::exists(temp / "nowhere"));
  CHECK(Opened(temp / "no/such/parent", Access::kCreate) == StatusCode::kNotFound);
  CHECK(Opened(temp / "empty", Access::kCreate) == StatusCode::kOk);
  CHECK(Opened(temp / "empty", Access::kCreate) == StatusCode::kAlreadyExists);
  std::ofstream(temp / "file") << "a letter";
  CHECK(Opened(temp / "file", Access::kCreate) == StatusCode::kAlreadyExists);
}

TEST_CASE("a damaged store says so") {
  TempDir temp;
  REQUIRE(Open(temp / "s", Access::kCreate)->Write({{"a", "1"}}).ok());
  std::ofstream(temp / "s/CURRENT") << "MANIFEST-999999\n";
  CHECK(Opened(temp / "s", Access::kWrite) == StatusCode::kDataLoss);
}

// As somebody does who has the disk, and a program of their own.
using Foreign = std::function<void(rocksdb::DB* db)>;
void Do(const std::string& path, const Foreign& what, rocksdb::Options options = {}) {
  rocksdb::DB* raw = nullptr;
  REQUIRE(rocksdb::DB::Open(options, path, &raw).ok());
  const std::unique_ptr<rocksdb::DB> db(raw);
  what(db.get());
  REQUIRE(db->Close().ok());
}

TEST_CASE("a file with other bytes than were written to it is named") {
  TempDir temp;
  const std::string path = temp / "s";
  REQUIRE(Open(path, Access::kCreate)->Write({{"a", std::string(1'000, 'x')}}).ok());
  Do(path, [](rocksdb::DB* db) { REQUIRE(db->Flush({}).ok()); });
  std::string file;
  for (const auto& entry : fs::directory_iterator(path))
    if (entry.path().extension() == ".sst") file = entry.path().string();
  REQUIRE_FALSE(file.empty());
  std::fstream(file, std::ios::binary | std::ios::in | std::ios::out).seekp(2) << '\x7f';
  const auto opened = store::OpenRocks(path, Access::kReadOnly);
  const auto status = opened.ok() ? (*opened)->Get("a").status() : opened.status();
  CHECK(status.code() == StatusCode::kDataLoss);
  CHECK(status.message() ==
        "the ledger's files in " + path + " are damaged: " + file +
            " has other bytes than were written to it; bring the directory back from a copy");
}

TEST_CASE("what another program hides in a store is shown, or told when it is opened or read") {
  TempDir temp;
  const std::string path = temp / "s";
  REQUIRE(Open(path, Access::kCreate)->Write({{"a", "1"}, {"b", "2"}}).ok());
  const Rows rows{{"a", "1"}, {"b", "2"}};
  SECTION("another column family") {
    Do(path, [](rocksdb::DB* db) {
      rocksdb::ColumnFamilyHandle* hidden = nullptr;
      REQUIRE(db->CreateColumnFamily({}, "hidden\x1b", &hidden).ok());
      REQUIRE(db->Put({}, hidden, "c", "3").ok());
      REQUIRE(db->DestroyColumnFamilyHandle(hidden).ok());
    });
    for (const Access access : {Access::kWrite, Access::kReadOnly}) {
      const auto status = store::OpenRocks(path, access).status();
      CHECK(status.code() == StatusCode::kDataLoss);
      CHECK(status.message() ==
            "the ledger's files in " + path +
                " are damaged: they hold rows of a kind (the column family "
                "\"hidden\\u{001B}\") that no ledger has; bring the directory back from a copy");
    }
  }
  SECTION("one that was dropped again is gone") {
    Do(path, [](rocksdb::DB* db) {
      rocksdb::ColumnFamilyHandle* hidden = nullptr;
      REQUIRE(db->CreateColumnFamily({}, "hidden", &hidden).ok());
      REQUIRE(db->DropColumnFamily(hidden).ok());
      REQUIRE(db->DestroyColumnFamilyHandle(hidden).ok());
    });
    CHECK(AllRows(*Open(path, Access::kReadOnly)) == rows);
    CHECK(AllRows(*Open(path, Access::kWrite)) == rows);
  }
  SECTION("the empty key, and one behind all others") {
    Do(path, [](rocksdb::DB* db) {
      REQUIRE(db->Put({}, "", "0").ok());
      REQUIRE(db->Put({}, std::string(5'000, '\xff'), "9").ok());
    });
    for (const Access access : {Access::kWrite, Access::kReadOnly}) {
      const auto store = Open(path, access);
      CHECK(AllRows(*store) == Rows{{"", "0"}, {"a", "1"}, {"b", "2"}, {Bytes(5'000, '\xff'), "9"}});
      CHECK(store->Last("b", "").value()->second == "9");
    }
  }
  SECTION("a range of rows that was deleted is gone, and what was written into it since is there") {
    Do(path, [](rocksdb::DB* db) {
      REQUIRE(db->DeleteRange({}, db->DefaultColumnFamily(), "a", "c").ok());
      REQUIRE(db->Put({}, "b", "2").ok());
    });
    CHECK(AllRows(*Open(path, Access::kReadOnly)) == Rows{{"b", "2"}});
    CHECK(AllRows(*Open(path, Access::kWrite)) == Rows{{"b", "2"}});
  }
  SECTION("values in files of their own are values, and damage when the file is lost") {
    rocksdb::Options blobs;
    blobs.enable_blob_files = true;
    Do(
        path,
        [](rocksdb::DB* db) {
          REQUIRE(db->Put({}, "b", std::string(10'000, 'x')).ok());
          REQUIRE(db->Flush({}).ok());
        },
        blobs);
    CHECK(AllRows(*Open(path, Access::kReadOnly)) == Rows{{"a", "1"}, {"b", Bytes(10'000, 'x')}});
    for (const auto& file : fs::directory_iterator(path))
      if (file.path().extension() == ".blob") fs::remove(file.path());
    const auto lost = store::OpenRocks(path, Access::kReadOnly);
    CHECK_FALSE((lost.ok() ? (*lost)->Get("b").status() : lost.status()).ok());
  }
  SECTION("another order of keys is refused") {
    // The order is written in the store itself; a file OPTIONS that says so is read by nobody.
    const std::string other = temp / "other";
    rocksdb::Options backwards;
    backwards.comparator = rocksdb::ReverseBytewiseComparator();
    backwards.create_if_missing = true;
    Do(
        other, [](rocksdb::DB* db) { REQUIRE(db->Put({}, "a", "1").ok()); }, backwards);
    for (const Access access : {Access::kWrite, Access::kReadOnly})
      CHECK(Opened(other, access) != StatusCode::kOk);
    for (const auto& file : fs::directory_iterator(other)) {
      if (file.path().filename().string().rfind("OPTIONS", 0) == 0)
        fs::copy(file.path(), fs::path(path) / "OPTIONS-999999");
    }
    CHECK(AllRows(*Open(path, Access::kReadOnly)) == rows);
  }
  SECTION("files that are not the store's, and another store inside it, have no part in it") {
    std::ofstream(fs::path(path) / "999999.sst") << "no table";
    std::ofstream(fs::path(path) / "letter.txt") << "a letter";
    REQUIRE(Open(path + "/inner", Access::kCreate)->Write({{"z", "26"}}).ok());
    CHECK(AllRows(*Open(path, Access::kReadOnly)) == rows);
    CHECK(AllRows(*Open(path, Access::kWrite)) == rows);
  }
}

TEST_CASE("a scratch store is never taken for a ledger") {
  TempDir temp;
  {
    auto scratch = store::OpenScratch(temp / "s");
    REQUIRE(scratch.ok());
    REQUIRE((*scratch)->Write({{"a", "1"}}).ok());
    CHECK(AllRows(**scratch) == Rows{{"a", "1"}});
    // More than goes to RocksDB at a time.
    Rows rows{{"b", "2"}};
    store::Batch batch{{"a", std::nullopt}, {"b", "2"}};
    for (int row = 0; row < 500; ++row) {
      const std::string key = "c" + std::to_string(row);
      rows[key] = Bytes(10'000, 'v');
      batch[key] = rows[key];
    }
    REQUIRE((*scratch)->Write(batch).ok());
    CHECK(AllRows(**scratch) == rows);
  }
  CHECK(Opened(temp / "s", Access::kWrite) == StatusCode::kFailedPrecondition);
  CHECK(Opened(temp / "s", Access::kReadOnly) == StatusCode::kFailedPrecondition);
  CHECK(Opened(temp / "s", Access::kCreate) == StatusCode::kAlreadyExists);
  CHECK(store::OpenScratch(temp / "s").status().code() == StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace fundtrail::testing
