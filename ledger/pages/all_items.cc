// See all_items.h.
#include "ledger/pages/all_items.h"

#include "ledger/query/registers.h"

namespace fundtrail::pages {

Status EachItem(const query::View& view, const std::string& of,
                const std::function<bool(const v1::RegisterLine& line)>& take) {
  v1::RegistersRequest request;
  request.set_register_(of);
  FT_ASSIGN_OR_RETURN(auto pages, query::Registers(view, request, query::PagingOf(request)));
  while (!pages.over()) {
    FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, pages.Next());
    for (const v1::RegisterLine& line : answer.lines())
      if (!take(line)) return absl::OkStatus();
  }
  return absl::OkStatus();
}

bool IsPerson(const v1::RegisterLine& line) {
  return line.action().register_party().kind() == v1::RegisterParty::KIND_HOUSEHOLD;
}

}  // namespace fundtrail::pages
