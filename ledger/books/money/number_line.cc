// See number_line.h.
#include "ledger/books/money/number_line.h"

#include <algorithm>

#include "ledger/books/state.h"
#include "ledger/model/row_keys.h"

namespace fundtrail::books {

namespace keys = model::keys;

namespace {

void Join(std::vector<Interval>* pieces, Interval drawn) {
  if (!pieces->empty() && pieces->back().to == drawn.from) {
    pieces->back().to = drawn.to;
  } else {
    pieces->push_back(drawn);
  }
}

Interval FirstOf(Interval interval, Amount amount) {
  return {interval.from, interval.from + std::min(interval.length(), amount)};
}

}  // namespace

StatusOr<NumberLine> NumberLine::Load(store::Overlay* state, model::AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto now, GetAccountState(*state, account));
  return NumberLine(state, account, now);
}

Interval NumberLine::Receive(Amount amount) {
  const Interval fresh{now_.end(), now_.end() + amount};
  now_.received += amount;
  now_.held += amount;
  return fresh;  // the tail begins where it did: at `fresh` when it was empty
}

Interval NumberLine::Mint(Amount amount) {
  const Interval fresh{now_.end(), now_.end() + amount};
  // What came back to this source and lies undrawn at the end becomes a hole below the minted positions.
  PutHole({now_.tail, fresh.from});
  now_.received += amount;
  now_.minted += amount;
  now_.tail = fresh.to;
  return fresh;
}

void NumberLine::PutHole(Interval hole) {
  if (hole.empty()) return;
  state_->Put(keys::Hole(account_, hole.from),
              model::EncodeNumber(static_cast<std::uint64_t>(hole.to.value())));
  now_.first_hole = std::min(now_.first_hole, hole.from);
}

// The holes that overlap `within`, lowest first, until they add up to `enough`.
StatusOr<std::vector<Interval>> NumberLine::HolesIn(Interval within, Amount enough) const {
  std::vector<Interval> holes;
  if (now_.held == now_.tail_length()) return holes;  // the usual case: no holes at all
  const Bytes all = keys::Hole(account_, now_.first_hole);
  const Bytes begin = keys::Hole(account_, std::max(within.from, now_.first_hole));
  Amount sum;
  Position free;  // the holes so far end before it
  const auto add = [&](ByteView key, ByteView value) -> Status {
    FT_ASSIGN_OR_RETURN(const Interval hole, model::DecodeHole(key, value));
    if (hole.from < free || hole.to > now_.tail) return model::Damaged(key, "overlaps what follows it");
    free = hole.to;
    const Interval inside = Intersect(hole, within);
    if (inside.empty()) return absl::OkStatus();
    holes.push_back(hole);
    sum += inside.length();
    return absl::OkStatus();
  };
  // The hole that begins before the range and may reach into it.
  FT_ASSIGN_OR_RETURN(const auto before, state_->Last(all, begin));
  if (before.has_value()) FT_RETURN_IF_ERROR(add(before->first, before->second));
  auto cursor = state_->Scan(begin, keys::Hole(account_, within.to));
  for (; cursor->Valid() && sum < enough; cursor->Next())
    FT_RETURN_IF_ERROR(add(cursor->key(), cursor->value()));
  FT_RETURN_IF_ERROR(cursor->status());
  return holes;
}

StatusOr<Amount> NumberLine::Draw(Interval within, Amount amount, std::vector<Interval>* pieces) {
  Amount drawn;
  FT_ASSIGN_OR_RETURN(const auto holes, HolesIn(within, amount));
  for (const Interval& hole : holes) {
    if (drawn == amount) break;
    const Interval piece = FirstOf(Intersect(hole, within), amount - drawn);
    state_->Delete(keys::Hole(account_, hole.from));
    // The lowest holes go first: when this one is of them, all below what is drawn now is gone.
    if (hole.from >= now_.first_hole && within.from <= now_.first_hole) now_.first_hole = piece.to;
    // What is left of the hole on either side stays undrawn.
    PutHole({hole.from, piece.from});
    PutHole({piece.to, hole.to});
    Join(pieces, piece);
    drawn += piece.length();
  }
  const Interval tail = Intersect({now_.tail, now_.end()}, within);
  if (drawn < amount && !tail.empty()) {
    const Interval piece = FirstOf(tail, amount - drawn);
    PutHole({now_.tail, piece.from});
    now_.tail = piece.to;
    Join(pieces, piece);
    drawn += piece.length();
  }
  if (drawn > now_.held)
    return model::Damaged(keys::AccountState(account_), "holds less than its holes and its tail");
  now_.held -= drawn;
  return drawn;
}

void NumberLine::Store() { state_->Put(keys::AccountState(account_), model::Encode(now_)); }

}  // namespace fundtrail::books
