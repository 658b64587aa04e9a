// Where: the needs and the money of each place, and who is registered there.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/need_rows.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/picture/outlines.h"
#include "ledger/picture/tiles.h"
#include "ledger/query/coverage.h"
#include "ledger/query/parties_at.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kPlaceLevels = 4;

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
  Table table(answer.asset().empty() ? asking.Words(Word::kCoverageOnly)
                                     : asking.Words(Word::kCoverageCaption, {answer.asset()}),
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
    if (line.kind() == v1::CoverageLine::KIND_ITEM) {
      std::string below;
      for (std::uint32_t i = 0; i < line.depth(); ++i) below += "· ";
      where = {Text(below) + asking.Place(line.id(), line.name()), line.name()};
    } else {
      where = WordCell(asking.Value(line.kind()));
    }
    table.Add({where, NameCell(line.id()), NameCell(line.category_name()),
               WordCell(line.state() == v1::COVERAGE_STATE_UNSPECIFIED ? "" : asking.Value(line.state())),
               line.kind() == v1::CoverageLine::KIND_TOTAL
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

// A page of coverage with its title, and with its data where it is asked for as CSV or JSON. A file has the coverage in one asset: then
// there is an answer.
struct CoverageBegun {
  Content content;
  std::optional<v1::CoverageAnswer> answer;
  bool is_file = false;  // CSV or JSON: nothing is to be added
};
StatusOr<CoverageBegun> BeginCoverage(const Asking& asking, const std::string& title,
                                      const std::string& place, v1::CoverageRequest::By by) {
  CoverageBegun begun;
  begun.content.title = title;
  begun.content.has_csv = begun.content.has_json = true;
  FT_ASSIGN_OR_RETURN(begun.answer, CoverageAsked(asking, place, by));
  if (!begun.answer.has_value() && asking.address.form != Form::kPage)
    return absl::InvalidArgumentError("asset: needs and projects count several; name one, as ?asset=CNY");
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(begun.content.data, JsonText(asking, *begun.answer));
  } else if (asking.wants_csv()) {
    begun.content.data = TableInFile(asking, CoverageTable(asking, *begun.answer));
  }
  begun.is_file = asking.wants_json() || asking.wants_csv();
  return begun;
}

// What of it stands on the page: the table, or the assets to choose from. `lead` has the day in it.
StatusOr<Html> CoverageShown(const Asking& asking, const std::optional<v1::CoverageAnswer>& answer,
                             Word lead) {
  if (!answer.has_value()) return AssetsToChoose(asking);
  return asking.Paragraph(lead, {Text(answer->on())}) + TableOnPage(asking, CoverageTable(asking, *answer)) +
         NotVerifiedNote(asking, answer->not_verified());
}

// Places as squares, or by the outlines that the operator gave where one of them is of a place here. Nothing where there is no place.
std::optional<picture::PlacesPicture> PlacesDrawn(const Asking& asking, const v1::CoverageAnswer& answer) {
  const std::vector<picture::Tile> tiles = picture::TilesOf(answer);
  if (tiles.empty()) return std::nullopt;
  const std::string lead = asking.Words(Word::kPlacesLead, {answer.on()});
  const picture::Words words = PictureWords(asking);
  if (asking.outlines != nullptr) {
    picture::PlacesPicture outlined = picture::OutlinedPlaces(
        tiles, *asking.outlines, PictureCaption(asking, asking.Words(Word::kPlaces), lead), words);
    if (!outlined.svg.empty()) return outlined;
  }
  const std::string squares = absl::StrCat(lead, " ", asking.Words(Word::kNoBorders));
  return picture::Tiles(tiles, PictureCaption(asking, asking.Words(Word::kPlaces), squares), words);
}

Html PlacesFigure(const Asking& asking, const picture::PlacesPicture& drawn) {
  const std::string asset = asking.asked("asset");
  const std::string at = PictureLink(asking, "places/", asset, !asset.empty());
  if (at.empty()) return {};
  const std::string says = asking.Words(Word::kPlacesPicture);
  const auto pixels = [](picture::Px size) { return absl::StrCat(size / picture::Pixels(1)); };
  const Html image = Lone("img", {{"src", at},
                                  {"alt", says},
                                  {"width", pixels(drawn.width)},
                                  {"height", pixels(drawn.height)},
                                  {"loading", "lazy"}});
  return Element(
      "figure", {{"class", "flow"}},
      Element("div", {{"class", "wide"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", says}},
              image) +
          Element("figcaption",
                  Element("a", {{"href", at}, {"rel", "nofollow"}}, asking.Shown(Word::kPictureFile))));
}

// The parties that are registered there, and the way to what they received. A ledger with too many has the way alone.
StatusOr<Html> PartiesHere(const Asking& asking, const std::string& place) {
  constexpr std::size_t kPartiesShown = 500;
  constexpr std::uint64_t kPartiesLookedAt = 5'000;  // each page of a place looks at all of them
  const std::string sums = absl::StrCat("parties/?place=", EscapedPart(place));
  FT_ASSIGN_OR_RETURN(const auto parties,
                      query::PartiesAt(asking.view, place, asking.as_of(), kPartiesLookedAt));
  if (!parties.has_value()) {
    const Html many = Text(NumberText(kPartiesLookedAt));
    return asking.in_folder()
               ? asking.Paragraph(Word::kNoPartiesByPlace, {many})
               : asking.Paragraph(Word::kTooManyPartiesHere, {many, asking.Link(sums, Word::kParties)});
  }
  Table here(asking.Words(Word::kPartiesHere), {{asking.Words(Word::kParty)},
                                                {asking.Words(Word::kKind)},
                                                {asking.Words(Word::kRole)},
                                                {asking.Words(Word::kPlace)}});
  for (const v1::RegisterParty& party : *parties)
    here.Add({PartyCell(asking, party.id(), party.name()),
              WordCell(party.kind() == v1::RegisterParty::KIND_UNSPECIFIED ? "" : asking.Value(party.kind())),
              WordCell(asking.Value(party.role())),
              {asking.Place(party.place(), ""), party.place()}});
  if (here.empty()) return Html();
  Html shown = here.Shown(kPartiesShown);
  if (here.size() > kPartiesShown)
    shown += asking.Paragraph(Word::kMoreValues, {Text(NumberText(here.size() - kPartiesShown))});
  if (!asking.in_folder()) shown += Element("p", asking.Link(sums, Word::kPartiesHereSums));
  return shown;
}

}  // namespace

StatusOr<Content> PlacesPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(CoverageBegun begun,
                      BeginCoverage(asking, asking.Words(Word::kPlaces), "", v1::CoverageRequest::BY_PLACE));
  auto& [content, answer, is_file] = begun;
  if (is_file) return std::move(content);
  if (asking.wants_svg()) {
    const std::optional<picture::PlacesPicture> drawn = PlacesDrawn(asking, *answer);
    if (!drawn.has_value()) return std::move(content);
    content.has_svg = true;
    content.data = PictureText(drawn->svg);
    return std::move(content);
  }
  if (answer.has_value())
    if (const auto drawn = PlacesDrawn(asking, *answer); drawn.has_value()) {
      content.has_svg = true;
      content.body = PlacesFigure(asking, *drawn);
    }
  FT_ASSIGN_OR_RETURN(const Html coverage, CoverageShown(asking, answer, Word::kPlacesLead));
  content.body += coverage;
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
  return std::move(content);
}

StatusOr<Content> PlacePage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "place", id));
  const v1::DeclarePlace& place = line.action().declare_place();
  FT_ASSIGN_OR_RETURN(CoverageBegun begun,
                      BeginCoverage(asking, place.name(), id, v1::CoverageRequest::BY_CELL));
  auto& [content, answer, is_file] = begun;
  if (is_file) return std::move(content);
  content.feed = OwnFeedPath(asking.language(), "place", id);
  Html facts = asking.TextFact(Word::kId, place.id());
  facts += asking.Fact(Word::kLevel, Text(absl::StrCat(place.level())));
  facts += asking.Fact(Word::kAbove, asking.Place(place.parent(), ""));
  facts +=
      asking.TextFact(Word::kSince, place.valid_from()) + asking.TextFact(Word::kUntil, place.valid_to());
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  content.body = Element("dl", facts);
  FT_ASSIGN_OR_RETURN(const Html coverage, CoverageShown(asking, answer, Word::kPlaceLead));
  content.body += coverage;
  FT_ASSIGN_OR_RETURN(const v1::NeedsAnswer asked, NeedsAsked(asking, id));
  Table needs = NeedsTable(asking, asking.Words(Word::kNeedsHere));
  for (const v1::NeedLine& need : asked.lines()) AddNeed(asking, need, &needs);
  content.body += TableOnPage(asking, needs, asked.next());
  FT_ASSIGN_OR_RETURN(const Html parties, PartiesHere(asking, id));
  content.body += parties;
  return std::move(content);
}

}  // namespace fundtrail::pages
