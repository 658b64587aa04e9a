// What is committed and not paid: by who promised, to whom, by fund, by project, or over the years.
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/makers.h"
#include "ledger/query/committed.h"

namespace fundtrail::pages {
namespace {

using PromisedBy = v1::CommittedRequest;

constexpr Grouping<PromisedBy::By> kPromiseLines[] = {
    {"", PromisedBy::BY_PAYER, Word::kByPayer},
    {"recipient", PromisedBy::BY_RECIPIENT, Word::kByRecipient},
    {"fund", PromisedBy::BY_FUND, Word::kByFund},
    {"project", PromisedBy::BY_PROJECT, Word::kByProject},
    {"year", PromisedBy::BY_YEAR, Word::kByYears}};

StatusOr<v1::CommittedRequest> CommittedAsked(const Asking& asking) {
  v1::CommittedRequest request;
  const auto* const grouping = GroupingNamed(kPromiseLines, asking.asked("by"));
  if (grouping == nullptr)
    return absl::InvalidArgumentError("by: here it may be recipient, fund, project or year, or nothing");
  request.set_by(grouping->by);
  request.set_party(asking.asked("party"));
  SetMoneyAsked(asking, &request);
  request.set_top(TopRows(asking));
  return request;
}

// What a line is of: a party, a fund, a project or a year.
Cell PromiseCell(const Asking& asking, PromisedBy::By by, const v1::CommittedLine& line) {
  const std::string plain = line.name().empty() ? line.id() : line.name();
  if (line.id().empty()) {
    const Word none = by == PromisedBy::BY_YEAR ? Word::kBeforeThat : Word::kInNoProject;
    return {asking.Shown(none), ""};
  }
  switch (by) {
    case PromisedBy::BY_FUND:
      return {asking.Link(FundPath(line.id()), Name(plain)), plain};
    case PromisedBy::BY_PROJECT:
      return {asking.Link(ProjectPath(line.id()), Name(plain)), plain};
    case PromisedBy::BY_YEAR:
      return WordCell(plain);
    default:
      return PartyCell(asking, line.id(), plain);
  }
}

void AddSumCells(const v1::CommittedSums& sums, std::uint32_t decimals, std::vector<Cell>* cells) {
  for (const std::int64_t amount : {sums.before(), sums.committed(), sums.taken_back(), sums.open()})
    cells->push_back(MoneyCell(amount, decimals));
  cells->push_back(NumberCell(sums.commitments()));
  cells->push_back(NumberCell(sums.withdrawals()));
}

std::vector<Column> PromiseColumns(const Asking& asking, std::vector<Column> columns) {
  for (const Word word : {Word::kOpenBefore, Word::kNewlyCommitted, Word::kTakenBack, Word::kStillOpen,
                          Word::kCommitments, Word::kWithdrawals})
    columns.push_back({asking.Words(word), true});
  return columns;
}

// In words and as a bar: of what was committed, how much is open, and how much was paid or let go.
Html PromiseShown(const Asking& asking, const v1::CommittedTotal& total, int number) {
  const v1::CommittedSums& sums = total.sums();
  const auto money = [&](std::int64_t amount) {
    return Text(asking.MoneyInWords(amount, total.decimals(), total.asset()));
  };
  Html shown =
      Element("p", {{"class", "lead"}},
              asking.Shown(Word::kCommittedSum, {Element("b", money(sums.open())), money(sums.before()),
                                                 money(sums.committed()), money(sums.taken_back())}));
  if (sums.open() < 0 || sums.taken_back() < 0 || (sums.open() == 0 && sums.taken_back() == 0)) return shown;
  return shown + Bar(absl::StrCat("promise", number),
                     asking.Words(Word::kCommittedBar,
                                  {asking.Money(sums.open(), total.decimals(), total.asset()),
                                   asking.Money(sums.taken_back(), total.decimals(), total.asset())}),
                     {{sums.open(), 3, asking.Words(Word::kStillOpen)},
                      {sums.taken_back(), 0, asking.Words(Word::kTakenBack)}});
}

}  // namespace

StatusOr<Content> CommittedPage(const Asking& asking) {
  FT_ASSIGN_OR_RETURN(const v1::CommittedRequest request, CommittedAsked(asking));
  FT_ASSIGN_OR_RETURN(const v1::CommittedAnswer answer, query::Committed(asking.view, request));
  Content content;
  content.title = asking.Words(Word::kCommittedTitle);
  content.has_csv = content.has_json = true;
  if (!request.party().empty()) {
    FT_ASSIGN_OR_RETURN(const auto party, query::NeedParty(asking.view, request.party()));
    content.indexed = party.kind() != v1::RegisterParty::KIND_HOUSEHOLD;
  }
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const auto* const grouping = GroupingOf(kPromiseLines, request.by());
  const Word what = grouping == nullptr ? Word::kByPayer : grouping->word;
  Table lines(asking.Words(Word::kCommittedCaption, {asking.Words(what)}),
              PromiseColumns(asking, {{asking.Words(what)},
                                      {asking.Words(Word::kId), false, true},
                                      {asking.Words(Word::kAsset)}}));
  for (const v1::CommittedLine& line : answer.lines()) {
    std::vector<Cell> cells = {PromiseCell(asking, request.by(), line), NameCell(line.id()),
                               WordCell(line.asset())};
    AddSumCells(line.sums(), line.decimals(), &cells);
    lines.Add(std::move(cells));
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, lines);
    return content;
  }
  content.body = asking.Paragraph(Word::kCommittedLead);
  if (!request.party().empty())
    content.body += asking.Paragraph(Word::kCommittedOfParty, {asking.Party(request.party(), "")});
  if (!asking.address.query.empty() && !asking.in_folder())
    content.body += Element("p", asking.Link("committed/", Word::kAllCommitted));
  content.body += ChoiceForm(
      asking,
      {{"fund", Word::kFund, "text"}, {"since", Word::kSince, "date"}, {"until", Word::kUntil, "date"}});
  content.body += GroupingLinks(asking, kPromiseLines);
  std::uint64_t left_out = 0;
  int number = 0;
  Table totals(asking.Words(Word::kCommittedTotals), PromiseColumns(asking, {{asking.Words(Word::kAsset)}}));
  for (const v1::CommittedTotal& total : answer.totals()) {
    content.body += PromiseShown(asking, total, number++);
    std::vector<Cell> cells = {WordCell(total.asset())};
    AddSumCells(total.sums(), total.decimals(), &cells);
    totals.Add(std::move(cells));
    left_out += total.left_out();
  }
  if (!totals.empty()) content.body += TableOnPage(asking, totals);
  content.body += TableOnPage(asking, lines, "", lines.size());
  if (left_out > 0) content.body += Element("p", asking.Counted(Word::kMoreRows, left_out));
  return content;
}

}  // namespace fundtrail::pages
