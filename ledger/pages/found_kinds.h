// What a search finds, by kind: a register's name or "transfer". For each its word, and whether its items have pages.
#pragma once

#include <string_view>

#include "ledger/pages/words.h"

namespace fundtrail::pages {

inline constexpr char kTransferHit[] = "transfer";

struct FoundKind {
  std::string_view of;
  Word word;
  bool has_page;  // KIND/ID/
};

// Null for what is no kind, and for a register that was added since: it is called by its name.
const FoundKind* FoundKindOf(std::string_view of);

}  // namespace fundtrail::pages
