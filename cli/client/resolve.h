// What people call an item of a register, as its id: a name, a part of one, or its id in another register.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/client/connection.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// Which texts are taken for an item. What will be signed must say all of the name: a part could become another's tomorrow.
enum class Parts { kTaken, kRefused };

// How many of several items are listed, and how many near ones.
inline constexpr std::size_t kMaxListedItems = 10;
inline constexpr std::size_t kMaxNearItems = 3;

struct NamedItem {
  std::string id, name;
};

struct Resolved {
  enum class Found { kOne, kSeveral, kNone };
  Found found = Found::kNone;
  // kOne: the item.
  // kSeveral: of those that fit, the best kMaxListedItems.
  // kNone: those whose id or name is nearest, at most kMaxNearItems. With Parts::kRefused they are the items that
  // have the text as a part, where any does.
  std::vector<NamedItem> items;
  std::uint64_t fits = 0;  // how many items fit, where there are several
};

// Looks for `text` among the items of the register `kind` ("party"), as Search compares texts. An item that has it as its id,
// its name or its id elsewhere stands before all that have it as a part. The ledger's own errors come back.
StatusOr<Resolved> Resolve(Connection* connection, std::string_view kind, const std::string& text,
                           Parts parts);

}  // namespace fundtrail::cli
