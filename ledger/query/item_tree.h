// The tree of a register as numbers, or a part of it, for questions that add up over it. What stands below an item are the
// numbers that follow its own.
#pragma once

#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::query {

inline constexpr int kNoItem = -1;

class ItemTree {
 public:
  struct Item {
    std::string id, name, parent;
  };
  ItemTree() = default;
  // Needs all items of the register, by id. DATA_LOSS when one stands below what is not there, or below itself.
  static StatusOr<ItemTree> Make(v1::Action::ActionCase action, std::vector<Item> items);
  // Of one item and all below it, by id. All other items are one more in the tree, which stands below nothing: `rest`.
  static StatusOr<ItemTree> MakeBelow(v1::Action::ActionCase action, const std::string& top,
                                      std::vector<Item> items);

  int size() const { return static_cast<int>(nodes_.size()); }
  // What stands for all items that are not told apart; kNoItem in a whole tree. It has no id.
  int rest() const { return rest_; }
  // kNoItem when there is not one of that id; it may be one of the rest.
  int Find(const std::string& id) const;
  const std::string& id(int item) const { return nodes_[item].id; }
  const std::string& name(int item) const { return nodes_[item].name; }
  // kNoItem at the top.
  int parent(int item) const { return nodes_[item].parent; }
  // One more than the last below the item.
  int end(int item) const { return nodes_[item].end; }
  // Whether an item is `top` or stands below it. Everything is in kNoItem, and kNoItem is in nothing else.
  bool IsIn(int top, int item) const { return top == kNoItem || (top <= item && item < nodes_[top].end); }
  // The lowest item in which both are; kNoItem when there is none.
  int Common(int one, int other) const;

 private:
  struct Node {
    std::string id, name;
    int parent = kNoItem;
    int end = 0;  // one more than the last below it
  };
  std::vector<Node> nodes_;  // each before those below it, and siblings by id
  absl::flat_hash_map<std::string, int> numbers_;
  int rest_ = kNoItem;
};

}  // namespace fundtrail::query
