// See trace_tables.h.
#include "ledger/pages/trace_tables.h"

#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include "ledger/model/references.h"
#include "ledger/pages/payments.h"
#include "ledger/query/records.h"

namespace fundtrail::pages {
namespace {

constexpr std::size_t kPaymentsShown = 50;

// By these a browser finds the ribbons of the picture that a row speaks of: web/picture.js.
Attributes RibbonFields(const std::string& from, const std::string& to, const std::string& asset) {
  Attributes fields = {{"data-asset", asset}};
  if (!from.empty()) fields.push_back({"data-from", from});
  if (!to.empty()) fields.push_back({"data-to", to});
  return fields;
}

}  // namespace

Table EndsTable(const Asking& asking, v1::Direction direction) {
  const bool from = direction == v1::DIRECTION_FROM;
  return Table(asking.Words(from ? Word::kEnds : Word::kEndsCame),
               {{asking.Words(Word::kParty)},
                {asking.Words(Word::kPartyId), false, true},
                {asking.Words(from ? Word::kEnd : Word::kOrigin)},
                {asking.Words(Word::kAmount), true},
                {asking.Words(Word::kCommitted), true},
                {asking.Words(Word::kAsset)},
                {asking.Words(Word::kFund)},
                {asking.Words(Word::kProject), false, true},
                {asking.Words(Word::kFirst)},
                {asking.Words(Word::kLast)}});
}

void AddEnds(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, Table* table) {
  for (const v1::TraceEnd& end : trace.ends()) {
    table->Add({PartyCell(asking, end.account().party(), end.account().party_name()),
                FileCell(end.account().party()), WordCell(asking.Value(end.kind())),
                MoneyCell(end.amount(), trace.decimals()), MoneyCell(end.committed(), trace.decimals()),
                WordCell(trace.asset()), FundCell(asking, end.account()), FileCell(end.account().project()),
                WordCell(end.first_date()), WordCell(end.last_date())},
               RibbonFields(direction == v1::DIRECTION_TO ? end.account().party() : "",
                            direction == v1::DIRECTION_TO ? "" : end.account().party(), trace.asset()));
  }
}

Table FlowsTable(const Asking& asking, const std::string& caption) {
  return Table(caption, {{asking.Words(Word::kFrom)},
                         {asking.Words(Word::kFromId), false, true},
                         {asking.Words(Word::kTo)},
                         {asking.Words(Word::kToId), false, true},
                         {asking.Words(Word::kAmount), true},
                         {asking.Words(Word::kCommitted), true},
                         {asking.Words(Word::kAsset)},
                         {asking.Words(Word::kTransfers), true},
                         {asking.Words(Word::kFirst)},
                         {asking.Words(Word::kLast)}});
}

void AddFlows(const Asking& asking, const v1::AssetTrace& trace, Table* table) {
  for (const v1::TraceFlow& flow : trace.flows()) {
    table->Add({PartyCell(asking, flow.from().party(), flow.from().party_name()),
                FileCell(flow.from().party()), PartyCell(asking, flow.to().party(), flow.to().party_name()),
                FileCell(flow.to().party()), MoneyCell(flow.amount(), trace.decimals()),
                MoneyCell(flow.committed(), trace.decimals()), WordCell(trace.asset()),
                NumberCell(flow.transfers()), WordCell(flow.first_date()), WordCell(flow.last_date())},
               RibbonFields(flow.from().party(), flow.to().party(), trace.asset()));
  }
}

Table TraceFile(const Asking& asking, const v1::TraceAnswer& answer) {
  std::vector<Column> columns;
  for (const Word word :
       {Word::kWhat, Word::kFrom, Word::kFromId, Word::kTo, Word::kToId, Word::kAmount, Word::kCommitted,
        Word::kAsset, Word::kFund, Word::kProject, Word::kTransfers, Word::kFirst, Word::kLast})
    columns.push_back({asking.Words(word)});
  const bool several = answer.receipts_size() > 0;
  if (several) {
    columns.push_back({asking.Words(Word::kOfPayment)});
    columns.push_back({asking.Words(Word::kEndedOfPayment)});
  }
  Table table("", std::move(columns));
  const auto add = [&](std::vector<Cell> cells, const std::string& receipt, const Cell& ended) {
    if (several) {
      cells.push_back(WordCell(receipt));
      cells.push_back(ended);
    }
    table.Add(std::move(cells));
  };
  const auto end_cells = [&](const v1::TraceEnd& end, const std::string& asset, const Cell& amount,
                             const Cell& committed) {
    return std::vector<Cell>{WordCell(asking.Value(end.kind())),
                             WordCell(""),
                             WordCell(""),
                             NameCell(end.account().party_name()),
                             NameCell(end.account().party()),
                             amount,
                             committed,
                             WordCell(asset),
                             NameCell(end.account().fund()),
                             NameCell(end.account().project()),
                             WordCell(""),
                             WordCell(end.first_date()),
                             WordCell(end.last_date())};
  };
  const Cell none = WordCell("");
  for (const v1::AssetTrace& trace : answer.assets()) {
    const auto money = [&](std::int64_t amount) { return MoneyCell(amount, trace.decimals()); };
    for (const v1::TraceFlow& flow : trace.flows()) {
      add({WordCell(asking.Words(Word::kFlow)), NameCell(flow.from().party_name()),
           NameCell(flow.from().party()), NameCell(flow.to().party_name()), NameCell(flow.to().party()),
           money(flow.amount()), money(flow.committed()), WordCell(trace.asset()), NameCell(flow.to().fund()),
           NameCell(flow.to().project()), NumberCell(flow.transfers()), WordCell(flow.first_date()),
           WordCell(flow.last_date())},
          "", none);
    }
    for (const v1::TraceEnd& end : trace.ends())
      add(end_cells(end, trace.asset(), money(end.amount()), money(end.committed())), "", none);
  }
  for (const v1::TraceReceipt& receipt : answer.receipts())
    for (const v1::TraceEnd& end : receipt.ends())
      add(end_cells(end, receipt.asset(), none, none), model::RefText(receipt.ref()),
          MoneyCell(end.amount(), receipt.decimals()));
  return table;
}

StatusOr<Html> PaymentsOnTheWay(const Asking& asking, const v1::TraceAnswer& answer) {
  std::set<TransferRef> refs;
  bool whole = true;
  for (const v1::AssetTrace& trace : answer.assets()) {
    whole = whole && trace.shown() == trace.asked();
    for (const v1::TracePath& path : trace.paths())
      for (const v1::PathStep& step : path.steps())
        if (step.has_ref()) refs.insert(model::RefOf(step.ref()));
  }
  const std::size_t all = refs.size();
  PaymentRows payments(asking, asking.Words(Word::kPaymentsOnTheWay));
  const query::View then = query::Then(asking.view, asking.as_of());
  query::LineReader lines(then);
  for (const TransferRef& ref : refs) {
    if (payments.size() == kPaymentsShown) break;
    FT_RETURN_IF_ERROR(asking.view.GoOn());
    FT_ASSIGN_OR_RETURN(const v1::TransferLine line, lines.Get(ref));
    payments.AddPayment(line);
  }
  if (payments.empty()) return Html();
  Html shown = payments.Shown(kPaymentsShown);
  if (!whole) return shown + asking.Paragraph(Word::kPaymentsCut);
  if (all > payments.size())
    shown += Element("p", asking.Counted(Word::kMorePayments, all - payments.size()));
  return shown;
}

}  // namespace fundtrail::pages
