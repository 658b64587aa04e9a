// How much of what transfers brought was sent back, for all rules of one question.
#pragma once

#include <cstdint>
#include <vector>

#include "ledger/base/wide.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// It remembers two things of each account: whether anything ever left it, and whether it ever sent anything back. So for most
// transfers it reads nothing. The view must outlive it.
class BackMoney {
 public:
  BackMoney(const View& view, AsOfRecord as_of) : view_(view), as_of_(as_of) {}

  // Each transfer then, and after them SeenAll. Accounts that sent nothing back are known from then on.
  void See(const model::TransferRow& row);
  void SeenAll() { seen_all_ = true; }
  // Whether nothing was ever sent back, as far as it has seen all.
  bool none() const { return seen_all_ && !any_; }

  // How much of what the transfer brought was sent back by then, and whether all of it was. Before SeenAll too.
  StatusOr<Wide> Of(const model::TransferRow& row);
  StatusOr<bool> All(const model::TransferRow& row);

 private:
  struct Known {
    bool asked = false, paid_on = false;  // whether its state was read, and says that something left
    bool sent_back = false;               // as far as transfers were seen
  };
  Known& At(model::AccountNumber account);
  StatusOr<bool> MayHave(const model::TransferRow& row);

  const View& view_;
  const AsOfRecord as_of_;
  std::vector<Known> accounts_;  // by their numbers: a walk has met them all
  bool seen_all_ = false, any_ = false;
};

}  // namespace fundtrail::query
