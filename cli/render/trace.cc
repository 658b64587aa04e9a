// A trace as tables: of its flows and ends, of its paths, and for a spreadsheet. See trace.h.
#include "cli/render/trace.h"

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/render/accounts.h"
#include "cli/render/csv.h"
#include "cli/render/item_names.h"
#include "cli/render/table.h"
#include "cli/render/trace_parts.h"
#include "cli/render/trace_sums.h"
#include "cli/render/words.h"
#include "ledger/base/bytes.h"
#include "ledger/base/text.h"

namespace fundtrail::render {
namespace {

Shown NameAndFund(const v1::Account& account) {
  return Say("{} {}", account.party_name(), FundInBrackets(account));
}

}  // namespace

Shown TraceFlows(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(answer, style, [&](const v1::AssetTrace& trace) {
    const auto is_committed = [](const auto& sum) { return sum.committed() != 0; };
    const bool committed = std::any_of(trace.flows().begin(), trace.flows().end(), is_committed) ||
                           std::any_of(trace.ends().begin(), trace.ends().end(), is_committed);
    // The columns of both, and behind the amount how much of it is committed, where anything is.
    const auto columns = [&](std::vector<Column> rest) {
      if (committed) rest.insert(rest.begin(), {"committed", true});
      rest.insert(rest.begin(), {"amount", true});
      return rest;
    };
    const auto cells = [&](const auto& sum, std::vector<Cell> rest) {
      if (committed) rest.insert(rest.begin(), Money(sum.committed(), trace.decimals()));
      rest.insert(rest.begin(), Money(sum.amount(), trace.decimals()));
      return rest;
    };
    Column from{"from"}, to{"to"}, party{"party"};
    from.name = to.name = party.name = true;
    Table flows(columns({{committed ? "transfers" : "payments", true},
                         {"first", false, true},
                         {"last", false, true},
                         from,
                         to}));
    for (const auto& flow : trace.flows()) {
      flows.Add(cells(flow, {std::to_string(flow.transfers()), flow.first_date(), flow.last_date(),
                             NameAndFund(flow.from()), NameAndFund(flow.to())}));
    }
    Table ends(columns({{"end"}, {"first", false, true}, {"last", false, true}, party}));
    for (const auto& end : trace.ends()) {
      ends.Add(cells(
          end, {WordsOf(end.kind()).word, end.first_date(), end.last_date(), NameAndFund(end.account())}));
    }
    return (flows.empty() ? Shown() : flows.Text(style) + "\n") + ends.Text(style);
  });
}

Shown TracePaths(const v1::TraceAnswer& answer, const Style& style) {
  return ByAsset(
      answer, style,
      [&](const v1::AssetTrace& trace) {
        int amounts = 0;
        for (const auto& path : trace.paths()) {
          amounts = std::max(amounts, DisplayWidth(Money(path.amount(), trace.decimals())));
        }
        Shown text;
        for (const auto& path : trace.paths()) {
          text += Say("{}  ", PadLeft(Money(path.amount(), trace.decimals()), amounts));
          for (int i = 0; i < path.steps_size(); ++i) {
            const auto& step = path.steps(i);
            if (i > 0) text += answer.direction() == v1::DIRECTION_FROM ? " → " : " ← ";
            text += Safe(step.account().party_name()) +
                    Toned(style, Tone::kDim,
                          Say(" ({}.{}, {})", step.ref().record(), step.ref().line(), step.date()));
          }
          const EndWords words = WordsOf(path.end().kind());
          text += ": " + Toned(style, words.tone, words.word) +
                  (path.end().committed() != 0 ? ", committed, not paid\n" : "\n");
        }
        if (trace.truncated()) {
          text += Toned(style, Tone::kWaiting,
                        Say("Stopped at the budget of {} paths, which carry {} of {}; --format flows shows "
                            "everything.",
                            trace.paths_size(), Money(trace.shown(), trace.decimals()),
                            Money(trace.asked(), trace.decimals()))) +
                  "\n";
        }
        return text;
      },
      /*funds=*/false);
}

namespace {

// Behind all other columns: the end of one receipt alone, and each end by the second method, where there is any; then the
// names of the fund and the project.
struct MoreColumns {
  bool receipts = false, pro_rata = false;
  std::vector<std::string> Titles(std::vector<std::string> titles) const {
    if (receipts) titles.insert(titles.end(), {"receipt", "receipt_ended"});
    if (pro_rata) titles.emplace_back("ended_pro_rata");
    titles.insert(titles.end(), {"fund_name", "project_name"});
    return titles;
  }
  void Fill(std::vector<std::string>* cells, const std::string& receipt, const std::string& receipt_ended,
            const std::string& by_the_second) const {
    if (receipts) cells->insert(cells->end(), {receipt, receipt_ended});
    if (pro_rata) cells->push_back(by_the_second);
  }
};

// Which of the columns they are.
constexpr std::size_t kFundCell = 5, kProjectCell = 12;

using EndOfTwo = std::tuple<int, std::string, std::string, std::string>;
EndOfTwo KeyOfEnd(v1::EndKind kind, const v1::Account& account) {
  return {kind, account.party(), account.fund(), account.project()};
}

}  // namespace

std::string TraceCsv(const v1::TraceAnswer& answer, sheets::Cells cells) {
  MoreColumns more;
  const ItemNames names(answer.names());
  more.receipts = !answer.receipts().empty();
  for (const auto& trace : answer.assets()) more.pro_rata = more.pro_rata || trace.has_pro_rata();
  std::string text = sheets::CsvLine(
      more.Titles({"what", "from", "from_name", "to", "to_name", "fund", "asset", "amount", "transfers",
                   "first", "last", "committed", "project", "ended", "ledger", "size", "root", "method"}),
      sheets::Cells::kRaw);
  const auto row = [&](std::vector<std::string> values, const std::string& receipt,
                       const std::string& receipt_ended, const std::string& by_the_second) {
    values.insert(values.end(), {answer.as_of().ledger(), std::to_string(answer.as_of().size()),
                                 HexEncode(answer.as_of().root()), answer.method()});
    const std::string& fund = names.Fund(values[kFundCell]);
    const std::string& project = names.Project(values[kProjectCell]);
    more.Fill(&values, receipt, receipt_ended, by_the_second);
    values.insert(values.end(), {fund, project});
    text += sheets::CsvLine(values, cells);
  };
  const auto end_cells = [](v1::EndKind kind, const v1::Account& account, const std::string& asset) {
    return std::vector<std::string>{
        WordsOf(kind).word, "", "", account.party(), account.party_name(), account.fund(), asset, "", ""};
  };
  for (const auto& trace : answer.assets()) {
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, trace.decimals()); };
    for (const auto& flow : trace.flows()) {
      row({"flow", flow.from().party(), flow.from().party_name(), flow.to().party(), flow.to().party_name(),
           flow.to().fund(), trace.asset(), money(flow.amount()), std::to_string(flow.transfers()),
           flow.first_date(), flow.last_date(), money(flow.committed()), flow.to().project(), ""},
          "", "", "");
    }
    std::map<EndOfTwo, std::int64_t> second;
    for (const auto& end : trace.pro_rata().ends())
      second[KeyOfEnd(end.kind(), end.account())] = end.pro_rata();
    for (const auto& end : trace.ends()) {
      auto values = end_cells(end.kind(), end.account(), trace.asset());
      values.insert(values.end(), {end.first_date(), end.last_date(), money(end.committed()),
                                   end.account().project(), money(end.amount())});
      row(std::move(values), "", "", money(second[KeyOfEnd(end.kind(), end.account())]));
    }
    for (const auto& end : trace.pro_rata().ends()) {
      if (end.fifo() != 0) continue;  // it stands above
      auto values = end_cells(end.kind(), end.account(), trace.asset());
      values.insert(values.end(), {"", "", "", end.account().project(), money(0)});
      row(std::move(values), "", "", money(end.pro_rata()));
    }
  }
  for (const auto& receipt : answer.receipts()) {
    for (const auto& end : receipt.ends()) {
      auto values = end_cells(end.kind(), end.account(), receipt.asset());
      values.insert(values.end(),
                    {end.first_date(), end.last_date(), PlainMoney(end.committed(), receipt.decimals()),
                     end.account().project(), ""});
      row(std::move(values), RefOrRecord(receipt.ref()), PlainMoney(end.amount(), receipt.decimals()), "");
    }
  }
  return text;
}

}  // namespace fundtrail::render
