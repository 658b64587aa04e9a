// One party, with both sides of its money on one page.
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/language.h"
#include "ledger/pages/atom.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/flow_rows.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/linked_data.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/party_held.h"
#include "ledger/pages/party_picture.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/sum_cells.h"
#include "ledger/query/account_totals.h"
#include "ledger/query/balance.h"
#include "ledger/query/joins.h"
#include "ledger/query/newest_payments.h"
#include "ledger/query/party_sums.h"
#include "ledger/query/registers.h"
#include "ledger/query/role_ends.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kNewestShown = 20;
constexpr std::uint64_t kBelowShown = 50;
constexpr std::uint64_t kMovementsOnPage = 200'000;  // of more a page has a glance

// The sums of parties that have too many payments to read: of each account what its last row says.
StatusOr<query::PartySums> GlanceAt(const Asking& asking, const std::vector<std::string>& parties) {
  query::PartySums all;
  std::map<std::string, query::PartyAssetSums> by_asset;
  for (const std::string& party : parties) {
    FT_ASSIGN_OR_RETURN(const auto totals, query::AccountTotals(asking.view, party, asking.as_of()));
    const query::View then = query::Then(asking.view, asking.as_of());
    FT_ASSIGN_OR_RETURN(const v1::RegisterParty of_party, query::NeedParty(then, party));
    for (const query::AccountTotal& of : totals) {
      query::AccountSums sums;
      sums.brought_in = of.minted;
      sums.received = of.received - of.minted;
      sums.paid = of.drawn;
      switch (query::EndByRole(of_party)) {
        case v1::END_KIND_REACHED:
          sums.reached = of.held;
          break;
        case v1::END_KIND_ENDS_HERE:
          sums.ends_here = of.held;
          break;
        case v1::END_KIND_RETURNED:
          sums.returned = of.held;
          break;
        default:
          sums.held = of.held;
      }
      query::PartyAssetSums& together = by_asset[of.account.asset()];
      together.asset = of.account.asset();
      together.decimals = of.account.decimals();
      together.sums += sums;
      all.accounts.push_back({of.account, sums});
    }
  }
  for (auto& [asset, together] : by_asset) all.assets.push_back(std::move(together));
  return all;
}

struct SummedParties {
  query::PartySums sums;
  bool glance = false;
};
StatusOr<SummedParties> Summed(const Asking& asking, const std::vector<std::string>& parties) {
  auto sums = query::SumsOfParties(asking.view, parties, asking.as_of(), kMovementsOnPage);
  const bool glance = absl::IsResourceExhausted(sums.status());
  if (glance) sums = GlanceAt(asking, parties);
  FT_RETURN_IF_ERROR(sums.status());
  return SummedParties{*std::move(sums), glance};
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
    if (!others.empty()) others += asking.Shown(Word::kEnumComma);
    others += Name(absl::StrCat(other.scheme(), " ", other.id()));
  }
  facts += asking.Fact(Word::kOtherIds, others);
  facts += asking.Fact(Word::kOpenedIn, Text(absl::StrCat(line.opened())));
  if (line.has_ended()) facts += asking.Fact(Word::kEnded, EndingShown(asking, line.ended()));
  return Element("dl", facts);
}

// Nothing of a household.
Html OrganizationOf(const Asking& asking, const v1::RegisterParty& party) {
  if (party.kind() == v1::RegisterParty::KIND_HOUSEHOLD) return {};
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

// Its payments of each year, where it has more than one. A folder has no list of one party.
Html PaymentsByYear(const Asking& asking, const std::string& id, bool joined,
                    const std::set<std::string>& years) {
  if (asking.in_folder() || years.size() < 2) return {};
  Html ways;
  for (auto year = years.rbegin(); year != years.rend(); ++year) {
    if (!ways.empty()) ways += Text(" · ");
    ways +=
        asking.Link(absl::StrCat("payments/", *year, "/?party=", EscapedPart(id), joined ? "&joined=1" : ""),
                    Text(*year));
  }
  return Element("p", asking.Shown(Word::kItsPaymentsOfYears) + ways);
}

}  // namespace

