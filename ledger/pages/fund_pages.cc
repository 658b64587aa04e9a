// Funds and projects: all of them, and one with its money.
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/model/register_table.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/totals.h"
#include "ledger/query/fund_totals.h"
#include "ledger/query/list.h"
#include "ledger/query/participation.h"
#include "ledger/query/project_money.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint64_t kFirstShown = 20;

StatusOr<Html> FirstPayments(const Asking& asking, const std::string& fund, const std::string& project) {
  v1::ListRequest request;
  request.set_fund(fund);
  request.set_project(project);
  request.set_limit(kFirstShown);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ListAnswer answer,
                      AllPages(query::List(asking.view, request, query::PagingOf(request))));
  PaymentRows payments(asking, asking.Words(Word::kFirstPayments));
  for (const v1::TransferLine& line : answer.transfers()) payments.AddPayment(line);
  Html shown = TableOnPage(asking, payments);
  if (!answer.next().empty()) {
    const std::string query = fund.empty() ? "project=" + EscapedPart(project) : "fund=" + EscapedPart(fund);
    shown += Element("p", asking.Link("payments/?" + query, Word::kAllItsPayments));
  }
  return shown;
}

Html ResultsShown(const Asking& asking, const v1::ProjectMoneyAnswer& answer) {
  Table results(asking.Words(Word::kResults), {{asking.Words(Word::kIndicator)},
                                               {asking.Words(Word::kTarget), true},
                                               {asking.Words(Word::kReported), true},
                                               {asking.Words(Word::kUnit)},
                                               {asking.Words(Word::kReports), true}});
  for (const v1::ProjectResult& result : answer.results()) {
    results.Add({NameCell(result.target().indicator()), MoneyCell(result.target().target(), 0),
                 result.has_reported() ? MoneyCell(result.reported(), 0) : WordCell("–"),
                 NameCell(result.target().unit()), NumberCell(result.reports())});
  }
  return results.empty() ? Html() : TableOnPage(asking, results);
}

Html ProjectFacts(const Asking& asking, const v1::ProjectMoneyAnswer& answer) {
  const v1::ProposeProject& project = answer.project().action().propose_project();
  Html facts = asking.Fact(Word::kState, Text(asking.Value(answer.state())));
  facts += asking.TextFact(Word::kId, project.id());
  facts += asking.Fact(Word::kOwner, asking.Party(project.owner(), ""));
  facts += asking.Fact(Word::kProgramme, asking.Programme(project.programme()));
  facts += asking.Fact(Word::kImplementer, asking.Party(project.implementer(), ""));
  Html places, needs;
  for (const v1::PlaceShare& share : project.places()) {
    if (!places.empty()) places += asking.Shown(Word::kEnumComma);
    places += asking.Place(share.place(), "");
  }
  for (const v1::NeedShare& share : project.needs()) {
    if (!needs.empty()) needs += asking.Shown(Word::kEnumComma);
    needs += asking.Need(share.need());
  }
  facts += asking.Fact(Word::kPlace, places) + asking.Fact(Word::kNeed, needs);
  facts += asking.TextFact(Word::kSince, project.from()) + asking.TextFact(Word::kUntil, project.until());
  if (project.budget() > 0)
    facts += asking.Fact(Word::kBudget,
                         Text(asking.Money(project.budget(), answer.project().decimals(), project.asset())));
  facts += asking.TextFact(Word::kWaysToTakePart, project.participation());
  if (answer.project().has_ended())
    facts += asking.Fact(Word::kEnded, EndingShown(asking, answer.project().ended()));
  return Element("dl", facts);
}

// The items of a register whose items have a name and an owner: one row each, by id.
StatusOr<Content> OwnedItemsPage(const Asking& asking, const std::string& of, Word title, Word caption) {
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer, ManyItems(asking, of, false));
  Content content;
  content.title = asking.Words(title);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table table(asking.Words(caption), {{asking.Words(Word::kName)},
                                      {asking.Words(Word::kId)},
                                      {asking.Words(Word::kOwner)},
                                      {asking.Words(Word::kOpenedIn), true}});
  for (const v1::RegisterLine& line : answer.lines()) {
    const auto& item = model::ItemOf(line.action());
    const std::string id = model::IdOf(line.action()), name = model::TextIn(item, "name"),
                      owner = model::TextIn(item, "owner");
    table.Add({{asking.Link(absl::StrCat(of, "/", EscapedPart(id), "/"), Name(name)), name},
               NameCell(id),
               {asking.Party(owner, ""), owner},
               NumberCell(line.opened())});
  }
  content.body = TableOnPage(asking, table, answer.next());
  if (asking.wants_csv()) content.data = TableInFile(asking, table, answer.next());
  return content;
}

}  // namespace

StatusOr<Content> FundsPage(const Asking& asking) {
  return OwnedItemsPage(asking, "fund", Word::kFunds, Word::kFundsCaption);
}
StatusOr<Content> ProjectsPage(const Asking& asking) {
  return OwnedItemsPage(asking, "project", Word::kProjects, Word::kProjectsCaption);
}

