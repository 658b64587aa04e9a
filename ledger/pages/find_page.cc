// What has a name, an id or a purpose. The one thing that is what was looked for is gone to straight.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/found_kinds.h"
#include "ledger/pages/makers.h"
#include "ledger/query/party_sums.h"
#include "ledger/query/search.h"
#include "ledger/query/view.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint64_t kMaxSuggested = 8;
constexpr std::size_t kGlancesShown = 10, kAssetsAtGlance = 2;
constexpr std::uint64_t kMovementsAtGlance = 500;

std::string KindWord(const Asking& asking, const std::string& of) {
  const FoundKind* const kind = FoundKindOf(of);
  return kind == nullptr ? of : asking.Words(kind->word);
}

// Empty where there is no page of it.
std::string PathOf(const v1::SearchHit& hit) {
  const FoundKind* const kind = FoundKindOf(hit.kind());
  if (kind == nullptr || !kind->has_page) return "";
  if (hit.kind() == kTransferHit)
    return PaymentPath(hit.transfer().ref().record(), hit.transfer().ref().line());
  return absl::StrCat(hit.kind(), "/", EscapedPart(hit.id()), "/");
}

Cell HitCell(const Asking& asking, const v1::SearchHit& hit) {
  std::string name = hit.name().empty() ? hit.id() : hit.name();
  Html shown = Name(name);
  if (hit.kind() == kTransferHit) {
    const v1::TransferLine& line = hit.transfer();
    const v1::Transfer& transfer = line.transfer();
    shown = asking.Shown(Word::kPaymentFound,
                         {Name(line.from_name()), Name(line.to_name()),
                          Text(asking.Money(transfer.amount(), line.decimals(), transfer.asset()))});
    if (!hit.name().empty()) shown += Text(" · ") + Name(hit.name());
    name = hit.name();
  }
  const std::string path = PathOf(hit);
  return {path.empty() ? shown : asking.Link(path, shown), name};
}

// Of a party its kind, what it received and what lies there, by asset, where its payments are few: else its page has the sums. Of households
// nothing.
StatusOr<Html> GlanceOf(const Asking& asking, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::RegisterParty party, query::FindParty(asking.view, id));
  Html shown;
  if (party.kind() == v1::RegisterParty::KIND_HOUSEHOLD) return shown;
  if (party.kind() != v1::RegisterParty::KIND_UNSPECIFIED) shown += Text(" · " + asking.Value(party.kind()));
  const auto own = query::SumsOfParties(asking.view, {id}, asking.as_of(), kMovementsAtGlance);
  if (absl::IsResourceExhausted(own.status())) return shown;
  FT_RETURN_IF_ERROR(own.status());
  if (own->assets.size() > kAssetsAtGlance) return shown;
  for (const query::PartyAssetSums& of : own->assets) {
    if (of.sums.beyond) continue;
    const auto money = [&](Wide amount) { return Text(asking.Money(Capped(amount), of.decimals, of.asset)); };
    if (of.sums.received > 0)
      shown += Text(" · ") + asking.Shown(Word::kFoundReceived, {money(of.sums.received)});
    if (of.sums.there() > 0) shown += Text(" · ") + asking.Shown(Word::kFoundLies, {money(of.sums.there())});
  }
  return shown;
}

Html KindsFound(const Asking& asking, const v1::SearchAnswer& answer) {
  Html kinds;
  for (const v1::SearchCount& count : answer.counts()) {
    if (count.hits() == 0) continue;
    if (!kinds.empty()) kinds += Text(" · ");
    kinds += asking.Again({{"kind", count.kind()}, {"after", ""}},
                          Text(absl::StrCat(KindWord(asking, count.kind()), " ", NumberText(count.hits()))));
  }
  if (!asking.asked("kind").empty())
    kinds += Text(" · ") + asking.Again({{"kind", ""}, {"after", ""}}, asking.Shown(Word::kAllKinds));
  return kinds.empty() ? kinds : Element("p", kinds);
}

// "ngo" of the address, as the kind of a party; nothing where it is none.
std::optional<v1::RegisterParty::Kind> PartyKindOf(const std::string& key) {
  for (int value = 1; v1::RegisterParty::Kind_IsValid(value); ++value) {
    const auto kind = static_cast<v1::RegisterParty::Kind>(value);
    if (model::Dashed(model::WordOf(kind)) == key) return kind;
  }
  return std::nullopt;
}

// The kinds of the parties that were found. Of those whose kind nobody said there is no list.
Html PartyKindsFound(const Asking& asking, const v1::SearchAnswer& answer) {
  Html kinds;
  for (const v1::PartyKindCount& count : answer.party_kinds()) {
    if (count.kind() == v1::RegisterParty::KIND_UNSPECIFIED) continue;
    if (!kinds.empty()) kinds += Text(" · ");
    kinds += asking.Again({{"kind", model::Dashed(model::WordOf(count.kind()))}, {"after", ""}},
                          Text(absl::StrCat(asking.Value(count.kind()), " ", NumberText(count.hits()))));
  }
  return kinds.empty() ? kinds : Element("p", asking.Shown(Word::kKindsOfParties) + kinds);
}

