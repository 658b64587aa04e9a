// See payments.h; and the pages of all payments, and of one.
#include "ledger/pages/payments.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/base/date.h"
#include "ledger/model/references.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/linked_data.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/register_lines.h"
#include "ledger/query/payment_links.h"
#include "ledger/query/records.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint64_t kPaymentsLookedAt = 2'000;
constexpr std::size_t kLinkedShown = 20;
constexpr std::uint32_t kFacetValuesOnPage = 8;  // of each
// By which payments are chosen.
constexpr const char* kPaymentKeys[] = {"party", "fund", "project", "kind", "since", "until", "joined"};
// A folder has no next page, so that a year has its payments on one as far as a browser bears it.
constexpr std::uint64_t kPaymentsOfYear = 1'000;

// What a transfer is beside its amount: "committed, not paid" where nobody paid yet.
std::string KindAndStage(const Asking& asking, const v1::Transfer& transfer) {
  std::string text = asking.Value(transfer.kind());
  if (transfer.stage() == v1::COMMITTED) absl::StrAppend(&text, "; ", asking.Words(Word::kCommitted));
  return text;
}

// "2020", of the page /payments/2020/; empty on the page of all.
std::string YearOf(const Asking& asking) {
  const std::vector<std::string>& parts = asking.address.parts;
  return parts.size() == 2 ? parts[1] : "";
}

std::uint64_t MostPayments(const Asking& asking) {
  const bool whole_year = asking.in_folder() && !YearOf(asking).empty() && asking.address.form == Form::kPage;
  return whole_year ? kPaymentsOfYear : MostRows(asking);
}

// Of a row: "donation; 40.00 CNY undone by 9.1".
std::string KindAndBack(const Asking& asking, const v1::TransferLine& line) {
  std::string text = KindAndStage(asking, line.transfer());
  const auto add = [&](v1::TransferKind kind, std::int64_t sum, Word words) {
    std::string refs;
    for (const auto& by : line.sent_back().by())
      if (by.kind() == kind) absl::StrAppend(&refs, refs.empty() ? "" : ", ", model::RefText(by.ref()));
    if (sum == 0) return;
    absl::StrAppend(&text, "; ",
                    asking.Words(words, {asking.Money(sum, line.decimals(), line.transfer().asset()), refs}));
  };
  add(v1::REVERSAL, line.sent_back().undone(), Word::kSumUndoneBy);
  add(v1::RETURN, line.sent_back().returned(), Word::kSumSentBackBy);
  return text;
}

// The same with links, for the page of one payment.
Html WentBack(const Asking& asking, const v1::TransferLine& line) {
  Html all;
  const auto add = [&](v1::TransferKind kind, std::int64_t sum, Word words) {
    Html refs;
    for (const auto& by : line.sent_back().by()) {
      if (by.kind() != kind) continue;
      if (!refs.empty()) refs += Text(", ");
      refs += asking.Payment(by.ref().record(), by.ref().line());
    }
    if (sum == 0) return;
    if (!all.empty()) all += Text("; ");
    all += asking.Shown(words, {Text(asking.Money(sum, line.decimals(), line.transfer().asset())), refs});
  };
  add(v1::REVERSAL, line.sent_back().undone(), Word::kSumUndoneBy);
  add(v1::RETURN, line.sent_back().returned(), Word::kSumSentBackBy);
  return all;
}