StatusOr<Content> FundPage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "fund", id));
  Content content;
  content.title = line.action().open_fund().name();
  content.description = line.action().open_fund().purpose();
  content.feed = OwnFeedPath(asking.language(), "fund", id);
  content.has_csv = content.has_json = true;
  // It reads every payment of the fund's sources, which is for whoever asks for all of it.
  if (asking.wants_json()) {
    v1::ParticipationRequest request;
    request.set_fund(id);
    SetAsOf(asking, &request);
    FT_ASSIGN_OR_RETURN(const v1::ParticipationAnswer answer, query::Participation(asking.view, request));
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  FT_ASSIGN_OR_RETURN(const auto figures, query::FundTotals(asking.view, id, asking.as_of()));
  std::vector<AssetTotals> totals;
  totals.reserve(figures.size());
  for (const query::FundTotal& of : figures) totals.push_back(TotalsOf(of));
  const Table sums = TotalsTable(asking, totals);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, sums);
    return content;
  }
  const v1::OpenFund& fund = line.action().open_fund();
  Html facts = asking.TextFact(Word::kPurpose, fund.purpose());
  facts += asking.Fact(Word::kOwner, asking.Party(fund.owner(), ""));
  facts += asking.TextFact(Word::kId, fund.id());
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  FT_ASSIGN_OR_RETURN(const Html payments, FirstPayments(asking, id, ""));
  content.body = Element("dl", facts) + TableOnPage(asking, sums);
  // By party: each walks over all payments of the ledger, so that it is asked for apart.
  if (!asking.in_folder())
    content.body += Element("p", asking.Link("parties/?fund=" + EscapedPart(id), Word::kWhoGotOfFund)) +
                    Element("p", asking.Link("flows/?fund=" + EscapedPart(id), Word::kFlowsOfFund));
  content.body += payments +
                  Element("p", asking.Link("findings/?fund=" + EscapedPart(id), Word::kItsFindings)) +
                  Element("p", asking.Link("committed/?fund=" + EscapedPart(id), Word::kCommittedTitle)) +
                  AttestationsShown(asking, line);
  return content;
}

StatusOr<Content> ProjectPage(const Asking& asking, const std::string& id) {
  v1::ProjectMoneyRequest request;
  request.set_project(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ProjectMoneyAnswer answer, query::ProjectMoney(asking.view, request));
  Content content;
  content.title = answer.project().action().propose_project().name();
  content.feed = OwnFeedPath(asking.language(), "project", id);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table holdings(asking.Words(Word::kWhereItLies), {{asking.Words(Word::kParty)},
                                                    {asking.Words(Word::kPartyId), false, true},
                                                    {asking.Words(Word::kFund)},
                                                    {asking.Words(Word::kAmount), true},
                                                    {asking.Words(Word::kAsset)},
                                                    {asking.Words(Word::kSince)}});
  for (const v1::ProjectHolding& holding : answer.holdings()) {
    const v1::Account& account = holding.account();
    holdings.Add({PartyCell(asking, account.party(), account.party_name()),
                  NameCell(account.party()),
                  {asking.Fund(account.fund()), account.fund()},
                  MoneyCell(holding.held(), account.decimals()),
                  WordCell(account.asset()),
                  WordCell(holding.since())});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, holdings);
    return content;
  }
  Table sums(asking.Words(Word::kProjectSums), {{asking.Words(Word::kAsset)},
                                                {asking.Words(Word::kBroughtIn), true},
                                                {asking.Words(Word::kMovedIn), true},
                                                {asking.Words(Word::kCommittedOfBoth), true},
                                                {asking.Words(Word::kReachedNow), true},
                                                {asking.Words(Word::kEndsHereNow), true},
                                                {asking.Words(Word::kHeldNow), true},
                                                {asking.Words(Word::kReturnedNow), true},
                                                {asking.Words(Word::kTakenOut), true}});
  bool beyond = false;
  for (const v1::ProjectTotals& of : answer.totals()) {
    const std::uint32_t decimals = of.decimals();
    beyond = beyond || of.beyond();
    sums.Add({WordCell(of.asset()), MoneyCell(of.minted(), decimals), MoneyCell(of.moved_in(), decimals),
              MoneyCell(of.committed_in(), decimals), MoneyCell(of.reached(), decimals),
              MoneyCell(of.ended(), decimals), MoneyCell(of.held(), decimals),
              MoneyCell(of.with_sources(), decimals),
              MoneyCell(Capped(Wide{of.taken_out()} + of.sent_back()), decimals)});
  }
  FT_ASSIGN_OR_RETURN(const Html payments, FirstPayments(asking, "", id));
  content.body = ProjectFacts(asking, answer) + TableOnPage(asking, sums);
  if (beyond) content.body += asking.Paragraph(Word::kSumsBeyond);
  content.body += TableOnPage(asking, holdings);
  if (answer.more_holdings() > 0)
    content.body += Element("p", asking.Counted(Word::kMoreHolders, answer.more_holdings()));
  content.body += ResultsShown(asking, answer) + payments + AttestationsShown(asking, answer.project());
  return content;
}

}  // namespace fundtrail::pages
