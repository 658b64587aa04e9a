// See walk.h.
#include "ledger/query/walk.h"

#include <algorithm>
#include <utility>

#include "ledger/model/unrecorded.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

namespace {

// Rows to step over before looking up the next that matters: a look-up costs about as much.
constexpr int kMaxInVain = 8;

// Steps to remember, a few megabytes: the tree and the paths go where the flows went before.
constexpr std::size_t kMaxWalked = 20'000;

}  // namespace

StatusOr<const Walker::Known*> Walker::Know(AccountNumber account) {
  auto found = accounts_.find(account);
  if (found == accounts_.end()) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(auto name, NeedAccountName(view_, account));
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view_, name.party()));
    auto decimals = decimals_.find(name.asset());
    if (decimals == decimals_.end()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, name.asset()));
      decimals = decimals_.emplace(name.asset(), asset.decimals()).first;
    }
    Known known{Described(name, party, decimals->second), std::nullopt, account, party.role(),
                party.role_inferred()};
    if (!joins_.empty()) FT_RETURN_IF_ERROR(Join(&known));
    found = accounts_.emplace(account, std::move(known)).first;
  }
  return &found->second;
}

// How the account is counted, where its party is one with others.
Status Walker::Join(Known* known) {
  const v1::Account& of = known->recorded;
  const auto together = joins_.Together(of.party());
  if (together.size() == 1) return absl::OkStatus();
  joined_.insert(together.begin(), together.end());
  known->account =
      first_.emplace(std::tuple(together.front(), of.fund(), of.project(), of.asset()), known->account)
          .first->second;
  if (together.front() == of.party()) return absl::OkStatus();
  FT_ASSIGN_OR_RETURN(const auto party, NeedParty(view_, together.front()));
  known->standing = of;
  known->standing->set_party(party.id());
  known->standing->set_party_name(party.name());
  return absl::OkStatus();
}

StatusOr<const v1::Account*> Walker::Recorded(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return &known->recorded;
}

StatusOr<const v1::Account*> Walker::Describe(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->standing.has_value() ? &*known->standing : &known->recorded;
}

StatusOr<AccountNumber> Walker::Standing(AccountNumber account) {
  if (joins_.empty()) return account;
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->account;
}

StatusOr<v1::Role> Walker::RoleOf(AccountNumber account) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  return known->role;
}

void Walker::Remember(TransferRef ref, const model::TransferRow& row) {
  moved_.insert_or_assign(ref, Moved{row.date, row.committed()});
}

StatusOr<Walker::Moved> Walker::Look(TransferRef ref) {
  const auto found = moved_.find(ref);
  if (found != moved_.end()) return found->second;
  FT_ASSIGN_OR_RETURN(const auto row, NeedTransfer(view_, ref));
  Remember(ref, row);
  return Moved{row.date, row.committed()};
}

StatusOr<Date> Walker::DateOf(TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const Moved moved, Look(ref));
  return moved.date;
}

StatusOr<bool> Walker::IsCommitted(TransferRef ref) {
  FT_ASSIGN_OR_RETURN(const Moved moved, Look(ref));
  return moved.committed;
}

StatusOr<v1::EndKind> Walker::EndOf(AccountNumber account, Position from) {
  FT_ASSIGN_OR_RETURN(const auto* known, Know(account));
  if (!forward_) {
    if (known->role != v1::SOURCE) return model::Damaged(keys::PieceIn(account, from), "is missing");
    return model::IsUnrecordedOrigin(known->recorded.party()) ? v1::UNRECORDED : v1::BROUGHT_IN;
  }
  if (known->role == v1::RECIPIENT) return known->inferred ? v1::ENDS_HERE : v1::REACHED;
  return known->role == v1::SOURCE ? v1::RETURNED : v1::HELD;
}

Status Walker::CheckTime(TransferRef last, TransferRef next, bool own) const {
  const bool on = forward_ ? next > last : next < last;
  if (on || (own && next == last)) return absl::OkStatus();
  return model::Damaged(keys::Transfer(next), "has a piece that goes back in time");
}