StatusOr<v1::ListRequest> PaymentsAsked(const Asking& asking) {
  v1::ListRequest request;
  request.set_party(asking.asked("party"));
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_fund(asking.asked("fund"));
  request.set_project(asking.asked("project"));
  request.set_from(asking.asked("since"));
  request.set_to(asking.asked("until"));
  if (const std::string year = YearOf(asking); !year.empty()) {
    if (!request.from().empty() || !request.to().empty())
      return absl::InvalidArgumentError("since, until: the address names a year, so leave them out");
    request.set_from(year + "-01-01");
    request.set_to(year + "-12-31");
  }
  request.set_limit(MostPayments(asking));
  SetAsOf(asking, &request);
  // A list that goes on was counted on its first page.
  if (asking.address.form == Form::kPage && asking.asked("after").empty())
    request.set_facets(kFacetValuesOnPage);
  if (const std::string after = asking.asked("after"); !after.empty()) {
    FT_ASSIGN_OR_RETURN(const TransferRef ref, model::ParseRef(after));
    model::SetRef(ref, request.mutable_after());
  }
  if (const std::string kind = asking.asked("kind"); !kind.empty()) {
    bool known = false;
    for (int value = 1; v1::TransferKind_IsValid(value); ++value) {
      if (EnumWord(Language::kEnglish, static_cast<v1::TransferKind>(value)) != kind) continue;
      request.set_kind(static_cast<v1::TransferKind>(value));
      known = true;
    }
    if (!known) return absl::InvalidArgumentError("kind: no payment is of that kind");
  }
  return request;
}

// One value of a facet, as the same page with it as another question. The year is both of its days.
Html FacetLink(const Asking& asking, v1::Facet::Of of, const v1::FacetValue& value) {
  // All keys in one order, so that the same choice has one address.
  std::vector<std::pair<std::string, std::string>> instead = {{"after", ""}};
  for (const char* key : kPaymentKeys) instead.emplace_back(key, asking.asked(key));
  const auto set = [&instead](std::string_view key, const std::string& to) {
    for (auto& [name, text] : instead)
      if (name == key) text = to;
  };
  Html words = Name(value.name().empty() ? value.value() : value.name());
  switch (of) {
    case v1::Facet::PARTY:
      set("party", value.value());
      break;
    case v1::Facet::FUND:
      set("fund", value.value());
      break;
    case v1::Facet::PROJECT:
      set("project", value.value());
      break;
    case v1::Facet::KIND: {
      v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
      v1::TransferKind_Parse(value.value(), &kind);
      set("kind", EnumWord(Language::kEnglish, kind));
      words = Text(asking.Value(kind));
      break;
    }
    default:
      set("since", value.value() + "-01-01");
      set("until", value.value() + "-12-31");
      words = Text(value.value());
  }
  return asking.Again(instead, words) + Text(absl::StrCat(" ", NumberText(value.transfers())));
}

// What the payments that fit have in common, each as a way to fewer of them, and the way back to all.
Html FacetsShown(const Asking& asking, const v1::ListFacets& facets) {
  constexpr std::pair<v1::Facet::Of, Word> kTitles[] = {{v1::Facet::PARTY, Word::kParty},
                                                        {v1::Facet::FUND, Word::kFund},
                                                        {v1::Facet::PROJECT, Word::kProject},
                                                        {v1::Facet::KIND, Word::kKind},
                                                        {v1::Facet::YEAR, Word::kYear}};
  Html list;
  for (const v1::Facet& facet : facets.facets()) {
    Html values;
    for (const v1::FacetValue& value : facet.values()) {
      if (!values.empty()) values += Text(" · ");
      values += FacetLink(asking, facet.of(), value);
    }
    if (facet.more() > 0)
      values += Text(" · ") + asking.Shown(Word::kMoreValues, {Text(NumberText(facet.more()))});
    for (const auto& [of, title] : kTitles)
      if (of == facet.of()) list += asking.Fact(title, values);
  }
  Html shown = facets.cut() ? asking.Paragraph(Word::kPaymentsFitCut, {Text(NumberText(facets.fit())),
                                                                       Text(NumberText(facets.looked()))})
                            : asking.Paragraph(Word::kPaymentsFit, {Text(NumberText(facets.fit()))});
  if (!list.empty()) shown += Element("dl", {{"class", "facets"}}, list);
  bool narrowed = false;
  for (const char* key : kPaymentKeys) narrowed = narrowed || !asking.asked(key).empty();
  if (narrowed) shown += Element("p", asking.Link("payments/", Word::kAllItsPayments));
  return shown;
}

