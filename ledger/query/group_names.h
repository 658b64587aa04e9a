// What questions that read every transfer group money by: the party, fund, project, programme and kind of an account, each read once.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "ledger/query/money_sums.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Of one question. The view and the walk must outlive it.
class GroupNames {
 public:
  GroupNames(const View& view, const MoneyWalk& walk, AsOfRecord as_of)
      : view_(view), walk_(walk), as_of_(as_of) {}

  StatusOr<std::string> Party(const SummedParty& party);
  StatusOr<std::string> Fund(const SummedAccount& of, model::AccountNumber account);
  // Empty of general money.
  StatusOr<std::string> Project(model::AccountNumber account);
  // That of its project, in the version of then; empty where there is none.
  StatusOr<std::string> Programme(model::AccountNumber account);
  // "NGO", as RegisterParty.Kind names it; empty where nobody said.
  StatusOr<std::string> Kind(const SummedParty& party);
  // The name of an item of a register, in the version of then; empty where there is none.
  StatusOr<std::string> NameOf(v1::Action::ActionCase of, const std::string& id) const;

 private:
  const View& view_;
  const MoneyWalk& walk_;
  const AsOfRecord as_of_;
  // Parties and funds have numbers in the walk.
  std::map<std::uint32_t, std::string> parties_, funds_, kinds_;
  std::map<model::AccountNumber, std::string> projects_, programmes_;
};

}  // namespace fundtrail::query
