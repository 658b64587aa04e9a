// Who is left out, and what to give to: needs, places, and how people can take part.
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/picture/tiles.h"
#include "ledger/query/coverage.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kOpenShown = 100, kPlaceLevels = 4;

// "crisis", of a severity from 1 to 5; empty for none.
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

// What came to it: paid straight, and its parts of projects. More than fits in a number is not known, and `beyond` says so.
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
              PeopleCell(line.people()),
              WordCell(NeedStateText(asking, line)),
              money(line.asked()),
              money(CameTo(line)),
              money(line.committed()),
              money(line.assigned()),
              money(line.open()),
              WordCell(need.asset())});
}

Html NotVerifiedNote(const Asking& asking, std::uint64_t number) {
  return number == 0 ? Html() : asking.Paragraph(Word::kNotVerified, {Text(NumberText(number))});
}

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

StatusOr<v1::NeedsAnswer> NeedsAsked(const Asking& asking, const std::string& place) {
  v1::NeedsRequest request;
  request.set_place(place);
  request.set_category(asking.asked("category"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  return AllPages(query::Needs(asking.view, request, query::PagingOf(request)));
}

// The assets that money may be in, as other questions of the same page.
StatusOr<Html> AssetsToChoose(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer assets, ManyItems(asking, "asset", false));
  Html items;
  for (const v1::RegisterLine& line : assets.lines()) {
    const std::string& code = line.action().declare_asset().code();
    items += Element("li", asking.Again({{"asset", code}}, Text(code)));
  }
  return asking.Paragraph(Word::kChooseAsset) + Element("ul", items);
}

Table CoverageTable(const Asking& asking, const v1::CoverageAnswer& answer) {
  Table table(asking.Words(Word::kCoverageCaption, {answer.asset()}),
              {{asking.Words(Word::kPlace)},
               {asking.Words(Word::kId), false, true},
               {asking.Words(Word::kCategory)},
               {asking.Words(Word::kState)},
               {asking.Words(Word::kPeople), true},
               {asking.Words(Word::kAskedFor), true},
               {asking.Words(Word::kPlaced), true},
               {asking.Words(Word::kReachedNow), true},
               {asking.Words(Word::kMissing), true},
               {asking.Words(Word::kTooMuch), true},
               {asking.Words(Word::kTeams), true}});
  const auto add = [&](const v1::CoverageLine& line) {
    const v1::CoverageFigures& figures = line.figures();
    Cell where;
    if (line.kind() == v1::CoverageLine::ITEM) {
      std::string below;
      for (std::uint32_t i = 0; i < line.depth(); ++i) below += "· ";
      where = {Text(below) + asking.Place(line.id(), line.name()), line.name()};
    } else {
      where = WordCell(asking.Value(line.kind()));
    }
    table.Add({where, NameCell(line.id()), NameCell(line.category_name()),
               WordCell(line.state() == v1::COVERAGE_STATE_UNSPECIFIED ? "" : asking.Value(line.state())),
               line.kind() == v1::CoverageLine::TOTAL
                   ? NumberCell(static_cast<std::uint64_t>(figures.people()))
                   : PeopleCell(figures.people()),
               MoneyCell(figures.asked(), answer.decimals()), MoneyCell(figures.placed(), answer.decimals()),
               MoneyCell(figures.reached(), answer.decimals()), MoneyCell(figures.gap(), answer.decimals()),
               MoneyCell(figures.over(), answer.decimals()), NumberCell(figures.teams())});
  };
  for (const v1::CoverageLine& line : answer.lines()) add(line);
  add(answer.total());
  return table;
}

// Needs and money of the places below one, or of all. Nothing where several assets are counted and the question names none.
StatusOr<std::optional<v1::CoverageAnswer>> CoverageAsked(const Asking& asking, const std::string& place,
                                                          v1::CoverageRequest::By by) {
  v1::CoverageRequest request;
  request.set_by(by);
  request.set_place(place);
  request.set_category(asking.asked("category"));
  request.set_asset(asking.asked("asset"));
  if (by == v1::CoverageRequest::BY_PLACE) request.set_depth(kPlaceLevels);
  SetAsOf(asking, &request);
  auto answer = query::Coverage(asking.view, request);
  if (answer.ok()) return std::optional(*std::move(answer));
  const bool choose = absl::IsInvalidArgument(answer.status()) && asking.asked("asset").empty();
  if (choose) return std::optional<v1::CoverageAnswer>();
  return answer.status();
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
    content.body +=
        Bar("need", asking.Words(Word::kNeedBar), {{came, 0}, {need.assigned(), 1}, {need.open(), 2}});
  }
  content.body += AttestationsShown(asking, line);
  return content;
}

