// See account_totals.h.
#include "ledger/query/account_totals.h"

#include <utility>

#include "ledger/books/state.h"
#include "ledger/query/balance.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

StatusOr<std::vector<AccountTotal>> AccountTotals(const View& view, const std::string& party,
                                                  AsOfRecord as_of) {
  std::vector<AccountTotal> totals;
  if (as_of.has_value()) {
    v1::BalanceRequest request;
    request.set_party(party);
    request.set_record(*as_of);
    FT_ASSIGN_OR_RETURN(const auto balance, Balance(view, request));
    for (const v1::BalanceLine& line : balance.lines())
      totals.push_back({line.account(), line.received(), line.drawn(), line.held(), line.minted()});
    return totals;
  }
  FT_ASSIGN_OR_RETURN(const auto accounts, AccountsAsked(view, party, ""));
  for (const model::AccountNumber account : accounts) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(const auto state, books::GetAccountState(*view.rows, account));
    if (state.received.is_zero()) continue;
    AccountTotal total;
    FT_ASSIGN_OR_RETURN(total.account, DescribeAccount(view, account));
    total.received = state.received.value();
    total.drawn = (state.received - state.held).value();
    total.held = state.held.value();
    total.minted = state.minted.value();
    FT_RETURN_IF_ERROR(view.Grow(sizeof(AccountTotal) + total.account.ByteSizeLong()));
    totals.push_back(std::move(total));
  }
  return totals;
}

}  // namespace fundtrail::query
