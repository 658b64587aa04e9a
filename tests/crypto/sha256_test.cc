// SHA-256: the published digests, and that every way to give the input gives the same hash.
#include "ledger/crypto/sha256.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>
#include <thread>
#include <vector>

namespace fundtrail::crypto {
namespace {

TEST_CASE("SHA-256 of the messages in FIPS 180-4's examples") {
  CHECK(Sha256("").hex() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256("abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(Sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq").hex() ==
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  CHECK(Sha256(std::string(1'000'000, 'a')).hex() ==
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("parts are hashed as if joined, and a stream begins anew after Finish") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Sha256Stream stream;
  for (int round = 0; round < 200; ++round) {
    std::string bytes(random() % 300, '\0');
    std::generate(bytes.begin(), bytes.end(), [&] { return static_cast<char>(random()); });
    const ByteView all = bytes;
    const std::size_t cut = random() % (bytes.size() + 1);
    const Hash expected = Sha256(all);
    CHECK(Sha256({all.substr(0, cut), all.substr(cut)}) == expected);
    for (std::size_t at = 0; at < all.size(); at += 7) stream.Update(all.substr(at, 7));
    CHECK(stream.Finish() == expected);
  }
  CHECK(Sha256({}) == Sha256(""));
}

TEST_CASE("streams that are interleaved, and threads, do not mix their input") {
  Sha256Stream one;
  Sha256Stream other;
  one.Update("a");
  other.Update("x");
  CHECK(Sha256("abc").hex().substr(0, 8) == "ba7816bf");
  one.Update("bc");
  CHECK(other.Finish() == Sha256("x"));
  CHECK(one.Finish() == Sha256("abc"));

  std::vector<int> wrong(4, 0);
  std::vector<std::thread> threads;
  const Hash expected = Sha256("abc");
  for (int& count : wrong) {
    threads.emplace_back([&count, expected] {
      for (int i = 0; i < 2000; ++i) count += Sha256({"a", "bc"}) == expected ? 0 : 1;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == std::vector<int>(4, 0));
}

}  // namespace
}  // namespace fundtrail::crypto
