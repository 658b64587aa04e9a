// How two periods differ: a year and the year before it, or two periods of the reader's choice.
#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/base/date.h"
#include "ledger/base/wide.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/makers.h"
#include "ledger/query/compare.h"
#include "ledger/query/payment_years.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kYearsOffered = 12;  // the last ones
constexpr char kFlowsCompared[] = "flows", kMonthsCompared[] = "months";

// What is compared: the words of the address, and of the page.
constexpr Choice kCompared[] = {{"", Word::kBodiesCompared},
                                {kFlowsCompared, Word::kFlowsCompared},
                                {kMonthsCompared, Word::kMonthsCompared}};
struct RankedBy {
  std::string_view key;
  v1::TopRequest::By by;
  Word word;
};
constexpr RankedBy kRanks[] = {{"", v1::TopRequest::BY_RECEIVED, Word::kReceived},
                               {"brought-in", v1::TopRequest::BY_BROUGHT_IN, Word::kBroughtIn},
                               {"paid", v1::TopRequest::BY_PAID, Word::kPassedOn},
                               {"held", v1::TopRequest::BY_HELD, Word::kLiesThere}};

// The page opens at the last one that is not after the day of the record: a payment that is dated by mistake far ahead is offered, and does
// not stand in front. Where all are after it, the first. Needs one.
StatusOr<std::string> YearToOpen(const Asking& asking, const std::set<std::string>& years) {
  FT_ASSIGN_OR_RETURN(const std::string day, query::DayAsked(asking.view, "", asking.as_of()));
  const auto after = years.upper_bound(day.substr(0, 4));
  return after == years.begin() ? *after : *std::prev(after);
}

struct ComparedPeriods {
  std::string since, until, against_since, against_until;
};

// The year and the one before it.
ComparedPeriods OfYear(const std::string& year) {
  int number = 0;
  if (!absl::SimpleAtoi(year, &number)) return {};
  const std::string before = absl::StrFormat("%04d", number - 1);
  return {year + "-01-01", year + "-12-31", before + "-01-01", before + "-12-31"};
}

constexpr std::string_view kPeriodKeys[] = {"since", "until", "against-since", "against-until"};
bool ChoosesDays(const Asking& asking) {
  return std::any_of(std::begin(kPeriodKeys), std::end(kPeriodKeys),
                     [&](std::string_view key) { return !asking.asked(key).empty(); });
}

// The same question of both periods.
StatusOr<v1::CompareRequest> CompareAsked(const Asking& asking, const ComparedPeriods& periods) {
  v1::CompareRequest request;
  request.set_against_since(periods.against_since);
  request.set_against_until(periods.against_until);
  const auto fill = [&](auto* question) {
    question->set_fund(asking.asked("fund"));
    question->set_asset(asking.asked("asset"));
    question->set_since(periods.since);
    question->set_until(periods.until);
    SetAsOf(asking, question);
  };
  // What a page leaves out is said with its number; a file has all.
  const std::uint64_t most = asking.address.form == Form::kPage ? kRowsOnPage : 0;
  const std::string what = asking.asked("by"), sort = asking.asked("sort");
  if (!what.empty() && !sort.empty())
    return absl::InvalidArgumentError("sort: it goes with parties, and not with flows or months");
  if (what == kFlowsCompared) {
    fill(request.mutable_flows());
    request.mutable_flows()->set_top(most);
    return request;
  }
  if (what == kMonthsCompared) {
    fill(request.mutable_series());
    return request;
  }
  if (!what.empty()) return absl::InvalidArgumentError("by: here it may be flows or months, or nothing");
  fill(request.mutable_top());
  request.mutable_top()->set_top(most);
  for (const RankedBy& one : kRanks)
    if (one.key == sort) request.mutable_top()->set_by(one.by);
  if (request.top().by() == v1::TopRequest::BY_UNSPECIFIED)
    return absl::InvalidArgumentError("sort: here it may be brought-in, paid or held, or nothing");
  return request;
}

