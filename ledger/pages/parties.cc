// Who got what: all parties, and one of them with both sides of its money on one page.
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/language.h"
#include "ledger/base/wide.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/linked_data.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/party_picture.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/register_lines.h"
#include "ledger/query/balance.h"
#include "ledger/query/body_sums.h"
#include "ledger/query/joins.h"
#include "ledger/query/party_sums.h"
#include "ledger/query/registers.h"
#include "ledger/query/top.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kNewestShown = 20;
constexpr std::uint64_t kBelowShown = 50;

// What came, what went, and what of each is only committed: a commitment is no payment.
std::vector<Column> SumColumns(const Asking& asking) {
  return {{asking.Words(Word::kBroughtIn), true},       {asking.Words(Word::kReceived), true},
          {asking.Words(Word::kCommittedOfBoth), true}, {asking.Words(Word::kPassedOn), true},
          {asking.Words(Word::kCommittedOfThat), true}, {asking.Words(Word::kHeldNow), true}};
}

// A sum that is more than can be counted is said to be so.
std::vector<Cell> SumCells(const Asking& asking, const query::AccountSums& sums, std::uint32_t decimals) {
  const auto money = [&](Wide amount) {
    return sums.beyond ? WordCell(asking.Words(Word::kBeyond)) : MoneyCell(Capped(amount), decimals);
  };
  return {money(sums.brought_in),
          money(sums.received),
          money(Wide{sums.committed_brought_in} + sums.committed_received),
          money(sums.paid),
          money(sums.committed_paid),
          money(sums.there())};
}

template <typename Item>
std::vector<Item> Joined(std::vector<Item> one, std::vector<Item> other) {
  for (Item& item : other) one.push_back(std::move(item));
  return one;
}

Html PartyFacts(const Asking& asking, const v1::RegisterLine& line) {
  const v1::RegisterParty& party = line.action().register_party();
  Html facts;
  if (party.kind() != v1::RegisterParty::KIND_UNSPECIFIED)
    facts += asking.Fact(Word::kKind, Text(asking.Value(party.kind())));
  facts +=
      asking.Fact(Word::kRole, asking.Shown(party.role_inferred() ? Word::kRoleInferred : Word::kRoleStated,
                                            {Text(asking.Value(party.role()))}));
  facts += asking.TextFact(Word::kId, party.id());
  if (party.parent() != party.id()) facts += asking.Fact(Word::kAbove, asking.Party(party.parent(), ""));
  facts += asking.Fact(Word::kPlace, asking.Place(party.place(), ""));
  Html others;
  for (const v1::AlternativeId& other : party.alternative_ids()) {
    if (!others.empty()) others += Text(", ");
    others += Name(absl::StrCat(other.scheme(), " ", other.id()));
  }
  facts += asking.Fact(Word::kOtherIds, others);
  facts += asking.Fact(Word::kOpenedIn, Text(absl::StrCat(line.opened())));
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  return Element("dl", facts);
}

// Nothing of a household.
Html OrganizationOf(const Asking& asking, const v1::RegisterParty& party) {
  if (party.kind() == v1::RegisterParty::HOUSEHOLD) return {};
  std::vector<std::string> ids = {party.id()};
  for (const v1::AlternativeId& other : party.alternative_ids())
    ids.push_back(absl::StrCat(other.scheme(), ":", other.id()));
  LinkedThing body("Organization");
  body.Set("@context", "https://schema.org")
      .Set("name", party.name())
      .Set("identifier", ids)
      .Set("url", asking.Whole(PartyPath(party.id())));
  return LinkedData(body);
}

// The party, or all that are joined with it.
StatusOr<std::vector<std::string>> PartiesOf(const Asking& asking, const std::string& id, bool joined) {
  FT_ASSIGN_OR_RETURN(const auto joins, query::Joins::Read(asking.view, joined, asking.as_of()));
  return joins.Together(id);
}

StatusOr<v1::BalanceAnswer> BalanceOf(const Asking& asking, const std::string& id, bool joined) {
  v1::BalanceRequest request;
  request.set_party(id);
  request.set_joined(joined);
  if (asking.as_of().has_value()) request.set_record(*asking.as_of());
  return query::Balance(asking.view, request);
}

StatusOr<Html> PartiesBelow(const Asking& asking, const std::string& id) {
  v1::RegistersRequest request;
  request.set_register_("party");
  request.set_below(id);
  request.set_limit(kBelowShown);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::RegistersAnswer answer,
                      AllPages(query::Registers(asking.view, request, query::PagingOf(request))));
  std::vector<std::string> ids, names;
  for (const v1::RegisterLine& line : answer.lines()) {
    if (line.depth() != 1) continue;
    ids.push_back(line.action().register_party().id());
    names.push_back(line.action().register_party().name());
  }
  Html items;
  for (const std::size_t at : OrderOfNames(LanguageTag(asking.language()), names))
    items += Element("li", asking.Party(ids[at], names[at]));
  if (items.empty()) return Html();
  Html shown = asking.Heading(Word::kBelow) + Element("ul", items);
  if (!answer.next().empty()) shown += asking.Paragraph(Word::kListCut);
  return shown;
}

