// One payment: what was signed, what it drew on, and what became of it.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/bytes.h"
#include "ledger/model/references.h"
#include "ledger/pages/linked_data.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/payments.h"
#include "ledger/query/payment_links.h"
#include "ledger/query/records.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kLinkedShown = 20;

// What sent it back, with links.
Html WentBack(const Asking& asking, const v1::TransferLine& line) {
  Html all;
  const auto add = [&](v1::TransferKind kind, std::int64_t sum, Word words) {
    Html refs;
    for (const auto& by : line.sent_back().by()) {
      if (by.kind() != kind) continue;
      if (!refs.empty()) refs += asking.Shown(Word::kEnumComma);
      refs += asking.Payment(by.ref().record(), by.ref().line());
    }
    if (sum == 0) return;
    if (!all.empty()) all += asking.Shown(Word::kListComma);
    all += asking.Shown(words, {Text(asking.Money(sum, line.decimals(), line.transfer().asset())), refs});
  };
  add(v1::TRANSFER_KIND_REVERSAL, line.sent_back().undone(), Word::kSumUndoneBy);
  add(v1::TRANSFER_KIND_RETURN, line.sent_back().returned(), Word::kSumSentBackBy);
  return all;
}

// "2.1 (whole), 2.4 (200.00)". What is more than fits on a line is counted.
Html LinkedShown(const Asking& asking, const std::vector<query::LinkedPayment>& payments, bool back,
                 std::uint32_t decimals) {
  Html shown;
  std::size_t number = 0;
  for (const query::LinkedPayment& payment : payments) {
    if (payment.sends_back != back || ++number > kLinkedShown) continue;
    if (!shown.empty()) shown += asking.Shown(Word::kEnumComma);
    shown +=
        asking.Payment(payment.ref.record.value(), payment.ref.line) +
        asking.Shown(Word::kInParens, {Text(payment.whole ? asking.Words(Word::kAllOfIt)
                                                          : MoneyText(payment.amount.value(), decimals))});
  }
  if (number > kLinkedShown)
    shown += asking.Shown(Word::kEnumComma) +
             asking.Shown(Word::kMoreValues, {Text(NumberText(number - kLinkedShown))});
  return shown;
}

// What it drew on, and what became of it, payment by payment.
StatusOr<Html> LinksShown(const Asking& asking, const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  FT_ASSIGN_OR_RETURN(const auto kept, asking.Kept(model::RefText(line.ref()), [&] {
    return query::LinksOfPayment(asking.view, model::RefOf(line.ref()), asking.as_of());
  }));
  const query::PaymentLinks& links = *kept;
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
    drew += drew.empty() || some.empty() ? some : asking.Shown(Word::kEnumComma) + some;
  }
  Html facts = asking.Fact(Word::kDrew, drew);
  if (links.brought_in.value() > 0)
    facts += asking.Fact(Word::kBroughtIn,
                         Text(asking.Money(links.brought_in.value(), line.decimals(), transfer.asset())));
  facts += asking.Fact(Word::kWentOnBy, LinkedShown(asking, links.went_on, false, decimals)) +
           asking.Fact(Word::kSentBackBy, LinkedShown(asking, links.went_on, true, decimals));
  if (links.left.value() > 0)
    facts += asking.Fact(Word::kNotPassedOn, Text(asking.Money(links.left.value(), decimals, asset)) +
                                                 asking.Shown(Word::kClauseComma) +
                                                 Text(asking.Value(links.left_is)));
  return facts;
}

// Empty where a household is part of it: of persons nothing is told to search engines.
StatusOr<Html> GrantOf(const Asking& asking, const v1::TransferLine& line, const std::string& title) {
  const v1::Transfer& transfer = line.transfer();
  for (const std::string& id : {transfer.from(), transfer.to()}) {
    FT_ASSIGN_OR_RETURN(const v1::RegisterParty party, query::FindParty(asking.view, id));
    if (party.kind() == v1::RegisterParty::KIND_HOUSEHOLD) return Html();
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
    if (!draws.empty()) draws += asking.Shown(Word::kEnumComma);
    const TransferRef ref = model::RefIn(RecordIndex(shown.index()), drawn);
    draws += asking.Payment(ref.record.value(), ref.line);
  }
  facts += asking.Fact(Word::kDraws, draws);
  if (transfer.has_returns()) {
    const TransferRef ref = model::RefIn(RecordIndex(shown.index()), transfer.returns());
    facts += asking.Fact(transfer.kind() == v1::TRANSFER_KIND_REVERSAL ? Word::kUndoes : Word::kSendsBack,
                         asking.Payment(ref.record.value(), ref.line));
  }
  facts += asking.Fact(Word::kWentBack, WentBack(asking, line));
  facts += asking.Fact(Word::kAuthor, asking.Party(shown.entry().author(), ""));
  Html signers;
  for (const std::string& key : shown.signers()) {
    if (!signers.empty()) signers += asking.Shown(Word::kEnumComma);
    signers += Element("code", Text(HexEncode(key).substr(0, 16) + "…"));
  }
  facts += asking.Fact(Word::kSignedBy, signers);
  if (shown.entry().has_source()) {
    const v1::ImportSource& source = shown.entry().source();
    const Html first = Text(NumberText(source.first_row())), last = Text(NumberText(source.last_row())),
               hash = Text(HexEncode(source.sha256()).substr(0, 16) + "…");
    facts += asking.Fact(Word::kFile,
                         source.first_row() == source.last_row()
                             ? asking.Shown(Word::kRowOfFile, {first, Name(source.name()), hash})
                             : asking.Shown(Word::kRowsOfFile, {first, last, Name(source.name()), hash}));
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

StatusOr<Content> PaymentPage(const Asking& asking, const std::string& ref) {
  v1::ShowRequest request;
  FT_ASSIGN_OR_RETURN(const TransferRef read, model::ParseRef(ref));
  // Each payment has one address.
  if (read.line == 0 || model::RefText(read) != ref || read.record.value() > asking.last_record())
    return absl::NotFoundError(absl::StrCat("this ledger has no payment ", ref));
  model::SetRef(read, request.mutable_ref());
  // With the names of then.
  const query::View then = query::Then(asking.view, asking.as_of());
  FT_ASSIGN_OR_RETURN(const auto kept,
                      asking.Kept(request.SerializeAsString(), [&] { return query::Show(then, request); }));
  const v1::ShowAnswer& shown = *kept;
  Content content;
  content.has_json = true;
  if (asking.wants_json()) {
    v1::ShowAnswer known = *kept;
    for (auto& transfer : *known.mutable_transfers())
      if (transfer.arrival().record() > asking.last_record()) transfer.clear_arrival();
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, known));
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
