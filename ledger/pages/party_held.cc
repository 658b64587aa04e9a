// See party_held.h.
#include "ledger/pages/party_held.h"

#include <cstdint>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/pages/escapes.h"
#include "ledger/query/idle.h"

namespace fundtrail::pages {
namespace {

StatusOr<Html> HeldSince(const Asking& asking, const v1::IdleTotal& total, const std::string& on) {
  const Html sum = Element("b", Text(asking.MoneyInWords(total.held(), total.decimals(), total.asset())));
  FT_ASSIGN_OR_RETURN(const Date oldest, ParseDate(total.oldest()));
  FT_ASSIGN_OR_RETURN(const Date counted_to, ParseDate(on));
  // A value date may lie after the day that ages are counted to.
  if (counted_to < oldest) return asking.Shown(Word::kIdleSum, {sum, asking.Day(total.oldest())});
  const auto days = static_cast<std::uint64_t>(counted_to.days() - oldest.days());
  return asking.Counted(Word::kOldestHeldDays, days, {sum, asking.Day(total.oldest()), asking.Day(on)});
}

// Empty where there is none.
StatusOr<v1::IdleAnswer> FirstPage(StatusOr<query::Pages<v1::IdleAnswer>> pages) {
  FT_RETURN_IF_ERROR(pages.status());
  if (pages->over()) return v1::IdleAnswer();
  return pages->Next();
}

}  // namespace

StatusOr<Html> OldestHeld(const Asking& asking, const std::string& party, bool joined) {
  v1::IdleRequest request;
  request.set_of(v1::IdleRequest::OF_PARTY);
  request.set_party(party);
  request.set_joined(joined);
  request.set_limit(1);  // the totals stand on the first page alone
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const auto answer, asking.Kept(request.SerializeAsString(), [&] {
    return FirstPage(query::Idle(asking.view, request, query::PagingOf(request)));
  }));
  Html shown;
  for (const v1::IdleTotal& total : answer->totals()) {
    if (total.held() <= 0) continue;
    FT_ASSIGN_OR_RETURN(const Html since, HeldSince(asking, total, answer->on()));
    shown += Element("p", since);
  }
  if (shown.empty()) return shown;
  return shown + Element("p", asking.Link(absl::StrCat("idle/?party=", EscapedPart(party)), Word::kItsIdle));
}

}  // namespace fundtrail::pages
