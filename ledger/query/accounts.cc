// See accounts.h.
#include "ledger/query/accounts.h"

#include "ledger/query/movements.h"

namespace fundtrail::query {

StatusOr<v1::BalanceAnswer> Balance(const View& view, std::string_view party, std::string_view fund,
                                    const AsOf& as_of) {
  v1::BalanceAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.date.has_value()) answer.set_as_of_date(fundtrail::ToString(*as_of.date));
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of.record));
  if (as_of.record.has_value()) answer.set_as_of_record(*as_of.record);
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, fund));
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
