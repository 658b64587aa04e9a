// Backups beside everything else.
#include "server/backups.h"

#include <atomic>
#include <catch2/catch.hpp>
#include <future>

namespace fundtrail::testing {
namespace {

TEST_CASE("a backup holds nobody up, there is one at a time, and what came of each is told once") {
  using std::chrono::milliseconds;
  std::promise<void> disk;
  std::atomic<int> made{0}, told{0}, good{0};
  server::Backups backups(
      [&, written = disk.get_future().share()]() -> StatusOr<std::string> {
        written.wait();
        if (++made == 2) return absl::UnavailableError("the disk is full");
        return std::string("backups/7");
      },
      [&](const StatusOr<std::string>& path) {
        ++told;
        if (path.ok()) ++good;
      });
  CHECK(backups.Wait(milliseconds(0)));  // there is none
  REQUIRE(backups.Begin());              // and comes back while the disk is slow
  CHECK_FALSE(backups.Begin());
  CHECK_FALSE(backups.Wait(milliseconds(20)));
  disk.set_value();
  CHECK(backups.Wait(milliseconds(10'000)));
  CHECK(told == 1);
  CHECK(backups.Begin());
  CHECK(backups.Wait(milliseconds(10'000)));
  CHECK(made == 2);
  CHECK(told == 2);
  CHECK(good == 1);
}

}  // namespace
}  // namespace fundtrail::testing
