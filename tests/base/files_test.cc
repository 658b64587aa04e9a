// Files that are whole or not there.
#include "ledger/base/files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

std::string Text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("a file is written whole, over what was there, and nothing is left beside it") {
  TempDir temp;
  const std::string path = temp / "file", big(3'000'000, 'x');
  REQUIRE(WriteFileAtomically(path, "old").ok());
  std::ofstream(path + ".part") << "what a crash left";
  REQUIRE(WriteFileAtomically(path, big, 0600).ok());
  CHECK(Text(path) == big);
  CHECK_FALSE(std::filesystem::exists(path + ".part"));
  struct stat info {};
  REQUIRE(::stat(path.c_str(), &info) == 0);
  CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("what the disk refuses is told by name, and leaves what was there") {
  TempDir temp;
  const auto nowhere = WriteFileAtomically(temp / "no/file", "x");
  CHECK(nowhere.code() == absl::StatusCode::kUnavailable);
  CHECK(std::string(nowhere.message()).find("no/file.part: No such file") != std::string::npos);
  CHECK(SyncPath(temp / "gone").code() == absl::StatusCode::kUnavailable);
  std::filesystem::create_directory(temp / "folder");
  CHECK(WriteFileAtomically(temp / "folder", "x").code() == absl::StatusCode::kUnavailable);
  CHECK(std::filesystem::is_directory(temp / "folder"));
  CHECK_FALSE(std::filesystem::exists(temp / "folder.part"));
}

}  // namespace
}  // namespace fundtrail::testing
