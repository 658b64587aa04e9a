// Finds items of registers and transfers by names, ids, other registers' ids, references and purposes.
#pragma once

#include "fundtrail/v1/search.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// It looks through the index that the view knows (search_index.h), which a server keeps. As of a record, or where the view knows none,
// it reads one for itself. Texts are compared as FoldedForSearch has them (base/names.h). A transfer is found by its reference
// however old it is.
//
// INVALID_ARGUMENT for a text that is empty or too long, for a kind that is none, and for a token of another question.
// OUT_OF_RANGE for a record that is not there yet.
StatusOr<Pages<v1::SearchAnswer>> Search(const View& view, const v1::SearchRequest& request,
                                         const Paging& paging);

}  // namespace fundtrail::query
