// See payments.h; and the page of all payments.
#include "ledger/pages/payments.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/references.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/register_lines.h"
#include "ledger/query/largest_payments.h"
#include "ledger/query/least_amount.h"
#include "ledger/query/list.h"
#include "ledger/sheets/csv.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kFacetValuesOnPage = 8;  // of each
// By which payments are chosen.
constexpr char kByAmount[] = "amount", kByDate[] = "date";
constexpr const char* kPaymentKeys[] = {"party", "fund",  "project", "kind",  "asset",
                                        "min",   "since", "until",   "joined"};
// A folder has no next page, so that a year has its payments on one as far as a browser bears it.
constexpr std::uint64_t kPaymentsOfYear = 1'000;

// "2020", of the page /payments/2020/; empty on the page of all.
std::string YearOf(const Asking& asking) {
  const std::vector<std::string>& parts = asking.address.parts;
  return parts.size() == 2 ? parts[1] : "";
}

// Whether they are put in order, in place of the order of the record: the largest first, or the newest.
StatusOr<bool> AsksInOrder(const Asking& asking) {
  const std::string sort = asking.asked("sort");
  if (!sort.empty() && sort != kByAmount && sort != kByDate)
    return absl::InvalidArgumentError("sort: here it may be amount or date, or nothing");
  return !sort.empty();
}

// What a page says of its order.
struct OrderWords {
  Word lead, caption;
};
OrderWords WordsOfOrder(const Asking& asking) {
  const std::string sort = asking.asked("sort");
  if (sort == kByAmount) return {Word::kPaymentsByAmountLead, Word::kPaymentsLargest};
  if (sort == kByDate) return {Word::kPaymentsByDateLead, Word::kPaymentsNewest};
  return {Word::kPaymentsLead, Word::kPaymentsInOrder};
}

// A whole file of them is no long table: they are put in order before the first row.
StatusOr<v1::ListAnswer> InOrderAsked(const Asking& asking, v1::ListRequest request) {
  const std::uint32_t facets = request.facets();
  request.set_facets(0);
  request.set_limit(MostRows(asking));
  FT_ASSIGN_OR_RETURN(v1::ListAnswer answer,
                      query::LargestPayments(asking.view, request,
                                             asking.asked("sort") == kByDate ? query::PaymentOrder::kDate
                                                                             : query::PaymentOrder::kAmount));
  if (facets == 0) return answer;
  request.set_facets(facets);
  request.set_limit(1);
  FT_ASSIGN_OR_RETURN(v1::ListAnswer counted,
                      AllPages(query::List(asking.view, request, query::PagingOf(request))));
  answer.mutable_facets()->Swap(counted.mutable_facets());
  return answer;
}

std::uint64_t MostPayments(const Asking& asking) {
  const bool whole_year = asking.in_folder() && !YearOf(asking).empty() && asking.address.form == Form::kPage;
  return whole_year ? kPaymentsOfYear : MostOfLongTable(asking);
}

// Of a row: "donation; 40.00 CNY undone by 9.1".
std::string KindAndBack(const Asking& asking, const v1::TransferLine& line) {
  std::string text = KindAndStage(asking, line.transfer());
  const auto add = [&](v1::TransferKind kind, std::int64_t sum, Word words) {
    std::string refs;
    for (const auto& by : line.sent_back().by())
      if (by.kind() == kind)
        absl::StrAppend(&refs, refs.empty() ? "" : asking.Words(Word::kEnumComma), model::RefText(by.ref()));
    if (sum == 0) return;
    absl::StrAppend(&text, asking.Words(Word::kListComma),
                    asking.Words(words, {asking.Money(sum, line.decimals(), line.transfer().asset()), refs}));
  };
  add(v1::TRANSFER_KIND_REVERSAL, line.sent_back().undone(), Word::kSumUndoneBy);
  add(v1::TRANSFER_KIND_RETURN, line.sent_back().returned(), Word::kSumSentBackBy);
  return text;
}

// What the payments of a value paid, in each of its assets; nothing where it has many.
Html PaidOfValue(const Asking& asking, const v1::FacetValue& value) {
  constexpr int kAssetsShown = 2;
  if (value.sums_size() > kAssetsShown) return {};
  std::string paid;
  for (const v1::LogMoney& money : value.sums())
    if (money.paid().transfers() > 0)
      absl::StrAppend(&paid, paid.empty() ? "" : asking.Words(Word::kListComma),
                      asking.Money(money.paid().amount(), money.decimals(), money.asset()));
  return paid.empty() ? Html()
                      : Element("span", {{"class", "n"}}, asking.Shown(Word::kFacetSum, {Text(paid)}));
}

