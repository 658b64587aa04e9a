// Where money went, and where it came from: the sum in words, its bar, the way as a ladder, each end, flow and payment.
#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/model/references.h"
#include "ledger/pages/bars.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/payments.h"
#include "ledger/pages/trace_picture.h"
#include "ledger/query/records.h"
#include "ledger/query/trace.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kLadderDepth = 6, kPathsLookedAt = 500;
constexpr int kBranchesShown = 8, kRungsShown = 80;
constexpr std::size_t kPaymentsShown = 50;

// A part of the sum: its word, the word of its sentence, and how it is drawn.
struct TracePart {
  v1::EndKind kind;
  std::int64_t amount;
  std::int64_t committed;
  int tone;
  bool always;  // said even where it is nothing
};

std::vector<TracePart> PartsOf(v1::Direction direction, const v1::AssetTrace& trace) {
  const v1::TraceSums& of_it = trace.committed();
  if (direction == v1::FROM) {
    return {{v1::REACHED, trace.reached(), of_it.reached(), 0, true},
            {v1::ENDS_HERE, trace.ends_here(), of_it.ends_here(), 1, false},
            {v1::HELD, trace.held(), of_it.held(), 2, true},
            {v1::RETURNED, trace.returned(), of_it.returned(), 3, true},
            {v1::EXCHANGED, trace.exchanged(), of_it.exchanged(), 4, false}};
  }
  return {{v1::BROUGHT_IN, trace.brought_in(), of_it.brought_in(), 0, true},
          {v1::UNRECORDED, trace.unrecorded(), of_it.unrecorded(), 3, false},
          {v1::EXCHANGED, trace.exchanged(), of_it.exchanged(), 4, false}};
}

Word SentenceOf(v1::EndKind kind) {
  switch (kind) {
    case v1::REACHED:
      return Word::kPartReached;
    case v1::ENDS_HERE:
      return Word::kPartEndsHere;
    case v1::HELD:
      return Word::kPartHeld;
    case v1::RETURNED:
      return Word::kPartReturned;
    case v1::BROUGHT_IN:
      return Word::kPartBroughtIn;
    case v1::UNRECORDED:
      return Word::kPartUnrecorded;
    default:
      return Word::kPartExchanged;
  }
}

