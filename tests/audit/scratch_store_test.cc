// Where replays put their rows: gone with them, and with the next one when they were interrupted.
#include "ledger/audit/scratch_store.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "tests/support/ledgers.h"
#include "tests/support/temp_dir.h"

namespace fundtrail::testing {
namespace {

namespace fs = std::filesystem;

int Folders(const std::string& dir) {
  int folders = 0;
  for ([[maybe_unused]] const auto& one : fs::directory_iterator(dir)) ++folders;
  return folders;
}

TEST_CASE("a replay's folder goes with it, and that of a killed one with the next") {
  const TempDir temp;
  const std::string dir = temp / "scratch";
  fs::create_directory(dir);
  Need(audit::Scratch::Make(dir));
  CHECK(Folders(dir) == 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto killed = audit::Scratch::Make(dir);
    raise(SIGKILL);
  }
  int status = 0;
  REQUIRE(waitpid(child, &status, 0) == child);
  REQUIRE(WIFSIGNALED(status));
  CHECK(Folders(dir) == 1);
  fs::create_directory(dir + "/fundtrail-replay-mine");  // not one of these, by its name
  {
    const auto scratch = Need(audit::Scratch::Make(dir));
    CHECK(Folders(dir) == 2);
    const auto beside = Need(audit::Scratch::Make(dir));
    CHECK(Folders(dir) == 3);  // one that is in use stays
    CHECK(scratch->rows().Get("x").ok());
  }
  CHECK(Folders(dir) == 1);
}

}  // namespace
}  // namespace fundtrail::testing
