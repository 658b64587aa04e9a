// See kept_money.h.
#include "ledger/query/kept_money.h"

#include "ledger/books/money/commitments.h"
#include "ledger/books/state.h"

namespace fundtrail::query {

StatusOr<std::optional<Amount>> KeptOfHeld(const View& view, model::AccountNumber account, AsOfRecord as_of,
                                           Amount held) {
  std::optional<RecordIndex> record;
  if (as_of.has_value()) record = RecordIndex(*as_of);
  FT_ASSIGN_OR_RETURN(const auto at_most, books::GetCommittedRow(*view.rows, account, record));
  if (at_most.amount() == 0) return std::optional<Amount>();
  FT_ASSIGN_OR_RETURN(const std::string day, DayAsked(view, "", as_of));
  FT_ASSIGN_OR_RETURN(const Amount kept,
                      books::KeptOn(*view.rows, account, day, record, [&] { return view.GoOn(); }));
  if (kept < Amount(0) || kept > held)
    return model::Damaged(model::keys::CommittedOf(account), "keeps more than the account holds");
  return std::optional(kept);
}

}  // namespace fundtrail::query
