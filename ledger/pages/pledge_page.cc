// A form to print: on it somebody promises to give to a need. The site takes nothing, so the form says to whom it goes.
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/pages/makers.h"
#include "ledger/pages/need_rows.h"
#include "ledger/pages/register_lines.h"
#include "ledger/query/needs.h"
#include "ledger/query/open.h"

namespace fundtrail::pages {
namespace {

constexpr std::uint32_t kCallsOnForm = 5;

// What is to be filled in: a word, and a line to write on.
Html LinesToFill(const Asking& asking, const std::vector<Html>& what) {
  Html rows;
  for (const Html& word : what)
    rows += Element("tr", Element("th", {{"scope", "row"}}, word) + Element("td", Html()));
  return Element(
      "div", {{"class", "form"}},
      Element("table", Element("caption", asking.Shown(Word::kPledgeFill)) + Element("tbody", rows)));
}

// The calls in force for the place of the need: each says how to take part, and whom to ask.
StatusOr<Html> CallsFor(const Asking& asking, const std::string& place) {
  v1::OpenRequest request;
  request.set_place(place);
  request.set_top(kCallsOnForm);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::OpenAnswer answer, query::Open(asking.view, request));
  Html calls;
  for (const v1::OpenCall& call : answer.calls()) {
    const v1::Announce& notice = call.call().notice();
    Html words = Name(notice.name()) + Text(" · ") + asking.Party(notice.owner(), call.call().owner_name());
    if (!notice.contact().empty())
      words += Text(" · ") + asking.Shown(Word::kContact, {Name(notice.contact())});
    calls += Element("li", words);
  }
  return calls.empty() ? calls : asking.Heading(Word::kCalls) + Element("ul", calls);
}

}  // namespace

StatusOr<Content> PledgePage(const Asking& asking, const std::string& id) {
  FT_RETURN_IF_ERROR(OneItem(asking, "need", id).status());
  v1::NeedsRequest request;
  request.add_ids(id);
  SetAsOf(asking, &request);
  FT_ASSIGN_OR_RETURN(const v1::NeedsAnswer answer,
                      AllPages(query::Needs(asking.view, request, query::PagingOf(request))));
  if (answer.lines_size() != 1)
    return absl::InternalError("one need was asked for, and there is another number");
  const v1::NeedLine& need = answer.lines(0);
  const v1::DeclareNeed& said = need.need();
  const bool money = !said.asset().empty();
  Content content;
  content.title = asking.Words(Word::kPledgeTitle, {id, need.category_name(), need.place_name()});
  FT_ASSIGN_OR_RETURN(const auto owner,
                      query::NeedParty(query::Then(asking.view, asking.as_of()), said.owner()));
  Html facts = asking.Fact(Word::kNeed, asking.Need(id));
  facts += asking.Fact(Word::kPlace, asking.Place(said.place(), need.place_name()));
  facts += asking.TextFact(Word::kCategory, need.category_name());
  facts += asking.Fact(Word::kState, Text(NeedStateText(asking, need)));
  if (money && !need.beyond())
    facts +=
        asking.Fact(Word::kMissing, Text(asking.MoneyInWords(need.open(), need.decimals(), said.asset())));
  if (said.quantity() > 0)
    facts +=
        asking.Fact(Word::kQuantity, Text(MoneyText(said.quantity(), 0)) + Text(" ") + Name(said.unit()));
  facts += asking.Fact(Word::kPledgeGoesTo, asking.Party(said.owner(), owner.name()));
  content.body = asking.Paragraph(Word::kPledgeLead) + Element("dl", facts);
  FT_ASSIGN_OR_RETURN(const Html calls, CallsFor(asking, said.place()));
  content.body += calls;
  const Html offered = money                 ? asking.Shown(Word::kPledgeAmount, {Name(said.asset())})
                       : said.unit().empty() ? asking.Shown(Word::kPledgeQuantity)
                                             : asking.Shown(Word::kPledgeUnits, {Name(said.unit())});
  content.body += LinesToFill(asking, {asking.Shown(Word::kPledgeDonor), asking.Shown(Word::kPledgeDonorId),
                                       asking.Shown(Word::kPledgeReach), offered, asking.Shown(Word::kSince),
                                       asking.Shown(Word::kUntil), asking.Shown(Word::kPledgeConditions),
                                       asking.Shown(Word::kPledgeAssign), asking.Shown(Word::kPledgeSigned)});
  // A unit with a quote in it would end the text that a shell reads.
  const bool quotes = said.unit().empty() || said.unit().find('\'') != std::string::npos;
  const std::string unit = quotes ? "UNIT" : absl::StrCat("'", said.unit(), "'");
  const std::string how = money ? absl::StrCat("--asset ", said.asset(), " --amount AMOUNT")
                                : absl::StrCat("--quantity QUANTITY --unit ", unit);
  const std::string command = absl::StrCat("fundtrail --ledger LEDGER pledge add PLEDGE --owner DONOR ", how,
                                           " --need ", id, " --key KEY");
  content.body += asking.Paragraph(Word::kPledgeCommand) + Element("pre", Element("code", Text(command)));
  return content;
}

}  // namespace fundtrail::pages
