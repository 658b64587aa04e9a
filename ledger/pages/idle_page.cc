// What is idle: who holds money that is not passed on, and since when.
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/makers.h"
#include "ledger/query/idle.h"

namespace fundtrail::pages {
namespace {

constexpr char kOldestFirst[] = "oldest";

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
    request.set_by(v1::IdleRequest::OLDEST);
  } else if (!sort.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("sort: here it may be ", kOldestFirst, ", or nothing"));
  }
  return request;
}

// The ages of one asset, as a bar and in words.
Html AgesInWords(const Asking& asking, const v1::IdleTotal& total, int number) {
  if (total.held() <= 0) return {};
  const v1::HeldAges& ages = total.ages();
  const std::pair<Word, std::int64_t> parts[] = {{Word::kUnder90Days, ages.under_90_days()},
                                                 {Word::kUnder1Year, ages.under_1_year()},
                                                 {Word::kUnder2Years, ages.under_2_years()},
                                                 {Word::kOver2Years, ages.over_2_years()}};
  std::vector<BarPart> bar;
  std::string label;
  for (const auto& [word, amount] : parts) {
    bar.push_back({amount, static_cast<int>(bar.size())});
    if (amount == 0) continue;
    absl::StrAppend(&label, label.empty() ? "" : ", ", asking.Words(word), " ",
                    asking.Money(amount, total.decimals(), total.asset()));
  }
  const Html sum = Element("b", Text(asking.MoneyInWords(total.held(), total.decimals(), total.asset())));
  return Element("p", {{"class", "lead"}}, asking.Shown(Word::kIdleSum, {sum, asking.Day(total.oldest())})) +
         Bar(absl::StrCat("ages", number), label, bar);
}

}  // namespace

StatusOr<Content> IdlePage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::IdleRequest request, IdleAsked(asking));
  FT_ASSIGN_OR_RETURN(const v1::IdleAnswer answer,
                      AllPages(query::Idle(asking.view, request, query::PagingOf(request))));
  Content content;
  content.title = asking.Words(Word::kIdle);
  content.has_csv = content.has_json = true;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const bool oldest_first = request.by() == v1::IdleRequest::OLDEST;
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
  }
  const Html other = asking.Again({{"sort", oldest_first ? "" : kOldestFirst}, {"after", ""}},
                                  asking.Shown(oldest_first ? Word::kLargestFirst : Word::kOldestFirst));
  if (!totals.empty()) content.body += TableOnPage(asking, totals);
  if (!asking.in_folder()) content.body += Element("p", other);
  content.body += TableOnPage(asking, lines, answer.next());
  return content;
}

}  // namespace fundtrail::pages
