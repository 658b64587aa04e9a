// The question for findings: what an auditor looks for, by rules with parameters. docs/findings.md has each formula.
#pragma once

#include "fundtrail/v1/findings.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// Before the first page the rules work. Together they look at each transfer once, read what lies undrawn in each account once, and
// what each rule says in its file. Findings are kept, and counted by view.Grow.
//
// NOT_FOUND for a party or a fund that is not there. INVALID_ARGUMENT for a rule, a setting or a day that is none, and for
// a token of another question. OUT_OF_RANGE for a record that is not there yet. RESOURCE_EXHAUSTED when a rule would keep
// more than 128 MiB, or the ledger has more than kMaxSummedAccounts.
StatusOr<Pages<v1::FindingsAnswer>> Findings(const View& view, const v1::FindingsRequest& request,
                                             const Paging& paging);

}  // namespace fundtrail::query