StatusOr<Content> PlacesPage(const Asking& asking) {
  Content content;
  content.title = asking.Words(Word::kPlaces);
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const auto answer, CoverageAsked(asking, "", v1::CoverageRequest::BY_PLACE));
  if (!answer.has_value() && asking.address.form != Form::kPage)
    return absl::InvalidArgumentError("asset: needs and projects count several; name one, as ?asset=CNY");
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, *answer));
    return content;
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, CoverageTable(asking, *answer));
    return content;
  }
  if (asking.wants_svg()) {
    const std::vector<picture::Tile> tiles = picture::TilesOf(*answer);
    if (tiles.empty()) return content;
    content.has_svg = true;
    content.data = PictureText(picture::Tiles(
        tiles, PictureCaption(asking, content.title, asking.Words(Word::kPlacesLead, {answer->on()})),
        PictureWords(asking)));
    return content;
  }
  content.has_svg = answer.has_value() && !picture::TilesOf(*answer).empty();
  if (answer.has_value()) {
    content.body = asking.Paragraph(Word::kPlacesLead, {Text(answer->on())}) +
                   TableOnPage(asking, CoverageTable(asking, *answer)) +
                   NotVerifiedNote(asking, answer->not_verified());
  } else {
    FT_ASSIGN_OR_RETURN(content.body, AssetsToChoose(asking));
  }
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer places, ManyItems(asking, "place", true));
  Table all(asking.Words(Word::kAllPlaces),
            {{asking.Words(Word::kPlace)}, {asking.Words(Word::kId)}, {asking.Words(Word::kLevel), true}});
  for (const v1::RegisterLine& line : places.lines()) {
    const v1::DeclarePlace& place = line.action().declare_place();
    all.Add({{asking.Place(place.id(), place.name()), place.name()},
             NameCell(place.id()),
             NumberCell(place.level())});
  }
  content.body += TableOnPage(asking, all, places.next());
  return content;
}

StatusOr<Content> PlacePage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "place", id));
  const v1::DeclarePlace& place = line.action().declare_place();
  Content content;
  content.title = place.name();
  content.feed = OwnFeedPath(asking.language(), "place", id);
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const auto answer, CoverageAsked(asking, id, v1::CoverageRequest::BY_CELL));
  if (!answer.has_value() && asking.address.form != Form::kPage)
    return absl::InvalidArgumentError("asset: needs and projects count several; name one, as ?asset=CNY");
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, *answer));
    return content;
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, CoverageTable(asking, *answer));
    return content;
  }
  Html facts = asking.TextFact(Word::kId, place.id());
  facts += asking.Fact(Word::kLevel, Text(absl::StrCat(place.level())));
  facts += asking.Fact(Word::kAbove, asking.Place(place.parent(), ""));
  facts +=
      asking.TextFact(Word::kSince, place.valid_from()) + asking.TextFact(Word::kUntil, place.valid_to());
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  content.body = Element("dl", facts);
  if (answer.has_value()) {
    content.body += asking.Paragraph(Word::kPlaceLead, {Text(answer->on())}) +
                    TableOnPage(asking, CoverageTable(asking, *answer)) +
                    NotVerifiedNote(asking, answer->not_verified());
  } else {
    FT_ASSIGN_OR_RETURN(const Html choice, AssetsToChoose(asking));
    content.body += choice;
  }
  FT_ASSIGN_OR_RETURN(const v1::NeedsAnswer asked, NeedsAsked(asking, id));
  Table needs = NeedsTable(asking, asking.Words(Word::kNeedsHere));
  for (const v1::NeedLine& need : asked.lines()) AddNeed(asking, need, &needs);
  content.body += TableOnPage(asking, needs, asked.next());
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
  content.body += TableOnPage(asking, needs) + NotVerifiedNote(asking, answer.not_verified());
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
