// Payments of the small ledger that Desk::MakeLedger makes, by the number that its author gives each.
#pragma once

#include <string>

namespace fundtrail::testing {

inline std::string IdOf(int number) {
  const std::string digits = std::to_string(number);
  return std::string(32 - digits.size(), '0') + digits;
}
// Of that id, so that an author who asks again is known. What it prints is the receipt.
inline std::string PayWords(const std::string& id) {
  return " --json pay --from donor --to hub --asset CNY --fund winter --key clerk --as root --yes --amount 5 "
         "--date 2026-01-02 --id " +
         id;
}

}  // namespace fundtrail::testing
