// The first page: what is in the ledger, is it whole, and where to ask.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/date.h"
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
