// Who may sign for a party: what a person is told whose own key may not.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/keys.pb.h"
#include "ledger/crypto/ed25519.h"

namespace fundtrail::cli {

// The keys in force that reach one party with one permission.
struct WhoMay {
  std::string party;
  v1::Permission permission = v1::PERMISSION_UNSPECIFIED;  // unspecified: any
  std::vector<v1::KeyLine> keys;  // each alone: given for the party or for one above it
  std::vector<v1::KeyLine> root;  // as many together as the threshold says
  std::uint32_t root_threshold = 0;

  // Whether the key alone is enough.
  bool Has(const crypto::PublicKey& key) const;
};

// Asks for the keys, and for the parties above. NOT_FOUND when there is no such party.
StatusOr<WhoMay> AskWhoMay(Connection* connection, const std::string& party, v1::Permission permission);

// "these keys may: 12ab… for village; or 1 of the root keys: 34cd…". The first few are named.
std::string WhoMayWords(const WhoMay& who);

// A refusal KEY_NOT_AUTHORISED of that entry, with who may sign it; any other error as it is. So it is when the ledger does
// not say who may.
Status WithWhoMay(Connection* connection, const v1::Entry& entry, const Status& refused);

}  // namespace fundtrail::cli
