// See committed.h.
#include "cli/render/committed.h"

#include <utility>
#include <vector>

#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"

namespace fundtrail::render {
namespace {

using PromisedBy = v1::CommittedRequest;

const char* PromiseWord(PromisedBy::By by) {
  switch (by) {
    case PromisedBy::BY_RECIPIENT:
      return "recipient";
    case PromisedBy::BY_FUND:
      return "fund";
    case PromisedBy::BY_PROJECT:
      return "project";
    case PromisedBy::BY_YEAR:
      return "year";
    default:
      return "payer";
  }
}

std::vector<Cell> PromiseCells(Cell first, const v1::CommittedSums& sums, std::uint32_t decimals) {
  return {std::move(first),
          Money(sums.before(), decimals),
          Money(sums.committed(), decimals),
          Money(sums.taken_back(), decimals),
          Money(sums.open(), decimals),
          Number(sums.commitments())};
}

}  // namespace

Shown Text(const v1::CommittedAnswer& answer, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Say("Committed and not paid, by {}", PromiseWord(answer.by())));
  if (answer.has_as_of_record()) text += Say(", as of record {}", answer.as_of_record());
  text += "\n";
  if (answer.totals().empty()) text += "Nothing is committed.\n";
  for (const v1::CommittedTotal& total : answer.totals()) {
    Table table({{PromiseWord(answer.by())},
                 {"before", true},
                 {"committed", true},
                 {"taken back", true},
                 {"open", true},
                 {"commitments", true}});
    for (const v1::CommittedLine& line : answer.lines()) {
      if (line.asset() != total.asset()) continue;
      const char* const none = answer.by() == PromisedBy::BY_YEAR ? "before" : "none";
      table.Add(PromiseCells(line.id().empty() ? Cell(none) : Cell(Named(line.id(), line.name())),
                             line.sums(), line.decimals()));
    }
    table.Add(PromiseCells("all", total.sums(), total.decimals()));
    text += "\n" + Toned(style, Tone::kBold, Safe(total.asset())) + "\n" + table.Text(style);
    text += CountText({"line", "lines"}, {total.lines() - std::min(total.left_out(), total.lines()),
                                          total.lines(), RestOfTop(total.left_out() > 0)});
    if (total.left_out() > 0) text += "What is not shown is in the line of all.\n";
  }
  if (!answer.totals().empty())
    text += Toned(style, Tone::kDim,
                  "By value date. Before + committed - taken back = open. Taken back: it was paid by another "
                  "transfer, or will not be paid.\n");
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string CommittedCsv(const v1::CommittedAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({PromiseWord(answer.by()), "name", "asset", "before", "committed",
                                "taken_back", "open", "commitments", "withdrawals"});
  for (const v1::CommittedLine& line : answer.lines()) {
    const v1::CommittedSums& sums = line.sums();
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, line.decimals()); };
    text += CsvRow({line.id(), line.name(), line.asset(), money(sums.before()), money(sums.committed()),
                    money(sums.taken_back()), money(sums.open()), std::to_string(sums.commitments()),
                    std::to_string(sums.withdrawals())},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
