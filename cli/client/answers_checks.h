// What a client can check of the answers about arrivals, concerns and samples: as checks.h.
#pragma once

#include "fundtrail/v1/answers.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// That the answer is of the record and the day that were asked about; that each payment has a status that was asked for, which
// follows from what was said of it, and stands behind those before it; that no more arrived than was paid. Where all payments are
// there in one answer, that the counts are theirs. `whole`: it is no page among others.
Status CheckAnswer(const v1::AcknowledgementsAnswer& answer, const v1::AcknowledgementsRequest& request,
                   bool whole);
// That the answer is of the record and the day that were asked about; that each concern has a state that was asked for, and stands
// behind those before it. Where all concerns are there in one answer, that the counts are theirs.
Status CheckAnswer(const v1::ConcernsAnswer& answer, const v1::ConcernsRequest& request, bool whole);
// That the answer is of the sample and the record that were asked about; that the rank of each member follows from the seed, and that
// they stand in the order of their ranks, as many as are needed.
Status CheckAnswer(const v1::SampleAnswer& answer, const v1::SampleRequest& request);

}  // namespace fundtrail::cli
