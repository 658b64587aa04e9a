// See accounts.h.
#include "ledger/query/accounts.h"

#include <cstdint>
#include <optional>

#include "ledger/query/movements.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

namespace {

// As the ledger stood after a record, or by the value dates up to a day. Neither: now.
struct AsOf {
  std::optional<std::uint64_t> record;
  std::optional<Date> date;
};

}  // namespace

StatusOr<v1::BalanceAnswer> Balance(const View& view, const v1::BalanceRequest& request) {
  AsOf as_of;
  if (request.as_of_case() == v1::BalanceRequest::kRecord) as_of.record = request.record();
  FT_ASSIGN_OR_RETURN(as_of.date, Day("date", request.date()));
  v1::BalanceAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.date.has_value()) answer.set_as_of_date(fundtrail::ToString(*as_of.date));
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of.record));
  if (as_of.record.has_value()) answer.set_as_of_record(*as_of.record);
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, request.party(), request.fund()));
  for (const auto account : accounts) {
    std::int64_t in = 0, out = 0, minted = 0;
    const auto add = [&](const Movement& movement) -> StatusOr<bool> {
      if (as_of.date.has_value() && movement.row.date > *as_of.date) return true;
      std::int64_t* const sum = movement.incoming ? &in : movement.mints ? &minted : &out;
      const bool added = AddTo(sum, movement.row.amount.value());
      std::int64_t received = in, drawn = out;
      if (added && AddTo(&received, minted) && AddTo(&drawn, minted)) return true;
      return TooMuch(movement);
    };
    FT_RETURN_IF_ERROR(EachMovement(view, account, {{}, as_of.record}, add).status());
    if (in == 0 && out == 0 && minted == 0) continue;
    auto* line = answer.add_lines();
    FT_ASSIGN_OR_RETURN(*line->mutable_account(), DescribeAccount(view, account));
    line->set_received(in + minted);
    line->set_drawn(out + minted);
    line->set_held(in - out);
    line->set_minted(minted);
    FT_RETURN_IF_ERROR(view.Grow(line->ByteSizeLong()));
  }
  return answer;
}

}  // namespace fundtrail::query