// One value of a facet, as the same page with it as another question. The year is both of its days.
Html FacetLink(const Asking& asking, v1::Facet::Of of, const v1::FacetValue& value) {
  // All keys in one order, so that the same choice has one address.
  std::vector<std::pair<std::string, std::string>> instead = {{"after", ""}};
  for (const char* key : kPaymentKeys) instead.emplace_back(key, asking.asked(key));
  instead.emplace_back("sort", asking.asked("sort"));
  const auto set = [&instead](std::string_view key, const std::string& to) {
    for (auto& [name, text] : instead)
      if (name == key) text = to;
  };
  Html words = Name(value.name().empty() ? value.value() : value.name());
  switch (of) {
    case v1::Facet::OF_PARTY:
      set("party", value.value());
      break;
    case v1::Facet::OF_FUND:
      set("fund", value.value());
      break;
    case v1::Facet::OF_PROJECT:
      set("project", value.value());
      set("sort", "");  // a project's are not sorted
      break;
    case v1::Facet::OF_KIND: {
      v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
      model::ReadWord(value.value(), &kind);
      set("kind", EnumWord(Language::kEnglish, kind));
      words = Text(asking.Value(kind));
      break;
    }
    case v1::Facet::OF_ASSET:
      set("asset", value.value());
      break;
    default:
      set("since", value.value() + "-01-01");
      set("until", value.value() + "-12-31");
      words = Text(value.value());
  }
  return asking.Again(instead, words) + Text(absl::StrCat(" ", NumberText(value.transfers()))) +
         PaidOfValue(asking, value);
}

// What the payments that fit have in common, each as a way to fewer of them, and the way back to all.
Html FacetsShown(const Asking& asking, const v1::ListFacets& facets) {
  constexpr std::pair<v1::Facet::Of, Word> kTitles[] = {
      {v1::Facet::OF_PARTY, Word::kParty},     {v1::Facet::OF_FUND, Word::kFund},
      {v1::Facet::OF_PROJECT, Word::kProject}, {v1::Facet::OF_KIND, Word::kKind},
      {v1::Facet::OF_YEAR, Word::kYear},       {v1::Facet::OF_ASSET, Word::kAsset}};
  Html list;
  for (const v1::Facet& facet : facets.facets()) {
    // Of one asset there is nothing to choose.
    if (facet.of() == v1::Facet::OF_ASSET && facet.values_size() < 2 && facet.more() == 0) continue;
    // Nor of a year that the address names: it takes no days beside it.
    if (facet.of() == v1::Facet::OF_YEAR && !YearOf(asking).empty()) continue;
    Html values;
    for (const v1::FacetValue& value : facet.values()) {
      values += Element("li", FacetLink(asking, facet.of(), value));
    }
    if (facet.more() > 0)
      values += Element("li", asking.Shown(Word::kMoreValues, {Text(NumberText(facet.more()))}));
    for (const auto& [of, title] : kTitles)
      if (of == facet.of()) list += asking.Fact(title, values.empty() ? values : Element("ul", values));
  }
  Html shown = facets.cut() ? asking.Paragraph(Word::kPaymentsFitCut, {Text(NumberText(facets.fit())),
                                                                       Text(NumberText(facets.looked()))})
                            : asking.Paragraph(Word::kPaymentsFit, {Text(NumberText(facets.fit()))});
  if (!list.empty()) shown += Element("dl", {{"class", "facets"}}, list) + asking.Paragraph(Word::kFacetSums);
  bool narrowed = false;
  for (const char* key : kPaymentKeys) narrowed = narrowed || !asking.asked(key).empty();
  if (narrowed) shown += Element("p", asking.Link("payments/", Word::kAllItsPayments));
  return shown;
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

}  // namespace

std::string KindAndStage(const Asking& asking, const v1::Transfer& transfer) {
  std::string text = asking.Value(transfer.kind());
  if (transfer.stage() == v1::STAGE_COMMITTED)
    absl::StrAppend(&text, asking.Words(Word::kListComma), asking.Words(Word::kCommitted));
  return text;
}

StatusOr<v1::ListRequest> PaymentsAsked(const Asking& asking) {
  v1::ListRequest request;
  request.set_party(asking.asked("party"));
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_fund(asking.asked("fund"));
  request.set_project(asking.asked("project"));
  request.set_asset(asking.asked("asset"));
  request.set_min(asking.asked("min"));
  // What a table in pieces asks is read without the rows, and they name the asset (server/table_stream.h).
  if (asking.view.rows != nullptr) FT_RETURN_IF_ERROR(query::NameOnlyAsset(asking.view, &request));
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

std::string PaymentsCsv(const Asking& asking, const v1::ListAnswer& piece, bool first) {
  PaymentRows payments(asking, "");
  const bool exact = asking.asked("raw") == "1";
  std::string text = first ? payments.CsvTitles(exact) : std::string();
  const sheets::Cells cells = exact ? sheets::Cells::kRaw : sheets::Cells::kGuarded;
  for (const v1::TransferLine& line : piece.transfers()) payments.AppendCsv(line, cells, &text);
  return text;
}

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
  // A file shows nothing: it has what is plain.
  if (asking_.wants_csv()) {
    const Plain plain(line, KindOf(line));
    std::vector<Cell> cells;
    cells.reserve(plain.cells().size());
    for (const std::string_view text : plain.cells()) cells.push_back({Html(), std::string(text)});
    return Add(std::move(cells));
  }
  Add({PaymentCell(asking_, line.ref()),
       WordCell(line.date()),
       PartyCell(asking_, transfer.from(), line.from_name()),
       FileCell(transfer.from()),
       PartyCell(asking_, transfer.to(), line.to_name()),
       FileCell(transfer.to()),
       MoneyCell(transfer.amount(), line.decimals()),
       WordCell(transfer.asset()),
       WordCell(KindOf(line)),
       {asking_.Fund(transfer.fund()), transfer.fund()},
       FileCell(transfer.project()),
       FileCell(transfer.need()),
       FileCell(transfer.reference()),
       NameCell(transfer.purpose())},
      SignedFields(asking_, line, says_asset));
}

