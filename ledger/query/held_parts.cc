// See held_parts.h.
#include "ledger/query/held_parts.h"

#include "ledger/base/wide.h"
#include "ledger/books/state.h"

namespace fundtrail::query {

namespace keys = model::keys;
using model::AccountNumber;

Status HeldParts::Each(AccountNumber account, Amount held,
                       const std::function<Status(const HeldPart&)>& take) {
  Wide sum = 0;
  const auto arrived = [&](const Step& step) -> StatusOr<bool> {
    HeldPart part;
    part.ref = step.ref;
    part.amount = step.at.length();
    FT_ASSIGN_OR_RETURN(const auto moved, backward_.Look(step.ref));
    part.date = moved.date;
    part.committed = moved.committed;
    sum += part.amount.value();
    FT_RETURN_IF_ERROR(take(part));
    return true;
  };
  FT_RETURN_IF_ERROR(
      EachInterval(account, [&](Interval at) { return backward_.Walk(account, at, arrived).status(); }));
  if (sum == held.value()) return absl::OkStatus();
  return model::Damaged(keys::AccountState(account), "holds something else than what came and stayed");
}

Status HeldParts::EachInterval(AccountNumber account, const std::function<Status(Interval)>& take) {
  if (!as_of_.has_value()) return EachUndrawn(account, take);
  const auto lies_there = [&](const Step& step) -> StatusOr<bool> {
    if (step.ends && step.kind != v1::END_KIND_EXCHANGED) FT_RETURN_IF_ERROR(take(step.at));
    return true;
  };
  FT_ASSIGN_OR_RETURN(const Interval line, LineThen(account));
  return forward_.Walk(account, line, lies_there).status();
}

// What lies undrawn now: holes, and the tail. Most accounts have no hole, and then no rows are sought.
Status HeldParts::EachUndrawn(AccountNumber account, const std::function<Status(Interval)>& take) const {
  FT_ASSIGN_OR_RETURN(const auto line, books::GetAccountState(*view_.rows, account));
  if (line.held > line.tail_length()) {
    const auto cursor =
        view_.rows->Scan(keys::Hole(account, line.first_hole), store::PrefixEnd(keys::HolesOf(account)));
    for (; cursor->Valid(); cursor->Next()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const Interval hole, model::DecodeHole(cursor->key(), cursor->value()));
      if (hole.to > line.tail) return model::Damaged(cursor->key(), "ends above the account's tail");
      FT_RETURN_IF_ERROR(take(hole));
    }
    FT_RETURN_IF_ERROR(cursor->status());
  }
  return line.tail < line.end() ? take({line.tail, line.end()}) : absl::OkStatus();
}

// All of the account's line of then: which of it was drawn since, its pieces say.
StatusOr<Interval> HeldParts::LineThen(AccountNumber account) const {
  const Bytes until = keys::Statement(account, {RecordIndex(*as_of_ + 1), 0}, model::Side::kOut);
  FT_ASSIGN_OR_RETURN(const auto last, view_.rows->Last(keys::StatementOf(account), until));
  if (!last.has_value()) return Interval{};
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeStatementRow(last->first, last->second));
  return Interval{Position(0), Position(row.received.value())};
}

}  // namespace fundtrail::query
