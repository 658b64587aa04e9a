// What is said in public: notices, concerns, evaluations and policies.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/evaluation_rows.h"
#include "ledger/pages/makers.h"
#include "ledger/query/concerns.h"
#include "ledger/query/evaluations.h"
#include "ledger/query/policies.h"
#include "ledger/query/publicity.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kDaysLookedAt = 36'600;  // all that a question may ask for

// What a concern or an evaluation is about: the first of its fields that names something.
template <typename Item>
Cell SubjectCell(const Asking& asking, const Item& item) {
  if constexpr (requires { item.transfer(); }) {
    if (!item.transfer().empty())
      return {asking.Link(absl::StrCat("payment/", EscapedPart(item.transfer()), "/"), Text(item.transfer())),
              item.transfer()};
  }
  if constexpr (requires { item.need(); }) {
    if (!item.need().empty()) return {asking.Need(item.need()), item.need()};
  }
  if (!item.project().empty()) return {asking.Project(item.project()), item.project()};
  if (!item.party().empty()) return {asking.Party(item.party(), ""), item.party()};
  if (!item.policy().empty()) return NameCell(item.policy());
  if constexpr (requires { item.programme(); }) return {asking.Programme(item.programme()), item.programme()};
  if constexpr (requires { item.evaluation(); }) {
    if (!item.evaluation().empty()) return NameCell(item.evaluation());
    return NameCell(item.notice());
  }
  return {};
}

}  // namespace

Table EvaluationTable(const Asking& asking, const v1::EvaluationsAnswer& answer) {
  Table evaluations(asking.Words(Word::kEvaluationsCaption), {{asking.Words(Word::kEvaluation)},
                                                              {asking.Words(Word::kSubject)},
                                                              {asking.Words(Word::kGroup)},
                                                              {asking.Words(Word::kDay)},
                                                              {asking.Words(Word::kScore), true},
                                                              {asking.Words(Word::kGrade)},
                                                              {asking.Words(Word::kVerdict)},
                                                              {asking.Words(Word::kStands)},
                                                              {asking.Words(Word::kConditions)},
                                                              {asking.Words(Word::kRecord), true}});
  for (const v1::EvaluationLine& line : answer.lines()) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    evaluations.Add({NameCell(said.id()), SubjectCell(asking, said), NameCell(line.group_name()),
                     WordCell(line.day()), NumberCell(line.total()), NameCell(line.grade()),
                     WordCell(asking.Value(said.verdict())),
                     WordCell(asking.Words(line.annulled() ? Word::kAnnulled
                                           : line.stands() ? Word::kYes
                                                           : Word::kNo)),
                     NameCell(said.conditions()), NumberCell(line.evaluation().record())});
  }
  return evaluations;
}

StatusOr<Content> NoticesPage(const Asking& asking) {
  v1::PublicityRequest request;
  request.set_days(kDaysLookedAt);
  request.set_place(asking.asked("place"));
  request.set_category(asking.asked("category"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::PublicityAnswer answer, query::Publicity(asking.view, request));
  Content content;
  content.title = asking.Words(Word::kNotices);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table notices(asking.Words(Word::kNoticesCaption), {{asking.Words(Word::kNotice)},
                                                      {asking.Words(Word::kId), false, true},
                                                      {asking.Words(Word::kKind)},
                                                      {asking.Words(Word::kOwner)},
                                                      {asking.Words(Word::kFirst)},
                                                      {asking.Words(Word::kLast)},
                                                      {asking.Words(Word::kTotal), true},
                                                      {asking.Words(Word::kAsset)},
                                                      {asking.Words(Word::kRecord), true}});
  for (const v1::PublicityNotice& line : answer.notices()) {
    const v1::Announce& notice = line.notice();
    notices.Add({NameCell(notice.name()), NameCell(notice.id()), WordCell(asking.Value(notice.kind())),
                 PartyCell(asking, notice.owner(), line.owner_name()), WordCell(notice.from()),
                 WordCell(line.last()),
                 notice.asset().empty() ? WordCell("–") : MoneyCell(notice.total(), line.decimals()),
                 WordCell(notice.asset()), NumberCell(line.record())});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, notices);
    return content;
  }
  Table places(asking.Words(Word::kPublicityPlaces), {{asking.Words(Word::kPlace)},
                                                      {asking.Words(Word::kNotices), true},
                                                      {asking.Words(Word::kCalls), true},
                                                      {asking.Words(Word::kNeeds), true},
                                                      {asking.Words(Word::kReachedByCalls), true},
                                                      {asking.Words(Word::kSilent)}});
  for (const v1::PublicityPlace& line : answer.places()) {
    places.Add({{asking.Place(line.place(), line.place_name()), line.place_name()},
                NumberCell(line.notices()),
                NumberCell(line.calls()),
                NumberCell(line.needs()),
                NumberCell(line.reached_by()),
                WordCell(line.silent() ? asking.Words(Word::kIsSilent) : "")});
  }
  content.body =
      asking.Paragraph(Word::kNoticesLead, {asking.Day(answer.on())}) + TableOnPage(asking, notices);
  if (answer.more_notices() > 0)
    content.body += asking.Paragraph(Word::kMoreNotices, {Text(NumberText(answer.more_notices()))});
  content.body += asking.Paragraph(Word::kSilentPlaces, {Text(NumberText(answer.silent())),
                                                         Text(NumberText(answer.with_need()))}) +
                  TableOnPage(asking, places);
  return content;
}