Word MeaningOf(v1::EndKind kind) {
  switch (kind) {
    case v1::REACHED:
      return Word::kMeansReached;
    case v1::ENDS_HERE:
      return Word::kMeansEndsHere;
    case v1::HELD:
      return Word::kMeansHeld;
    case v1::RETURNED:
      return Word::kMeansReturned;
    case v1::BROUGHT_IN:
      return Word::kMeansBroughtIn;
    case v1::UNRECORDED:
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
  if (trace.committed().asked() != 0) {
    lead += Text(" ") +
            asking.Shown(Word::kLeadCommitted,
                         {Text(asking.Money(trace.committed().asked(), trace.decimals(), trace.asset()))});
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
  const bool from = direction == v1::FROM;
  Table sums(asking.Words(from ? Word::kSums : Word::kSumsCame, {trace.asset()}),
             {{asking.Words(from ? Word::kEnd : Word::kOrigin)},
              {asking.Words(Word::kAmount), true},
              {asking.Words(Word::kCommitted), true}});
  Html meanings;
  for (const TracePart& part : parts) {
    if (part.amount == 0 && !part.always) continue;
    sums.Add({WordCell(asking.Value(part.kind)), MoneyCell(part.amount, trace.decimals()),
              MoneyCell(part.committed, trace.decimals())});
    if (part.amount != 0)
      meanings +=
          Element("dt", Text(asking.Value(part.kind))) + Element("dd", asking.Shown(MeaningOf(part.kind)));
  }
  sums.Add({WordCell(asking.Words(Word::kAskedAbout)), MoneyCell(trace.asked(), trace.decimals()),
            MoneyCell(trace.committed().asked(), trace.decimals())});
  return sums.Shown(kRowsOnPage) + (meanings.empty() ? meanings : Element("dl", meanings));
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

Table EndsTable(const Asking& asking, v1::Direction direction) {
  const bool from = direction == v1::FROM;
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

// By these a browser finds the ribbons of the picture that a row speaks of: web/picture.js.
Attributes RibbonFields(const std::string& from, const std::string& to, const std::string& asset) {
  Attributes fields = {{"data-asset", asset}};
  if (!from.empty()) fields.push_back({"data-from", from});
  if (!to.empty()) fields.push_back({"data-to", to});
  return fields;
}

void AddEnds(const Asking& asking, v1::Direction direction, const v1::AssetTrace& trace, Table* table) {
  for (const v1::TraceEnd& end : trace.ends()) {
    table->Add({PartyCell(asking, end.account().party(), end.account().party_name()),
                NameCell(end.account().party()), WordCell(asking.Value(end.kind())),
                MoneyCell(end.amount(), trace.decimals()), MoneyCell(end.committed(), trace.decimals()),
                WordCell(trace.asset()), FundCell(asking, end.account()), NameCell(end.account().project()),
                WordCell(end.first_date()), WordCell(end.last_date())},
               RibbonFields(direction == v1::TO ? end.account().party() : "",
                            direction == v1::TO ? "" : end.account().party(), trace.asset()));
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
                NameCell(flow.from().party()), PartyCell(asking, flow.to().party(), flow.to().party_name()),
                NameCell(flow.to().party()), MoneyCell(flow.amount(), trace.decimals()),
                MoneyCell(flow.committed(), trace.decimals()), WordCell(trace.asset()),
                NumberCell(flow.transfers()), WordCell(flow.first_date()), WordCell(flow.last_date())},
               RibbonFields(flow.from().party(), flow.to().party(), trace.asset()));
  }
}

// Flows and ends in one file: the column `what` tells them apart.
Table TraceFile(const Asking& asking, const v1::TraceAnswer& answer) {
  Table table("", {{asking.Words(Word::kWhat)},
                   {asking.Words(Word::kFrom)},
                   {asking.Words(Word::kFromId)},
                   {asking.Words(Word::kTo)},
                   {asking.Words(Word::kToId)},
                   {asking.Words(Word::kAmount)},
                   {asking.Words(Word::kCommitted)},
                   {asking.Words(Word::kAsset)},
                   {asking.Words(Word::kFund)},
                   {asking.Words(Word::kProject)},
                   {asking.Words(Word::kTransfers)},
                   {asking.Words(Word::kFirst)},
                   {asking.Words(Word::kLast)}});
  for (const v1::AssetTrace& trace : answer.assets()) {
    for (const v1::TraceFlow& flow : trace.flows()) {
      table.Add({WordCell(asking.Words(Word::kFlow)), NameCell(flow.from().party_name()),
                 NameCell(flow.from().party()), NameCell(flow.to().party_name()), NameCell(flow.to().party()),
                 MoneyCell(flow.amount(), trace.decimals()), MoneyCell(flow.committed(), trace.decimals()),
                 WordCell(trace.asset()), NameCell(flow.to().fund()), NameCell(flow.to().project()),
                 NumberCell(flow.transfers()), WordCell(flow.first_date()), WordCell(flow.last_date())});
    }
    for (const v1::TraceEnd& end : trace.ends()) {
      table.Add({WordCell(asking.Value(end.kind())), WordCell(""), WordCell(""),
                 NameCell(end.account().party_name()), NameCell(end.account().party()),
                 MoneyCell(end.amount(), trace.decimals()), MoneyCell(end.committed(), trace.decimals()),
                 WordCell(trace.asset()), NameCell(end.account().fund()), NameCell(end.account().project()),
                 WordCell(""), WordCell(end.first_date()), WordCell(end.last_date())});
    }
  }
  return table;
}

// The payments that moved the money, each once, in the order of the log: what a browser can check. Not all of them where the paths
// stopped at their budget, which is said.
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

Html AskAgain(const Asking& asking) {
  if (asking.in_folder()) return {};
  const auto field = [&](const char* key, Word word, const char* kind) {
    return Element("label", asking.Shown(word) + Text(" ") +
                                Lone("input", {{"name", key}, {"type", kind}, {"value", asking.asked(key)}}));
  };
  return Element("form", {{"method", "get"}},
                 field("fund", Word::kFund, "text") + field("since", Word::kSince, "date") +
                     field("until", Word::kUntil, "date") + Element("button", asking.Shown(Word::kAsk)));
}

StatusOr<v1::TraceRequest> TraceAsked(const Asking& asking, v1::Direction direction, const std::string& party,
                                      const std::string& ref) {
  v1::TraceRequest request;
  request.set_direction(direction);
  if (!ref.empty()) {
    FT_ASSIGN_OR_RETURN(const TransferRef read, model::ParseRef(ref));
    if (read.line == 0 || model::RefText(read) != ref || read.record.value() > asking.last_record())
      return absl::NotFoundError(absl::StrCat("this ledger has no payment ", ref));
    model::SetRef(read, request.mutable_ref());
  }
  request.set_party(party);
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_fund(asking.asked("fund"));
  request.set_since(asking.asked("since"));
  request.set_until(asking.asked("until"));
  SetAsOf(asking, &request);
  if (asking.address.form == Form::kPage || asking.wants_svg()) request.set_hops(picture::kFlowHops);
  if (asking.address.form == Form::kPage) {
    request.set_tree(true);
    request.set_depth(kLadderDepth);
    request.set_paths(!asking.address.embed);
    request.set_path_budget(kPathsLookedAt);
  }
  return request;
}

StatusOr<Html> OneAsset(const Asking& asking, const v1::TraceAnswer& answer, const v1::AssetTrace& trace,
                        const std::string& title, int number) {
  const std::vector<TracePart> parts = PartsOf(answer.direction(), trace);
  std::vector<BarPart> bar;
  std::string label;
  for (const TracePart& part : parts) {
    bar.push_back({part.amount, part.tone});
    if (part.amount == 0) continue;
    absl::StrAppend(&label, label.empty() ? "" : ", ", asking.Value(part.kind), " ",
                    asking.Money(part.amount, trace.decimals(), trace.asset()));
  }
  FT_ASSIGN_OR_RETURN(const auto picture, DrawnFlow(asking, answer, trace, title));
  return TraceLead(asking, trace, parts) + Bar(absl::StrCat("bar", number), label, bar) +
         SumTable(asking, answer.direction(), trace, parts) +
         FlowFigure(asking, answer, trace, picture, label) + Ladder(asking, trace).All();
}

// The picture of the asset that is asked for, or of the only one. Nothing where there is no money.
Status AddPictureFile(const Asking& asking, const v1::TraceAnswer& answer, Content* content) {
  const std::string asset = asking.asked("asset");
  if (asset.empty() && answer.assets_size() > 1) {
    for (const v1::AssetTrace& trace : answer.assets()) content->pictures.push_back(trace.asset());
    return absl::OkStatus();
  }
  for (const v1::AssetTrace& trace : answer.assets()) {
    if (!asset.empty() && trace.asset() != asset) continue;
    FT_ASSIGN_OR_RETURN(const auto picture, DrawnFlow(asking, answer, trace, content->title));
    content->has_svg = true;
    content->data = PictureText(picture.svg);
  }
  return absl::OkStatus();
}

}  // namespace

StatusOr<Content> TracePage(const Asking& asking, v1::Direction direction, const std::string& party,
                            const std::string& ref) {
  FT_ASSIGN_OR_RETURN(const v1::TraceRequest request, TraceAsked(asking, direction, party, ref));
  FT_ASSIGN_OR_RETURN(const v1::TraceAnswer answer, query::Trace(asking.view, request));
  Content content;
  content.has_csv = content.has_json = true;
  content.method = answer.method();
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  if (asking.wants_csv()) {
    content.data = TableInFile(asking, TraceFile(asking, answer));
    return content;
  }
  const bool from = direction == v1::FROM;
  if (party.empty()) {
    content.title = asking.Words(from ? Word::kPaymentWent : Word::kPaymentCame, {ref});
  } else {
    const query::View then = query::Then(asking.view, asking.as_of());
    FT_ASSIGN_OR_RETURN(const v1::RegisterParty shown, query::FindParty(then, party));
    content.title = asking.Words(from ? Word::kPartyWent : Word::kPartyCame, {shown.name()});
    content.indexed = shown.kind() != v1::RegisterParty::HOUSEHOLD && !request.joined();
  }
  if (asking.wants_svg()) {
    FT_RETURN_IF_ERROR(AddPictureFile(asking, answer, &content));
    return content;
  }
  content.has_svg = answer.assets_size() == 1;
  Table ends = EndsTable(asking, direction), flows = FlowsTable(asking, asking.Words(Word::kFlows));
  for (const v1::AssetTrace& trace : answer.assets()) {
    AddEnds(asking, answer.direction(), trace, &ends);
    AddFlows(asking, trace, &flows);
  }
  int number = 0;
  for (const v1::AssetTrace& trace : answer.assets()) {
    FT_ASSIGN_OR_RETURN(const Html shown, OneAsset(asking, answer, trace, content.title, number++));
    content.figure += shown;
  }
  if (answer.assets().empty()) content.figure = asking.Paragraph(Word::kNoMoney);
  FT_ASSIGN_OR_RETURN(const Html payments, PaymentsOnTheWay(asking, answer));
  const std::string own = party.empty() ? absl::StrCat("payment/", ref, "/") : PartyPath(party);
  Html ways = asking.Link(own, party.empty() ? Word::kThePayment : Word::kTheParty);
  if (const std::string back = own + (from ? "came/" : "went/"); asking.Has(asking.address.Front() + back))
    ways += Text(" · ") + asking.Link(back, from ? Word::kWhereCame : Word::kWhereWent);
  Html joined;
  if (!party.empty()) {
    FT_ASSIGN_OR_RETURN(joined, JoinedShown(asking, party, request.joined()));
  }
  content.body = Element("p", ways) + joined + (party.empty() ? Html() : AskAgain(asking)) + content.figure +
                 TableOnPage(asking, ends) + TableOnPage(asking, flows) + payments +
                 asking.Paragraph(Word::kConvention, {asking.Link("glossary/", Word::kWhatItMeans)});
  return content;
}

}  // namespace fundtrail::pages