// "2.1 (whole), 2.4 (200.00)". What is more than fits on a line is counted.
Html LinkedShown(const Asking& asking, const std::vector<query::LinkedPayment>& payments, bool back,
                 std::uint32_t decimals) {
  Html shown;
  std::size_t number = 0;
  for (const query::LinkedPayment& payment : payments) {
    if (payment.sends_back != back || ++number > kLinkedShown) continue;
    if (!shown.empty()) shown += Text(", ");
    shown +=
        asking.Payment(payment.ref.record.value(), payment.ref.line) + Text(" (") +
        Text(payment.whole ? asking.Words(Word::kAllOfIt) : MoneyText(payment.amount.value(), decimals)) +
        Text(")");
  }
  if (number > kLinkedShown)
    shown += Text(", ") + asking.Shown(Word::kMoreValues, {Text(NumberText(number - kLinkedShown))});
  return shown;
}

// What it drew on, and what became of it, payment by payment.
StatusOr<Html> LinksShown(const Asking& asking, const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  FT_ASSIGN_OR_RETURN(const query::PaymentLinks links,
                      query::LinksOfPayment(asking.view, model::RefOf(line.ref()), asking.as_of()));
  std::uint32_t decimals = line.decimals();  // of what the payee got
  std::string asset = transfer.asset();
  if (!transfer.to_asset().empty()) {
    FT_ASSIGN_OR_RETURN(const v1::DeclareAsset other, query::FindAsset(asking.view, transfer.to_asset()));
    decimals = other.decimals();
    asset = transfer.to_asset();
  }
  Html drew;
  for (const bool back : {false, true}) {
    const Html some = LinkedShown(asking, links.drew, back, line.decimals());
    drew += drew.empty() || some.empty() ? some : Text(", ") + some;
  }
  Html facts = asking.Fact(Word::kDrew, drew);
  if (links.brought_in.value() > 0)
    facts += asking.Fact(Word::kBroughtIn,
                         Text(asking.Money(links.brought_in.value(), line.decimals(), transfer.asset())));
  facts += asking.Fact(Word::kWentOnBy, LinkedShown(asking, links.went_on, false, decimals)) +
           asking.Fact(Word::kSentBackBy, LinkedShown(asking, links.went_on, true, decimals));
  if (links.left.value() > 0)
    facts += asking.Fact(Word::kNotPassedOn, Text(asking.Money(links.left.value(), decimals, asset)) +
                                                 Text(", ") + Text(asking.Value(links.left_is)));
  return facts;
}

// Empty where a household is part of it: of persons nothing is told to search engines.
StatusOr<Html> GrantOf(const Asking& asking, const v1::TransferLine& line, const std::string& title) {
  const v1::Transfer& transfer = line.transfer();
  for (const std::string& id : {transfer.from(), transfer.to()}) {
    FT_ASSIGN_OR_RETURN(const v1::RegisterParty party, query::FindParty(asking.view, id));
    if (party.kind() == v1::RegisterParty::HOUSEHOLD) return Html();
  }
  const auto body = [&](const std::string& id, const std::string& name) {
    return LinkedThing("Organization")
        .Set("name", name)
        .Set("identifier", id)
        .Set("url", asking.Whole(PartyPath(id)));
  };
  LinkedThing amount("MonetaryAmount");
  amount.Set("currency", transfer.asset()).Set("value", PlainMoneyText(transfer.amount(), line.decimals()));
  LinkedThing grant("MonetaryGrant");
  grant.Set("@context", "https://schema.org")
      .Set("name", title)
      .Set("identifier", model::RefText(line.ref()))
      .Set("url", asking.Whole(PaymentPath(line.ref().record(), line.ref().line())))
      .Set("funder", body(transfer.from(), line.from_name()))
      .Set("amount", amount)
      .Set("fundedItem", body(transfer.to(), line.to_name()));
  if (!transfer.purpose().empty()) grant.Set("description", transfer.purpose());
  return LinkedData(grant);
}

