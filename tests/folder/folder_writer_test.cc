// Files that several threads write into one folder: each whole under its name, and nothing else there.
#include "ledger/folder/folder_writer.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "ledger/base/parallel.h"
#include "tests/support/ledgers.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;
using folder::FolderWriter;

std::string TextOf(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST_CASE("many threads write into one folder, and leave what they wrote alone") {
  for (const auto syncs : {FolderWriter::Syncs::kEach, FolderWriter::Syncs::kAll}) {
    TempDir temp;
    const std::string dir = temp / "site";
    const auto writer = Need(FolderWriter::Open(dir, syncs));
    constexpr std::size_t kFiles = 300;
    const auto name = [](std::size_t i) {
      return "page/" + std::to_string(i % 7) + "/" + std::to_string(i) + "/index.html";
    };
    std::vector<Status> ended(kFiles);
    OnThreads(8, kFiles, [&](std::size_t i) { ended[i] = writer->Put(name(i), std::string(i * 50, 'x')); });
    for (const Status& status : ended) CHECK(status.ok());
    REQUIRE(writer->Sync().ok());
    std::size_t files = 0;
    for (const auto& entry : fs::recursive_directory_iterator(dir)) files += entry.is_regular_file() ? 1 : 0;
    CHECK(files == kFiles);
    for (std::size_t i = 0; i < kFiles; ++i) CHECK(TextOf(dir + "/" + name(i)) == std::string(i * 50, 'x'));
    // And over what is there.
    REQUIRE(writer->Put(name(1), "new").ok());
    REQUIRE(writer->Sync().ok());
    CHECK(TextOf(dir + "/" + name(1)) == "new");
  }
}

TEST_CASE("a folder that was moved meanwhile is written to no more, by any thread") {
  TempDir temp;
  const std::string dir = temp / "site";
  const auto writer = Need(FolderWriter::Open(dir, FolderWriter::Syncs::kAll));
  REQUIRE(writer->Put("a", "1").ok());
  fs::rename(dir, temp / "elsewhere");
  CHECK(absl::IsUnavailable(writer->Put("b", "2")));
}

TEST_CASE("a file that a killed process left half is told by its name") {
  for (const char* name : {".new", ".new-1", ".new-12"}) CHECK(folder::IsUnfinished(name));
  for (const char* name : {"", "new", ".newer", ".new-", ".new-x", ".new-1x", ".new.part-1", "checkpoint"}) {
    INFO(name);
    CHECK_FALSE(folder::IsUnfinished(name));
  }
}

}  // namespace
}  // namespace fundtrail::testing
