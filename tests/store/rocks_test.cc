// Who may open a store on disk, and how.
#include "ledger/store/rocks.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

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

TEST_CASE("a scratch store is never taken for a ledger") {
  TempDir temp;
  {
    auto scratch = store::OpenScratch(temp / "s");
    REQUIRE(scratch.ok());
    REQUIRE((*scratch)->Write({{"a", "1"}}).ok());
    CHECK(AllRows(**scratch) == Rows{{"a", "1"}});
  }
  CHECK(Opened(temp / "s", Access::kWrite) == StatusCode::kFailedPrecondition);
  CHECK(Opened(temp / "s", Access::kReadOnly) == StatusCode::kFailedPrecondition);
  CHECK(Opened(temp / "s", Access::kCreate) == StatusCode::kAlreadyExists);
  CHECK(store::OpenScratch(temp / "s").status().code() == StatusCode::kAlreadyExists);
}

}  // namespace
}  // namespace fundtrail::testing
