// Who paid one party, and whom it paid: what FlowsBy has of it by parties, by its own movements, where FlowsBy reads every transfer.
#pragma once

#include <cstdint>
#include <string>

#include "fundtrail/v1/flows.pb.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

struct PartyFlows {
  v1::FlowsByAnswer payers;  // lines to the party
  v1::FlowsByAnswer payees;  // lines from it
};

// The request is one by party, with the errors that FlowsBy has for it; `top` counts on either side. What the party pays itself is on
// neither, and so is, of joined parties, what they pay one another. NOT_FOUND for a party that is not there. RESOURCE_EXHAUSTED when it has
// more than `most` movements, of which no more are read then.
StatusOr<PartyFlows> FlowsOfParty(const View& view, const v1::FlowsByRequest& request,
                                  const std::string& party, std::uint64_t most = UINT64_MAX);

}  // namespace fundtrail::query
