// See merkle.h. Hashes, and making roots and proofs.
#include "ledger/tree/merkle.h"

#include <algorithm>
#include <bit>

#include "absl/strings/str_cat.h"
#include "ledger/crypto/sha256.h"

namespace fundtrail::tree {
namespace {

// The largest power of two below n, which must be at least 2: where RFC 6962 splits n leaves.
std::uint64_t Split(std::uint64_t n) { return std::bit_floor(n - 1); }

// The hash over the leaves [from, to), not empty. `from` must be a multiple of the smallest power of two that
// is no less than to - from. So it is in every range that the RFC's recursion meets. Then the range falls into one
// complete node for each bit set in its length, the largest first.
StatusOr<Hash> RangeHash(std::uint64_t from, std::uint64_t to, const NodeReader& reader) {
  std::vector<Hash> nodes;
  while (from < to) {
    const int level = 63 - std::countl_zero(to - from);
    FT_ASSIGN_OR_RETURN(const Hash node, reader(level, from >> level));
    nodes.push_back(node);
    from += std::uint64_t{1} << level;
  }
  Hash hash = nodes.back();
  for (auto left = nodes.rbegin() + 1; left != nodes.rend(); ++left) hash = NodeHash(*left, hash);
  return hash;
}

}  // namespace

Hash LeafHash(ByteView record) { return crypto::Sha256({ByteView("\x00", 1), record}); }

Hash NodeHash(const Hash& left, const Hash& right) {
  return crypto::Sha256({ByteView("\x01", 1), left.view(), right.view()});
}

Hash EmptyRoot() { return crypto::Sha256(""); }

StatusOr<Hash> RootAt(std::uint64_t size, const NodeReader& reader) {
  if (size == 0) return EmptyRoot();
  return RangeHash(0, size, reader);
}

// PATH of RFC 9162 §2.1.3.1, from the root down: at each split, the half where the leaf is not.
StatusOr<std::vector<Hash>> InclusionProof(std::uint64_t index, std::uint64_t size,
                                           const NodeReader& reader) {
  if (index >= size) {
    return absl::InvalidArgumentError(absl::StrCat("there is no leaf ", index, " in a tree of size ", size));
  }
  std::vector<Hash> proof;
  std::uint64_t from = 0;
  std::uint64_t to = size;
  while (to - from > 1) {
    const std::uint64_t middle = from + Split(to - from);
    const bool left = index < middle;
    FT_ASSIGN_OR_RETURN(const Hash sibling,
                        left ? RangeHash(middle, to, reader) : RangeHash(from, middle, reader));
    proof.push_back(sibling);
    (left ? to : from) = middle;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// SUBPROOF of RFC 9162 §2.1.4.1, from the root down.
StatusOr<std::vector<Hash>> ConsistencyProof(std::uint64_t old_size, std::uint64_t new_size,
                                             const NodeReader& reader) {
  if (old_size > new_size) {
    return absl::InvalidArgumentError(
        absl::StrCat("a tree of size ", old_size, " cannot be the beginning of a tree of size ", new_size));
  }
  std::vector<Hash> proof;
  if (old_size == 0) return proof;
  std::uint64_t from = 0;
  std::uint64_t to = new_size;
  while (old_size < to) {
    const std::uint64_t middle = from + Split(to - from);
    const bool left = old_size <= middle;
    FT_ASSIGN_OR_RETURN(const Hash sibling,
                        left ? RangeHash(middle, to, reader) : RangeHash(from, middle, reader));
    proof.push_back(sibling);
    (left ? to : from) = middle;
  }
  // From 0 it is the whole old tree, whose root the verifier has.
  if (from != 0) {
    FT_ASSIGN_OR_RETURN(const Hash last, RangeHash(from, to, reader));
    proof.push_back(last);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

}  // namespace fundtrail::tree