// The years of the payments that were found, each with all of its days.
Html YearsFound(const Asking& asking, const v1::SearchAnswer& answer) {
  Html years;
  for (const v1::YearCount& count : answer.years()) {
    if (!years.empty()) years += Text(" · ");
    years += asking.Again({{"kind", kTransferHit},
                           {"since", count.year() + "-01-01"},
                           {"until", count.year() + "-12-31"},
                           {"after", ""}},
                          Text(absl::StrCat(count.year(), " ", NumberText(count.hits()))));
  }
  if (!asking.asked("since").empty() || !asking.asked("until").empty())
    years += Text(" · ") +
             asking.Again({{"since", ""}, {"until", ""}, {"after", ""}}, asking.Shown(Word::kAllYears));
  return years.empty() ? years : Element("p", asking.Shown(Word::kYearsOfPayments) + years);
}

// Persons are found by whoever knows their name or id. Nobody is told of them who only types letters.
void LeaveOutHouseholds(const Asking& asking, v1::SearchAnswer* answer) {
  auto* const hits = answer->mutable_hits();
  for (int i = hits->size() - 1; i >= 0; --i) {
    if (hits->Get(i).kind() != "party") continue;
    const auto party = query::FindParty(asking.view, hits->Get(i).id());
    if (!party.ok() || party->kind() == v1::RegisterParty::KIND_HOUSEHOLD) hits->DeleteSubrange(i, 1);
  }
}

Html LeftOut(const Asking& asking, const v1::SearchAnswer& answer) {
  Html said;
  if (answer.items_left_out())
    said += asking.Paragraph(Word::kItemsLeftOut, {Text(NumberText(answer.items_looked()))});
  if (answer.transfers_left_out())
    said += asking.Paragraph(Word::kPaymentsLeftOut, {Text(NumberText(answer.transfers_looked()))});
  return said;
}

// Where web/folder.js writes what it found, with the words that it needs.
Html FoundInFolder(const Asking& asking) {
  Attributes words = {{"id", "found"},
                      {"aria-live", "polite"},
                      {"data-root", asking.To("")},
                      {"data-none", asking.Words(Word::kNothingFound)},
                      {"data-more", asking.Words(Word::kListCut)},
                      {"data-party", asking.Words(Word::kParty)},
                      {"data-fund", asking.Words(Word::kFund)},
                      {"data-project", asking.Words(Word::kProject)},
                      {"data-need", asking.Words(Word::kNeed)},
                      {"data-place", asking.Words(Word::kPlace)}};
  return asking.Paragraph(Word::kFindInFolder) + Element("div", words, Html()) +
         Element("script", {{"defer", ""}, {"src", asking.address.ToRoot() + "names.js"}}, Html());
}

}  // namespace

StatusOr<Content> FindPage(const Asking& asking) {
  Content content;
  content.indexed = false;
  const std::string text(absl::StripAsciiWhitespace(asking.asked("q")));
  if (text.empty()) {
    content.title = asking.Words(Word::kFind);
    content.body = asking.in_folder() ? FoundInFolder(asking) : asking.Paragraph(Word::kFindHow);
    return content;
  }
  v1::SearchRequest request;
  request.set_text(text);
  if (const std::string kind = asking.asked("kind"); !kind.empty()) {
    const auto of_party = PartyKindOf(kind);
    request.add_kinds(of_party.has_value() ? "party" : kind);
    if (of_party.has_value()) request.add_party_kinds(*of_party);
  }
  // What is offered while somebody types: web/find.js.
  const bool suggests = asking.wants_json() && asking.asked("suggest") == "1";
  request.set_limit(suggests ? kMaxSuggested : MostRows(asking));
  request.set_after(asking.asked("after"));
  request.set_since(asking.asked("since"));
  request.set_until(asking.asked("until"));
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(v1::SearchAnswer answer,
                      AllPages(query::Search(asking.view, request, query::PagingOf(request))));
  content.title = asking.Words(Word::kFindTitle, {text});
  content.has_csv = content.has_json = true;
  if (suggests) LeaveOutHouseholds(asking, &answer);
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  if (asking.address.form == Form::kPage && request.after().empty() && request.kinds().empty()) {
    // The best stand first, so that those that are exact are all on a page, or are many.
    int exact = 0;
    for (const v1::SearchHit& hit : answer.hits()) exact += hit.exact() ? 1 : 0;
    if (exact == 1 && answer.hits(0).exact()) content.elsewhere = PathOf(answer.hits(0));
    if (!content.elsewhere.empty()) return content;
  }
  Table table(asking.Words(Word::kFoundCaption), {{asking.Words(Word::kWhat)},
                                                  {asking.Words(Word::kName)},
                                                  {asking.Words(Word::kId)},
                                                  {asking.Words(Word::kOtherIds)},
                                                  {asking.Words(Word::kHowItFits)},
                                                  {asking.Words(Word::kEnded)}});
  std::size_t glances = 0;
  for (const v1::SearchHit& hit : answer.hits()) {
    Cell name = HitCell(asking, hit);
    if (hit.kind() == "party" && asking.address.form == Form::kPage && ++glances <= kGlancesShown) {
      FT_ASSIGN_OR_RETURN(const Html glance, GlanceOf(asking, hit.id()));
      name.shown += glance;
    }
    table.Add({WordCell(KindWord(asking, hit.kind())), name, NameCell(hit.id()), NameCell(hit.other_id()),
               WordCell(asking.Value(hit.match())), WordCell(hit.ended() ? asking.Words(Word::kYes) : "")});
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table, answer.next());
    return content;
  }
  content.body = KindsFound(asking, answer) + PartyKindsFound(asking, answer) + YearsFound(asking, answer) +
                 (table.empty() ? asking.Paragraph(Word::kNothingFound) + asking.Paragraph(Word::kFindHow)
                                : TableOnPage(asking, table, answer.next())) +
                 LeftOut(asking, answer);
  return content;
}

}  // namespace fundtrail::pages
