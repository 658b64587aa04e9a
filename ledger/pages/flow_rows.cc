// See flow_rows.h.
#include "ledger/pages/flow_rows.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/model/enum_word.h"
#include "ledger/pages/escapes.h"
#include "ledger/query/party_flows.h"

namespace fundtrail::pages {
namespace {

using FlowsAsked = v1::FlowsByRequest;

constexpr std::uint64_t kPartnersShown = 10;               // of each asset
constexpr std::uint64_t kPartnerMovementsOnPage = 50'000;  // of more a page has none

// What a side of a group is: its name or word, which may be a link.
Cell SideCell(const Asking& asking, FlowsAsked::By by, const std::string& id, const std::string& name) {
  const std::string plain = name.empty() ? id : name;
  const auto none = [&](Word word) { return Cell{asking.Shown(word), ""}; };
  switch (by) {
    case FlowsAsked::BY_PLACE:
      return id.empty() ? none(Word::kNamesNoPlace) : Cell{asking.Place(id, name), plain};
    case FlowsAsked::BY_PROGRAMME:
      return id.empty() ? none(Word::kInNoProgramme)
                        : Cell{asking.Link(ProgrammePath(id), Name(plain)), plain};
    case FlowsAsked::BY_PROJECT:
      return id.empty() ? none(Word::kInNoProject) : Cell{asking.Link(ProjectPath(id), Name(plain)), plain};
    case FlowsAsked::BY_FUND:
      return {asking.Link(FundPath(id), Name(plain)), plain};
    case FlowsAsked::BY_KIND: {
      v1::TransferKind kind = v1::TRANSFER_KIND_UNSPECIFIED;
      return model::ReadWord(id, &kind) ? WordCell(asking.Value(kind)) : WordCell(id);
    }
    case FlowsAsked::BY_PARTY_KIND: {
      v1::RegisterParty::Kind kind = v1::RegisterParty::KIND_UNSPECIFIED;
      if (id.empty()) return none(Word::kKindUnsaid);
      return model::ReadWord(id, &kind) ? WordCell(asking.Value(kind)) : WordCell(id);
    }
    case FlowsAsked::BY_YEAR:
      return WordCell(id);
    default:
      return PartyCell(asking, id, name);
  }
}

// Of a group that has one side.
Word TitleOfSide(FlowsAsked::By by) {
  if (by == FlowsAsked::BY_PLACE) return Word::kPlace;
  return by == FlowsAsked::BY_YEAR ? Word::kYear : Word::kKind;
}

std::vector<Column> WithMoneyColumns(const Asking& asking, std::vector<Column> columns) {
  columns.push_back({asking.Words(Word::kAsset)});
  for (const Word word : {Word::kPaidSum, Word::kMovedSum, Word::kSentBackSum, Word::kCommittedLater,
                          Word::kTakenBack, Word::kTransfers})
    columns.push_back({asking.Words(word), true});
  return columns;
}

std::vector<Cell> WithMoneyCells(const v1::LogMoney& money, std::vector<Cell> cells) {
  cells.push_back(WordCell(money.asset()));
  std::uint64_t transfers = 0;
  for (const v1::LogSum* const sum :
       {&money.paid(), &money.moved(), &money.sent_back(), &money.committed(), &money.withdrawn()}) {
    cells.push_back(MoneyCell(sum->amount(), money.decimals()));
    transfers += sum->transfers();
  }
  cells.push_back(NumberCell(transfers));
  return cells;
}

// One side of a party's payments: who is there, and the way to all of them.
Html PartnersShown(const Asking& asking, const std::string& party, bool payers,
                   const v1::FlowsByAnswer& answer) {
  Table table(asking.Words(payers ? Word::kLargestPayers : Word::kLargestPayees),
              {{asking.Words(payers ? Word::kFrom : Word::kTo)},
               {asking.Words(Word::kPaidSum), true},
               {asking.Words(Word::kCommittedLater), true},
               {asking.Words(Word::kAsset)},
               {asking.Words(Word::kTransfers), true}});
  for (const v1::FlowsByLine& line : answer.lines()) {
    const v1::LogMoney& money = line.money();
    const std::uint64_t payments = money.paid().transfers() + money.committed().transfers();
    if (payments == 0) continue;  // it only sent back
    table.Add({payers ? PartyCell(asking, line.from(), line.from_name())
                      : PartyCell(asking, line.to(), line.to_name()),
               MoneyCell(money.paid().amount(), money.decimals()),
               MoneyCell(money.committed().amount(), money.decimals()), WordCell(money.asset()),
               NumberCell(payments)});
  }
  if (table.empty()) return {};
  Html shown = TableOnPage(asking, table);
  if (asking.in_folder()) return shown;
  const std::string path =
      absl::StrCat("flows/?by=", payers ? "payer" : "payee", "&party=", EscapedPart(party),
                   asking.asked("joined") == "1" ? "&joined=1" : "");
  return shown + Element("p", asking.Link(path, payers ? Word::kAllPayers : Word::kAllPayees));
}

}  // namespace

bool HasTwoSides(FlowsAsked::By by) {
  return by != FlowsAsked::BY_PLACE && by != FlowsAsked::BY_YEAR && by != FlowsAsked::BY_KIND;
}

Table FlowsTable(const Asking& asking, const std::string& caption, FlowsAsked::By by) {
  std::vector<Column> columns;
  if (HasTwoSides(by)) {
    columns = {{asking.Words(Word::kFrom)},
               {asking.Words(Word::kFromId), false, true},
               {asking.Words(Word::kTo)},
               {asking.Words(Word::kToId), false, true}};
  } else {
    columns = {{asking.Words(TitleOfSide(by))}, {asking.Words(Word::kId), false, true}};
  }
  if (by == FlowsAsked::BY_PARTY_PROJECT) {
    columns.push_back({asking.Words(Word::kProject)});
    columns.push_back({asking.Words(Word::kProjectId), false, true});
  }
  return Table(caption, WithMoneyColumns(asking, std::move(columns)));
}

void AddFlow(const Asking& asking, FlowsAsked::By by, const v1::FlowsByLine& line, Table* flows) {
  std::vector<Cell> cells = {SideCell(asking, by, line.from(), line.from_name()), NameCell(line.from())};
  if (HasTwoSides(by)) {
    cells.push_back(SideCell(asking, by, line.to(), line.to_name()));
    cells.push_back(NameCell(line.to()));
  }
  if (by == FlowsAsked::BY_PARTY_PROJECT) {
    cells.push_back(SideCell(asking, FlowsAsked::BY_PROJECT, line.project(), line.project_name()));
    cells.push_back(NameCell(line.project()));
  }
  flows->Add(WithMoneyCells(line.money(), std::move(cells)));
}

Table FlowTotalsTable(const Asking& asking, const v1::FlowsByAnswer& answer) {
  Table totals(asking.Words(Word::kFlowsTotals), WithMoneyColumns(asking, {}));
  for (const v1::FlowsByTotal& total : answer.totals()) totals.Add(WithMoneyCells(total.money(), {}));
  return totals;
}

StatusOr<Html> LargestPartners(const Asking& asking, const std::string& party, bool joined) {
  v1::FlowsByRequest request;
  request.set_top(kPartnersShown);
  request.set_joined(joined);
  SetAsOf(asking, &request);
  // Nothing of a party that has too many movements.
  using Flows = std::optional<query::PartyFlows>;
  FT_ASSIGN_OR_RETURN(
      const auto kept, asking.Kept(absl::StrCat(party, " ", joined), [&]() -> StatusOr<Flows> {
        auto flows = query::FlowsOfParty(asking.view, request, party, kPartnerMovementsOnPage);
        if (absl::IsResourceExhausted(flows.status())) return Flows();
        FT_RETURN_IF_ERROR(flows.status());
        return Flows(*std::move(flows));
      }));
  const Flows& flows = *kept;
  if (!flows.has_value()) return Html();
  return PartnersShown(asking, party, true, flows->payers) +
         PartnersShown(asking, party, false, flows->payees);
}

}  // namespace fundtrail::pages
