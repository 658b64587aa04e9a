// See trace_receipts.h.
#include "ledger/pages/trace_receipts.h"

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/text.h"
#include "ledger/model/references.h"

namespace fundtrail::pages {
namespace {

// The kinds of ends, in the order of the columns.
std::vector<v1::EndKind> EndsOf(v1::Direction direction) {
  if (direction == v1::DIRECTION_FROM)
    return {v1::END_KIND_REACHED, v1::END_KIND_ENDS_HERE, v1::END_KIND_HELD, v1::END_KIND_RETURNED,
            v1::END_KIND_EXCHANGED};
  return {v1::END_KIND_BROUGHT_IN, v1::END_KIND_UNRECORDED, v1::END_KIND_EXCHANGED};
}

}  // namespace

Status AddReceiptsAsked(const Asking& asking, v1::TraceRequest* request) {
  const std::string asked = asking.asked("refs");
  for (const absl::string_view text :
       absl::StrSplit(asked, absl::ByAnyChar(" ,;\t\r\n"), absl::SkipEmpty())) {
    FT_ASSIGN_OR_RETURN(const TransferRef ref, model::ParseRef({text.data(), text.size()}));
    if (ref.record.value() > asking.last_record())
      return absl::NotFoundError(absl::StrCat("this ledger has no payment ", text));
    model::SetRef(ref, request->add_refs());
  }
  return absl::OkStatus();
}

Html ReceiptsForm(const Asking& asking) {
  const Html box = Element("label", asking.Shown(Word::kReceiptsWhich) + Text(" ") +
                                        Element("textarea", {{"name", "refs"}, {"rows", "3"}, {"cols", "40"}},
                                                Text(asking.asked("refs"))));
  return Element("form", {{"method", "get"}}, box + Element("button", asking.Shown(Word::kAsk)));
}

Html EachReceipt(const Asking& asking, const v1::TraceAnswer& answer) {
  const std::vector<v1::EndKind> kinds = EndsOf(answer.direction());
  std::vector<Column> columns = {
      {asking.Words(Word::kPayment)}, {asking.Words(Word::kAsset)}, {asking.Words(Word::kAskedAbout), true}};
  for (const v1::EndKind kind : kinds) columns.push_back({asking.Value(kind), true});
  columns.push_back({asking.Words(Word::kCameRound), true});
  Table table(asking.Words(Word::kReceiptsCaption), std::move(columns));
  for (const v1::TraceReceipt& receipt : answer.receipts()) {
    std::map<v1::EndKind, std::int64_t> sums;  // no more than was asked about
    for (const v1::TraceEnd& end : receipt.ends()) sums[end.kind()] += end.amount();
    Cell which =
        receipt.ref().line() == 0 ? NumberCell(receipt.ref().record()) : PaymentCell(asking, receipt.ref());
    std::vector<Cell> cells = {std::move(which), WordCell(receipt.asset()),
                               MoneyCell(receipt.asked(), receipt.decimals())};
    for (const v1::EndKind kind : kinds) cells.push_back(MoneyCell(sums[kind], receipt.decimals()));
    cells.push_back(MoneyCell(receipt.came_round(), receipt.decimals()));
    table.Add(std::move(cells));
  }
  return TableOnPage(asking, table, "", table.size()) + asking.Paragraph(Word::kReceiptsMean);
}

}  // namespace fundtrail::pages
