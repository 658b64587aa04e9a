// What a client can check of the hits of a search: as checks.h.
#pragma once

#include "fundtrail/v1/search.pb.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// That the answer is of the record that was asked about; that each hit is of a kind that was asked for, stands there once and in its
// order, and has all words of the text in one of its own; and that an exact one is exact. Where all hits are there in one answer,
// that the counts are theirs. That nothing was left out, the client cannot know.
Status CheckAnswer(const v1::SearchAnswer& answer, const v1::SearchRequest& request, bool whole);

}  // namespace fundtrail::cli
