// Work that is spread over all cores: each piece once, and all of it done at the return.
#include "ledger/base/parallel.h"

#include <catch2/catch.hpp>

namespace fundtrail {
namespace {

TEST_CASE("each of them is done once, however many there are, and all are done at the return") {
  for (const std::size_t count : {0, 1, 2, 3, 1'000}) {
    INFO(count << " pieces");
    std::vector<int> done(count, 0);
    OnAllCores(count, [&](std::size_t i) { ++done[i]; });
    CHECK(done == std::vector<int>(count, 1));
  }
}

TEST_CASE("so many threads as are wanted do the work, and one does it alone") {
  for (const std::size_t threads : {1, 2, 7, 64}) {
    INFO(threads << " threads");
    std::vector<int> done(100, 0);
    OnThreads(threads, done.size(), [&](std::size_t i) { ++done[i]; });
    CHECK(done == std::vector<int>(100, 1));
  }
  CHECK(CoreCount() >= 1);
}

}  // namespace
}  // namespace fundtrail
