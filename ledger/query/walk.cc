// See walk.h.
#include "ledger/query/walk.h"

#include <algorithm>
#include <utility>

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

StatusOr<const v1::Account*> Walker::Describe(AccountNumber account) {
  auto found = accounts_.find(account);
  if (found == accounts_.end()) {
    FT_ASSIGN_OR_RETURN(auto described, DescribeAccount(view_, account));
    found = accounts_.emplace(account, std::move(described)).first;
  }
  return &found->second;
}

StatusOr<v1::Role> Walker::RoleOf(AccountNumber account) {
  auto found = roles_.find(account);
  if (found == roles_.end()) {
    FT_ASSIGN_OR_RETURN(const auto name, FindAccountName(view_, account));
    FT_ASSIGN_OR_RETURN(const auto party, FindParty(view_, name.party()));
    found = roles_.emplace(account, party.party().role()).first;
  }
  return found->second;
}

StatusOr<Date> Walker::DateOf(TransferRef ref) {
  auto found = dates_.find(ref);
  if (found == dates_.end()) {
    FT_ASSIGN_OR_RETURN(const auto row, FindTransfer(view_, ref));
    found = dates_.emplace(ref, row.date).first;
  }
  return found->second;
}

StatusOr<v1::EndKind> Walker::EndOf(AccountNumber account) {
  if (!forward_) return v1::BROUGHT_IN;
  FT_ASSIGN_OR_RETURN(const auto role, RoleOf(account));
  return role == v1::RECIPIENT ? v1::REACHED : role == v1::SOURCE ? v1::RETURNED : v1::HELD;
}

Status Walker::Walk(AccountNumber account, Interval at, const std::function<Status(const Step&)>& take) {
  const auto key = [&](Position position) {
    return forward_ ? keys::PieceOut(account, position) : keys::PieceIn(account, position);
  };
  Position reached = at.from;
  const auto gap_to = [&](Position to) -> Status {
    if (to <= reached) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const auto kind, EndOf(account));
    const Step step{{reached, to}, true, kind, {}, {}};
    reached = to;
    return take(step);
  };
  const auto piece = [&](Position from, const model::PieceRow& row) -> Status {
    if (forward_ && IsAfter(row.ref)) return absl::OkStatus();  // not drawn yet, as of then
    const Interval part = Intersect(at, {from, from + row.length});
    if (part.empty()) return absl::OkStatus();
    FT_RETURN_IF_ERROR(gap_to(part.from));
    Step step;
    step.at = part;
    step.ref = row.ref;
    step.ends = row.exchange;
    step.kind = row.exchange ? v1::EXCHANGED : v1::END_UNSPECIFIED;
    if (!row.exchange) {
      const Position next = row.position + (part.from - from);
      step.next = {row.account, {next, next + part.length()}, row.ref};
    }
    reached = part.to;
    return take(step);
  };
  // The piece that begins before the interval and reaches into it, then those that begin inside.
  if (at.from > Position(0)) {
    FT_ASSIGN_OR_RETURN(const auto before, view_.rows->Last(key(Position(0)), key(at.from)));
    if (before.has_value()) {
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodePieceRow(before->second));
      FT_RETURN_IF_ERROR(piece(keys::PositionOf(before->first), row));
    }
  }
  if (reached < at.to) {
    const auto cursor = view_.rows->Scan(key(reached), key(at.to));
    for (; cursor->Valid(); cursor->Next()) {
      FT_ASSIGN_OR_RETURN(const auto row, model::DecodePieceRow(cursor->value()));
      FT_RETURN_IF_ERROR(piece(keys::PositionOf(cursor->key()), row));
    }
    FT_RETURN_IF_ERROR(cursor->status());
  }
  return gap_to(at.to);
}

}  // namespace fundtrail::query