StatusOr<Content> PartyPage(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "party", id));
  const v1::RegisterParty& party = line.action().register_party();
  Content content;
  content.title = party.name();
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  content.indexed = party.kind() != v1::RegisterParty::KIND_HOUSEHOLD && !joined;
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
  FT_ASSIGN_OR_RETURN(const auto summed,
                      asking.Kept(absl::StrCat(id, " ", joined), [&] { return Summed(asking, parties); }));
  const auto& [own, glance] = *summed;
  PlacesShown places;
  for (const query::PartyAccountSums& of : own.accounts) places.See(of.sums);
  // Whose account it is stands on the page where they are of several.
  Table accounts(asking.Words(Word::kAccounts),
                 Joined({{asking.Words(Word::kParty), false, parties.size() == 1},
                         {asking.Words(Word::kFund)},
                         {asking.Words(Word::kProject), false, true},
                         {asking.Words(Word::kAsset)}},
                        SumColumns(asking, places)));
  for (const auto& [account, of] : own.accounts) {
    const Cell whose = {asking.Party(account.party(), account.party_name()), account.party()};
    accounts.Add(
        Joined({whose, FundCell(asking, account), NameCell(account.project()), WordCell(account.asset())},
               SumCells(asking, of, account.decimals(), glance)));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, accounts);
    return content;
  }
  Table sums(asking.Words(Word::kPartySums),
             Joined({{asking.Words(Word::kAsset)}}, SumColumns(asking, places)));
  std::vector<std::string> assets;
  for (const query::PartyAssetSums& of : own.assets) {
    sums.Add(Joined({WordCell(of.asset)}, SumCells(asking, of.sums, of.decimals, glance)));
    assets.push_back(of.asset);
  }
  content.has_svg = assets.size() == 1 && !joined && !glance;
  const std::string path = PartyPath(id), too = joined ? "?joined=1" : "";
  const std::pair<const char*, Word> doors[] = {{"went/", Word::kWhereItsMoneyWent},
                                                {"came/", Word::kWhereItsMoneyCame}};
  Html ways;
  for (const auto& [door, word] : doors) {
    if (!asking.Has(absl::StrCat(asking.address.Front(), path, door))) continue;
    ways += asking.Link(absl::StrCat(path, door, too), word);
  }
  ways += asking.LinkIfThere(absl::StrCat(path, "statement/"), too, Word::kStatement);
  FT_ASSIGN_OR_RETURN(const Html who, JoinedShown(asking, id, joined));
  content.body = (ways.empty() ? ways : Element("p", {{"class", "doors"}}, ways)) + who +
                 PartyFacts(asking, line) + TableOnPage(asking, sums);
  Html held;  // which has the way to all that is held
  if (glance) {
    content.body += asking.Paragraph(Word::kBusyParty, {Text(NumberText(kMovementsOnPage)),
                                                        asking.Link(path + "statement/", Word::kStatement)});
  } else {
    FT_ASSIGN_OR_RETURN(held, OldestHeld(asking, id, joined));
    content.body += held + PaidBetween(asking, own) + asking.Paragraph(Word::kPartySumsMean) +
                    asking.Paragraph(Word::kCommittedIsNotPaid);
  }
  if (!joined && !glance) content.body += PartyFigures(asking, party, assets);
  if (own.accounts.size() > 1) content.body += TableOnPage(asking, accounts);
  if (!glance) {
    FT_ASSIGN_OR_RETURN(const Html partners, LargestPartners(asking, id, joined));
    content.body += partners;
  }
  FT_ASSIGN_OR_RETURN(const auto newest_read, asking.Kept(absl::StrCat(id, " ", joined), [&] {
    return query::NewestPayments(asking.view, parties, kNewestShown + 1, asking.as_of());
  }));
  const std::vector<v1::TransferLine>& payments = *newest_read;
  PaymentRows newest(asking, asking.Words(Word::kNewestPayments));
  for (const v1::TransferLine& payment : payments)
    if (newest.size() < kNewestShown) newest.AddPayment(payment);
  content.body += TableOnPage(asking, newest) + PaymentsByYear(asking, id, joined, own.years);
  if (payments.size() > newest.size())
    content.body +=
        asking.in_folder()
            ? asking.Paragraph(Word::kItsPaymentsByYear, {asking.Link("payments/", Word::kPayments)})
            : Element("p", asking.Link(
                               absl::StrCat("payments/?party=", EscapedPart(id), joined ? "&joined=1" : ""),
                               Word::kAllItsPayments));
  content.body +=
      Element("p", asking.Link(absl::StrCat("findings/?party=", EscapedPart(id)), Word::kItsFindings)) +
      Element("p", asking.Link(absl::StrCat("committed/?party=", EscapedPart(id)), Word::kItsCommitments));
  if (held.empty())
    content.body += Element("p", asking.Link(absl::StrCat("idle/?party=", EscapedPart(id)), Word::kItsIdle));
  FT_ASSIGN_OR_RETURN(Html below, PartiesBelow(asking, id));
  if (!below.empty())
    if (const Html all = asking.LinkIfThere(absl::StrCat(path, "below/"), "", Word::kStatementWithBelow);
        !all.empty())
      below += Element("p", all);
  content.body += below + AttestationsShown(asking, line);
  return content;
}

}  // namespace fundtrail::pages
