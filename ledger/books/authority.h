// Who may do what: whether the keys that signed an entry reach a party.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/items.h"
#include "ledger/books/own_keys.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// The keys that signed one entry, as the grants stand while it is applied. A grant reaches its party
// and, when it says so, every party below. `threshold` root keys together reach everything.
class Authority {
 public:
  // All must outlive it. `items`: what is known of items before; null: nothing.
  Authority(const store::Reader& state, const std::vector<crypto::PublicKey>& signers, Items* items = nullptr)
      : state_(state),
        signers_(signers),
        items_(items == nullptr ? own_items_ : *items),
        ancestors_(state, &items_) {}
  Authority(const Authority&) = delete;
  Authority& operator=(const Authority&) = delete;

  // OK when one signing key has `permission` for `party`; with PERMISSION_UNSPECIFIED any permission
  // does. Else KEY_NOT_AUTHORISED, or QUORUM_MISSING when root keys signed but too few. `party` exists.
  Status Require(std::string_view party, v1::Permission permission, std::string_view field);

  // OK when one signing key has one of the two for `party`. Else the refusal of the first.
  Status RequireEither(std::string_view party, v1::Permission first, v1::Permission second,
                       std::string_view field);

  // OK when as many root keys signed as the threshold says, as both stand now. Else QUORUM_MISSING.
  Status RequireRoot(std::string_view field);

  // The keys that signed and count for the party itself: OwnKeysOf.
  StatusOr<KeyPlaces> OwnKeys(const std::string& party, v1::Permission permission);

  // Those that may give the approval of `party` to a payment by `payer`. They have APPROVE by a grant to the party
  // itself. Root keys, and keys that may PAY for the payer, are left out. `payer` exists.
  StatusOr<KeyPlaces> ApprovingFor(const std::string& party, const std::string& payer);

  // The way up the trees, which the rules of registers ask too.
  Ancestors& ancestors() { return ancestors_; }
  // Items that the rules ask for.
  Items& items() { return items_; }

  // To be called after an action that changes grants.
  void Forget() {
    known_.clear();
    own_.clear();
    paying_.clear();
    root_.reset();
  }

 private:
  StatusOr<bool> GrantReaches(const crypto::PublicKey& key, std::string_view party,
                              v1::Permission permission);
  // How many root keys signed, and how many must.
  struct Root {
    std::uint32_t signers = 0, threshold = 0;
    bool decides() const { return signers > 0 && signers >= threshold; }
  };
  StatusOr<Root> TheRoot();

  StatusOr<const KeyPlaces*> Own(const std::string& party, v1::Permission permission);
  // The keys that signed and may pay for the payer: root keys, and those that have PAY.
  StatusOr<const KeyPlaces*> Paying(const std::string& payer);

  const store::Reader& state_;
  const std::vector<crypto::PublicKey>& signers_;
  Items own_items_;
  Items& items_;
  Ancestors ancestors_;
  // An entry of 200 lines asks the same 200 times.
  std::optional<Root> root_;
  std::map<std::pair<std::string, int>, bool> known_;
  std::map<std::pair<std::string, int>, KeyPlaces> own_;  // by party and permission
  std::map<std::string, KeyPlaces> paying_;               // by payer
};

}  // namespace fundtrail::books
