// An account's number line: what it received, what is undrawn, and how positions are drawn.
// docs/one-idea.md has the idea. Undrawn are the holes and the tail (model/rows.h); every function keeps
// held = holes + tail, and draws a position at most once.
#pragma once

#include <vector>

#include "ledger/base/quantity.h"
#include "ledger/base/status.h"
#include "ledger/model/rows.h"
#include "ledger/store/overlay.h"

namespace fundtrail::books {

// One account's line while an action works on it. Load, change, Store.
class NumberLine {
 public:
  static StatusOr<NumberLine> Load(store::Overlay* state, model::AccountNumber account);

  const model::AccountState& now() const { return now_; }
  model::AccountNumber account() const { return account_; }

  // Whether the line can grow by `amount` and stay in 63 bits.
  bool CanReceive(Amount amount) const { return CheckedAdd(now_.received, amount).has_value(); }

  // Needs CanReceive. The new positions, undrawn.
  Interval Receive(Amount amount);
  // Needs CanReceive. New positions, drawn at once: what a SOURCE brings in and pays out.
  Interval Mint(Amount amount);

  // Draws up to `amount` of the undrawn positions inside `within`, the lowest first, and appends them to
  // `pieces` (joining one that touches the last). Answers how much was drawn.
  StatusOr<Amount> Draw(Interval within, Amount amount, std::vector<Interval>* pieces);

  void Store();

 private:
  NumberLine(store::Overlay* state, model::AccountNumber account, model::AccountState now)
      : state_(state), account_(account), now_(now) {}
  void PutHole(Interval hole);
  StatusOr<std::vector<Interval>> HolesIn(Interval within, Amount enough) const;

  store::Overlay* state_;
  model::AccountNumber account_;
  model::AccountState now_;
};

}  // namespace fundtrail::books
