// See held_parts.h.
#include "ledger/query/held_parts.h"

#include <algorithm>

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
    FT_ASSIGN_OR_RETURN(part.date, backward_.DateOf(step.ref));
    FT_ASSIGN_OR_RETURN(part.committed, backward_.IsCommitted(step.ref));
    sum += part.amount.value();
    FT_RETURN_IF_ERROR(take(part));
    return true;
  };
  const auto lies_there = [&](const Step& step) -> StatusOr<bool> {
    if (!step.ends || step.kind == v1::EXCHANGED) return true;
    return backward_.Walk(account, step.at, arrived);
  };
  FT_ASSIGN_OR_RETURN(const Interval line, Undrawn(account));
  FT_RETURN_IF_ERROR(forward_.Walk(account, line, lies_there).status());
  if (sum == held.value()) return absl::OkStatus();
  return model::Damaged(keys::AccountState(account), "holds something else than what came and stayed");
}

// All of the account's line on which something may lie undrawn.
StatusOr<Interval> HeldParts::Undrawn(AccountNumber account) const {
  if (!as_of_.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto line, books::GetAccountState(*view_.rows, account));
    return Interval{std::min({line.first_hole, line.tail, line.end()}), line.end()};
  }
  const Bytes until = keys::Statement(account, {RecordIndex(*as_of_ + 1), 0}, model::Side::kOut);
  FT_ASSIGN_OR_RETURN(const auto last, view_.rows->Last(keys::StatementOf(account), until));
  if (!last.has_value()) return Interval{};
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeStatementRow(last->first, last->second));
  return Interval{Position(0), Position(row.received.value())};
}

}  // namespace fundtrail::query
