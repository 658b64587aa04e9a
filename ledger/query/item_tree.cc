// See item_tree.h.
#include "ledger/query/item_tree.h"

#include <algorithm>
#include <utility>

#include "ledger/model/row_keys.h"

namespace fundtrail::query {

StatusOr<ItemTree> ItemTree::Make(v1::Action::ActionCase action, std::vector<Item> items) {
  const int size = static_cast<int>(items.size());
  absl::flat_hash_map<std::string, int> places;  // in `items`
  places.reserve(items.size());
  for (int i = 0; i < size; ++i) places.emplace(items[i].id, i);
  // Of each item, and of the top behind them all: the first below it, and the next one beside it.
  std::vector<int> parent(items.size(), kNoItem), first(items.size() + 1, kNoItem),
      next(items.size(), kNoItem);
  for (int i = size - 1; i >= 0; --i) {
    int above = size;
    if (!items[i].parent.empty()) {
      const auto found = places.find(items[i].parent);
      if (found == places.end())
        return model::Damaged(model::keys::Item(action, items[i].parent), "is missing");
      above = found->second;
    }
    parent[i] = above;
    next[i] = first[above];
    first[above] = i;
  }
  ItemTree tree;
  tree.nodes_.reserve(items.size());
  tree.numbers_.reserve(items.size());
  std::vector<int> number(items.size() + 1, kNoItem);
  // Down to the first below, else across, else up until there is one across.
  for (int at = first[size]; at != kNoItem;) {
    number[at] = tree.size();
    Node node;
    node.id = std::move(items[at].id);
    node.name = std::move(items[at].name);
    node.parent = number[parent[at]];
    node.end = number[at] + 1;
    tree.numbers_.emplace(node.id, number[at]);
    tree.nodes_.push_back(std::move(node));
    if (first[at] != kNoItem) {
      at = first[at];
      continue;
    }
    while (at != size && next[at] == kNoItem) at = parent[at];
    at = at == size ? kNoItem : next[at];
  }
  for (int i = 0; i < size; ++i)
    if (number[i] == kNoItem)
      return model::Damaged(model::keys::Item(action, items[i].id), "stands below itself");
  for (int i = size - 1; i >= 0; --i) {
    const Node& node = tree.nodes_[i];
    if (node.parent == kNoItem) continue;
    int& end = tree.nodes_[node.parent].end;
    end = std::max(end, node.end);
  }
  return tree;
}

StatusOr<ItemTree> ItemTree::MakeBelow(v1::Action::ActionCase action, const std::string& top,
                                       std::vector<Item> items) {
  for (Item& item : items)
    if (item.id == top) item.parent.clear();
  FT_ASSIGN_OR_RETURN(ItemTree tree, Make(action, std::move(items)));
  tree.rest_ = tree.size();
  Node rest;
  rest.end = tree.rest_ + 1;
  tree.nodes_.push_back(std::move(rest));
  return tree;
}

int ItemTree::Find(const std::string& id) const {
  const auto found = numbers_.find(id);
  return found == numbers_.end() ? kNoItem : found->second;
}

int ItemTree::Common(int one, int other) const {
  while (one != kNoItem && !IsIn(one, other)) one = nodes_[one].parent;
  return one;
}

}  // namespace fundtrail::query
