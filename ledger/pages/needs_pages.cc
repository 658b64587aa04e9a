// Who is left out, and what to give to: needs, and how people can take part.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/need_rows.h"
#include "ledger/pages/register_lines.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kOpenShown = 100;

Table CountsTable(const Asking& asking, const google::protobuf::RepeatedPtrField<v1::NeedCount>& counts) {
  Table table(asking.Words(Word::kNeedCounts), {{asking.Words(Word::kState)},
                                                {asking.Words(Word::kAsset)},
                                                {asking.Words(Word::kNeeds), true},
                                                {asking.Words(Word::kAskedFor), true},
                                                {asking.Words(Word::kCame), true},
                                                {asking.Words(Word::kAssigned), true},
                                                {asking.Words(Word::kMissing), true}});
  for (const v1::NeedCount& count : counts) {
    table.Add({WordCell(count.state() == v1::NEED_STATE_UNSPECIFIED ? asking.Words(Word::kBeyond)
                                                                    : asking.Value(count.state())),
               WordCell(count.asset()), NumberCell(count.needs()), MoneyCell(count.asked(), count.decimals()),
               MoneyCell(count.met(), count.decimals()), MoneyCell(count.assigned(), count.decimals()),
               MoneyCell(count.open(), count.decimals())});
  }
  return table;
}

Html WaysShown(const Asking& asking, const v1::OpenCall& call) {
  Html ways;
  for (const v1::Way& way : call.call().notice().ways()) {
    Html words = Text(asking.Value(way.kind())) + asking.Shown(Word::kColon) + Name(way.what());
    if (!way.how().empty()) words += asking.Shown(Word::kInParens, {Name(way.how())});
    ways += Element("li", words);
  }
  return ways.empty() ? ways : Element("ul", ways);
}

// The forms to print, one for each need that is shown.
Html PledgeForms(const Asking& asking, const v1::OpenAnswer& answer) {
  Html forms;
  for (const v1::NeedLine& line : answer.needs()) {
    const Html form = PledgeFormOf(asking, line.need().id());
    if (form.empty()) continue;
    forms += Element("li", Name(line.category_name()) + Text(" · ") + Name(line.place_name()) + Text(" · ") +
                               Name(line.need().id()) + asking.Shown(Word::kColon) + form);
  }
  return forms.empty() ? forms
                       : asking.Heading(Word::kWaysToTakePart) + asking.Paragraph(Word::kPledgeLead) +
                             Element("ul", forms);
}

}  // namespace

StatusOr<Content> NeedsPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::NeedsAnswer answer, NeedsAsked(asking, asking.asked("place")));
  Content content;
  content.title = asking.Words(Word::kNeeds);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table needs = NeedsTable(asking, asking.Words(Word::kNeedsCaption));
  for (const v1::NeedLine& line : answer.lines()) AddNeed(asking, line, &needs);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, needs, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kNeedsLead, {asking.Day(answer.on())});
  if (answer.counts_size() > 0) content.body += TableOnPage(asking, CountsTable(asking, answer.counts()));
  content.body += TableOnPage(asking, needs, answer.next()) + NotVerifiedNote(asking, answer.not_verified());
  return content;
}

