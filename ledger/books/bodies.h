// Parties of one body: the same, or one above the other. Nobody judges or approves what its own body does.
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"

namespace fundtrail::books {

// The bodies of some parties, of which each is asked whether others are of one of them.
class Bodies {
 public:
  // The parties exist. `ancestors` must outlive it.
  static StatusOr<Bodies> Of(const std::vector<std::string>& parties, Ancestors* ancestors);

  // Whether the party, which exists, is one of them, or stands above or below one.
  StatusOr<bool> Has(const std::string& party) const;

 private:
  Bodies(std::set<std::string> parties, Ancestors* ancestors)
      : parties_(std::move(parties)), ancestors_(ancestors) {}

  std::set<std::string> parties_;
  std::set<std::string> above_;  // they, and all above them
  Ancestors* ancestors_;
};

}  // namespace fundtrail::books
