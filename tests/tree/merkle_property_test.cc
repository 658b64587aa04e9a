// The Merkle code against the definitions of RFC 9162 §2.1, written down naively over a list of leaves.
#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

#include "ledger/crypto/sha256.h"
#include "ledger/tree/merkle.h"
#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

using Leaves = std::span<const Hash>;

std::size_t SplitNaively(std::size_t n) {
  std::size_t k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

Hash Mth(Leaves d) {
  if (d.empty()) return crypto::Sha256("");
  if (d.size() == 1) return d[0];
  const std::size_t k = SplitNaively(d.size());
  return NodeHash(Mth(d.first(k)), Mth(d.subspan(k)));
}

std::vector<Hash> Path(std::size_t m, Leaves d) {
  if (d.size() == 1) return {};
  const std::size_t k = SplitNaively(d.size());
  std::vector<Hash> path = m < k ? Path(m, d.first(k)) : Path(m - k, d.subspan(k));
  path.push_back(m < k ? Mth(d.subspan(k)) : Mth(d.first(k)));
  return path;
}

std::vector<Hash> Subproof(std::size_t m, Leaves d, bool whole) {
  if (m == d.size()) return whole ? std::vector<Hash>{} : std::vector<Hash>{Mth(d)};
  const std::size_t k = SplitNaively(d.size());
  std::vector<Hash> proof = m <= k ? Subproof(m, d.first(k), whole) : Subproof(m - k, d.subspan(k), false);
  proof.push_back(m <= k ? Mth(d.subspan(k)) : Mth(d.first(k)));
  return proof;
}

struct Tree {
  std::vector<Hash> leaves;
  NodeStore nodes;
  Frontier frontier;

  void Grow(std::size_t size) {
    while (leaves.size() < size) {
      leaves.push_back(LeafHash(std::to_string(leaves.size())));
      for (const Node& node : frontier.Append(leaves.back())) nodes.Put(node);
    }
  }
  Leaves first(std::size_t size) const { return Leaves(leaves).first(size); }
};

TEST_CASE("leaf and node hashes have the prefixes of RFC 6962") {
  CHECK(LeafHash("entry") == crypto::Sha256(std::string("\0entry", 6)));
  const Hash a = LeafHash("a");
  const Hash b = LeafHash("b");
  CHECK(NodeHash(a, b) == crypto::Sha256("\x01" + std::string(a.view()) + std::string(b.view())));
}

TEST_CASE("roots, nodes and the edge of every size to 130 are those of the definition") {
  Tree tree;
  for (std::size_t size = 0; size <= 130; ++size) {
    INFO("size " << size);
    tree.Grow(size);
    const Hash root = Mth(tree.first(size));
    CHECK(tree.frontier.Root() == root);
    CHECK(tree.frontier.size() == size);
    const Frontier loaded = Frontier::Load(size, tree.nodes.reader()).value();
    CHECK(loaded.edge() == tree.frontier.edge());
    Frontier copied(size, tree.frontier.edge());
    CHECK(copied.Root() == root);
    const Hash next = LeafHash("next");
    Frontier grown = tree.frontier;
    CHECK(copied.Append(next) == grown.Append(next));
    CHECK(copied.Root() == grown.Root());
  }
  for (int level = 0; level <= 7; ++level) {
    const std::size_t width = std::size_t{1} << level;
    for (std::size_t index = 0; (index + 1) * width <= 130; ++index) {
      CHECK(tree.nodes.reader()(level, index).value() ==
            Mth(Leaves(tree.leaves).subspan(index * width, width)));
    }
  }
}

TEST_CASE(
    "all proofs to size 130 are those of the definition, from the nodes of the longest tree, and verify") {
  Tree tree;
  tree.Grow(130);
  const NodeReader reader = tree.nodes.reader();
  for (std::size_t n = 0; n <= 130; ++n) {
    const Hash root = Mth(tree.first(n));
    CHECK(RootAt(n, reader).value() == root);
    for (std::size_t m = 0; m <= n; ++m) {
      INFO("old size or index " << m << ", size " << n);
      const auto consistency = ConsistencyProof(m, n, reader).value();
      if (m > 0) CHECK(consistency == Subproof(m, tree.first(n), true));
      CHECK(VerifyConsistency(m, n, Mth(tree.first(m)), root, consistency).ok());
      if (m == n) continue;
      const auto inclusion = InclusionProof(m, n, reader).value();
      CHECK(inclusion == Path(m, tree.first(n)));
      CHECK(VerifyInclusion(m, n, tree.leaves[m], inclusion, root).ok());
    }
  }
}

TEST_CASE("a proof that is changed in any way is refused") {
  Tree tree;
  tree.Grow(40);
  const NodeReader reader = tree.nodes.reader();
  const Hash other = LeafHash("other");
  for (std::size_t n = 1; n <= 40; ++n) {
    const Hash root = Mth(tree.first(n));
    for (std::size_t m = 0; m < n; ++m) {
      INFO("old size or index " << m << ", size " << n);
      const auto inclusion = InclusionProof(m, n, reader).value();
      const Hash leaf = tree.leaves[m];
      const auto includes = [&](const std::vector<Hash>& proof) {
        return VerifyInclusion(m, n, leaf, proof, root).ok();
      };
      const auto consistency = ConsistencyProof(m, n, reader).value();
      const Hash old_root = Mth(tree.first(m));
      const auto continues = [&](const std::vector<Hash>& proof) {
        return VerifyConsistency(m, n, old_root, root, proof).ok();
      };
      const auto all_mutations_fail = [&](const std::vector<Hash>& proof, const auto& verifies) {
        for (std::size_t i = 0; i < proof.size(); ++i) {
          auto changed = proof;
          changed[i].bytes[i % 32] ^= 1;
          CHECK_FALSE(verifies(changed));
          changed = proof;
          changed.erase(changed.begin() + static_cast<std::ptrdiff_t>(i));
          CHECK_FALSE(verifies(changed));
        }
        for (std::size_t i = 0; i <= proof.size(); ++i) {
          auto longer = proof;
          longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), other);
          CHECK_FALSE(verifies(longer));
        }
      };
      all_mutations_fail(inclusion, includes);
      all_mutations_fail(consistency, continues);
      CHECK_FALSE(VerifyInclusion(m, n, other, inclusion, root).ok());
      CHECK_FALSE(VerifyInclusion(m, n, leaf, inclusion, other).ok());
      CHECK_FALSE(VerifyConsistency(m, n, other, root, consistency).ok());
      if (m > 0) CHECK_FALSE(VerifyConsistency(m, n, old_root, other, consistency).ok());
      for (std::size_t elsewhere = 0; elsewhere <= n; ++elsewhere) {
        if (elsewhere != m) CHECK_FALSE(VerifyInclusion(elsewhere, n, leaf, inclusion, root).ok());
      }
    }
  }
}

