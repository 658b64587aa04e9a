// The pages of a long answer put together, as they come: what is printed is the same as if there had been one.
#pragma once

#include "fundtrail/v1/statement.pb.h"

namespace fundtrail::render {

template <typename Page>
void AddPage(const Page& page, Page* whole) {
  whole->MergeFrom(page);
}
// An account that goes on from the page before becomes one statement again. It goes from what was held before its first
// part to what is held after its last, with the totals of all.
void AddPage(const v1::StatementAnswer& page, v1::StatementAnswer* whole);

}  // namespace fundtrail::render
