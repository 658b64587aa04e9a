// Who got what: all parties, by their sums or by id.
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/enum_word.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/sum_cells.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/kept_bodies.h"
#include "ledger/query/registers.h"
#include "ledger/query/top.h"

namespace fundtrail::pages {
namespace {

// How the parties may be sorted: the word of the address, and of the page.
struct SortOfParties {
  const char* key;
  v1::TopRequest::By by;
  Word word;
};
constexpr char kByName[] = "name";
constexpr SortOfParties kSorts[] = {{"", v1::TopRequest::BY_RECEIVED, Word::kReceived},
                                    {"brought-in", v1::TopRequest::BY_BROUGHT_IN, Word::kBroughtIn},
                                    {"paid", v1::TopRequest::BY_PAID, Word::kPassedOn},
                                    {"held", v1::TopRequest::BY_HELD, Word::kLiesThere}};

// What a row is: a party, or all of one kind or programme.
struct RowsOfSums {
  const char* key;
  v1::TopRequest::Of of;
  Word word, title;
};
constexpr RowsOfSums kRowsOf[] = {
    {"", v1::TopRequest::OF_BODIES, Word::kByParties, Word::kParty},
    {"kind", v1::TopRequest::OF_KINDS, Word::kByPartyKind, Word::kKind},
    {"programme", v1::TopRequest::OF_PROGRAMMES, Word::kByProgramme, Word::kProgramme}};

constexpr v1::Role kRoles[] = {v1::ROLE_SOURCE, v1::ROLE_HOLDER, v1::ROLE_RECIPIENT};

StatusOr<v1::TopRequest> TopAsked(const Asking& asking, const std::string& sort) {
  v1::TopRequest request;
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetMoneyAsked(asking, &request);
  if (const std::string kind = asking.asked("kind"); !kind.empty()) {
    for (const v1::Role role : kRoles)
      if (EnumWord(Language::kEnglish, role) == kind) request.set_role(role);
    if (request.role() == v1::ROLE_UNSPECIFIED)
      return absl::InvalidArgumentError("kind: here it may be source, holder or recipient, or nothing");
  }
  const std::string by = asking.asked("by");
  for (const RowsOfSums& rows : kRowsOf)
    if (by == rows.key) request.set_of(rows.of);
  if (request.of() == v1::TopRequest::OF_UNSPECIFIED)
    return absl::InvalidArgumentError("by: here it may be kind or programme, or nothing");
  if (request.of() != v1::TopRequest::OF_BODIES && !asking.asked("place").empty())
    return absl::InvalidArgumentError("by: the parties of a place are not grouped; leave out by or place");
  for (const SortOfParties& one : kSorts) {
    if (sort != one.key) continue;
    request.set_by(one.by);
    return request;
  }
  return absl::InvalidArgumentError("sort: here it may be brought-in, paid, held or name, or nothing");
}

// What chooses or groups money, which a list of all parties does not.
constexpr std::string_view kOfSums[] = {"fund", "asset", "since", "until", "kind", "by", "place"};

Html WaysToSort(const Asking& asking) {
  if (asking.in_folder()) return {};
  Html ways;
  for (const SortOfParties& one : kSorts) {
    if (!ways.empty()) ways += Text(" · ");
    ways += asking.Again({{"sort", one.key}, {"after", ""}}, asking.Shown(one.word));
  }
  std::vector<std::pair<std::string, std::string>> by_id = {{"sort", kByName}, {"after", ""}};
  for (const std::string_view key : kOfSums) by_id.emplace_back(key, "");
  ways += Text(" · ") + asking.Again(by_id, asking.Shown(Word::kAllById));
  return Element("p", asking.Shown(Word::kSortedBy) + ways);
}

// By party, kind or programme; and who pays whom.
Html WaysToGroup(const Asking& asking) {
  std::vector<Choice> choices;
  for (const RowsOfSums& rows : kRowsOf) choices.push_back({rows.key, rows.word});
  return (asking.asked("place").empty() ? ChoiceLinks(asking, "by", choices) : Html()) +
         Element("p", FlowsLink(asking));
}

// All of them, or those of one place and below it.
StatusOr<query::Pages<v1::TopAnswer>> RankedParties(const Asking& asking, const v1::TopRequest& request) {
  const std::string place = asking.asked("place");
  return place.empty() ? query::Top(asking.view, request, query::PagingOf(request))
                       : query::TopAt(asking.view, request, place, query::PagingOf(request));
}

// All of them, or those of one role; and the fund, the asset and the days that are counted.
Html WaysToChoose(const Asking& asking) {
  if (asking.in_folder()) return {};
  Html ways = asking.Again({{"kind", ""}, {"after", ""}}, asking.Shown(Word::kAllRoles));
  for (const v1::Role role : kRoles)
    ways += Text(" · ") + asking.Again({{"kind", EnumWord(Language::kEnglish, role)}, {"after", ""}},
                                       Text(asking.Value(role)));
  return Element("p", asking.Shown(Word::kOfRole) + ways) +
         ChoiceForm(asking, {{"place", Word::kPlaceId, "text"},
                             {"fund", Word::kFund, "text"},
                             {"asset", Word::kAsset, "text"},
                             {"since", Word::kSince, "date"},
                             {"until", Word::kUntil, "date"}});
}

// A party, a kind of parties or a programme; and its role, of a party.
std::vector<Cell> WhoseSums(const Asking& asking, v1::TopRequest::Of of, const v1::TopLine& line) {
  if (of == v1::TopRequest::OF_BODIES)
    return {PartyCell(asking, line.party(), line.party_name()), NameCell(line.party()),
            WordCell(asking.Value(line.role()))};
  const Cell none = {asking.Shown(of == v1::TopRequest::OF_KINDS ? Word::kKindUnsaid : Word::kInNoProgramme),
                     ""};
  Cell what = none;
  v1::RegisterParty::Kind kind = v1::RegisterParty::KIND_UNSPECIFIED;
  if (of == v1::TopRequest::OF_KINDS && model::ReadWord(line.party(), &kind))
    what = WordCell(asking.Value(kind));
  if (of == v1::TopRequest::OF_PROGRAMMES && !line.party().empty()) {
    const std::string& name = line.party_name().empty() ? line.party() : line.party_name();
    what = {asking.Link(ProgrammePath(line.party()), Name(name)), name};
  }
  return {what, NameCell(line.party())};
}

// The sums of parties that are asked for in the order of their ids, in which the bodies stand too. The first is searched by halves, and
// the others from there on.
class BodiesById {
 public:
  BodiesById(const Asking& asking, const query::BodySums* sums) : view_(asking.view), sums_(*sums) {}

