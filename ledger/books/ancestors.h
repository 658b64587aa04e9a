// The way up a tree: an entry asks it for each of its actions, and it is read once.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/items.h"
#include "ledger/store/store.h"

namespace fundtrail::books {

// More items of a tree never stand above one another, whatever the rules.
inline constexpr int kMaxTreeDepth = 64;

// What stands above the items of all trees, as one entry meets it. A parent is fixed, so what was read once holds for the
// whole entry. A keeper may be amended: Forget says so.
class Ancestors {
 public:
  // Both must outlive it. `items`: what is known of items before; may be null.
  explicit Ancestors(const store::Reader& state, Items* items = nullptr) : state_(state), items_(items) {}

  // Calls `take` with the item, and then with each above it, up to the top or until it answers false. The item exists;
  // with an empty id there is none. DATA_LOSS when one is missing, or there is no end of them.
  Status EachAbove(v1::Action::ActionCase action, std::string_view id,
                   const std::function<StatusOr<bool>(const std::string& id)>& take);
  // The party in the field `keeper` of the item, which exists; empty when it names none.
  StatusOr<std::string> KeeperOf(v1::Action::ActionCase action, const std::string& id);
  // To be called for an item that was amended.
  void Forget(v1::Action::ActionCase action, const std::string& id) { known_.erase({action, id}); }

 private:
  struct Known {
    std::string parent, keeper;
  };
  StatusOr<Known> Look(v1::Action::ActionCase action, const std::string& id);

  const store::Reader& state_;
  Items* const items_;
  std::map<std::pair<v1::Action::ActionCase, std::string>, Known> known_;
};

}  // namespace fundtrail::books
