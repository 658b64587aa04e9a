// The rules of findings, one file each. Each file says in its first lines what the rule compares, and how.
#pragma once

#include <memory>

#include "ledger/query/findings/rule.h"

namespace fundtrail::query {

std::unique_ptr<FindingWork> MakeIdleRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeHeldUpstreamRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeRoundTripRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeSplitRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeDuplicateRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeOutOfPeriodRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeNotAnnouncedRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeSilentRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeSelfDealingRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakePaidTwiceRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeLeftOutRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeOverfundedRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeResultOddRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeOutExceedsInRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeAnnouncedDiffersRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeUnansweredRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeUnaccountedRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeMagnitudeRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeUnsoundEvaluationRule(const FindingInput& input);
std::unique_ptr<FindingWork> MakeOffTargetRule(const FindingInput& input);

}  // namespace fundtrail::query
