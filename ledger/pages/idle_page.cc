// What is idle: who holds money that is not passed on, and since when.
#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/model/unrecorded.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/picture/bar.h"
#include "ledger/query/idle.h"
#include "ledger/query/list.h"

namespace fundtrail::pages {
namespace {

constexpr char kOldestFirst[] = "oldest";
constexpr std::uint64_t kUnrecordedLookedAt = 2'000;

void AddAgeColumns(const Asking& asking, std::vector<Column>* columns) {
  for (const Word word :
       {Word::kHeldNow, Word::kUnder90Days, Word::kUnder1Year, Word::kUnder2Years, Word::kOver2Years})
    columns->push_back({asking.Words(word), true});
  columns->push_back({asking.Words(Word::kOldest), false, false, true});
  columns->push_back({asking.Words(Word::kCommitted), true});
  columns->push_back({asking.Words(Word::kKept), true});
}

// Of a line, or of a total.
template <typename Held>
void AddAgeCells(const Held& of, std::uint32_t decimals, std::vector<Cell>* cells) {
  const v1::HeldAges& ages = of.ages();
  for (const std::int64_t amount :
       {of.held(), ages.under_90_days(), ages.under_1_year(), ages.under_2_years(), ages.over_2_years()})
    cells->push_back(MoneyCell(amount, decimals));
  cells->push_back(WordCell(of.oldest()));
  cells->push_back(MoneyCell(of.committed(), decimals));
  cells->push_back(MoneyCell(of.kept(), decimals));
}

StatusOr<v1::IdleRequest> IdleAsked(const Asking& asking) {
  v1::IdleRequest request;
  request.set_party(asking.asked("party"));
  request.set_fund(asking.asked("fund"));
  request.set_asset(asking.asked("asset"));
  request.set_limit(MostRows(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  if (const std::string sort = asking.asked("sort"); sort == kOldestFirst) {
    request.set_by(v1::IdleRequest::BY_OLDEST);
  } else if (!sort.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("sort: here it may be ", kOldestFirst, ", or nothing"));
  }
  return request;
}

std::vector<std::pair<Word, std::int64_t>> PartsOfAges(const v1::HeldAges& ages) {
  return {{Word::kUnder90Days, ages.under_90_days()},
          {Word::kUnder1Year, ages.under_1_year()},
          {Word::kUnder2Years, ages.under_2_years()},
          {Word::kOver2Years, ages.over_2_years()}};
}

// The picture of the asset that is asked for, or of the only one of which something is held. Nothing where there is none.
Status AddAgesFile(const Asking& asking, const v1::IdleAnswer& answer, Content* content) {
  std::vector<std::string> held;
  for (const v1::IdleTotal& total : answer.totals())
    if (total.held() > 0) held.push_back(total.asset());
  if (held.size() > 1) {
    content->pictures = std::move(held);
    return absl::OkStatus();
  }
  for (const v1::IdleTotal& total : answer.totals()) {
    if (total.held() <= 0) continue;
    std::vector<picture::Part> parts;
    for (const auto& [word, amount] : PartsOfAges(total.ages()))
      parts.push_back({asking.Words(word), amount});
    const std::string sum = asking.Words(
        Word::kIdleSum, {asking.MoneyInWords(total.held(), total.decimals(), total.asset()), total.oldest()});
    picture::Caption caption = PictureCaption(asking, content->title, sum);
    caption.method = asking.Words(Word::kFirstInFirstOut);
    FT_ASSIGN_OR_RETURN(const picture::Svg svg, picture::BarOfAges(parts, {total.asset(), total.decimals()},
                                                                   caption, PictureWords(asking)));
    content->has_svg = true;
    content->data = PictureText(svg);
  }
  return absl::OkStatus();
}

// Where the file of it lies: that of one asset where the page has several.
Html AgesLink(const Asking& asking, const v1::IdleTotal& total, bool several) {
  const std::string at = PictureLink(asking, "idle/", total.asset(), several);
  if (at.empty()) return {};
  return Element("p", Element("a", {{"href", at}, {"rel", "nofollow"}}, asking.Shown(Word::kPictureFile)));
}

// The ages of one asset, as a bar and in words.
Html AgesInWords(const Asking& asking, const v1::IdleTotal& total, int number) {
  if (total.held() <= 0) return {};
  const std::vector<std::pair<Word, std::int64_t>> parts = PartsOfAges(total.ages());
  std::vector<BarPart> bar;
  std::string label;
  constexpr int kAgeTones[] = {0, 1, 3, 2};  // as in the picture of them
  for (const auto& [word, amount] : parts) {
    bar.push_back({amount, kAgeTones[bar.size()], asking.Words(word)});
    if (amount == 0) continue;
    absl::StrAppend(&label, label.empty() ? "" : asking.Words(Word::kEnumComma), asking.Words(word), " ",
                    asking.Money(amount, total.decimals(), total.asset()));
  }
  const Html sum = Element("b", Text(asking.MoneyInWords(total.held(), total.decimals(), total.asset())));
  return Element("p", {{"class", "lead"}}, asking.Shown(Word::kIdleSum, {sum, asking.Day(total.oldest())})) +
         Bar(absl::StrCat("ages", number), label, bar);
}

// What bodies paid out although nobody is recorded to have paid it to them: by body and asset. It stands on the page of all alone.
StatusOr<Html> NotInFile(const Asking& asking) {
  if (!asking.address.query.empty()) return Html();
  const query::View then = query::Then(asking.view, asking.as_of());
  const auto origin = query::FindParty(then, model::kUnrecorded);
  if (absl::IsNotFound(origin.status())) return Html();
  FT_RETURN_IF_ERROR(origin.status());
  if (origin->role() != v1::ROLE_SOURCE) return Html();
  v1::ListRequest request;
  request.set_party(model::kUnrecorded);
  request.set_limit(kUnrecordedLookedAt);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::ListAnswer answer,
                      AllPages(query::List(asking.view, request, query::PagingOf(request))));
  struct Unrecorded {
    std::string party, name, asset;
    std::uint32_t decimals = 0;
    Wide amount = 0;
  };
  std::map<std::pair<std::string, std::string>, Unrecorded> sums;
  for (const v1::TransferLine& line : answer.transfers()) {
    const v1::Transfer& transfer = line.transfer();
    // What was sent back there is no longer missing.
    const bool came = transfer.from() == model::kUnrecorded;
    const std::string& party = came ? transfer.to() : transfer.from();
    Unrecorded& of = sums[{party, transfer.asset()}];
    of.party = party;
    of.name = came ? line.to_name() : line.from_name();
    of.asset = transfer.asset();
    of.decimals = line.decimals();
    of.amount += came ? Wide{transfer.amount()} : -Wide{transfer.amount()};
  }
  std::vector<Unrecorded> rows;
  for (const auto& [key, of] : sums)
    if (of.amount > 0) rows.push_back(of);
  std::stable_sort(rows.begin(), rows.end(), [](const Unrecorded& one, const Unrecorded& other) {
    return one.asset != other.asset ? one.asset < other.asset : one.amount > other.amount;
  });
  if (rows.empty()) return Html();
  Table table(
      asking.Words(Word::kNotInFileCaption),
      {{asking.Words(Word::kParty)}, {asking.Words(Word::kAmount), true}, {asking.Words(Word::kAsset)}});
  for (const Unrecorded& of : rows)
    table.Add({PartyCell(asking, of.party, of.name), MoneyCell(Capped(of.amount), of.decimals),
               WordCell(of.asset)});
  Html shown = asking.Heading(Word::kNotInFile) + asking.Paragraph(Word::kNotInFileMeans) +
               TableOnPage(asking, table, "", table.size());
  if (!answer.next().empty())
    shown += asking.Paragraph(Word::kNotInFileCut, {Text(NumberText(kUnrecordedLookedAt))});
  return shown;
}

}  // namespace

StatusOr<Content> IdlePage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::IdleRequest request, IdleAsked(asking));
  FT_ASSIGN_OR_RETURN(const v1::IdleAnswer answer,
                      AllPages(query::Idle(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kIdle);
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const auto party, query::NeedParty(asking.view, request.party()));
    content.indexed = party.kind() != v1::RegisterParty::KIND_HOUSEHOLD;
  }
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  if (asking.wants_svg()) {
    FT_RETURN_IF_ERROR(AddAgesFile(asking, answer, &content));
    return content;
  }
  int held = 0;
  for (const v1::IdleTotal& total : answer.totals()) held += total.held() > 0 ? 1 : 0;
  content.has_svg = held == 1;
  const bool oldest_first = request.by() == v1::IdleRequest::BY_OLDEST;
  std::vector<Column> columns = {{asking.Words(Word::kParty)},
                                 {asking.Words(Word::kPartyId), false, true},
                                 {asking.Words(Word::kFund)},
                                 {asking.Words(Word::kProject), false, true},
                                 {asking.Words(Word::kAsset)}};
  AddAgeColumns(asking, &columns);
  Table lines(asking.Words(oldest_first ? Word::kIdleByAge : Word::kIdleByAmount), columns);
  for (const v1::IdleLine& line : answer.lines()) {
    const v1::Account& account = line.account();
    std::vector<Cell> cells = {PartyCell(asking, account.party(), account.party_name()),
                               NameCell(account.party()), FundCell(asking, account),
                               NameCell(account.project()), WordCell(account.asset())};
    AddAgeCells(line, account.decimals(), &cells);
    lines.Add(std::move(cells));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, lines, answer.next());
    return content;
  }
  columns = {{asking.Words(Word::kAsset)}};
  AddAgeColumns(asking, &columns);
  Table totals(asking.Words(Word::kIdleTotals), columns);
  int number = 0;
  content.body = asking.Paragraph(Word::kIdleLead, {asking.Day(answer.on())});
  for (const v1::IdleTotal& total : answer.totals()) {
    std::vector<Cell> cells = {WordCell(total.asset())};
    AddAgeCells(total, total.decimals(), &cells);
    totals.Add(std::move(cells));
    content.body += AgesInWords(asking, total, number++);
    if (total.held() > 0) content.body += AgesLink(asking, total, held > 1);
  }
  const Html other = asking.Again({{"sort", oldest_first ? "" : kOldestFirst}, {"after", ""}},
                                  asking.Shown(oldest_first ? Word::kLargestFirst : Word::kOldestFirst));
  if (!totals.empty()) content.body += TableOnPage(asking, totals);
  FT_ASSIGN_OR_RETURN(const Html not_in_file, NotInFile(asking));
  if (!asking.in_folder()) content.body += Element("p", other);
  content.body += TableOnPage(asking, lines, answer.next()) + not_in_file +
                  Element("p", asking.Link("committed/", Word::kCommittedTitle));
  return content;
}

}  // namespace fundtrail::pages