  // One in each asset.
  StatusOr<std::vector<const query::BodySum*>> Of(const std::string& party) {
    if (!std::exchange(begun_, true)) FT_RETURN_IF_ERROR(Seek(party));
    std::vector<const query::BodySum*> own;
    for (; at_ < sums_.bodies.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const std::string id, query::PartyOf(view_, sums_.joins, sums_.bodies[at_]));
      if (id > party) break;
      if (id == party) own.push_back(&sums_.bodies[at_]);
    }
    return own;
  }

 private:
  Status Seek(const std::string& party) {
    std::size_t end = sums_.bodies.size();
    while (at_ < end) {
      const std::size_t middle = at_ + (end - at_) / 2;
      FT_ASSIGN_OR_RETURN(const std::string id, query::PartyOf(view_, sums_.joins, sums_.bodies[middle]));
      if (id < party) {
        at_ = middle + 1;
      } else {
        end = middle;
      }
    }
    return absl::OkStatus();
  }

  const query::View& view_;
  const query::BodySums& sums_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

// All that are registered, with or without money, by id.
StatusOr<Content> RegisteredParties(const Asking& asking) {
  for (const std::string_view key : kOfSums)
    if (!asking.asked(key).empty())
      return absl::InvalidArgumentError(absl::StrCat(
          Abseil(key), ": sorted by name all parties are listed; leave out ", Abseil(key), " or sort"));
  Content content;
  content.title = asking.Words(Word::kParties);
  content.has_csv = content.has_json = true;
  v1::RegistersRequest request;
  request.set_register_("party");
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer,
                      AllPages(query::Registers(asking.view, request, query::PagingOf(request))));
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  query::BodyFilter all;
  all.as_of = asking.as_of();
  FT_ASSIGN_OR_RETURN(const auto sums, query::ReadBodies(asking.view, all));
  BodiesById bodies(asking, sums.get());
  std::vector<std::vector<const query::BodySum*>> own_sums;  // of each line
  PlacesShown places;
  for (const v1::RegisterLine& line : answer.lines()) {
    FT_ASSIGN_OR_RETURN(own_sums.emplace_back(), bodies.Of(line.action().register_party().id()));
    for (const query::BodySum* const body : own_sums.back()) places.See(body->sums);
  }
  Table table(asking.Words(Word::kPartiesCaption), Joined({{asking.Words(Word::kParty)},
                                                           {asking.Words(Word::kId), false, true},
                                                           {asking.Words(Word::kKind)},
                                                           {asking.Words(Word::kRole)},
                                                           {asking.Words(Word::kAsset)}},
                                                          SumColumns(asking, places)));
  for (std::size_t i = 0; i < own_sums.size(); ++i) {
    FT_RETURN_IF_ERROR(asking.view.GoOn());
    const v1::RegisterLine& line = answer.lines(static_cast<int>(i));
    const v1::RegisterParty& party = line.action().register_party();
    const std::vector<Cell> who = {
        PartyCell(asking, party.id(), party.name()), NameCell(party.id()),
        WordCell(party.kind() == v1::RegisterParty::KIND_UNSPECIFIED ? "" : asking.Value(party.kind())),
        WordCell(asking.Value(party.role()))};
    for (const query::BodySum* const body : own_sums[i]) {
      const std::string& asset = sums->assets[body->asset];
      FT_ASSIGN_OR_RETURN(const v1::DeclareAsset declared, query::NeedAsset(asking.view, asset));
      table.Add(Joined(Joined(who, {WordCell(asset)}), SumCells(asking, body->sums, declared.decimals())));
    }
    if (own_sums[i].empty())
      table.Add(Joined(Joined(who, {WordCell("")}),
                       std::vector<Cell>(SumColumns(asking, places).size(), WordCell(""))));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  // A party has a row for each asset: none of them may fall between two pages.
  content.body = asking.Paragraph(Word::kCommittedIsNotPaid) + WaysToSort(asking) +
                 TableOnPage(asking, table, answer.next(), table.size());
  return content;
}

}  // namespace

StatusOr<Content> PartiesPage(const Asking& asking) {
  const std::string sort = asking.asked("sort");
  if (sort == kByName) return RegisteredParties(asking);
  FT_ASSIGN_OR_RETURN(const v1::TopRequest request, TopAsked(asking, sort));
  FT_ASSIGN_OR_RETURN(const v1::TopAnswer answer, AllPages(RankedParties(asking, request)));
  Content content;
  content.title = asking.Words(Word::kParties);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const bool bodies = request.of() == v1::TopRequest::OF_BODIES;
  Word title = Word::kParty, grouped = Word::kByParties;
  for (const RowsOfSums& rows : kRowsOf)
    if (rows.of == request.of()) {
      title = rows.title;
      grouped = rows.word;
    }
  std::vector<Column> columns = {{asking.Words(title)}, {asking.Words(Word::kId), false, true}};
  if (bodies) columns.push_back({asking.Words(Word::kRole)});
  columns.push_back({asking.Words(Word::kAsset)});
  for (const Word word :
       {Word::kBroughtIn, Word::kReceived, Word::kCommittedOfBoth, Word::kPassedOn, Word::kCommittedOfThat,
        Word::kHeldNow, Word::kReachedNow, Word::kEndsHereNow, Word::kReturnedNow})
    columns.push_back({asking.Words(word), true});
  Table table(bodies ? asking.Words(Word::kTopCaption)
                     : asking.Words(Word::kTopGroupedCaption, {asking.Words(grouped)}),
              std::move(columns));
  for (const v1::TopLine& line : answer.lines()) {
    const v1::MoneySums& sums = line.sums();
    std::vector<Cell> cells = WhoseSums(asking, request.of(), line);
    cells.push_back(WordCell(line.asset()));
    for (const Wide amount : {Wide{sums.brought_in()}, Wide{sums.received()},
                              Wide{sums.committed_brought_in()} + sums.committed_received(),
                              Wide{sums.paid()}, Wide{sums.committed_paid()}, Wide{sums.held()},
                              Wide{sums.reached()}, Wide{sums.ends_here()}, Wide{sums.returned()}})
      cells.push_back(MoneyCell(Capped(amount), line.decimals()));
    table.Add(std::move(cells));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  if (const std::string place = asking.asked("place"); !place.empty())
    content.body += asking.Paragraph(Word::kPartiesOfPlace, {asking.Place(place, "")});
  content.body += asking.Paragraph(Word::kPartiesLead) + asking.Paragraph(Word::kCommittedIsNotPaid) +
                  WaysToGroup(asking) + WaysToSort(asking) + WaysToChoose(asking) +
                  TableOnPage(asking, table, answer.next(), table.size());
  return content;
}

}  // namespace fundtrail::pages
