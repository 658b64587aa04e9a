// The makers of pages, one for each address. Errors are those of the questions that they ask. NOT_FOUND for an id,
// INVALID_ARGUMENT for a query that means nothing, OUT_OF_RANGE for a record that is not there yet. Where CSV, JSON or
// SVG is asked for and the page has none, `data` is empty and `has_csv` and its like say so.
#pragma once

#include <string>

#include "fundtrail/v1/trace.pb.h"
#include "ledger/pages/asking.h"

namespace fundtrail::pages {

StatusOr<Content> HomePage(const Asking& asking);
StatusOr<Content> PaymentsPage(const Asking& asking);
StatusOr<Content> PaymentPage(const Asking& asking, const std::string& ref);
StatusOr<Content> PartiesPage(const Asking& asking);
StatusOr<Content> FindingsPage(const Asking& asking);
StatusOr<Content> IdlePage(const Asking& asking);
StatusOr<Content> FindPage(const Asking& asking);
StatusOr<Content> PartyPage(const Asking& asking, const std::string& id);
// Of a party's money, or of one payment: the other is empty.
StatusOr<Content> TracePage(const Asking& asking, v1::Direction direction, const std::string& party,
                            const std::string& ref);
// Of a party, of it with all below it, or of a programme.
enum class StatementOf { kParty, kBelow, kProgramme };
StatusOr<Content> StatementPage(const Asking& asking, StatementOf of, const std::string& id);
// Where several payments went, or came from, together and each by itself: `refs` of the question names them.
StatusOr<Content> ReceiptsPage(const Asking& asking, v1::Direction direction);
StatusOr<Content> FlowsPage(const Asking& asking);
StatusOr<Content> CommittedPage(const Asking& asking);
// A year beside the year before it, or the periods of the question. An empty year is the last one with a payment.
StatusOr<Content> ComparePage(const Asking& asking, const std::string& year);
// Whether there are days in the year before it: before the first year that a date may have there are none.
bool HasYearBefore(const std::string& year);
StatusOr<Content> FundsPage(const Asking& asking);
StatusOr<Content> ProjectsPage(const Asking& asking);
StatusOr<Content> FundPage(const Asking& asking, const std::string& id);
StatusOr<Content> ProjectPage(const Asking& asking, const std::string& id);
StatusOr<Content> ProgrammesPage(const Asking& asking);
StatusOr<Content> ProgrammePage(const Asking& asking, const std::string& id);
StatusOr<Content> NeedsPage(const Asking& asking);
StatusOr<Content> NeedPage(const Asking& asking, const std::string& id);
// A form to print, with which somebody promises to give to the need.
StatusOr<Content> PledgePage(const Asking& asking, const std::string& id);
StatusOr<Content> PlacesPage(const Asking& asking);
StatusOr<Content> PlacePage(const Asking& asking, const std::string& id);
StatusOr<Content> GivePage(const Asking& asking);
StatusOr<Content> NoticesPage(const Asking& asking);
StatusOr<Content> ConcernsPage(const Asking& asking);
StatusOr<Content> EvaluationsPage(const Asking& asking);
StatusOr<Content> PoliciesPage(const Asking& asking);
StatusOr<Content> CheckPage(const Asking& asking);
StatusOr<Content> DataPage(const Asking& asking);
StatusOr<Content> AboutPage(const Asking& asking);
StatusOr<Content> GlossaryPage(const Asking& asking);

}  // namespace fundtrail::pages
