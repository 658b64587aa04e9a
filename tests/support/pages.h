// Long answers, read to their end.
#pragma once

#include <utility>
#include <vector>

#include "cli/render/pages.h"
#include "ledger/query/pages.h"

namespace fundtrail::testing {

template <typename Page>
StatusOr<std::vector<Page>> EachPage(StatusOr<query::Pages<Page>> asked) {
  if (!asked.ok()) return asked.status();
  std::vector<Page> pages;
  while (!asked->over()) {
    FT_ASSIGN_OR_RETURN(Page page, asked->Next());
    pages.push_back(std::move(page));
  }
  return pages;
}

// As one answer, as the command line prints it.
template <typename Page>
StatusOr<Page> Whole(StatusOr<query::Pages<Page>> asked) {
  FT_ASSIGN_OR_RETURN(const std::vector<Page> pages, EachPage(std::move(asked)));
  Page whole;
  for (const Page& page : pages) render::AddPage(page, &whole);
  return whole;
}

}  // namespace fundtrail::testing
