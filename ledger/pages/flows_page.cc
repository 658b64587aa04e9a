// Who pays whom, grouped: all parties or all of one, and by what else payments are told apart.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/flow_rows.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/makers.h"
#include "ledger/query/flows_by.h"
#include "ledger/query/party_flows.h"

namespace fundtrail::pages {
namespace {

using FlowsAsked = v1::FlowsByRequest;

constexpr Grouping<FlowsAsked::By> kFlowsBy[] = {
    {"", FlowsAsked::BY_PARTY, Word::kByParties},
    {"party-project", FlowsAsked::BY_PARTY_PROJECT, Word::kByPartyProject},
    {"party-kind", FlowsAsked::BY_PARTY_KIND, Word::kByPartyKind},
    {"fund", FlowsAsked::BY_FUND, Word::kByFund},
    {"project", FlowsAsked::BY_PROJECT, Word::kByProject},
    {"programme", FlowsAsked::BY_PROGRAMME, Word::kByProgramme},
    {"place", FlowsAsked::BY_PLACE, Word::kByPlaceNamed},
    {"kind", FlowsAsked::BY_KIND, Word::kByPaymentKind},
    {"year", FlowsAsked::BY_YEAR, Word::kByYears}};
// Of one party.
constexpr char kByPayers[] = "payer", kByPayees[] = "payee";

StatusOr<v1::FlowsByRequest> FlowsQuestion(const Asking& asking) {
  v1::FlowsByRequest request;
  const std::string by = asking.asked("by");
  const bool of_party = by == kByPayers || by == kByPayees;
  if (of_party && asking.asked("party").empty())
    return absl::InvalidArgumentError("by: payer and payee are of one party; name it, as party=ID");
  if (!of_party && !asking.asked("party").empty())
    return absl::InvalidArgumentError("by: of one party it may be payer or payee");
  const auto* const grouping = GroupingNamed(kFlowsBy, of_party ? "" : by);
  if (grouping == nullptr)
    return absl::InvalidArgumentError(
        "by: here it may be party-project, party-kind, fund, project, programme, place, kind or year, or "
        "nothing");
  request.set_by(grouping->by);
  SetMoneyAsked(asking, &request);
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_top(TopRows(asking));
  return request;
}

StatusOr<v1::FlowsByAnswer> FlowsAnswered(const Asking& asking, const v1::FlowsByRequest& request) {
  const std::string party = asking.asked("party");
  if (party.empty()) return query::FlowsBy(asking.view, request);
  FT_ASSIGN_OR_RETURN(query::PartyFlows flows, query::FlowsOfParty(asking.view, request, party));
  return asking.asked("by") == kByPayers ? std::move(flows.payers) : std::move(flows.payees);
}

std::string FlowsCaption(const Asking& asking, const v1::FlowsByRequest& request) {
  const auto* const grouping = GroupingOf(kFlowsBy, request.by());
  return grouping == nullptr ? asking.Words(Word::kFlowsCompared)
                             : asking.Words(Word::kFlowsByCaption, {asking.Words(grouping->word)});
}

}  // namespace

StatusOr<Content> FlowsPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::FlowsByRequest request, FlowsQuestion(asking));
  FT_ASSIGN_OR_RETURN(const v1::FlowsByAnswer answer, FlowsAnswered(asking, request));
  const std::string party = asking.asked("party");
  Content content;
  content.title = asking.Words(Word::kFlowsCompared);
  content.has_csv = content.has_json = true;
  if (!party.empty()) {
    // With the name of then.
    FT_ASSIGN_OR_RETURN(const auto said, query::NeedParty(query::Then(asking.view, asking.as_of()), party));
    content.indexed = said.kind() != v1::RegisterParty::KIND_HOUSEHOLD;
    content.title =
        asking.Words(asking.asked("by") == kByPayers ? Word::kWhoPaidIt : Word::kWhomItPaid, {said.name()});
  }
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const FlowsAsked::By by = request.by();
  Table flows = FlowsTable(asking, FlowsCaption(asking, request), by);
  for (const v1::FlowsByLine& line : answer.lines()) AddFlow(asking, by, line, &flows);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, flows);
    return content;
  }
  content.body = asking.Paragraph(Word::kFlowsLead);
  if (party.empty()) {
    content.body += GroupingLinks(asking, kFlowsBy);
  } else {
    FT_ASSIGN_OR_RETURN(const Html joined, JoinedShown(asking, party, request.joined()));
    content.body +=
        Element("p", asking.Party(party, "")) + joined +
        ChoiceLinks(asking, "by", {{kByPayers, Word::kPayersOfIt}, {kByPayees, Word::kPayeesOfIt}}) +
        Element("p", FlowsLink(asking));
  }
  content.body += ChoiceForm(asking, {{"fund", Word::kFund, "text"},
                                      {"asset", Word::kAsset, "text"},
                                      {"since", Word::kSince, "date"},
                                      {"until", Word::kUntil, "date"}});
  content.body += TableOnPage(asking, flows, "", flows.size());
  std::uint64_t left_out = 0;
  for (const v1::FlowsByTotal& total : answer.totals()) left_out += total.left_out();
  if (left_out > 0) content.body += Element("p", asking.Counted(Word::kMoreRows, left_out));
  if (answer.totals_size() > 0) content.body += TableOnPage(asking, FlowTotalsTable(asking, answer));
  return content;
}

}  // namespace fundtrail::pages
