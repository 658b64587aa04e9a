// The rules in one call: what an entry does to the state. docs/one-idea.md: state = fold(apply, records).
//
// Pure: no clock, no randomness, no disk but the state that it is given. The ledger calls it to append, an
// import to try, and a verifier, on a store of its own, to arrive at the same rows.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "fundtrail/v1/entry.pb.h"
#include "fundtrail/v1/record.pb.h"
#include "ledger/base/status.h"
#include "ledger/books/authority.h"
#include "ledger/books/rules.h"
#include "ledger/crypto/ed25519.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// Applies all actions of `entry`, which has its form (model/entry.h), at that moment; `signers` are the
// keys whose signatures verify. On success every change is in `state`. On a refusal, or an error of the
// store, a part of them may be. So give an overlay for this entry alone and discard it then, or one that tries it (Overlay::Try)
// and takes it back. `items`: what is known of items from the entries before; may be null.
StatusOr<v1::Outcome> Apply(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                            const std::vector<crypto::PublicKey>& signers, Items* items = nullptr);

// The same for a list of actions that continue an entry of which `lines_before` transfers are applied
// already: how an import tries what is not recorded yet. The checks of genesis, ledger name and author are left to Apply.
StatusOr<v1::Outcome> ApplyActions(store::Overlay* state, const Moment& moment, const v1::Entry& entry,
                                   std::uint32_t lines_before, const std::vector<crypto::PublicKey>& signers);

// An entry that grows, and is judged as it does: an import finds out row by row what the rules take. What was kept has the
// outcome and the rows that Apply gives for the whole entry, so it need not be applied again. Not for genesis.
class GrowingEntry {
 public:
  // `rows` are those before the entry; `items` is what is known of items, and may be null. Both must outlive it.
  GrowingEntry(const store::Reader& rows, const Moment& moment, std::vector<crypto::PublicKey> signers,
               Items* items = nullptr)
      : moment_(moment), signers_(std::move(signers)), items_(items), kept_(rows) {
    authority_.emplace(kept_, signers_, items_);
  }
  GrowingEntry(const GrowingEntry&) = delete;
  GrowingEntry& operator=(const GrowingEntry&) = delete;

  // What Apply asks of an entry before its actions: `head` has at least its ledger and its author.
  Status CheckHead(const v1::Entry& head);
  // Judges the actions of `more`, as if they came after those that were kept. Keep or Drop must follow; after an error it is as
  // if nothing had been tried. The outcome is of these actions alone, and lasts until then.
  StatusOr<const v1::Outcome*> Try(const v1::Entry& more);
  void Keep();
  void Drop();

  const Moment& moment() const { return moment_; }
  const store::Overlay& rows() const { return kept_; }  // with what was kept, and what is tried
  std::uint32_t lines() const { return static_cast<std::uint32_t>(outcome_.transfers_size()); }
  // What was kept. Afterwards it is not to be used any more.
  v1::Outcome TakeOutcome() { return std::move(outcome_); }
  store::Batch TakeRows() { return kept_.TakePending(); }

 private:
  const Moment moment_;
  const std::vector<crypto::PublicKey> signers_;
  Items* const items_;
  store::Overlay kept_;                 // and what is tried
  std::optional<Authority> authority_;  // as for one entry: what it knows holds for all of it
  v1::Outcome outcome_, tried_outcome_;
  std::uint32_t actions_ = 0, tried_actions_ = 0;
};

}  // namespace fundtrail::books
