// See trace_asset.h.
#include "ledger/pages/trace_asset.h"

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/picture/sheet.h"

namespace fundtrail::pages {
namespace {

constexpr int kBranchesShown = 8, kRungsShown = 80;

Word SentenceOf(v1::EndKind kind) {
  switch (kind) {
    case v1::END_KIND_REACHED:
      return Word::kPartReached;
    case v1::END_KIND_ENDS_HERE:
      return Word::kPartEndsHere;
    case v1::END_KIND_HELD:
      return Word::kPartHeld;
    case v1::END_KIND_RETURNED:
      return Word::kPartReturned;
    case v1::END_KIND_BROUGHT_IN:
      return Word::kPartBroughtIn;
    case v1::END_KIND_UNRECORDED:
      return Word::kPartUnrecorded;
    default:
      return Word::kPartExchanged;
  }
}

Word MeaningOf(v1::EndKind kind) {
  switch (kind) {
    case v1::END_KIND_REACHED:
      return Word::kMeansReached;
    case v1::END_KIND_ENDS_HERE:
      return Word::kMeansEndsHere;
    case v1::END_KIND_HELD:
      return Word::kMeansHeld;
    case v1::END_KIND_RETURNED:
      return Word::kMeansReturned;
    case v1::END_KIND_BROUGHT_IN:
      return Word::kMeansBroughtIn;
    case v1::END_KIND_UNRECORDED:
      return Word::kMeansUnrecorded;
    default:
      return Word::kMeansExchanged;
  }
}

// "20,960,356.00 USD. Of each 100, 68.48 reached recipients, 31.52 is held on the way, 0.00 came back."
Html TraceLead(const Asking& asking, const v1::AssetTrace& trace, const std::vector<TracePart>& parts) {
  std::vector<std::int64_t> amounts;
  amounts.reserve(parts.size());
  for (const TracePart& part : parts) amounts.push_back(part.amount);
  const std::vector<std::string> shares = OfHundred(amounts, trace.asked());
  Html said;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (shares.empty() || (parts[i].amount == 0 && !parts[i].always)) continue;
    if (!said.empty()) said += asking.Shown(Word::kListComma);
    said += asking.Shown(SentenceOf(parts[i].kind), {Element("b", Text(shares[i]))});
  }
  const Html sum = Element("b", Text(asking.MoneyInWords(trace.asked(), trace.decimals(), trace.asset())));
  Html lead = said.empty() ? asking.Shown(Word::kLeadSum, {sum}) : asking.Shown(Word::kLead, {sum, said});
  if (const std::int64_t committed = picture::CommittedIn(trace); committed != 0) {
    lead += Text(" ") + asking.Shown(Word::kLeadCommitted,
                                     {Text(asking.Money(committed, trace.decimals(), trace.asset()))});
  }
  if (trace.came_round() != 0) {
    lead +=
        Text(" ") + asking.Shown(Word::kLeadCameRound,
                                 {Text(asking.Money(trace.came_round(), trace.decimals(), trace.asset()))});
  }
  return Element("p", {{"class", "lead"}}, lead);
}

Html SumTable(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace,
              const std::vector<TracePart>& parts) {
  const bool from = direction == v1::DIRECTION_FROM;
  Table sums(asking.Words(from ? Word::kSums : Word::kSumsCame, {trace.asset()}),
             {{asking.Words(from ? Word::kEnd : Word::kOrigin)},
              {asking.Words(Word::kAmount), true},
              {asking.Words(Word::kCommitted), true}});
  Html meanings;
  Wide committed = 0;
  for (const TracePart& part : parts) {
    committed += part.committed;
    if (part.amount == 0 && !part.always) continue;
    sums.Add({WordCell(asking.Value(part.kind)), MoneyCell(part.amount, trace.decimals()),
              MoneyCell(part.committed, trace.decimals())});
    if (part.amount != 0)
      meanings +=
          Element("dt", Text(asking.Value(part.kind))) + Element("dd", asking.Shown(MeaningOf(part.kind)));
  }
  sums.Add({WordCell(asking.Words(Word::kAskedAbout)), MoneyCell(trace.asked(), trace.decimals()),
            MoneyCell(trace.committed().asked(), trace.decimals())});
  Html shown = sums.Shown(kRowsOnPage);
  // Money may come as a commitment and go on as a payment, or the other way round.
  if (committed != trace.committed().asked())
    shown += asking.Paragraph(Word::kCommittedApart, {Text(asking.Words(Word::kCommitted))});
  return meanings.empty() ? shown : shown + Element("dl", meanings);
}

// The tree as lists in lists. It shows the largest branches; what it leaves out is said with its amount.
class Ladder {
 public:
  Ladder(const Asking& asking, const v1::AssetTrace& trace) : asking_(asking), trace_(trace) {}

  Html All() { return Rungs(trace_.tree(), 0); }