// How the parties may be sorted: the word of the address, and of the page.
struct SortOfParties {
  const char* key;
  v1::TopRequest::By by;
  Word word;
};
constexpr char kByName[] = "name";
constexpr SortOfParties kSorts[] = {{"", v1::TopRequest::RECEIVED, Word::kReceived},
                                    {"brought-in", v1::TopRequest::BROUGHT_IN, Word::kBroughtIn},
                                    {"paid", v1::TopRequest::PAID, Word::kPassedOn},
                                    {"held", v1::TopRequest::HELD, Word::kLiesThere}};

StatusOr<v1::TopRequest> TopAsked(const Asking& asking, const std::string& sort) {
  v1::TopRequest request;
  request.set_fund(asking.asked("fund"));
  request.set_asset(asking.asked("asset"));
  request.set_since(asking.asked("since"));
  request.set_until(asking.asked("until"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  for (const SortOfParties& one : kSorts) {
    if (sort != one.key) continue;
    request.set_by(one.by);
    return request;
  }
  return absl::InvalidArgumentError("sort: here it may be brought-in, paid, held or name, or nothing");
}

Html WaysToSort(const Asking& asking) {
  if (asking.in_folder()) return {};
  Html ways;
  for (const SortOfParties& one : kSorts) {
    if (!ways.empty()) ways += Text(" · ");
    ways += asking.Again({{"sort", one.key}, {"after", ""}}, asking.Shown(one.word));
  }
  ways += Text(" · ") + asking.Again({{"sort", kByName}, {"after", ""}}, asking.Shown(Word::kAllById));
  return Element("p", asking.Shown(Word::kSortedBy) + ways);
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
  Table table(asking.Words(Word::kPartiesCaption), Joined({{asking.Words(Word::kParty)},
                                                           {asking.Words(Word::kId), false, true},
                                                           {asking.Words(Word::kKind)},
                                                           {asking.Words(Word::kRole)},
                                                           {asking.Words(Word::kAsset)}},
                                                          SumColumns(asking)));
  query::BodyFilter all;
  all.as_of = asking.as_of();
  FT_ASSIGN_OR_RETURN(const query::BodySums sums, query::ReadBodies(asking.view, all));
  BodiesById bodies(asking, &sums);
  for (const v1::RegisterLine& line : answer.lines()) {
    FT_RETURN_IF_ERROR(asking.view.GoOn());
    const v1::RegisterParty& party = line.action().register_party();
    const std::vector<Cell> who = {
        PartyCell(asking, party.id(), party.name()), NameCell(party.id()),
        WordCell(party.kind() == v1::RegisterParty::KIND_UNSPECIFIED ? "" : asking.Value(party.kind())),
        WordCell(asking.Value(party.role()))};
    FT_ASSIGN_OR_RETURN(const auto own, bodies.Of(party.id()));
    for (const query::BodySum* const body : own) {
      const std::string& asset = sums.assets[body->asset];
      FT_ASSIGN_OR_RETURN(const v1::DeclareAsset declared, query::NeedAsset(asking.view, asset));
      table.Add(Joined(Joined(who, {WordCell(asset)}), SumCells(asking, body->sums, declared.decimals())));
    }
    if (own.empty())
      table.Add(
          Joined(Joined(who, {WordCell("")}), std::vector<Cell>(SumColumns(asking).size(), WordCell(""))));
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
  FT_ASSIGN_OR_RETURN(const v1::TopAnswer answer,
                      AllPages(query::Top(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kParties);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  Table table(asking.Words(Word::kTopCaption), {{asking.Words(Word::kParty)},
                                                {asking.Words(Word::kId), false, true},
                                                {asking.Words(Word::kRole)},
                                                {asking.Words(Word::kAsset)},
                                                {asking.Words(Word::kBroughtIn), true},
                                                {asking.Words(Word::kReceived), true},
                                                {asking.Words(Word::kCommittedOfBoth), true},
                                                {asking.Words(Word::kPassedOn), true},
                                                {asking.Words(Word::kCommittedOfThat), true},
                                                {asking.Words(Word::kHeldNow), true},
                                                {asking.Words(Word::kReachedNow), true},
                                                {asking.Words(Word::kEndsHereNow), true},
                                                {asking.Words(Word::kReturnedNow), true}});
  for (const v1::TopLine& line : answer.lines()) {
    const v1::MoneySums& sums = line.sums();
    std::vector<Cell> cells = {PartyCell(asking, line.party(), line.party_name()), NameCell(line.party()),
                               WordCell(asking.Value(line.role())), WordCell(line.asset())};
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
  content.body = asking.Paragraph(Word::kPartiesLead) + asking.Paragraph(Word::kCommittedIsNotPaid) +
                 WaysToSort(asking) + TableOnPage(asking, table, answer.next(), table.size());
  return content;
}

StatusOr<Content> PartyPage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "party", id));
  const v1::RegisterParty& party = line.action().register_party();
  Content content;
  content.title = party.name();
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  content.indexed = party.kind() != v1::RegisterParty::HOUSEHOLD && !joined;
  if (content.indexed) content.feed = OwnFeedPath(asking.language(), "party", id);
  content.linked_data = OrganizationOf(asking, party);
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(const v1::BalanceAnswer balance, BalanceOf(asking, id, joined));
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, balance));
    return content;
  }
  if (asking.wants_svg()) {
    if (joined) return absl::InvalidArgumentError("joined: the picture is of one party alone");
    FT_RETURN_IF_ERROR(AddPartyPicture(asking, party, &content));
    return content;
  }
  FT_ASSIGN_OR_RETURN(const std::vector<std::string> parties, PartiesOf(asking, id, joined));
  FT_ASSIGN_OR_RETURN(const query::PartySums own, query::SumsOfParties(asking.view, parties, asking.as_of()));
  // Whose account it is stands on the page where they are of several.
  Table accounts(asking.Words(Word::kAccounts),
                 Joined({{asking.Words(Word::kParty), false, parties.size() == 1},
                         {asking.Words(Word::kFund)},
                         {asking.Words(Word::kProject), false, true},
                         {asking.Words(Word::kAsset)}},
                        SumColumns(asking)));
  for (const auto& [account, of] : own.accounts) {
    const Cell whose = {asking.Party(account.party(), account.party_name()), account.party()};
    accounts.Add(
        Joined({whose, FundCell(asking, account), NameCell(account.project()), WordCell(account.asset())},
               SumCells(asking, of, account.decimals())));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, accounts);
    return content;
  }
  Table sums(asking.Words(Word::kPartySums), Joined({{asking.Words(Word::kAsset)}}, SumColumns(asking)));
  std::vector<std::string> assets;
  for (const query::PartyAssetSums& of : own.assets) {
    sums.Add(Joined({WordCell(of.asset)}, SumCells(asking, of.sums, of.decimals)));
    assets.push_back(of.asset);
  }
  content.has_svg = assets.size() == 1 && !joined;
  const std::string path = PartyPath(id), too = joined ? "?joined=1" : "";
  const std::pair<const char*, Word> doors[] = {{"went/", Word::kWhereItsMoneyWent},
                                                {"came/", Word::kWhereItsMoneyCame}};
  Html ways;
  for (const auto& [door, word] : doors) {
    if (!asking.Has(absl::StrCat(asking.address.Front(), path, door))) continue;
    ways += asking.Link(absl::StrCat(path, door, too), word);
  }
  FT_ASSIGN_OR_RETURN(const Html who, JoinedShown(asking, id, joined));
  content.body = (ways.empty() ? ways : Element("p", {{"class", "doors"}}, ways)) + who +
                 PartyFacts(asking, line) + TableOnPage(asking, sums);
  content.body += PaidBetween(asking, own) + asking.Paragraph(Word::kPartySumsMean) +
                  asking.Paragraph(Word::kCommittedIsNotPaid);
  if (!joined) content.body += PartyFigures(asking, party, assets);
  if (own.accounts.size() > 1) content.body += TableOnPage(asking, accounts);
  FT_ASSIGN_OR_RETURN(const PartyPayments payments, NewestPaymentsOf(asking, id, joined, kNewestShown));
  PaymentRows newest(asking, payments.all_looked_at
                                 ? asking.Words(Word::kNewestPayments)
                                 : asking.Words(Word::kNewestOfFirst, {NumberText(payments.looked_at)}));
  for (const v1::TransferLine& payment : payments.newest) newest.AddPayment(payment);
  content.body += TableOnPage(asking, newest);
  if (payments.looked_at > payments.newest.size())
    content.body +=
        asking.in_folder()
            ? asking.Paragraph(Word::kItsPaymentsByYear, {asking.Link("payments/", Word::kPayments)})
            : Element("p", asking.Link(
                               absl::StrCat("payments/?party=", EscapedPart(id), joined ? "&joined=1" : ""),
                               Word::kAllItsPayments));
  content.body +=
      Element("p", asking.Link(absl::StrCat("findings/?party=", EscapedPart(id)), Word::kItsFindings));
  FT_ASSIGN_OR_RETURN(const Html below, PartiesBelow(asking, id));
  content.body += below + AttestationsShown(asking, line);
  return content;
}

}  // namespace fundtrail::pages
