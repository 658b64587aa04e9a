// See merkle.h. The right edge, and how it grows.
#include <bit>
#include <cassert>
#include <limits>

#include "ledger/tree/merkle.h"

namespace fundtrail::tree {

Frontier::Frontier(std::uint64_t size, std::span<const Hash> edge)
    : size_(size), edge_(edge.rbegin(), edge.rend()) {
  assert(static_cast<int>(edge.size()) == std::popcount(size));
}

StatusOr<Frontier> Frontier::Load(std::uint64_t size, const NodeReader& reader) {
  Frontier frontier;
  frontier.size_ = size;
  for (int level = 63; level >= 0; --level) {
    if ((size >> level & 1) == 0) continue;
    // The node before the one that the higher bits end with: size >> level is odd.
    FT_ASSIGN_OR_RETURN(const Hash node, reader(level, (size >> level) - 1));
    frontier.edge_.push_back(node);
  }
  return frontier;
}

std::vector<Node> Frontier::Append(const Hash& leaf_hash) {
  assert(size_ < std::numeric_limits<std::uint64_t>::max());
  Node node{0, size_, leaf_hash};
  std::vector<Node> completed{node};
  // As with carries in binary addition: each one bit at the low end of the size meets its sibling.
  for (std::uint64_t carry = size_; (carry & 1) != 0; carry >>= 1) {
    node = {node.level + 1, node.index >> 1, NodeHash(edge_.back(), node.hash)};
    edge_.pop_back();
    completed.push_back(node);
  }
  edge_.push_back(node.hash);
  ++size_;
  return completed;
}

std::vector<Hash> Frontier::edge() const { return {edge_.rbegin(), edge_.rend()}; }

Hash Frontier::Root() const {
  if (edge_.empty()) return EmptyRoot();
  Hash root = edge_.back();
  for (auto left = edge_.rbegin() + 1; left != edge_.rend(); ++left) root = NodeHash(*left, root);
  return root;
}

}  // namespace fundtrail::tree
