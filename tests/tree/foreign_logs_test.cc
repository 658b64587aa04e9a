// Two logs that other programs made: Tessera's of 15 entries and sunlight's of 300. Growing the tree from
// their entries gives their hashes, their roots and the checkpoints that they signed.
#include <catch2/catch.hpp>

#include "ledger/tree/checkpoint.h"
#include "ledger/tree/merkle.h"
#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

std::string Line(const std::string& text) { return text.substr(0, text.find('\n')); }

// tlog-tiles: each entry is a 16-bit length and so many bytes.
std::vector<std::string> Entries(ByteView bundle) {
  std::vector<std::string> entries;
  while (!bundle.empty()) {
    REQUIRE(bundle.size() >= 2);
    const std::size_t length = ReadBigEndian16(bundle);
    REQUIRE(bundle.size() >= 2 + length);
    entries.emplace_back(bundle.substr(2, length));
    bundle.remove_prefix(2 + length);
  }
  return entries;
}

TEST_CASE("tessera-log: every checkpoint of sizes 0 to 15 opens, and every pair is consistent") {
  REQUIRE(crypto::Init().ok());
  const Verifier log = ParseVkey(Line(ReadVector("tessera-log/VKEY"))).value();
  const std::vector<std::string> entries = Entries(ReadVector("tessera-log/tile/entries/000.p/15"));
  REQUIRE(entries.size() == 15);
  const std::string tile = ReadVector("tessera-log/tile/0/000.p/15");
  NodeStore nodes;
  Frontier frontier;
  std::vector<Hash> roots;
  for (std::size_t size = 0; size <= 15; ++size) {
    INFO("size " << size);
    if (size > 0) {
      const Hash leaf = LeafHash(entries[size - 1]);
      CHECK(leaf.view() == ByteView(tile).substr(32 * (size - 1), 32));
      for (const Node& node : frontier.Append(leaf)) nodes.Put(node);
    }
    const auto checkpoint = OpenCheckpoint(ReadVector("tessera-log/checkpoint." + std::to_string(size)), log);
    REQUIRE(checkpoint.ok());
    CHECK(checkpoint->size == size);
    CHECK(checkpoint->root == frontier.Root());
    roots.push_back(checkpoint->root);
  }
  CHECK(OpenCheckpoint(ReadVector("tessera-log/checkpoint"), log).value().root == roots.back());
  for (std::size_t n = 0; n <= 15; ++n) {
    for (std::size_t m = 0; m <= n; ++m) {
      const auto proof = ConsistencyProof(m, n, nodes.reader()).value();
      CHECK(VerifyConsistency(m, n, roots[m], roots[n], proof).ok());
    }
  }
}

TEST_CASE("sunlight-mirror: 300 records give its tiles and the root that its mirror cosigned") {
  REQUIRE(crypto::Init().ok());
  const std::string level0 =
      ReadVector("sunlight-mirror/tile/0/000") + ReadVector("sunlight-mirror/tile/0/001.p/44");
  REQUIRE(level0.size() == 300 * Hash::kSize);
  NodeStore nodes;
  Frontier frontier;
  for (std::size_t i = 0; i < 300; ++i) {
    const Hash leaf = LeafHash("record " + std::to_string(i));
    CHECK(leaf.view() == ByteView(level0).substr(32 * i, 32));
    for (const Node& node : frontier.Append(leaf)) nodes.Put(node);
  }
  CHECK(nodes.reader()(8, 0).value().view() == ReadVector("sunlight-mirror/tile/1/000.p/1"));

  const Verifier mirror = ParseVkey(Line(ReadVector("sunlight-mirror/VKEY"))).value();
  const Note note = ParseNote(ReadVector("sunlight-mirror/checkpoint")).value();
  CHECK(VerifyNote(note, std::vector{mirror}).value().size() == 1);
  const Checkpoint checkpoint = ParseCheckpoint(note.text).value();
  CHECK(checkpoint.size == 300);
  CHECK(checkpoint.root == frontier.Root());
  for (std::uint64_t i : {0, 43, 255, 256, 299}) {
    const auto proof = InclusionProof(i, 300, nodes.reader()).value();
    CHECK(VerifyInclusion(i, 300, LeafHash("record " + std::to_string(i)), proof, checkpoint.root).ok());
  }
}

}  // namespace
}  // namespace fundtrail::tree