 private:
  template <typename Nodes>
  Html Rungs(const Nodes& nodes, std::int64_t cut) {
    Html items;
    Wide rest = cut;
    int shown = 0;
    for (const v1::TraceNode& node : nodes) {
      if (shown >= kBranchesShown || rungs_ >= kRungsShown) {
        rest += node.amount();
        continue;
      }
      ++shown;
      ++rungs_;
      items += Rung(node);
    }
    if (rest > 0)
      items += Element("li", {{"class", "rest"}}, asking_.Shown(Word::kOthers, {Amount(Capped(rest))}));
    return items.empty() ? items : Element("ul", {{"class", "ladder"}}, items);
  }

  Html Rung(const v1::TraceNode& node) {
    Html line = asking_.Party(node.account().party(), node.account().party_name()) + Text(" ") +
                Amount(node.amount()) + SmallBar(node.amount(), trace_.asked());
    for (const v1::TraceEnd& end : node.ends()) {
      line += Element("span", {{"class", "end"}},
                      asking_.Shown(Word::kRungEnd, {Text(asking_.Value(end.kind())), Amount(end.amount())}));
    }
    return Element("li", line + Rungs(node.children(), node.cut()));
  }

  Html Amount(std::int64_t amount) const {
    return Element("b", Text(asking_.Money(amount, trace_.decimals(), trace_.asset())));
  }

  const Asking& asking_;
  const v1::AssetTrace& trace_;
  int rungs_ = 0;
};

}  // namespace

std::vector<TracePart> TraceParts(v1::Direction direction, const v1::AssetTrace& trace) {
  const v1::TraceSums& of_it = trace.committed();
  if (direction == v1::DIRECTION_FROM) {
    return {{v1::END_KIND_REACHED, trace.reached(), of_it.reached(), true},
            {v1::END_KIND_ENDS_HERE, trace.ends_here(), of_it.ends_here(), false},
            {v1::END_KIND_HELD, trace.held(), of_it.held(), true},
            {v1::END_KIND_RETURNED, trace.returned(), of_it.returned(), true},
            {v1::END_KIND_EXCHANGED, trace.exchanged(), of_it.exchanged(), false}};
  }
  return {{v1::END_KIND_BROUGHT_IN, trace.brought_in(), of_it.brought_in(), true},
          {v1::END_KIND_UNRECORDED, trace.unrecorded(), of_it.unrecorded(), false},
          {v1::END_KIND_EXCHANGED, trace.exchanged(), of_it.exchanged(), false}};
}

namespace {

// "reached 600.00 CNY, held 250.00 CNY".
std::string PartsInWords(const Asking& asking, const v1::AssetTrace& trace,
                         const std::vector<TracePart>& parts) {
  std::string words;
  for (const TracePart& part : parts) {
    if (part.amount == 0) continue;
    absl::StrAppend(&words, words.empty() ? "" : asking.Words(Word::kEnumComma), asking.Value(part.kind), " ",
                    asking.Money(part.amount, trace.decimals(), trace.asset()));
  }
  return words;
}

}  // namespace

std::string TraceInWords(const Asking& asking, const v1::TraceAnswer& answer) {
  std::string words, committed;
  for (const v1::AssetTrace& trace : answer.assets()) {
    const auto money = [&](std::int64_t amount) {
      return asking.Money(amount, trace.decimals(), trace.asset());
    };
    const std::string parts = PartsInWords(asking, trace, TraceParts(answer.direction(), trace));
    if (parts.empty()) continue;
    absl::StrAppend(&words, words.empty() ? "" : asking.Words(Word::kListComma), money(trace.asked()),
                    asking.Words(Word::kColon), parts);
    // What is only promised must not read like what was paid.
    if (const std::int64_t promised = picture::CommittedIn(trace); promised != 0)
      absl::StrAppend(&committed, committed.empty() ? asking.Words(Word::kListComma) : std::string(" "),
                      asking.Words(Word::kLeadCommitted, {money(promised)}));
  }
  return words + committed;
}

StatusOr<Html> OneAsset(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                        const std::string& title, int number) {
  const std::vector<TracePart> parts = TraceParts(answer.direction(), trace);
  std::vector<BarPart> bar;
  for (const TracePart& part : parts)
    bar.push_back({part.amount, ToneOf(part.kind), asking.Value(part.kind)});
  const std::string label = PartsInWords(asking, trace, parts);
  FT_ASSIGN_OR_RETURN(const auto picture, PictureOfFlow(asking, answer, trace, title));
  return TraceLead(asking, trace, parts) + Bar(absl::StrCat("bar", number), label, bar) +
         SumTable(asking, answer.direction(), trace, parts) +
         FlowFigure(asking, answer, trace, picture, label) + Ladder(asking, trace).All();
}

}  // namespace fundtrail::pages
