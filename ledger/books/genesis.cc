// See genesis.h.
#include "ledger/books/genesis.h"

#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

Status ApplyGenesis(store::Overlay* state, const std::string& ledger, const v1::Genesis& genesis) {
  v1::GenesisRow row;
  row.set_ledger(ledger);
  row.set_root_party(genesis.root_party());
  row.set_threshold(genesis.threshold());
  row.add_rules()->set_version(genesis.rules());
  PutMessage(state, keys::Genesis(), row);

  v1::RegisterRow root;
  auto* party = root.mutable_action()->mutable_register_party();
  party->set_id(genesis.root_party());
  party->set_name(genesis.root_name());
  party->set_role(v1::ROLE_HOLDER);
  PutMessage(state, keys::Party(genesis.root_party()), root);
  state->Put(keys::Child(v1::Action::kRegisterParty, "", genesis.root_party()), "");

  v1::GrantRow grant;
  grant.set_descendants(true);
  grant.set_root(true);
  for (const auto& key : genesis.root_keys())
    PutMessage(state, keys::Grant(key, genesis.root_party()), grant);
  return absl::OkStatus();
}

}  // namespace fundtrail::books
