// The first page: what is in the ledger, is it whole, and where to ask.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/totals.h"
#include "ledger/query/news.h"
#include "ledger/query/participation.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kLatestShown = 10;

Html Door(const Asking& asking, std::string_view path, Word question, Word answer) {
  return Element("li", asking.Link(path, question) + Text(" ") + asking.Shown(answer));
}

Html Doors(const Asking& asking, bool needs) {
  Html doors = Door(asking, "parties/", Word::kDoorWent, Word::kDoorWentHow) +
               Door(asking, "parties/", Word::kDoorWho, Word::kDoorWhoHow) +
               Door(asking, "payments/", Word::kDoorPayments, Word::kDoorPaymentsHow);
  doors += Door(asking, "funds/", Word::kFunds, Word::kDoorFundsHow) +
           Door(asking, "projects/", Word::kProjects, Word::kDoorProjectsHow);
  if (needs) {
    doors += Door(asking, "needs/", Word::kDoorNeeds, Word::kDoorNeedsHow) +
             Door(asking, "places/", Word::kDoorPlaces, Word::kDoorPlacesHow) +
             Door(asking, "give/", Word::kDoorGive, Word::kDoorGiveHow);
  }
  doors += Door(asking, "policies/", Word::kPolicies, Word::kDoorPoliciesHow) +
           Door(asking, "evaluations/", Word::kEvaluations, Word::kDoorEvaluationsHow) +
           Door(asking, "concerns/", Word::kConcerns, Word::kDoorConcernsHow) +
           Door(asking, "notices/", Word::kNotices, Word::kDoorNoticesHow);
  return Element("ul", {{"class", "doors"}}, doors);
}

}  // namespace

Table TotalsTable(const Asking& asking, const v1::ParticipationAnswer& answer) {
  Table totals(asking.Words(Word::kTotals), {{asking.Words(Word::kAsset)},
                                             {asking.Words(Word::kBroughtIn), true},
                                             {asking.Words(Word::kUnrecordedNow), true},
                                             {asking.Words(Word::kReachedNow), true},
                                             {asking.Words(Word::kEndsHereNow), true},
                                             {asking.Words(Word::kHeldNow), true},
                                             {asking.Words(Word::kReturnedNow), true},
                                             {asking.Words(Word::kSources), true}});
  for (const v1::AssetParticipation& of : answer.assets()) {
    const std::uint32_t decimals = of.decimals();
    totals.Add({WordCell(of.asset()), MoneyCell(of.brought(), decimals), MoneyCell(of.unrecorded(), decimals),
                MoneyCell(of.reached(), decimals), MoneyCell(of.ended(), decimals),
                MoneyCell(of.held(), decimals), MoneyCell(of.with_sources(), decimals),
                NumberCell(of.sources())});
  }
  return totals;
}

Html TotalsInWords(const Asking& asking, const v1::AssetParticipation& of) {
  const Wide in = Wide{of.brought()} + of.unrecorded();
  const Wide out = Wide{of.reached()} + of.ended() + of.held() + of.with_sources();
  if (in != out || in == 0) return {};
  const auto money = [&](std::int64_t amount) { return Text(MoneyText(amount, of.decimals())); };
  return Element(
      "p", {{"class", "lead"}},
      asking.Shown(Word::kTotalsInWords,
                   {Element("b", Text(asking.MoneyInWords(Capped(in), of.decimals(), of.asset()))),
                    money(of.reached()), money(of.ended()), money(of.held()), money(of.with_sources())}));
}

StatusOr<Content> HomePage(const Asking& asking) {
  v1::ParticipationRequest request;
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ParticipationAnswer answer, query::Participation(asking.view, request));
  FT_ASSIGN_OR_RETURN(const auto newest, NewestPayments(asking, kLatestShown));
  FT_ASSIGN_OR_RETURN(const std::int64_t recorded, query::RecordedAt(asking.view, asking.last_record()));
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer needs, ManyItems(asking, "need", false));
  Content content;
  content.title = asking.view.checkpoint.ledger();
  content.body = Element("p", asking.Shown(Word::kHomeLead, {Text(NumberText(asking.last_record() + 1)),
                                                             Text(ToString(DateOf(Timestamp(recorded))))}));
  for (const v1::AssetParticipation& of : answer.assets()) content.body += TotalsInWords(asking, of);
  content.body += Doors(asking, needs.lines_size() > 0);
  PaymentRows latest(asking, asking.Words(Word::kNewestPayments));
  for (const v1::TransferLine& line : newest) latest.AddPayment(line);
  content.body += TableOnPage(asking, latest) + TableOnPage(asking, TotalsTable(asking, answer));
  return content;
}

}  // namespace fundtrail::pages
