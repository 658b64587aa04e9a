// See need_rows.h.
#include "ledger/pages/need_rows.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/query/needs.h"

namespace fundtrail::pages {

std::string SeverityText(const Asking& asking, std::uint32_t severity) {
  constexpr Word kSeverities[] = {Word::kSeverity1, Word::kSeverity2, Word::kSeverity3, Word::kSeverity4,
                                  Word::kSeverity5};
  return severity < 1 || severity > 5 ? "" : asking.Words(kSeverities[severity - 1]);
}

Table NeedsTable(const Asking& asking, const std::string& caption) {
  return Table(caption, {{asking.Words(Word::kNeed)},
                         {asking.Words(Word::kPlace)},
                         {asking.Words(Word::kPlaceId), false, true},
                         {asking.Words(Word::kCategory)},
                         {asking.Words(Word::kSeverity)},
                         {asking.Words(Word::kPeople), true},
                         {asking.Words(Word::kState)},
                         {asking.Words(Word::kAskedFor), true},
                         {asking.Words(Word::kCame), true},
                         {asking.Words(Word::kCommittedOfThat), true},
                         {asking.Words(Word::kAssigned), true},
                         {asking.Words(Word::kMissing), true},
                         {asking.Words(Word::kAsset)}});
}

std::int64_t CameTo(const v1::NeedLine& line) { return Capped(Wide{line.direct()} + line.by_projects()); }

std::string NeedStateText(const Asking& asking, const v1::NeedLine& line) {
  if (line.beyond()) return asking.Words(Word::kBeyond);
  return line.state() == v1::NEED_STATE_UNSPECIFIED ? asking.Words(Word::kNotInForce)
                                                    : asking.Value(line.state());
}

void AddNeed(const Asking& asking, const v1::NeedLine& line, Table* needs) {
  const v1::DeclareNeed& need = line.need();
  const bool amounts = !need.asset().empty();
  const auto money = [&](std::int64_t amount) {
    return amounts ? MoneyCell(amount, line.decimals()) : WordCell("–");
  };
  needs->Add({{asking.Need(need.id()), need.id()},
              {asking.Place(need.place(), line.place_name()), line.place_name()},
              NameCell(need.place()),
              NameCell(line.category_name()),
              WordCell(SeverityText(asking, line.severity())),
              line.people() == 0 ? WordCell("–") : PeopleCell(line.people()),  // nobody said how many
              WordCell(NeedStateText(asking, line)),
              money(line.asked()),
              money(CameTo(line)),
              money(line.committed()),
              money(line.assigned()),
              money(line.open()),
              WordCell(need.asset())});
}

Html PledgeFormOf(const Asking& asking, const std::string& need) {
  return asking.LinkIfThere(absl::StrCat(NeedPath(need), "pledge/"), "", Word::kPledgeForm);
}

Html NotVerifiedNote(const Asking& asking, std::uint64_t number) {
  return number == 0 ? Html() : asking.Paragraph(Word::kNotVerified, {Text(NumberText(number))});
}

StatusOr<v1::NeedsAnswer> NeedsAsked(const Asking& asking, const std::string& place) {
  v1::NeedsRequest request;
  request.set_place(place);
  request.set_category(asking.asked("category"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  return AllPages(query::Needs(asking.view, request, query::PagingOf(request)));
}

}  // namespace fundtrail::pages
