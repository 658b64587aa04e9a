// See own_keys.h. How many sign is a maximum matching of keys and parties. There are at most 32 keys, and at most 256 parties.
#include "ledger/books/own_keys.h"

#include <algorithm>
#include <map>
#include <set>

#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

namespace {

// Gives the party a key of its own. A party that has it already may have to take another. `taken`: which party has each key.
// `seen`: the keys that were tried for this one.
bool GiveKey(const std::vector<OwnKeys>& parties, std::size_t party,
             std::map<std::size_t, std::size_t>* taken, std::set<std::size_t>* seen) {
  for (const std::size_t key : parties[party].keys) {
    if (!seen->insert(key).second) continue;
    const auto other = taken->find(key);
    if (other != taken->end() && !GiveKey(parties, other->second, taken, seen)) continue;
    (*taken)[key] = party;
    return true;
  }
  return false;
}

StatusOr<bool> IsRootKey(const store::Reader& state, const std::string& root, const crypto::PublicKey& key) {
  FT_ASSIGN_OR_RETURN(const auto grant, GetMessage<v1::GrantRow>(state, keys::Grant(key.view(), root)));
  return grant.has_value() && grant->root();
}

}  // namespace

StatusOr<KeyPlaces> OwnKeysOf(const store::Reader& state, const std::vector<crypto::PublicKey>& signers,
                              const std::string& party, v1::Permission permission) {
  FT_ASSIGN_OR_RETURN(const auto genesis, NeedGenesis(state));
  KeyPlaces own;
  for (std::size_t i = 0; i < signers.size(); ++i) {
    FT_ASSIGN_OR_RETURN(const auto grant,
                        GetMessage<v1::GrantRow>(state, keys::Grant(signers[i].view(), party)));
    if (!grant.has_value()) continue;
    const auto& permissions = grant->permissions();
    if (std::find(permissions.begin(), permissions.end(), permission) == permissions.end()) continue;
    FT_ASSIGN_OR_RETURN(const bool root, IsRootKey(state, genesis.root_party(), signers[i]));
    if (!root) own.push_back(i);
  }
  return own;
}

std::vector<bool> MatchOwnKeys(const std::vector<OwnKeys>& parties) {
  std::map<std::size_t, std::size_t> taken;
  std::vector<bool> sign(parties.size());
  for (std::size_t i = 0; i < parties.size(); ++i) {
    std::set<std::size_t> seen;
    // Who has a key keeps one, though perhaps another.
    sign[i] = GiveKey(parties, i, &taken, &seen);
  }
  return sign;
}

}  // namespace fundtrail::books