// The years that a folder has lists of: it answers no other choice.
Html OtherYears(const Asking& asking) {
  Html others;
  const std::string front = absl::StrCat("/", asking.address.Front(), "payments/");
  for (auto path = asking.folder->lower_bound(front);
       path != asking.folder->end() && path->starts_with(front); ++path) {
    const std::string year = path->substr(front.size(), 4);
    if (path->size() != front.size() + 5) continue;
    if (!others.empty()) others += Text(" · ");
    others += asking.Link(absl::StrCat("payments/", year, "/"), Text(year));
  }
  return others.empty() ? others : Element("p", asking.Shown(Word::kByYear) + others);
}

Html PaymentFacts(const Asking& asking, const v1::ShowAnswer& shown, const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  Html facts;
  facts += asking.Fact(Word::kFrom, asking.Party(transfer.from(), line.from_name()));
  facts += asking.Fact(Word::kTo, asking.Party(transfer.to(), line.to_name()));
  facts += asking.Fact(Word::kAmount,
                       Text(asking.MoneyInWords(transfer.amount(), line.decimals(), transfer.asset())));
  facts += asking.Fact(Word::kKind, Text(KindAndStage(asking, transfer)));
  facts += asking.Fact(Word::kValueDate, Text(line.date()));
  facts += asking.Fact(Word::kRecordedAt, Text(ToString(Timestamp(shown.recorded_micros()))));
  facts += asking.Fact(Word::kFund, asking.Fund(transfer.fund()));
  facts += asking.Fact(Word::kProject, asking.Project(transfer.project()));
  if (!transfer.to_fund().empty()) facts += asking.Fact(Word::kToFund, asking.Fund(transfer.to_fund()));
  if (!transfer.to_asset().empty()) {
    const auto asset = query::FindAsset(asking.view, transfer.to_asset());
    if (asset.ok())
      facts += asking.Fact(Word::kToAsset,
                           Text(asking.Money(transfer.to_amount(), asset->decimals(), transfer.to_asset())));
  }
  facts += asking.Fact(Word::kNeed, asking.Need(transfer.need()));
  facts += asking.Fact(Word::kPlace, asking.Place(transfer.place(), ""));
  facts += asking.TextFact(Word::kPurpose, transfer.purpose());
  facts += asking.TextFact(Word::kReference, transfer.reference());
  facts += asking.TextFact(Word::kMemo, shown.entry().memo());
  Html draws;
  for (const auto& drawn : transfer.draws()) {
    if (!draws.empty()) draws += Text(", ");
    const TransferRef ref = model::RefIn(RecordIndex(shown.index()), drawn);
    draws += asking.Payment(ref.record.value(), ref.line);
  }
  facts += asking.Fact(Word::kDraws, draws);
  if (transfer.has_returns()) {
    const TransferRef ref = model::RefIn(RecordIndex(shown.index()), transfer.returns());
    facts += asking.Fact(transfer.kind() == v1::REVERSAL ? Word::kUndoes : Word::kSendsBack,
                         asking.Payment(ref.record.value(), ref.line));
  }
  facts += asking.Fact(Word::kWentBack, WentBack(asking, line));
  facts += asking.Fact(Word::kAuthor, asking.Party(shown.entry().author(), ""));
  Html signers;
  for (const std::string& key : shown.signers()) {
    if (!signers.empty()) signers += Text(", ");
    signers += Element("code", Text(HexEncode(key).substr(0, 16) + "…"));
  }
  facts += asking.Fact(Word::kSignedBy, signers);
  if (shown.entry().has_source()) {
    const v1::ImportSource& source = shown.entry().source();
    facts += asking.Fact(Word::kFile, asking.Shown(Word::kRowsOfFile,
                                                   {Text(NumberText(source.first_row())),
                                                    Text(NumberText(source.last_row())), Name(source.name()),
                                                    Text(HexEncode(source.sha256()).substr(0, 16) + "…")}));
  }
  // What was said later than the record that is asked about is not known there.
  if (line.has_arrival() && line.arrival().record() <= asking.last_record()) {
    facts += asking.Fact(Word::kArrival,
                         asking.Shown(Word::kArrivalSaid, {Text(asking.Value(line.arrival().said().result())),
                                                           asking.Party(line.arrival().author(), ""),
                                                           Text(absl::StrCat(line.arrival().record()))}));
  }
  facts += asking.Fact(Word::kRecordHash, Element("code", Text(HexEncode(shown.leaf_hash()))));
  return Element("dl", SignedFields(asking, line, true), facts);
}

}  // namespace