Table ComparedTable(const Asking& asking, const v1::CompareRequest& request,
                    const v1::CompareAnswer& answer) {
  const bool flows = request.has_flows(), months = request.has_series();
  std::vector<Column> columns = {{asking.Words(months  ? Word::kPeriod
                                               : flows ? Word::kFrom
                                                       : Word::kParty)},
                                 {asking.Words(flows ? Word::kFromId : Word::kPartyId), false, true}};
  if (months) columns.pop_back();
  if (flows)
    columns.insert(columns.end(), {{asking.Words(Word::kTo)}, {asking.Words(Word::kToId), false, true}});
  if (months) columns.push_back({asking.Words(Word::kPeriodBeside)});
  columns.insert(columns.end(), {{asking.Words(Word::kAsset)},
                                 {asking.Words(Word::kAmount), true},
                                 {asking.Words(Word::kAmountBeside), true},
                                 {asking.Words(Word::kDifference), true},
                                 {asking.Words(Word::kState)},
                                 {asking.Words(Word::kSince), false, true},
                                 {asking.Words(Word::kUntil), false, true},
                                 {asking.Words(Word::kSinceBeside), false, true},
                                 {asking.Words(Word::kUntilBeside), false, true}});
  Table table(asking.Words(months ? Word::kComparedInOrder : Word::kComparedCaption), std::move(columns));
  for (const v1::CompareLine& line : answer.lines()) {
    std::vector<Cell> cells;
    if (months) {
      cells = {WordCell(line.from().empty() ? "–" : line.from()),
               WordCell(line.to().empty() ? "–" : line.to())};
    } else {
      cells = {PartyCell(asking, line.from(), line.from_name()), NameCell(line.from())};
      if (flows) {
        cells.push_back(PartyCell(asking, line.to(), line.to_name()));
        cells.push_back(NameCell(line.to()));
      }
    }
    cells.push_back(WordCell(line.asset()));
    for (const std::int64_t amount : {line.amount(), line.against(), line.difference()})
      cells.push_back(MoneyCell(amount, line.decimals()));
    cells.push_back(WordCell(asking.Value(line.state())));
    for (const std::string& day :
         {answer.since(), answer.until(), answer.against_since(), answer.against_until()})
      cells.push_back(WordCell(day));
    table.Add(std::move(cells));
  }
  return table;
}

// "1,200.00 CNY and 900.00 CNY: 300.00 more. Difference = new − gone + in both."
Html TotalShown(const Asking& asking, const v1::CompareTotal& total) {
  const auto money = [&](std::int64_t amount) {
    return Text(asking.MoneyInWords(amount, total.decimals(), total.asset()));
  };
  const auto plain = [&](std::int64_t amount) { return Text(MoneyText(amount, total.decimals())); };
  // What is less in both periods is taken off, and not added with a sign before it.
  const bool less = total.changed() < 0;
  const std::int64_t changed = less ? Capped(-Wide{total.changed()}) : total.changed();
  return Element("p", {{"class", "lead"}},
                 asking.Shown(Word::kComparedSum,
                              {Element("b", money(total.amount())), money(total.against())})) +
         Element("p", asking.Shown(less ? Word::kComparedDifferenceLess : Word::kComparedDifference,
                                   {plain(total.difference()), plain(total.new_amount()),
                                    plain(total.gone_amount()), plain(changed), Text(total.asset())}));
}

// Only parties are ranked: how they are goes with them.
Html WhatToCompare(const Asking& asking) {
  if (asking.in_folder()) return {};
  Html ways;
  for (const Choice& one : kCompared) {
    if (!ways.empty()) ways += Text(" · ");
    const Html word = asking.Shown(one.word);
    ways += asking.asked("by") == one.value
                ? Element("b", word)
                : asking.Again({{"by", std::string(one.value)}, {"sort", ""}}, word);
  }
  return Element("p", ways);
}