StatusOr<Content> ConcernsPage(const Asking& asking) {
  v1::ConcernsRequest request;
  request.set_place(asking.asked("place"));
  request.set_party(asking.asked("party"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ConcernsAnswer answer,
                      AllPages(query::Concerns(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kConcerns);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table concerns(asking.Words(Word::kConcernsCaption), {{asking.Words(Word::kConcern)},
                                                        {asking.Words(Word::kKind)},
                                                        {asking.Words(Word::kSubject)},
                                                        {asking.Words(Word::kRaised)},
                                                        {asking.Words(Word::kState)},
                                                        {asking.Words(Word::kAnswerDue)},
                                                        {asking.Words(Word::kWhoAnswers)},
                                                        {asking.Words(Word::kInTheirWords)},
                                                        {asking.Words(Word::kRecord), true}});
  for (const v1::ConcernLine& line : answer.lines()) {
    const v1::RaiseConcern& concern = line.concern();
    Cell who;
    for (const std::string& id : line.answer()) {
      if (!who.plain.empty()) {
        who.shown += asking.Shown(Word::kEnumComma);
        who.plain += " ";
      }
      who.shown += asking.Party(id, "");
      who.plain += id;
    }
    concerns.Add({NameCell(concern.id()), WordCell(asking.Value(concern.kind())),
                  SubjectCell(asking, concern), WordCell(line.raised()), WordCell(asking.Value(line.state())),
                  WordCell(line.answer_due()), std::move(who), NameCell(concern.words()),
                  NumberCell(line.record())});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, concerns, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kConcernsLead, {asking.Day(answer.on())}) +
                 TableOnPage(asking, concerns, answer.next());
  return content;
}

StatusOr<Content> EvaluationsPage(const Asking& asking) {
  v1::EvaluationsRequest request;
  request.set_project(asking.asked("project"));
  request.set_party(asking.asked("party"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::EvaluationsAnswer answer,
                      AllPages(query::Evaluations(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kEvaluations);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const Table evaluations = EvaluationTable(asking, answer);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, evaluations, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kEvaluationsLead, {asking.Day(answer.on())}) +
                 TableOnPage(asking, evaluations, answer.next());
  return content;
}

StatusOr<Content> PoliciesPage(const Asking& asking) {
  v1::PoliciesRequest request;
  request.set_place(asking.asked("place"));
  request.set_category(asking.asked("category"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::PoliciesAnswer answer,
                      AllPages(query::Policies(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kPolicies);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table policies(asking.Words(Word::kPoliciesCaption), {{asking.Words(Word::kPolicy)},
                                                        {asking.Words(Word::kId), false, true},
                                                        {asking.Words(Word::kInstrument)},
                                                        {asking.Words(Word::kOwner)},
                                                        {asking.Words(Word::kPlaces)},
                                                        {asking.Words(Word::kWhoAnswers)},
                                                        {asking.Words(Word::kSince)},
                                                        {asking.Words(Word::kUntil)},
                                                        {asking.Words(Word::kRecord), true}});
  for (const v1::PolicyLine& line : answer.lines()) {
    const v1::OpenPolicy& policy = line.policy().action().open_policy();
    Cell places, who;
    for (const std::string& place : policy.places()) {
      if (!places.plain.empty()) places.shown += asking.Shown(Word::kEnumComma);
      absl::StrAppend(&places.plain, places.plain.empty() ? "" : " ", place);
      places.shown += asking.Place(place, "");
    }
    for (const v1::PolicyParty& party : line.responsible()) {
      if (!who.plain.empty()) who.shown += asking.Shown(Word::kEnumComma);
      absl::StrAppend(&who.plain, who.plain.empty() ? "" : " ", party.party());
      who.shown +=
          asking.Party(party.party(), party.party_name()) +
          asking.Shown(Word::kInParens, {Text(asking.Value(party.role())) + asking.Shown(Word::kClauseComma) +
                                         Text(asking.Value(party.acceptance()))});
    }
    policies.Add({NameCell(policy.name()), NameCell(policy.id()), WordCell(asking.Value(policy.instrument())),
                  PartyCell(asking, policy.owner(), ""), std::move(places), std::move(who),
                  WordCell(policy.from()), WordCell(policy.until()), NumberCell(line.policy().record())});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, policies, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kPoliciesLead, {asking.Day(answer.on())}) +
                 TableOnPage(asking, policies, answer.next());
  return content;
}

}  // namespace fundtrail::pages
