// The Merkle tree of RFC 6962 §2.1 and RFC 9162 §2.1: hashes, proofs and how to check them, and the right
// edge that grows. This room sees hashes, never money, and does no I/O.
//
// A node is named by its level and index: it covers the leaves [index << level, (index + 1) << level). Only
// nodes whose leaves are all there are ever stored or read: these never change. Sizes and indices may be any
// 64-bit number; a proof of inclusion has at most 64 hashes, one of consistency 65.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"

namespace fundtrail::tree {

Hash LeafHash(ByteView record);                      // SHA-256(00 || record)
Hash NodeHash(const Hash& left, const Hash& right);  // SHA-256(01 || left || right)
Hash EmptyRoot();                                    // SHA-256 of nothing: the root of a tree of size 0

// --- checking ----------------------------------------------------------------------------------------------
// OK, or INVALID_ARGUMENT with what is wrong. A proof of the wrong length is refused, longer or shorter.

// That the leaf stands at `index` in the tree of that size and root (RFC 9162 §2.1.3.2). `proof`: the leaf's
// sibling first.
Status VerifyInclusion(std::uint64_t index, std::uint64_t size, const Hash& leaf_hash,
                       std::span<const Hash> proof, const Hash& root);

// That the tree of `old_size` is a beginning of the tree of `new_size` (RFC 9162 §2.1.4.2). Beyond the RFC,
// as tlog-witness has it: the empty tree is a beginning of every tree, and each tree of itself, with an empty
// proof.
Status VerifyConsistency(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                         const Hash& new_root, std::span<const Hash> proof);

// Whether it is proved that the tree of `old_size` is not the beginning of the tree of `new_size`. They have one size
// and two roots, or the hashes lead to `new_root` and show another root at `old_size`. Whoever signed both roots then
// signed two histories. A proof that merely fails proves nothing: anybody can make one.
bool ProvesContradiction(std::uint64_t old_size, std::uint64_t new_size, const Hash& old_root,
                         const Hash& new_root, std::span<const Hash> proof);

// --- making ------------------------------------------------------------------------------------------------
// Errors are the reader's, or INVALID_ARGUMENT for an index or size that cannot be.

// Gives the hash of a complete node. Called only for nodes that are complete at the size asked for.
using NodeReader = std::function<StatusOr<Hash>(int level, std::uint64_t index)>;

StatusOr<Hash> RootAt(std::uint64_t size, const NodeReader& reader);
// index < size.
StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size, const NodeReader& reader);
// old_size <= new_size. Empty for old_size 0 and for equal sizes.
StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t old_size, std::uint64_t new_size,
                                             const NodeReader& reader);

// --- growing -----------------------------------------------------------------------------------------------

struct Node {
  int level = 0;
  std::uint64_t index = 0;
  Hash hash;
  friend bool operator==(const Node&, const Node&) = default;
};

// The right edge of a tree: its complete nodes that have no complete parent, one for each bit set in the
// size. All that appending needs.
class Frontier {
 public:
  Frontier() = default;  // the empty tree
  // `edge` from the lowest level up, one hash for each bit set in `size`.
  Frontier(std::uint64_t size, std::span<const Hash> edge);
  static StatusOr<Frontier> Load(std::uint64_t size, const NodeReader& reader);

  // The nodes that are complete now and were not before, from the leaf itself up. Amortised two a leaf.
  std::vector<Node> Append(const Hash& leaf_hash);

  std::uint64_t size() const { return size_; }
  std::vector<Hash> edge() const;  // as the constructor takes it
  Hash Root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<Hash> edge_;  // from the highest level down, so that the end is where things happen
};

}  // namespace fundtrail::tree