Attributes SignedFields(const Asking& asking, const v1::TransferLine& line, bool says_asset) {
  const v1::Transfer& transfer = line.transfer();
  Attributes fields = {{"data-record", absl::StrCat(line.ref().record())},
                       {"data-line", absl::StrCat(line.ref().line())},
                       {"data-from", transfer.from()},
                       {"data-to", transfer.to()},
                       {"data-fund", transfer.fund()},
                       {"data-asset", transfer.asset()},
                       {"data-amount", absl::StrCat(transfer.amount())},
                       {"data-date", line.date()}};
  if (says_asset) {
    const auto asset = OneItem(asking, "asset", transfer.asset());
    if (asset.ok()) fields.push_back({"data-asset-record", absl::StrCat(asset->record())});
  }
  return fields;
}

PaymentRows::PaymentRows(const Asking& asking, const std::string& caption)
    : Table(caption, {{asking.Words(Word::kPayment)},
                      {asking.Words(Word::kDate), false, false, true},
                      {asking.Words(Word::kFrom)},
                      {asking.Words(Word::kFromId), false, true},
                      {asking.Words(Word::kTo)},
                      {asking.Words(Word::kToId), false, true},
                      {asking.Words(Word::kAmount), true},
                      {asking.Words(Word::kAsset)},
                      {asking.Words(Word::kKind)},
                      {asking.Words(Word::kFund)},
                      {asking.Words(Word::kProject), false, true},
                      {asking.Words(Word::kNeed), false, true},
                      {asking.Words(Word::kReference), false, true},
                      {asking.Words(Word::kPurpose)}}),
      asking_(asking) {}

void PaymentRows::AddPayment(const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  const bool says_asset = asking_.address.form == Form::kPage && assets_.insert(transfer.asset()).second;
  Add({PaymentCell(asking_, line.ref()),
       WordCell(line.date()),
       PartyCell(asking_, transfer.from(), line.from_name()),
       NameCell(transfer.from()),
       PartyCell(asking_, transfer.to(), line.to_name()),
       NameCell(transfer.to()),
       MoneyCell(transfer.amount(), line.decimals()),
       WordCell(transfer.asset()),
       WordCell(KindAndBack(asking_, line)),
       {asking_.Fund(transfer.fund()), transfer.fund()},
       NameCell(transfer.project()),
       NameCell(transfer.need()),
       NameCell(transfer.reference()),
       NameCell(transfer.purpose())},
      SignedFields(asking_, line, says_asset));
}

StatusOr<PartyPayments> NewestPaymentsOf(const Asking& asking, const std::string& party, bool joined,
                                         std::size_t most) {
  v1::ListRequest request;
  request.set_party(party);
  request.set_joined(joined);
  request.set_limit(kPaymentsLookedAt);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ListAnswer all,
                      AllPages(query::List(asking.view, request, query::PagingOf(request))));
  PartyPayments payments;
  payments.looked_at = static_cast<std::uint64_t>(all.transfers_size());
  payments.all_looked_at = all.next().empty();
  for (int i = all.transfers_size(); i > 0 && payments.newest.size() < most; --i)
    payments.newest.push_back(all.transfers(i - 1));
  return payments;
}