PaymentRows::Plain::Plain(const v1::TransferLine& line, std::string kind)
    : ref_(model::RefText(line.ref())),
      amount_(PlainMoneyText(line.transfer().amount(), line.decimals())),
      kind_(std::move(kind)),
      cells_{ref_,
             line.date(),
             line.from_name(),
             line.transfer().from(),
             line.to_name(),
             line.transfer().to(),
             amount_,
             line.transfer().asset(),
             kind_,
             line.transfer().fund(),
             line.transfer().project(),
             line.transfer().need(),
             line.transfer().reference(),
             line.transfer().purpose()} {}

void PaymentRows::AppendCsv(const v1::TransferLine& line, sheets::Cells cells, std::string* text) {
  sheets::AppendCsvLine(Plain(line, KindOf(line)).cells(), cells, text);
}

std::string PaymentRows::KindOf(const v1::TransferLine& line) {
  const v1::Transfer& transfer = line.transfer();
  if (transfer.stage() == v1::STAGE_COMMITTED || line.has_sent_back()) return KindAndBack(asking_, line);
  std::string& words = kinds_[transfer.kind()];
  if (words.empty()) words = asking_.Value(transfer.kind());
  return words;
}

StatusOr<Content> PaymentsPage(const Asking& asking) {
  Content content;
  const std::string year = YearOf(asking);
  content.title = year.empty() ? asking.Words(Word::kPayments) : asking.Words(Word::kPaymentsOfYear, {year});
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(const v1::ListRequest request, PaymentsAsked(asking));
  FT_ASSIGN_OR_RETURN(const bool in_order, AsksInOrder(asking));
  v1::ListAnswer answer;
  if (in_order) {
    FT_ASSIGN_OR_RETURN(answer, InOrderAsked(asking, request));
  }
  if (asking.wants_csv() && in_order) {
    content.data = PaymentsCsv(asking, answer, true);
    if (!answer.next().empty())
      content.data += FileCut(asking, static_cast<std::uint64_t>(answer.transfers_size()), answer.next());
    return content;
  }
  if (asking.wants_csv()) {
    FT_RETURN_IF_ERROR(AddPieces(
        asking, query::List(asking.view, request, query::PagingOf(request)),
        [&](const v1::ListAnswer& piece, bool first, std::uint64_t* rows) {
          *rows += static_cast<std::uint64_t>(piece.transfers_size());
          return PaymentsCsv(asking, piece, first);
        },
        &content));
    return content;
  }
  if (!in_order) {
    FT_ASSIGN_OR_RETURN(answer, AllPages(query::List(asking.view, request, query::PagingOf(request))));
  }
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  PaymentRows payments(asking, asking.Words(WordsOfOrder(asking).caption));
  for (const v1::TransferLine& line : answer.transfers()) payments.AddPayment(line);
  content.body = asking.Paragraph(WordsOfOrder(asking).lead);
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const Html joined, JoinedShown(asking, request.party(), request.joined()));
    content.body += joined;
  }
  if (!asking.in_folder()) content.body += Element("p", asking.Link("went/", Word::kMoreAtOnce));
  if (asking.in_folder()) {
    content.body += OtherYears(asking);
  } else if (answer.has_facets()) {
    content.body += FacetsShown(asking, answer.facets());
  }
  std::vector<ChoiceField> fields = {{"party", Word::kPartyId, "text"},
                                     {"fund", Word::kFund, "text"},
                                     {"asset", Word::kAsset, "text"},
                                     {"min", Word::kAtLeast, "text"}};
  if (!in_order) fields.push_back({"project", Word::kProject, "text"});
  if (year.empty())
    fields.insert(fields.end(), {{"since", Word::kSince, "date"}, {"until", Word::kUntil, "date"}});
  content.body += ChoiceForm(asking, fields);
  if (request.project().empty())
    content.body += ChoiceLinks(
        asking, "sort",
        {{"", Word::kInOrderOfRecord}, {kByDate, Word::kNewestDay}, {kByAmount, Word::kLargestOfEach}});
  content.body += TableOnPage(asking, payments, answer.next(), MostPayments(asking));
  return content;
}

}  // namespace fundtrail::pages
