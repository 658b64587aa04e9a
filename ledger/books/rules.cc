// See rules.h.
#include "ledger/books/rules.h"

#include "absl/strings/str_cat.h"

namespace fundtrail::books {

StatusOr<Rules> FindRules(Rulebook known, std::uint32_t version) {
  if (version >= 1 && version <= known.size()) return known[version - 1];
  return absl::UnimplementedError(absl::StrCat("needs rules ", version, ", and this program knows rules ",
                                               known.front().version, " to ", known.back().version,
                                               ": use a newer program"));
}

}  // namespace fundtrail::books
