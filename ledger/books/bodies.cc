// See bodies.h.
#include "ledger/books/bodies.h"

namespace fundtrail::books {

constexpr auto kParty = v1::Action::kRegisterParty;

StatusOr<Bodies> Bodies::Of(const std::vector<std::string>& parties, Ancestors* ancestors) {
  Bodies bodies(std::set<std::string>(parties.begin(), parties.end()), ancestors);
  for (const std::string& party : bodies.parties_) {
    FT_RETURN_IF_ERROR(ancestors->EachAbove(kParty, party, [&](const std::string& at) -> StatusOr<bool> {
      bodies.above_.insert(at);
      return true;
    }));
  }
  return bodies;
}

StatusOr<bool> Bodies::Has(const std::string& party) const {
  if (above_.count(party) > 0) return true;
  bool below = false;
  FT_RETURN_IF_ERROR(ancestors_->EachAbove(kParty, party, [&](const std::string& at) -> StatusOr<bool> {
    below = parties_.count(at) > 0;
    return !below;
  }));
  return below;
}

}  // namespace fundtrail::books
