// See compare.h.
#include "cli/render/compare.h"

#include <utility>
#include <vector>

#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"

namespace fundtrail::render {
namespace {

const char* StateWord(v1::CompareLine::State state) {
  switch (state) {
    case v1::CompareLine::STATE_NEW:
      return "new";
    case v1::CompareLine::STATE_GONE:
      return "gone";
    default:
      return "";
  }
}

// What the amounts are.
const char* ComparedWord(const v1::CompareRequest& request) {
  if (request.has_flows()) return "what was paid";
  if (request.has_series()) return "what came in";
  switch (request.top().by()) {
    case v1::TopRequest::BY_BROUGHT_IN:
      return "what was brought in";
    case v1::TopRequest::BY_PAID:
      return "what was paid";
    case v1::TopRequest::BY_HELD:
      return "what is there";
    default:
      return "what was received";
  }
}

}  // namespace

Shown Text(const v1::CompareAnswer& answer, const v1::CompareRequest& request, const Style& style) {
  const bool pairs = request.has_flows(), periods = request.has_series();
  Shown text = Toned(style, Tone::kBold,
                     Say("From {} to {} against {} to {}: {}", answer.since(), answer.until(),
                         answer.against_since(), answer.against_until(), ComparedWord(request)));
  if (answer.has_as_of_record()) text += Say(", as of record {}", answer.as_of_record());
  text += "\n";
  if (answer.totals().empty()) text += "Nothing moved.\n";
  for (const v1::CompareTotal& total : answer.totals()) {
    std::vector<Column> columns = {{periods ? "period" : pairs ? "from" : "party"}};
    if (pairs) columns.push_back({"to"});
    if (periods) columns.push_back({"against period"});
    columns.insert(columns.end(), {{"amount", true}, {"against", true}, {"difference", true}, {""}});
    Table table(columns);
    const auto money = [&](std::int64_t amount) { return Money(amount, total.decimals()); };
    const auto named = [](const std::string& id, const std::string& name) {
      return id.empty() ? Cell("none") : Cell(Named(id, name));
    };
    for (const v1::CompareLine& line : answer.lines()) {
      if (line.asset() != total.asset()) continue;
      std::vector<Cell> cells;
      if (periods) {
        cells = {Cell(line.from()), Cell(line.to())};
      } else {
        cells = {named(line.from(), line.from_name())};
        if (pairs)
          cells.push_back(line.project().empty()
                              ? named(line.to(), line.to_name())
                              : Cell(Say("{}, project {}", Named(line.to(), line.to_name()),
                                         Named(line.project(), line.project_name()))));
      }
      for (const std::int64_t amount : {line.amount(), line.against(), line.difference()})
        cells.emplace_back(money(amount));
      cells.emplace_back(StateWord(line.state()));
      table.Add(std::move(cells));
    }
    std::vector<Cell> all = {Cell("all")};
    if (pairs || periods) all.emplace_back("");
    for (const std::int64_t amount : {total.amount(), total.against(), total.difference()})
      all.emplace_back(money(amount));
    all.emplace_back("");
    table.Add(std::move(all));
    text += "\n" + Toned(style, Tone::kBold, Safe(total.asset())) + "\n" + table.Text(style);
    text += Say("Difference {} = {} new - {} gone + {} in both.\n", money(total.difference()),
                money(total.new_amount()), money(total.gone_amount()), money(total.changed()));
    text += CountText({"line", "lines"}, {total.lines() - std::min(total.left_out(), total.lines()),
                                          total.lines(), RestOfTop(total.left_out() > 0)});
    if (total.left_out() > 0) text += "What is not shown is in the line of all.\n";
  }
  if (pairs && !answer.totals().empty())
    text += Toned(style, Tone::kDim,
                  "Payments alone: no moves, nothing sent back, nothing that is only committed.\n");
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string CompareCsv(const v1::CompareAnswer& answer, sheets::Cells cells) {
  std::string text =
      CsvTitles({"from", "from_name", "to", "to_name", "project", "asset", "amount", "against", "difference",
                 "state", "since", "until", "against_since", "against_until", "project_name"});
  for (const v1::CompareLine& line : answer.lines()) {
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, line.decimals()); };
    const std::string state = line.state() == v1::CompareLine::STATE_BOTH ? "both" : StateWord(line.state());
    text +=
        CsvRow({line.from(), line.from_name(), line.to(), line.to_name(), line.project(), line.asset(),
                money(line.amount()), money(line.against()), money(line.difference()), state, answer.since(),
                answer.until(), answer.against_since(), answer.against_until(), line.project_name()},
               answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