StatusOr<Content> NeedPage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "need", id));
  v1::NeedsRequest request;
  request.add_ids(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::NeedsAnswer answer,
                      AllPages(query::Needs(asking.view, request, query::PagingOf(request))));
  Content content;
  content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  if (answer.lines_size() != 1)
    return absl::InternalError("one need was asked for, and there is another number");
  const v1::NeedLine& need = answer.lines(0);
  const v1::DeclareNeed& said = need.need();
  content.title = asking.Words(Word::kNeedTitle, {id, need.category_name(), need.place_name()});
  Html facts = asking.Fact(Word::kState, Text(NeedStateText(asking, need)));
  facts += asking.Fact(Word::kPlace, asking.Place(said.place(), need.place_name()));
  facts += asking.TextFact(Word::kCategory, need.category_name());
  facts += asking.Fact(Word::kSeverity, Text(SeverityText(asking, need.severity())));
  if (need.people() > 0) facts += asking.Fact(Word::kPeople, PeopleCell(need.people()).shown);
  if (said.quantity() > 0)
    facts +=
        asking.Fact(Word::kQuantity, Text(MoneyText(said.quantity(), 0)) + Text(" ") + Name(said.unit()));
  if (!said.asset().empty()) {
    const auto money = [&](std::int64_t amount) {
      return Text(asking.MoneyInWords(amount, need.decimals(), said.asset()));
    };
    facts += asking.Fact(Word::kAskedFor, money(need.asked())) +
             asking.Fact(Word::kPaidStraight, money(need.direct())) +
             asking.Fact(Word::kByProjects, money(need.by_projects())) +
             asking.Fact(Word::kCommittedOfBoth, money(need.committed())) +
             asking.Fact(Word::kAssigned, money(need.assigned())) +
             asking.Fact(Word::kMissing, money(need.open()));
  }
  facts += asking.Fact(Word::kOwner, asking.Party(said.owner(), ""));
  facts += asking.TextFact(Word::kSince, said.from()) + asking.TextFact(Word::kUntil, said.until());
  facts += asking.TextFact(Word::kHowKnown, said.source());
  facts += asking.Fact(Word::kFound, Text(need.found() == v1::VerifyNeed::RESULT_UNSPECIFIED
                                              ? asking.Words(Word::kNobodyLooked)
                                              : asking.Value(need.found())));
  facts += asking.Fact(Word::kRecord, Text(absl::StrCat(need.record())));
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  content.body = Element("dl", facts);
  if (!said.asset().empty() && need.asked() > 0 && !need.beyond()) {
    const std::int64_t came = CameTo(need);
    content.body += Bar("need", asking.Words(Word::kNeedBar),
                        {{came, 0, asking.Words(Word::kCameToIt)},
                         {need.assigned(), 1, asking.Words(Word::kAssigned)},
                         {need.open(), 2, asking.Words(Word::kMissing)}});
  }
  if (const Html form = PledgeFormOf(asking, id); !form.empty() && !line.has_ended())
    content.body += Element("p", form);
  content.body += AttestationsShown(asking, line);
  return content;
}

StatusOr<Content> GivePage(const Asking& asking) {
  v1::OpenRequest request;
  request.set_place(asking.asked("place"));
  request.set_category(asking.asked("category"));
  request.set_top(kOpenShown);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::OpenAnswer answer, query::Open(asking.view, request));
  Content content;
  content.title = asking.Words(Word::kGive);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table needs = NeedsTable(asking, asking.Words(Word::kOpenNeeds));
  for (const v1::NeedLine& line : answer.needs()) AddNeed(asking, line, &needs);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, needs);
    return content;
  }
  content.body = asking.Paragraph(Word::kGiveLead, {asking.Day(answer.on())}) + asking.Heading(Word::kCalls);
  Html calls;
  for (const v1::OpenCall& call : answer.calls()) {
    const v1::Announce& notice = call.call().notice();
    Html words = Element("b", Name(notice.name())) + Text(" · ") +
                 asking.Party(notice.owner(), call.call().owner_name()) + Text(" · ") +
                 asking.Shown(Word::kUntilDay, {Text(call.call().last())});
    if (!notice.contact().empty())
      words += Text(" · ") + asking.Shown(Word::kContact, {Name(notice.contact())});
    words += Text(" · ") + asking.Shown(Word::kComplaintsTo,
                                        {asking.Party(notice.complaints_to(), call.complaints_name())});
    calls += Element("li", words + WaysShown(asking, call));
  }
  content.body += calls.empty() ? asking.Paragraph(Word::kNoCalls) : Element("ul", calls);
  if (answer.more_calls() > 0)
    content.body += asking.Paragraph(Word::kMoreCalls, {Text(NumberText(answer.more_calls()))});
  content.body += TableOnPage(asking, needs) + NotVerifiedNote(asking, answer.not_verified()) +
                  PledgeForms(asking, answer);
  Table projects(asking.Words(Word::kOpenProjects), {{asking.Words(Word::kProject)},
                                                     {asking.Words(Word::kOwner)},
                                                     {asking.Words(Word::kBudget), true},
                                                     {asking.Words(Word::kPlaced), true},
                                                     {asking.Words(Word::kMissing), true},
                                                     {asking.Words(Word::kAsset)}});
  for (const v1::OpenProject& project : answer.projects()) {
    projects.Add(
        {{asking.Link(ProjectPath(project.project()), Name(project.project_name())), project.project()},
         PartyCell(asking, project.owner(), project.owner_name()),
         MoneyCell(project.budget(), project.decimals()),
         MoneyCell(project.placed(), project.decimals()),
         MoneyCell(project.gap(), project.decimals()),
         WordCell(project.asset())});
  }
  content.body += TableOnPage(asking, projects);
  if (answer.more_projects() > 0)
    content.body += asking.Paragraph(Word::kMoreProjects, {Text(NumberText(answer.more_projects()))});
  return content;
}

}  // namespace fundtrail::pages