StatusOr<Content> PaymentsPage(const Asking& asking) {
  Content content;
  const std::string year = YearOf(asking);
  content.title = year.empty() ? asking.Words(Word::kPayments) : asking.Words(Word::kPaymentsOfYear, {year});
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const v1::ListRequest request, PaymentsAsked(asking));
  FT_ASSIGN_OR_RETURN(const v1::ListAnswer answer,
                      AllPages(query::List(asking.view, request, query::PagingOf(request))));
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  PaymentRows payments(asking, asking.Words(Word::kPaymentsInOrder));
  for (const v1::TransferLine& line : answer.transfers()) payments.AddPayment(line);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, payments, answer.next());
    return content;
  }
  content.body = asking.Paragraph(Word::kPaymentsLead);
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const Html joined, JoinedShown(asking, request.party(), request.joined()));
    content.body += joined;
  }
  if (asking.in_folder()) {
    content.body += OtherYears(asking);
  } else if (answer.has_facets()) {
    content.body += FacetsShown(asking, answer.facets());
  }
  content.body += TableOnPage(asking, payments, answer.next(), MostPayments(asking));
  return content;
}

StatusOr<Content> PaymentPage(const Asking& asking, const std::string& ref) {
  v1::ShowRequest request;
  FT_ASSIGN_OR_RETURN(const TransferRef read, model::ParseRef(ref));
  // Each payment has one address.
  if (read.line == 0 || model::RefText(read) != ref || read.record.value() > asking.last_record())
    return absl::NotFoundError(absl::StrCat("this ledger has no payment ", ref));
  model::SetRef(read, request.mutable_ref());
  // With the names of then.
  const query::View then = query::Then(asking.view, asking.as_of());
  FT_ASSIGN_OR_RETURN(v1::ShowAnswer shown, query::Show(then, request));
  Content content;
  content.has_json = true;
  if (asking.wants_json()) {
    for (auto& transfer : *shown.mutable_transfers())
      if (transfer.arrival().record() > asking.last_record()) transfer.clear_arrival();
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, shown));
    return content;
  }
  if (shown.transfers_size() != 1)
    return absl::NotFoundError(absl::StrCat("this ledger has no payment ", ref));
  const v1::TransferLine& line = shown.transfers(0);
  content.title =
      asking.Words(Word::kPaymentTitle,
                   {ref, line.from_name(), line.to_name(),
                    asking.Money(line.transfer().amount(), line.decimals(), line.transfer().asset())});
  const std::string path = PaymentPath(line.ref().record(), line.ref().line());
  Html ways;
  if (!asking.in_folder())
    ways = asking.Link(path + "went/", Word::kWhereWent) + Text(" · ") +
           asking.Link(path + "came/", Word::kWhereCame) + Text(" · ");
  // The proof is one of the ledger as it is now; it lies at the root, since it has no language.
  ways += Element(
      "a", {{"href", absl::StrCat(asking.address.ToRoot(), "record/", line.ref().record(), ".tlog-proof")}},
      asking.Shown(Word::kProof));
  FT_ASSIGN_OR_RETURN(const Html links, LinksShown(asking, line));
  FT_ASSIGN_OR_RETURN(content.linked_data, GrantOf(asking, line, content.title));
  content.description = line.transfer().purpose();
  // Apart from what was signed, so that a browser does not take an amount of theirs for that of the payment.
  content.body = Element("p", ways) + PaymentFacts(asking, shown, line);
  if (!links.empty()) content.body += Element("dl", links);
  if (asking.in_folder())
    content.body += asking.Paragraph(Word::kTraceByProgram,
                                     {Element("code", Text(absl::StrCat("fundtrail trace from ", ref))),
                                      Element("code", Text(absl::StrCat("fundtrail trace to ", ref)))});
  return content;
}

}  // namespace fundtrail::pages
