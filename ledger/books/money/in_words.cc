// See in_words.h.
#include "ledger/books/money/in_words.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/books/state.h"

namespace fundtrail::books {

StatusOr<std::string> InWords(const store::Reader& state, Amount amount, const std::string& asset) {
  FT_ASSIGN_OR_RETURN(const auto row, GetAsset(state, asset));
  const int decimals = row.has_value() ? static_cast<int>(row->decimals()) : 0;
  return absl::StrCat(FormatDecimal(amount, decimals), " ", asset);
}

}  // namespace fundtrail::books
