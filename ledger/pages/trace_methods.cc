// See trace_methods.h.
#include "ledger/pages/trace_methods.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/decimal.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/trace_asset.h"
#include "ledger/query/replay_read.h"

namespace fundtrail::pages {
namespace {

constexpr char kBoth[] = "both";
// So many transfers are played again while a reader waits; and on each of the pages of a folder.
constexpr std::uint64_t kReplayedOnPage = 50'000, kReplayedInFolder = 2'000;

// "12.34" of 1234 basis points.
std::string SharePlain(std::uint32_t share) { return FormatDecimal(Amount(share), 2); }

// The sums of one method by the kind of their ends, as a bar with its words.
Html MethodBar(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, Word method,
               std::int64_t (v1::ProRataEnd::*amount)() const, const std::string& name) {
  std::vector<BarPart> bar;
  std::string ends;
  for (const TracePart& part : TraceParts(direction, trace)) {
    std::int64_t sum = 0;  // no more than was asked about
    for (const v1::ProRataEnd& end : trace.pro_rata().ends())
      if (end.kind() == part.kind) sum += (end.*amount)();
    bar.push_back({sum, ToneOf(part.kind), asking.Value(part.kind)});
    if (sum == 0) continue;
    absl::StrAppend(&ends, ends.empty() ? "" : asking.Words(Word::kPartComma), asking.Value(part.kind), " ",
                    asking.Money(sum, trace.decimals(), trace.asset()));
  }
  const std::string label = asking.Words(Word::kMethodEnds, {asking.Words(method), ends});
  return Element("p", Text(label)) + Bar(name, label, bar);
}

std::vector<Column> EndColumns(const Asking& asking, v1::Direction direction, bool in_file) {
  const bool from = direction == v1::DIRECTION_FROM;
  std::vector<Column> columns = {{asking.Words(Word::kParty)},
                                 {asking.Words(Word::kPartyId), false, true},
                                 {asking.Words(from ? Word::kEnd : Word::kOrigin)},
                                 {asking.Words(Word::kFund)},
                                 {asking.Words(Word::kProject), false, true},
                                 {asking.Words(Word::kAsset)},
                                 {asking.Words(Word::kFifoAmount), true},
                                 {asking.Words(Word::kProRataAmount), true},
                                 {asking.Words(Word::kDifference), true}};
  if (in_file) {
    columns.push_back({asking.Words(Word::kChangesElsewhere)});
    columns.push_back({asking.Words(Word::kShareOfHundred)});
  }
  return columns;
}

void AddBothEnds(const Asking& asking, const v1::AssetTrace& trace, bool in_file, Table* table) {
  for (const v1::ProRataEnd& end : trace.pro_rata().ends()) {
    std::vector<Cell> cells = {PartyCell(asking, end.account().party(), end.account().party_name()),
                               NameCell(end.account().party()),
                               WordCell(asking.Value(end.kind())),
                               FundCell(asking, end.account()),
                               NameCell(end.account().project()),
                               WordCell(trace.asset()),
                               MoneyCell(end.fifo(), trace.decimals()),
                               MoneyCell(end.pro_rata(), trace.decimals()),
                               MoneyCell(end.pro_rata() - end.fifo(), trace.decimals())};
    if (in_file) cells.insert(cells.end(), 2, WordCell(""));
    table->Add(std::move(cells));
  }
}

}  // namespace

StatusOr<bool> FolderHasBoth(const Asking& asking) {
  if (!asking.in_folder()) return false;
  FT_ASSIGN_OR_RETURN(const auto large, asking.KeptForAll("both methods", [&] {
    return query::HasMoreTransfers(asking.view, asking.as_of(), kReplayedInFolder);
  }));
  return !*large;
}

StatusOr<bool> AsksBothMethods(const Asking& asking) {
  if (asking.in_folder()) {
    if (asking.address.form != Form::kPage) return false;
    return FolderHasBoth(asking);
  }
  const std::string value = asking.asked("method");
  if (value.empty() || value == kBoth) return value == kBoth;
  return absl::InvalidArgumentError("method: it may be both, or nothing");
}

StatusOr<bool> TooManyForBoth(const Asking& asking) {
  return query::HasMoreTransfers(asking.view, asking.as_of(), kReplayedOnPage);
}
Html TooManyShown(const Asking& asking) {
  return asking.Paragraph(Word::kTooManyForBoth, {Text(NumberText(kReplayedOnPage)),
                                                  Element("code", Text("fundtrail trace … --pro-rata"))});
}

Html MethodLink(const Asking& asking, bool both) {
  if (asking.in_folder()) return {};
  return Element("p", asking.Again({{"method", both ? "" : kBoth}},
                                   asking.Shown(both ? Word::kOneMethod : Word::kTwoMethods)));
}

Html BothMethods(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, int number) {
  const v1::ProRata& second = trace.pro_rata();
  const auto money = [&](std::int64_t amount) {
    return Text(asking.Money(amount, trace.decimals(), trace.asset()));
  };
  Html shown = Element("h2", asking.Shown(Word::kMethodsHeading, {Text(trace.asset())})) +
               asking.Paragraph(Word::kMethodsMean);
  shown += MethodBar(asking, direction, trace, Word::kFifoAmount, &v1::ProRataEnd::fifo,
                     absl::StrCat("fifo", number));
  shown += MethodBar(asking, direction, trace, Word::kProRataAmount, &v1::ProRataEnd::pro_rata,
                     absl::StrCat("prorata", number));
  shown +=
      asking.Paragraph(Word::kMethodsDiffer, {Element("b", money(second.differs())), money(trace.asked())});
  if (second.asked() != trace.asked())
    shown += asking.Paragraph(Word::kProRataAsked, {money(second.asked()), money(second.came_round())});
  Table ends(asking.Words(Word::kMethodsEnds, {trace.asset()}), EndColumns(asking, direction, false));
  AddBothEnds(asking, trace, false, &ends);
  shown += TableOnPage(asking, ends);
  Table orders(asking.Words(Word::kOrdersCaption, {trace.asset()}),
               {{asking.Words(Word::kOrderWithin)},
                {asking.Words(Word::kChangesElsewhere), true},
                {asking.Words(Word::kShareOfHundred), true},
                {asking.Words(Word::kPaymentsMoved), true}});
  for (const v1::OrderChange& order : second.orders())
    orders.Add({WordCell(asking.Value(order.window())), MoneyCell(order.changed(), trace.decimals()),
                WordCell(SharePlain(order.share())), NumberCell(order.moved())});
  return shown + TableOnPage(asking, orders) +
         asking.Paragraph(Word::kOrdersMean, {Text(NumberText(second.transfers()))});
}

Table MethodsFile(const Asking& asking, const v1::TraceAnswer& answer) {
  std::vector<Column> columns = EndColumns(asking, answer.direction(), true);
  const std::size_t width = columns.size();
  Table table("", std::move(columns));
  for (const v1::AssetTrace& trace : answer.assets()) {
    AddBothEnds(asking, trace, true, &table);
    for (const v1::OrderChange& order : trace.pro_rata().orders()) {
      std::vector<Cell> cells(width, WordCell(""));
      cells[2] = WordCell(asking.Words(Word::kOrderRow, {asking.Value(order.window())}));
      cells[5] = WordCell(trace.asset());
      cells[width - 2] = MoneyCell(order.changed(), trace.decimals());
      cells[width - 1] = WordCell(SharePlain(order.share()));
      table.Add(std::move(cells));
    }
  }
  return table;
}

}  // namespace fundtrail::pages