StatusOr<bool> Walker::Walk(AccountNumber account, Interval at, const Take& take) {
  const auto found = walked_.find({account, at});
  if (found != walked_.end()) {
    const std::vector<Step> steps = found->second;  // a copy: `take` may walk on
    for (const Step& step : steps) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const bool more, take(step));
      if (!more) return false;
    }
    return true;
  }
  std::vector<Step> steps;
  const auto take_and_keep = [&](const Step& step) -> StatusOr<bool> {
    if (steps.size() <= kMaxWalked) steps.push_back(step);
    return take(step);
  };
  FT_ASSIGN_OR_RETURN(const bool whole,
                      WalkSome(
                          account, at, [](Position position) { return position; }, take_and_keep));
  if (!whole) return false;
  if (steps.size() > kMaxWalked) return true;
  kept_ += steps.size() + 1;
  if (kept_ > kMaxWalked) {
    walked_.clear();
    kept_ = steps.size() + 1;
  }
  walked_.insert_or_assign({account, at}, std::move(steps));
  return true;
}

StatusOr<bool> Walker::WalkMarked(AccountNumber account, Position begin, const MarkedUnits& marks,
                                  const TakeMarked& take) {
  const Interval all{begin, begin + marks.length()};
  if (marks.count() == marks.length()) {
    return Walk(account, all,
                [&](const Step& step) { return take(step, MarkedUnits::All(step.at.length())); });
  }
  const auto skip = [&](Position position) {
    const auto next = marks.NextMarked(position - begin);
    return next.has_value() ? begin + *next : all.to;
  };
  return WalkSome(account, all, skip, [&](const Step& step) -> StatusOr<bool> {
    const MarkedUnits part = marks.Slice(step.at.from - begin, step.at.to - begin);
    if (part.count().is_zero()) return true;
    return take(step, part);
  });
}

StatusOr<bool> Walker::WalkSome(AccountNumber account, Interval at, const Skip& skip, const Take& take) {
  const auto key = [&](Position position) {
    return forward_ ? keys::PieceOut(account, position) : keys::PieceIn(account, position);
  };
  Position reached = skip(at.from);
  const auto gap_to = [&](Position to) -> StatusOr<bool> {
    if (to <= reached) return true;
    FT_ASSIGN_OR_RETURN(const auto kind, EndOf(account, reached));
    Step step;
    step.at = {reached, to};
    step.ends = true;
    step.kind = kind;
    reached = to;
    return take(step);
  };
  const auto piece = [&](const Interval& whole, const model::PieceRow& row) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view_.GoOn());
    if (forward_ && IsAfter(row.ref)) return true;  // not drawn yet, as of then
    const Interval part = Intersect({reached, at.to}, whole);
    if (part.empty()) return true;
    FT_ASSIGN_OR_RETURN(const bool more, gap_to(part.from));
    if (!more) return false;
    Step step;
    step.at = part;
    step.ref = row.ref;
    step.ends = row.exchange;
    step.kind = row.exchange ? v1::EXCHANGED : v1::END_UNSPECIFIED;
    step.piece = row.position;
    if (!row.exchange) {
      const Position next = row.position + (part.from - whole.from);
      step.next = {row.account, {next, next + part.length()}, row.ref};
    }
    reached = part.to;
    return take(step);
  };
  const Bytes first = key(Position(0));
  const Bytes end = key(at.to);
  while (reached < at.to) {
    // From the piece that covers `reached`, row by row; over a long way of nothing that matters, at once.
    const auto cursor = view_.rows->ScanAt(first, key(reached), end);
    int in_vain = 0;
    Position free;  // the rows so far end before it
    // One row more when a row reaches the end of the range: if there is one, it overlaps.
    for (; cursor->Valid() && in_vain < kMaxInVain && (reached < at.to || free >= at.to); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodePiece(cursor->key(), cursor->value()));
      if (row.at.from < free) return model::Damaged(cursor->key(), "overlaps the one before it");
      free = row.at.to;
      in_vain = row.at.to <= reached ? in_vain + 1 : 0;
      FT_ASSIGN_OR_RETURN(const bool more, piece(row.at, row.row));
      if (!more) return false;
      if (reached < at.to) reached = skip(reached);
    }
    FT_RETURN_IF_ERROR(cursor->status());
    if (cursor->Valid()) continue;
    FT_ASSIGN_OR_RETURN(const bool more, gap_to(at.to));
    if (!more) return false;
  }
  return true;
}

}  // namespace fundtrail::query
