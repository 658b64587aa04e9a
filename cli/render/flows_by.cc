// See flows_by.h.
#include "cli/render/flows_by.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

constexpr int kProjectColumn = 4;  // behind those of the payee

std::vector<const v1::LogSum*> FlowSumsOf(const v1::LogMoney& money) {
  return {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()};
}

std::vector<Cell> FlowSumCells(const v1::LogMoney& money) {
  std::uint64_t transfers = 0;
  std::vector<Cell> cells;
  for (const v1::LogSum* sum : FlowSumsOf(money)) {
    transfers += sum->transfers();
    cells.emplace_back(sum->transfers() == 0 ? std::string() : Money(sum->amount(), money.decimals()));
  }
  cells.emplace_back(Number(transfers));
  return cells;
}

Cell GroupCell(const std::string& id, const std::string& name, v1::FlowsByRequest::By by) {
  if (id.empty()) return by == v1::FlowsByRequest::BY_PLACE ? Cell("names no place") : Cell("none");
  if (by == v1::FlowsByRequest::BY_KIND || by == v1::FlowsByRequest::BY_PARTY_KIND)
    return Cell(OwnWord(absl::StrReplaceAll(absl::AsciiStrToLower(id), {{"_", "-"}})));
  return Cell(Named(id, name));
}

}  // namespace

Shown Text(const v1::FlowsByAnswer& answer, const Style& style) {
  using Request = v1::FlowsByRequest;
  const bool pairs =
      answer.by() != Request::BY_PLACE && answer.by() != Request::BY_YEAR && answer.by() != Request::BY_KIND;
  const bool projects = answer.by() == Request::BY_PARTY_PROJECT;
  const std::string by = projects ? "party and project"
                         : answer.by() == Request::BY_PARTY_KIND
                             ? "kind of party"
                             : absl::AsciiStrToLower(model::WordOf(answer.by()));
  Shown text = Toned(style, Tone::kBold, Say("Who pays whom, by {}", OwnWord(by)));
  if (answer.has_as_of_record()) text += Say(", as of record {}", answer.as_of_record());
  text += "\n";
  if (answer.totals().empty()) text += "Nothing moved.\n";
  for (const v1::FlowsByTotal& total : answer.totals()) {
    std::vector<Column> columns = {{pairs ? "from" : "of"}};
    if (pairs) columns.push_back({"to"});
    if (projects) columns.push_back({"project"});
    for (Column& column : columns) column.name = column.middle = true;
    for (const char* title : {"paid", "moved", "sent back", "committed", "taken back", "transfers"})
      columns.push_back({title, true});
    Table table(columns);
    const auto add = [&](std::vector<Cell> cells, const v1::LogMoney& money) {
      for (Cell& cell : FlowSumCells(money)) cells.push_back(std::move(cell));
      table.Add(std::move(cells));
    };
    for (const v1::FlowsByLine& line : answer.lines()) {
      if (line.money().asset() != total.money().asset()) continue;
      std::vector<Cell> cells = {GroupCell(line.from(), line.from_name(), answer.by())};
      if (pairs) cells.push_back(GroupCell(line.to(), line.to_name(), answer.by()));
      if (projects) cells.push_back(GroupCell(line.project(), line.project_name(), Request::BY_PROJECT));
      add(std::move(cells), line.money());
    }
    std::vector<Cell> all = {Cell("all")};
    if (pairs) all.emplace_back("");
    if (projects) all.emplace_back("");
    add(std::move(all), total.money());
    text += "\n" + Toned(style, Tone::kBold, Safe(total.money().asset())) + "\n" + table.Text(style);
    text += CountText({"line", "lines"}, {total.groups() - std::min(total.left_out(), total.groups()),
                                          total.groups(), RestOfTop(total.left_out() > 0)});
    if (total.left_out() > 0) text += "What is not shown is in the line of all.\n";
  }
  if (!answer.totals().empty())
    text +=
        Toned(style, Tone::kDim,
              "Moved: between accounts of one party. Taken back: commitments that are not paid. An exchange "
              "counts in the asset that was paid.\n");
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

std::string FlowsByCsv(const v1::FlowsByAnswer& answer, sheets::Cells cells) {
  std::vector<std::string> titles = {"from",
                                     "from_name",
                                     "to",
                                     "to_name",
                                     "asset",
                                     "paid",
                                     "paid_transfers",
                                     "moved",
                                     "moved_transfers",
                                     "sent_back",
                                     "sent_back_transfers",
                                     "committed",
                                     "committed_transfers",
                                     "withdrawn",
                                     "withdrawn_transfers"};
  const bool projects = answer.by() == v1::FlowsByRequest::BY_PARTY_PROJECT;
  if (projects) titles.insert(titles.begin() + kProjectColumn, {"project", "project_name"});
  std::string text = CsvTitles(std::move(titles));
  for (const v1::FlowsByLine& line : answer.lines()) {
    std::vector<std::string> values = {line.from(), line.from_name(), line.to(), line.to_name(),
                                       line.money().asset()};
    for (const v1::LogSum* sum : FlowSumsOf(line.money())) {
      values.push_back(PlainMoney(sum->amount(), line.money().decimals()));
      values.push_back(std::to_string(sum->transfers()));
    }
    if (projects) values.insert(values.begin() + kProjectColumn, {line.project(), line.project_name()});
    text += CsvRow(std::move(values), answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
