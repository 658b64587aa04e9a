// An account as people read it.
#pragma once

#include "cli/render/style.h"
#include "fundtrail/v1/account.pb.h"

namespace fundtrail::render {

// "fund flood", "fund flood, project lunches".
inline Shown FundOf(const v1::Account& account) {
  Shown words = Say("fund {}", account.fund());
  if (!account.project().empty()) words += Say(", project {}", account.project());
  return words;
}

// The same in brackets, behind a name: "[flood]", "[flood, project lunches]".
inline Shown FundInBrackets(const v1::Account& account) {
  return account.project().empty() ? Say("[{}]", account.fund())
                                   : Say("[{}, project {}]", account.fund(), account.project());
}

}  // namespace fundtrail::render
