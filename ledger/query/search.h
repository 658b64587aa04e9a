// Finds items of registers and transfers by names, ids, other registers' ids, references and purposes.
#pragma once

#include "fundtrail/v1/search.pb.h"
#include "ledger/query/pages.h"

namespace fundtrail::query {

// How much one search looks at, before its first page: items of all registers together, in the order of the registers, and the
// newest transfers, within the newest records. Items beyond are stepped over. What is
// left out is said in the answer.
inline constexpr std::uint64_t kMaxSearchedItems = 500'000;
inline constexpr std::uint64_t kMaxSearchedTransfers = 50'000;

// It scans, and has no index. Texts are compared as FoldedForSearch has them (base/names.h). A transfer is found by its reference
// however old it is.
//
// INVALID_ARGUMENT for a text that is empty or too long, for a kind that is none, and for a token of another question;
// OUT_OF_RANGE for a record that is not there yet.
StatusOr<Pages<v1::SearchAnswer>> Search(const View& view, const v1::SearchRequest& request,
                                         const Paging& paging);

}  // namespace fundtrail::query
