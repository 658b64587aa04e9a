// See found_kinds.h.
#include "ledger/pages/found_kinds.h"

namespace fundtrail::pages {
namespace {

constexpr FoundKind kFoundKinds[] = {{"party", Word::kParty, true},
                                     {"fund", Word::kFund, true},
                                     {"project", Word::kProject, true},
                                     {"need", Word::kNeed, true},
                                     {"place", Word::kPlace, true},
                                     {kTransferHit, Word::kPayment, true},
                                     {"asset", Word::kAsset, false},
                                     {"category", Word::kCategory, false},
                                     {"policy", Word::kPolicy, false},
                                     {"notice", Word::kNotice, false},
                                     {"concern", Word::kConcern, false},
                                     {"evaluation", Word::kEvaluation, false},
                                     {"programme", Word::kProgramme, true},
                                     {"group", Word::kFoundGroup, false},
                                     {"seat", Word::kFoundSeat, false},
                                     {"join", Word::kFoundJoin, false},
                                     {"target-group", Word::kFoundTargetGroup, false},
                                     {"deployment", Word::kFoundDeployment, false},
                                     {"duty", Word::kFoundDuty, false},
                                     {"method", Word::kFoundMethod, false},
                                     {"commitment", Word::kFoundCommitment, false},
                                     {"pledge", Word::kFoundPledge, false},
                                     {"assignment", Word::kFoundAssignment, false},
                                     {"sample", Word::kFoundSample, false}};

}  // namespace

const FoundKind* FoundKindOf(std::string_view of) {
  for (const FoundKind& kind : kFoundKinds)
    if (kind.of == of) return &kind;
  return nullptr;
}

}  // namespace fundtrail::pages
