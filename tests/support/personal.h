// Natural persons in tests: a household with commitments, and what says that values are erased.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tests/support/entries.h"

namespace fundtrail::testing {

// The commitment to the name "Li Si" under a salt of 32 times "s".
inline constexpr char kNameHash[] = "57fa1ee7e6cb5a36390d6d9cb5b6cfad4de014e73e84fd147ba7fc9fe3a212ee";

inline v1::Action Household(const std::string& id, const std::string& parent,
                            const std::vector<std::pair<std::string, std::string>>& commitments) {
  v1::Action action = Party(id, parent, v1::ROLE_RECIPIENT);
  action.mutable_register_party()->set_name("household");
  action.mutable_register_party()->set_kind(v1::RegisterParty::KIND_HOUSEHOLD);
  for (const auto& [field, hash] : commitments) {
    auto* commitment = action.mutable_register_party()->add_commitments();
    commitment->set_field(field);
    commitment->set_hash(hash);
  }
  return action;
}

inline v1::Action Forget(const std::string& party, const std::string& by,
                         const std::vector<std::string>& hashes) {
  v1::Action action;
  auto* said = action.mutable_forget_personal();
  said->set_party(party);
  said->set_by(by);
  for (const std::string& hash : hashes) said->add_hashes(hash);
  return action;
}

}  // namespace fundtrail::testing
