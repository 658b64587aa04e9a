// Files that are whole or not there.
#include "ledger/base/files.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

std::string Text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE(
    "what is named may be anything: a file is read, a pipe only where one may stand, and none is waited "
    "for") {
  const TempDir temp;
  std::ofstream(temp / "file") << "0123456789";
  CHECK(ReadFileFront(temp / "file", 100).value() == "0123456789");
  CHECK(ReadFileFront(temp / "file", 4).value() == "0123");
  CHECK(ReadFileFront(temp / "none", 4).status().code() == absl::StatusCode::kNotFound);
  CHECK(ReadFileFront(temp / "file/none", 4).status().code() == absl::StatusCode::kNotFound);
  CHECK(ReadFileFront(temp / "", 4).status().message() == "cannot read " + (temp / "") + ": it is a folder");
  std::ofstream(temp / "empty").close();
  CHECK(ReadFileFront(temp / "empty", 4).value().empty());

  const std::string pipe = temp / "pipe";
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  const auto start = std::chrono::steady_clock::now();
  CHECK(ReadFileFront(pipe, 4).status().message() ==
        "cannot read " + pipe + ": it is a pipe or a device, and here a file is needed");
  CHECK(ReadFileFront("/dev/zero", 4).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(1));
  const auto nobody = ReadFileFront(pipe, 4, Pipes::kRead);
  CHECK(nobody.status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(nobody.status().message() == "cannot read " + pipe + ": it is a pipe that nobody writes to");
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds(10));

  // One that comes a moment later, writes slowly, and more than a pipe holds.
  const std::string much(300'000, 'x');
  std::thread writer([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::ofstream out(pipe);
    out << "slow" << std::flush;
    std::this_thread::sleep_for(std::chrono::milliseconds(2'500));
    out << much;
  });
  CHECK(ReadFileFront(pipe, 1'000'000, Pipes::kRead).value() == "slow" + much);
  writer.join();
  CHECK(ReadFileFront("/dev/zero", 100'000, Pipes::kRead).value() == std::string(100'000, '\0'));
  CHECK(ReadFileFront("/dev/null", 4, Pipes::kRead).value().empty());
}

TEST_CASE("whether a file can be made is known before it is") {
  const TempDir temp;
  CHECK(CheckCanMake(temp / "new").ok());
  CHECK(CheckCanMake("new").ok());
  CHECK_FALSE(std::filesystem::exists(temp / "new"));
  CHECK(CheckCanMake(temp / "none/new").message() ==
        "cannot make " + (temp / "none/new") + ": No such file or directory");
  CHECK(absl::IsInvalidArgument(CheckCanMake(temp / "none/new")));
  std::ofstream(temp / "file") << "x";
  CHECK(absl::IsInvalidArgument(CheckCanMake(temp / "file/new")));
  CHECK(absl::IsUnavailable(CheckCanMake("/proc/sys/new")));
}

TEST_CASE("a file that was kept is read whole or not at all") {
  const TempDir temp;
  std::ofstream(temp / "file") << "0123456789";
  CHECK(ReadKeptFile(temp / "file", 10).value() == "0123456789");
  CHECK_FALSE(ReadKeptFile(temp / "none", 10).value().has_value());
  const auto long_one = ReadKeptFile(temp / "file", 9);
  CHECK(long_one.status().code() == absl::StatusCode::kDataLoss);
  CHECK(long_one.status().message() == (temp / "file") + " has more than the 9 bytes that it may have");
  CHECK(ReadKeptFile(temp / "", 10).status().code() == absl::StatusCode::kDataLoss);
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
