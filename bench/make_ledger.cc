// Makes a large ledger in a folder, for tools/page-figures and whoever wants one to try things on. Nothing in it happened.
//
//   fundtrail_make_ledger DIR [TRANSFERS [PARTIES]]     1000000 and a tenth of them by default
//
// Prints where the payments are, as JSON: the first record that has some, how many records do, how many transfers and parties there are.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <utility>

#include "bench/bench.h"
#include "bench/relief.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/folder/folder.h"
#include "ledger/store/row_cache.h"

int main(int argc, char** argv) {
  using namespace fundtrail;
  std::array<std::uint64_t, 2> numbers = {1'000'000, 0};
  for (int i = 2; i < argc; ++i) {
    const std::uint64_t number = std::strtoull(argv[i], nullptr, 10);
    if (i < 4) numbers.at(static_cast<std::size_t>(i - 2)) = number;
    if (i > 3 || number < 1) argc = 0;
  }
  if (argc < 2) {
    fmt::print(stderr, "usage: fundtrail_make_ledger DIR [TRANSFERS [PARTIES]], both numbers from 1 on\n");
    return 2;
  }
  const auto [transfers, given] = numbers;
  const std::uint64_t parties = given > 0 ? given : std::max<std::uint64_t>(1, transfers / 10);
  bench::Must(crypto::Init());
  const std::string dir = argv[1];
  constexpr std::size_t kCache = std::size_t{64} << 20;
  bench::Must(folder::CreateFolder(dir, bench::kName, bench::Signed(bench::Genesis(), bench::Key()),
                                   log::SystemClock(), crypto::SystemRandom())
                  .status());
  const auto ledger = bench::Must(folder::OpenFolder(dir, [](std::unique_ptr<store::Store> store) {
    return store::WithRowCache(std::move(store), kCache);
  }));
  const bench::Relief made = bench::FillRelief(ledger.get(), transfers, parties);
  fmt::print("{{\"first\": {}, \"grants\": {}, \"transfers\": {}, \"parties\": {}}}\n", made.first,
             made.grants, made.transfers, parties);
  return 0;
}