// The hashes fit in these, so that only the count of them gives the proof away.
TEST_CASE("a proof that goes on above the root is refused, even when it leads to the root given") {
  const Hash above = LeafHash("above");
  CHECK_FALSE(VerifyInclusion(0, 1, LeafHash("a"), std::vector{above}, NodeHash(above, LeafHash("a"))).ok());
  Tree tree;
  tree.Grow(4);
  const Hash three = Mth(tree.first(3));
  const Hash four = Mth(tree.first(4));
  auto proof = Subproof(3, tree.first(4), true);
  REQUIRE(VerifyConsistency(3, 4, three, four, proof).ok());
  proof.push_back(above);
  CHECK_FALSE(VerifyConsistency(3, 4, NodeHash(above, three), NodeHash(above, four), proof).ok());
}

TEST_CASE("random sizes in a tree of 5000") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  Tree tree;
  tree.Grow(5000);
  const NodeReader reader = tree.nodes.reader();
  for (int round = 0; round < 40; ++round) {
    const std::size_t n = 1 + random() % 5000;
    const std::size_t m = random() % n;
    INFO("old size or index " << m << ", size " << n);
    const Hash root = Mth(tree.first(n));
    CHECK(RootAt(n, reader).value() == root);
    CHECK(Frontier::Load(n, reader).value().Root() == root);
    CHECK(InclusionProof(m, n, reader).value() == Path(m, tree.first(n)));
    CHECK(VerifyInclusion(m, n, tree.leaves[m], Path(m, tree.first(n)), root).ok());
    if (m == 0) continue;
    const auto proof = Subproof(m, tree.first(n), true);
    CHECK(ConsistencyProof(m, n, reader).value() == proof);
    CHECK(VerifyConsistency(m, n, Mth(tree.first(m)), root, proof).ok());
  }
}

// A tree of 2^64 - 1 equal leaves has one hash for each level: sizes at the very end can be tried for real.
TEST_CASE("nothing overflows at the largest sizes, and proofs have at most 65 hashes") {
  const auto seed = std::random_device{}();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  std::vector<Hash> levels{LeafHash("same")};
  while (levels.size() < 64) levels.push_back(NodeHash(levels.back(), levels.back()));
  const NodeReader reader = [&](int level, std::uint64_t) -> StatusOr<Hash> {
    return levels.at(static_cast<std::size_t>(level));
  };
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  constexpr std::uint64_t kHalf = std::uint64_t{1} << 63;
  for (const std::uint64_t n : {kMax, kMax - 1, kHalf + 1, kHalf, kHalf - 1}) {
    const Hash root = RootAt(n, reader).value();
    CHECK(Frontier::Load(n, reader).value().Root() == root);
    for (const std::uint64_t m :
         {std::uint64_t{0}, std::uint64_t{1}, n / 2, kHalf - 2, n - 1, random() % n}) {
      INFO("old size or index " << m << ", size " << n);
      const auto inclusion = InclusionProof(m, n, reader).value();
      CHECK(inclusion.size() <= 64);
      CHECK(VerifyInclusion(m, n, levels[0], inclusion, root).ok());
      const auto consistency = ConsistencyProof(m, n, reader).value();
      CHECK(consistency.size() <= 65);
      CHECK(VerifyConsistency(m, n, RootAt(m, reader).value(), root, consistency).ok());
    }
  }
  Frontier last = Frontier::Load(kMax - 1, reader).value();
  CHECK(last.Append(levels[0]) == std::vector<Node>{{0, kMax - 1, levels[0]}});
  CHECK(last.Root() == RootAt(kMax, reader).value());
}

TEST_CASE("what cannot be asked is refused, and the reader's errors are passed on") {
  const NodeReader broken = [](int, std::uint64_t) -> StatusOr<Hash> { return absl::DataLossError("gone"); };
  CHECK(InclusionProof(3, 3, broken).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(ConsistencyProof(4, 3, broken).status().code() == absl::StatusCode::kInvalidArgument);
  CHECK(RootAt(3, broken).status().code() == absl::StatusCode::kDataLoss);
  CHECK(InclusionProof(0, 3, broken).status().code() == absl::StatusCode::kDataLoss);
  CHECK(ConsistencyProof(2, 3, broken).status().code() == absl::StatusCode::kDataLoss);
  CHECK(Frontier::Load(3, broken).status().code() == absl::StatusCode::kDataLoss);
  CHECK(RootAt(0, broken).value() == EmptyRoot());
  CHECK(ConsistencyProof(3, 3, broken).value().empty());
}

}  // namespace
}  // namespace fundtrail::tree
