// Folders that go with their makers.
#include "ledger/base/own_folder.h"

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<OwnFolder> Make(const std::string& dir) {
  auto made = OwnFolder::Make(dir, ".part", 0700);
  INFO(made.status());
  REQUIRE(made.ok());
  return *std::move(made);
}

std::ptrdiff_t Count(const std::string& dir) {
  return std::distance(fs::directory_iterator(dir), fs::directory_iterator());
}

TEST_CASE("what is being made is nobody else's to remove, and what a dead process left is anybody's") {
  TempDir temp;
  const std::string backups = temp / "backups", left = temp / "backups/.part-1-0",
                    like = temp / "backups/.part-mine";
  fs::create_directory(backups);
  fs::create_directory(like);
  auto first = Make(backups);
  std::ofstream(first->path() + "/store") << "half";
  fs::create_directory(left);
  {
    const auto second = Make(backups);
    CHECK(second->path() != first->path());
    CHECK(fs::exists(first->path() + "/store"));
    CHECK_FALSE(fs::exists(left));
    CHECK(Count(backups) == 3);
  }
  CHECK(Count(backups) == 2);
  const std::string path = first->path();
  const pid_t other = fork();
  if (other == 0) _exit(OwnFolder::Make(backups, ".part", 0700).ok() ? 0 : 1);  // dies without cleaning up
  int status = 0;
  waitpid(other, &status, 0);
  CHECK(status == 0);
  CHECK(fs::exists(path + "/store"));
  CHECK(Count(backups) == 3);
  fs::rename(path, backups + "/7");
  first.reset();
  CHECK(fs::exists(backups + "/7/store"));
  const auto last = Make(backups);
  CHECK(Count(backups) == 3);  // 7, its own and the one with a like name
}

TEST_CASE("a folder of one's own has its mode, and needs a folder to be in") {
  TempDir temp;
  const auto own = Make(temp / "");
  struct stat about {};
  REQUIRE(stat(own->path().c_str(), &about) == 0);
  CHECK((about.st_mode & 0777) == 0700);
  CHECK(OwnFolder::Make(temp / "nowhere", ".part", 0700).status().code() == absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace fundtrail::testing