// Each year that has a payment, beside the year before it.
Html YearsShown(const Asking& asking, const std::set<std::string>& years, const std::string& chosen) {
  Html ways;
  std::size_t shown = 0;
  for (auto year = years.rbegin(); year != years.rend() && shown < kYearsOffered; ++year, ++shown) {
    if (!ways.empty()) ways += Text(" · ");
    const std::string path = absl::StrCat("compare/", *year, "/");
    ways += *year == chosen ? Element("b", Text(*year)) : asking.Link(path, Text(*year));
  }
  return ways.empty() ? ways : Element("p", asking.Shown(Word::kByYear) + ways);
}

}  // namespace

bool HasYearBefore(const std::string& year) { return ParseDate(OfYear(year).against_since).ok(); }

StatusOr<Content> ComparePage(const Asking& asking, const std::string& year) {
  // They are looked for where nobody says which: it looks at the date of every payment.
  std::set<std::string> years;
  if (year.empty() && !ChoosesDays(asking)) {
    FT_ASSIGN_OR_RETURN(years, query::PaymentYears(asking.view, asking.as_of()));
    std::erase_if(years, [](const std::string& one) { return !HasYearBefore(one); });
  }
  Content content;
  content.title = asking.Words(Word::kCompareTitle);
  content.has_csv = content.has_json = true;
  ComparedPeriods periods;
  std::string chosen = year;
  if (ChoosesDays(asking)) {
    if (!year.empty())
      return absl::InvalidArgumentError("since, until: the address names a year, so leave them out");
    periods = {asking.asked("since"), asking.asked("until"), asking.asked("against-since"),
               asking.asked("against-until")};
  } else {
    if (chosen.empty() && !years.empty()) {
      FT_ASSIGN_OR_RETURN(chosen, YearToOpen(asking, years));
    }
    if (!chosen.empty()) periods = OfYear(chosen);
  }
  v1::CompareAnswer answer;
  v1::CompareRequest request;
  if (!periods.since.empty() || ChoosesDays(asking)) {
    FT_ASSIGN_OR_RETURN(request, CompareAsked(asking, periods));
    FT_ASSIGN_OR_RETURN(answer, query::Compare(asking.view, request));
  } else {
    // Of a ledger without a payment nothing can be compared.
    *answer.mutable_as_of() = asking.view.checkpoint;
  }
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  const Table table = ComparedTable(asking, request, answer);
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, table);
    return content;
  }
  if (!answer.since().empty())
    content.title = asking.Words(Word::kCompareTitleOf, {answer.since(), answer.until(),
                                                         answer.against_since(), answer.against_until()});
  content.body = asking.Paragraph(Word::kCompareLead);
  content.body += years.empty() ? Element("p", asking.Link("compare/", Word::kAllYears))
                                : YearsShown(asking, years, chosen);
  std::vector<ChoiceField> fields;
  // An address that names a year takes no days beside it.
  if (year.empty())
    fields = {{"since", Word::kSince, "date"},
              {"until", Word::kUntil, "date"},
              {"against-since", Word::kSinceBeside, "date"},
              {"against-until", Word::kUntilBeside, "date"}};
  fields.push_back({"fund", Word::kFund, "text"});
  content.body += ChoiceForm(asking, fields);
  content.body += WhatToCompare(asking);
  if (request.has_top()) {
    std::vector<Choice> ranks;
    for (const RankedBy& one : kRanks) ranks.push_back({one.key, one.word});
    content.body += ChoiceLinks(asking, "sort", ranks);
  }
  std::uint64_t left_out = 0;
  for (const v1::CompareTotal& total : answer.totals()) {
    content.body += TotalShown(asking, total);
    left_out += total.left_out();
  }
  content.body += TableOnPage(asking, table, "", table.size());
  if (left_out > 0) content.body += Element("p", asking.Counted(Word::kMoreRows, left_out));
  if (request.has_flows()) content.body += asking.Paragraph(Word::kPaymentsAlone);
  return content;
}

}  // namespace fundtrail::pages
