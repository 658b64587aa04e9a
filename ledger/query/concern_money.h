// The money that concerns are about.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>

#include "fundtrail/v1/answers.pb.h"
#include "ledger/base/wide.h"
#include "ledger/books/concerns.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// Of each subject once, however many concerns are about it.
class MoneyUnderConcern {
 public:
  // As of that record. The view must outlive it.
  MoneyUnderConcern(const View& view, AsOfRecord as_of) : view_(view), as_of_(as_of) {}
  Status Take(const books::ConcernSubject& subject);
  // Sets the fields that tell of money.
  Status AddTo(v1::ConcernsAnswer* answer) const;

 private:
  struct Sums {
    Wide in_projects = 0, for_needs = 0, in_payments = 0;
  };

  const View& view_;
  const AsOfRecord as_of_;
  std::set<std::pair<int, std::string>> taken_;
  std::map<std::string, Sums> sums_;  // by asset
  std::uint64_t without_ = 0;
  bool beyond_ = false;
};

}  // namespace fundtrail::query
