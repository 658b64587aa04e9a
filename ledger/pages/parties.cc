// Who got what: all parties, and one of them with both sides of its money on one page.
#include <map>
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
#include "ledger/query/account_totals.h"
#include "ledger/query/balance.h"
#include "ledger/query/registers.h"
#include "ledger/query/top.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kNewestShown = 20;
constexpr std::uint64_t kBelowShown = 50;

// All accounts of a party in one asset. What a SOURCE brought in is in `received` and in `drawn` of a balance; here it stands alone.
struct PartySums {
  std::uint32_t decimals = 0;
  Wide brought_in = 0, received = 0, passed_on = 0, held = 0;
};

std::map<std::string, PartySums> SumsOf(const std::vector<query::AccountTotal>& accounts) {
  std::map<std::string, PartySums> sums;
  for (const query::AccountTotal& account : accounts) {
    PartySums& of = sums[account.account.asset()];
    of.decimals = account.account.decimals();
    of.brought_in += account.minted;
    of.received += Wide{account.received} - account.minted;
    of.passed_on += account.drawn;
    of.held += account.held;
  }
  return sums;
}

std::vector<Column> SumColumns(const Asking& asking) {
  return {{asking.Words(Word::kBroughtIn), true},
          {asking.Words(Word::kReceived), true},
          {asking.Words(Word::kPassedOn), true},
          {asking.Words(Word::kHeldNow), true}};
}

std::vector<Cell> SumCells(const PartySums& sums) {
  return {MoneyCell(Capped(sums.brought_in), sums.decimals), MoneyCell(Capped(sums.received), sums.decimals),
          MoneyCell(Capped(sums.passed_on), sums.decimals), MoneyCell(Capped(sums.held), sums.decimals)};
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

// What the accounts of all that are joined with the party have, where they are counted together.
std::vector<query::AccountTotal> TotalsOfBalance(const v1::BalanceAnswer& balance) {
  std::vector<query::AccountTotal> totals;
  for (const v1::BalanceLine& line : balance.lines())
    totals.push_back({line.account(), line.received(), line.drawn(), line.held(), line.minted()});
  return totals;
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
  Table table(asking.Words(Word::kPartiesCaption), Joined(Joined({{asking.Words(Word::kParty)},
                                                                  {asking.Words(Word::kId), false, true},
                                                                  {asking.Words(Word::kKind)},
                                                                  {asking.Words(Word::kRole)},
                                                                  {asking.Words(Word::kAsset)}},
                                                                 SumColumns(asking)),
                                                          std::vector<Column>{}));
  for (const v1::RegisterLine& line : answer.lines()) {
    FT_RETURN_IF_ERROR(asking.view.GoOn());
    const v1::RegisterParty& party = line.action().register_party();
    FT_ASSIGN_OR_RETURN(const auto totals, query::AccountTotals(asking.view, party.id(), asking.as_of()));
    const std::vector<Cell> who = {
        PartyCell(asking, party.id(), party.name()), NameCell(party.id()),
        WordCell(party.kind() == v1::RegisterParty::KIND_UNSPECIFIED ? "" : asking.Value(party.kind())),
        WordCell(asking.Value(party.role()))};
    const auto sums = SumsOf(totals);
    for (const auto& [asset, of] : sums) table.Add(Joined(Joined(who, {WordCell(asset)}), SumCells(of)));
    if (sums.empty())
      table.Add(Joined(who, {WordCell(""), WordCell(""), WordCell(""), WordCell(""), WordCell("")}));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  // A party has a row for each asset: none of them may fall between two pages.
  content.body = WaysToSort(asking) + TableOnPage(asking, table, answer.next(), table.size());
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
                                                {asking.Words(Word::kPassedOn), true},
                                                {asking.Words(Word::kHeldNow), true},
                                                {asking.Words(Word::kReachedNow), true},
                                                {asking.Words(Word::kEndsHereNow), true},
                                                {asking.Words(Word::kReturnedNow), true}});
  for (const v1::TopLine& line : answer.lines()) {
    const v1::MoneySums& sums = line.sums();
    std::vector<Cell> cells = {PartyCell(asking, line.party(), line.party_name()), NameCell(line.party()),
                               WordCell(asking.Value(line.role())), WordCell(line.asset())};
    for (const std::int64_t amount : {sums.brought_in(), sums.received(), sums.paid(), sums.held(),
                                      sums.reached(), sums.ends_here(), sums.returned()})
      cells.push_back(MoneyCell(amount, line.decimals()));
    table.Add(std::move(cells));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kPartiesLead) + WaysToSort(asking) +
                 TableOnPage(asking, table, answer.next(), table.size());
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
  std::vector<query::AccountTotal> totals;
  Html between;
  if (joined) {
    FT_ASSIGN_OR_RETURN(const v1::BalanceAnswer balance, BalanceOf(asking, id, true));
    totals = TotalsOfBalance(balance);
    between = PaidBetween(asking, balance);
  } else {
    FT_ASSIGN_OR_RETURN(totals, query::AccountTotals(asking.view, id, asking.as_of()));
  }
  Table accounts(asking.Words(Word::kAccounts), {{asking.Words(Word::kFund)},
                                                 {asking.Words(Word::kProject), false, true},
                                                 {asking.Words(Word::kAsset)},
                                                 {asking.Words(Word::kReceived), true},
                                                 {asking.Words(Word::kPassedOn), true},
                                                 {asking.Words(Word::kHeldNow), true},
                                                 {asking.Words(Word::kBroughtIn), true}});
  for (const query::AccountTotal& of : totals) {
    const std::uint32_t decimals = of.account.decimals();
    accounts.Add({FundCell(asking, of.account), NameCell(of.account.project()), WordCell(of.account.asset()),
                  MoneyCell(of.received - of.minted, decimals), MoneyCell(of.drawn, decimals),
                  MoneyCell(of.held, decimals), MoneyCell(of.minted, decimals)});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, accounts);
    return content;
  }
  Table sums(asking.Words(Word::kPartySums), Joined({{asking.Words(Word::kAsset)}}, SumColumns(asking)));
  std::vector<std::string> assets;
  for (const auto& [asset, of] : SumsOf(totals)) {
    sums.Add(Joined({WordCell(asset)}, SumCells(of)));
    assets.push_back(asset);
  }
  content.has_svg = assets.size() == 1 && !joined;
  const std::string path = PartyPath(id), too = joined ? "?joined=1" : "";
  const std::pair<const char*, Word> doors[] = {{"went/", Word::kWhereItsMoneyWent},
                                                {"came/", Word::kWhereItsMoneyCame}};
  Html ways;
  for (const auto& [door, word] : doors) {
    if (!asking.Has(absl::StrCat(asking.address.Front(), path, door))) continue;
    ways += asking.Link(path + door + too, word);
  }
  FT_ASSIGN_OR_RETURN(const Html who, JoinedShown(asking, id, joined));
  content.body = (ways.empty() ? ways : Element("p", {{"class", "doors"}}, ways)) + who +
                 PartyFacts(asking, line) + TableOnPage(asking, sums) + between +
                 asking.Paragraph(Word::kPartySumsMean);
  if (!joined) content.body += PartyFigures(asking, party, assets);
  if (totals.size() > 1) content.body += TableOnPage(asking, accounts);
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
