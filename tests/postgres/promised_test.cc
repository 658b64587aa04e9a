// The checker of histories finds what cannot be, so that whoever goes by it can fail.
#include "tests/postgres/promised.h"

#include <catch2/catch.hpp>

#include "ledger/crypto/sha256.h"

namespace fundtrail::testing {
namespace {

std::vector<Hash> Roots(std::size_t records) {
  std::vector<Hash> roots;
  for (std::size_t i = 0; i <= records; ++i) roots.push_back(crypto::Sha256(std::to_string(i)));
  return roots;
}

// b takes the log from a; what a sent at 40 was kept, and a never heard.
std::vector<Promised> Good(const std::vector<Hash>& roots) {
  return {{"a", 1, 1, 3, roots[3], 10, 12},
          {"a", 1, 3, 4, roots[4], 13, 19},
          {"b", 2, 5, 7, roots[7], 50, 51},
          {"b", 2, 7, 8, roots[8], 52, 53}};
}

TEST_CASE("a chain of promises holds, in whatever order it is told, with a gap that nobody was promised") {
  const auto roots = Roots(9);
  auto history = Good(roots);
  CHECK(WhatCannotBe(history, roots) == "");
  std::reverse(history.begin(), history.end());
  CHECK(WhatCannotBe(history, roots) == "");
  // Who stood still between the acknowledgement and its receipts may have them after the next one's.
  history = Good(roots);
  history[1].had = 60;
  CHECK(WhatCannotBe(history, roots) == "");
  CHECK(WhatCannotBe({}, roots) == "");
}

TEST_CASE("histories that cannot be one are found") {
  const auto roots = Roots(9);
  const auto after = [&](auto change) {
    auto history = Good(roots);
    change(&history);
    const std::string found = WhatCannotBe(history, roots);
    return found.substr(0, found.find(':'));
  };
  using History = std::vector<Promised>*;
  CHECK(after([](History h) { (*h)[0].after = 1; }) == "it is no promise");
  CHECK(after([](History h) { (*h)[0].had = 9; }) == "it is no promise");
  CHECK(after([](History h) { (*h)[3].after = 10; }) == "the log is shorter");
  CHECK(after([&](History h) { (*h)[1].root = roots[3]; }) == "the log has other records");
  CHECK(after([&](History h) {
          h->push_back({"b", 2, 3, 4, roots[4], 20, 21});
        }) == "two were promised the same place");
  CHECK(after([&](History h) {
          h->push_back({"a", 1, 8, 9, roots[9], 60, 61});
        }) == "an epoch that was over went on");
  CHECK(after([](History h) { (*h)[2].epoch = (*h)[3].epoch = 1; }) == "two had one epoch");
  CHECK(after([](History h) {
          (*h)[1].sent = 70;
          (*h)[1].had = 71;
        }) == "what came first was sent last");
}

}  // namespace
}  // namespace fundtrail::testing
