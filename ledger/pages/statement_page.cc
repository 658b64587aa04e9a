// See statements.h; and the pages of statements: what came and went, payment by payment, and what lay there with each.
#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/model/references.h"
#include "ledger/pages/choice.h"
#include "ledger/pages/joined_parties.h"
#include "ledger/pages/register_lines.h"
#include "ledger/pages/statements.h"
#include "ledger/query/statement.h"

namespace fundtrail::pages {
namespace {

// So many lines are added up for the sum of all accounts. Of more the sums of each account's part are said, and where the rest is.
constexpr std::uint64_t kLinesSummed = 20'000;

bool IsHeld(v1::EndKind lies) { return lies == v1::END_KIND_HELD || lies == v1::END_KIND_END_UNSPECIFIED; }
// What lies in an account is held, or it reached a recipient, ends here or came back: by the role of its party.
std::string LiesWords(const Asking& asking, v1::EndKind lies) {
  if (lies == v1::END_KIND_RETURNED) return asking.Words(Word::kCameBack);
  return asking.Value(IsHeld(lies) ? v1::END_KIND_HELD : lies);
}

// Whether the other side is stated too is said where several are: of one account nothing is. `after` is the word for what lies there then.
Table LinesTable(const Asking& asking, const std::string& caption, bool several, Word after) {
  return Table(caption, {{asking.Words(Word::kParty), false, true},
                         {asking.Words(Word::kPartyId), false, true},
                         {asking.Words(Word::kFund), false, true},
                         {asking.Words(Word::kProject), false, true},
                         {asking.Words(Word::kAsset), false, true},
                         {asking.Words(Word::kPayment)},
                         {asking.Words(Word::kDate), false, false, true},
                         {asking.Words(Word::kOtherSide)},
                         {asking.Words(Word::kOtherSideId), false, true},
                         {asking.Words(Word::kIn), true},
                         {asking.Words(Word::kOut), true},
                         {asking.Words(after), true},
                         {asking.Words(Word::kKind)},
                         {asking.Words(Word::kWithin), false, !several},
                         {asking.Words(Word::kReference), false, true},
                         {asking.Words(Word::kPurpose)},
                         {asking.Words(Word::kWhatItIs), false, true}});
}

// What it is beside its amount: "donation; committed, not paid; sends back 3.1".
Cell KindCell(const Asking& asking, const v1::StatementLine& line) {
  std::string plain = asking.Value(line.kind());
  if (line.stage() == v1::STAGE_COMMITTED)
    absl::StrAppend(&plain, asking.Words(Word::kListComma), asking.Words(Word::kCommitted));
  Html shown = Text(plain);
  if (line.has_returns()) {
    const std::string words =
        absl::StrCat(asking.Words(Word::kListComma), asking.Words(Word::kSendsBack), " ");
    absl::StrAppend(&plain, words, model::RefText(line.returns()));
    shown += Text(words) + asking.Payment(line.returns().record(), line.returns().line());
  }
  return {shown, plain};
}

void AddLines(const Asking& asking, const v1::Statement& statement, Table* table) {
  const v1::Account& account = statement.account();
  for (const v1::StatementLine& line : statement.lines()) {
    const Cell amount = MoneyCell(line.amount(), account.decimals()), none = WordCell("");
    table->Add({NameCell(account.party_name()), NameCell(account.party()), NameCell(account.fund()),
                NameCell(account.project()), WordCell(account.asset()), PaymentCell(asking, line.ref()),
                WordCell(line.date()), PartyCell(asking, line.other_party(), line.other_name()),
                NameCell(line.other_party()), line.incoming() ? amount : none,
                line.incoming() ? none : amount, MoneyCell(line.held_after(), account.decimals()),
                KindCell(asking, line), WordCell(line.within() ? asking.Words(Word::kYes) : ""),
                NameCell(line.reference()), NameCell(line.purpose()),
                WordCell(LiesWords(asking, statement.lies()))});
  }
}

// All accounts in one asset, over all lines of the question.
struct StatedTogether {
  std::uint32_t decimals = 0;
  Wide before = 0, in = 0, out = 0, minted = 0;
  Wide held = 0, reached = 0, ends_here = 0,
       returned = 0;  // what lies there after, by the roles of the parties
  Wide within_in = 0, within_out = 0, within_minted = 0;
};
using StatedSums = std::map<std::string, StatedTogether>;

struct StatedPlace {
  Wide StatedTogether::*amount;
  v1::EndKind lies;
  Word title;
};
constexpr StatedPlace kStatedPlaces[] = {
    {&StatedTogether::held, v1::END_KIND_HELD, Word::kHeldAfter},
    {&StatedTogether::reached, v1::END_KIND_REACHED, Word::kReachedNow},
    {&StatedTogether::ends_here, v1::END_KIND_ENDS_HERE, Word::kEndsHereNow},
    {&StatedTogether::returned, v1::END_KIND_RETURNED, Word::kReturnedNow}};

// Those where something lies, or else that nothing is held.
std::vector<StatedPlace> PlacesOf(const StatedSums& sums) {
  std::vector<StatedPlace> places;
  for (const StatedPlace& place : kStatedPlaces)
    if (std::any_of(sums.begin(), sums.end(),
                    [&](const auto& each) { return each.second.*place.amount != 0; }))
      places.push_back(place);
  if (places.empty()) places.push_back(kStatedPlaces[0]);
  return places;
}

class StatementAdder {
 public:
  // The pages of a statement one after another, from the first on.
  void Add(const v1::StatementAnswer& page) {
    for (const v1::Statement& part : page.statements()) {
      const v1::Account& account = part.account();
      StatedTogether& of = sums_[account.asset()];
      of.decimals = account.decimals();
      // A part that goes on begins with what the part before ended with.
      std::array<std::string, 4> own = {account.party(), account.fund(), account.project(), account.asset()};
      if (own != last_) of.before += part.held_before();
      Wide StatedTogether::*lies = &StatedTogether::held;
      for (const StatedPlace& place : kStatedPlaces)
        if (place.lies == part.lies()) lies = place.amount;
      of.*lies += Wide{part.held_after()} - (own != last_ ? Wide{0} : Wide{part.held_before()});
      last_ = std::move(own);
      of.in += part.total_in();
      of.out += part.total_out();
      of.minted += part.minted();
      of.within_in += part.within_in();
      of.within_out += part.within_out();
      of.within_minted += part.within_minted();
    }
  }
  const StatedSums& sums() const { return sums_; }

 private:
  StatedSums sums_;
  std::array<std::string, 4> last_;  // the account that the last part was of
};

// Nothing when there are more lines than are added up. `answer` is what the page shows: where it is all, it is not asked for again.
StatusOr<std::optional<StatedSums>> AddedUp(const Asking& asking, v1::StatementRequest request,
                                            const v1::StatementAnswer& answer) {
  StatementAdder adder;
  if (answer.next().empty()) {
    adder.Add(answer);
    return std::optional(adder.sums());
  }
  request.set_limit(kLinesSummed);
  request.clear_after();
  FT_ASSIGN_OR_RETURN(auto pages, query::Statement(asking.view, request, query::PagingOf(request)));
  while (!pages.over()) {
    FT_ASSIGN_OR_RETURN(const v1::StatementAnswer page, pages.Next());
    adder.Add(page);
    if (!page.next().empty()) return std::optional<StatedSums>();
  }
  return std::optional(adder.sums());
}

// What the page shows, of a folder: where that is all, its table has the same. Nothing elsewhere, and where there are too many accounts.
StatusOr<std::shared_ptr<const v1::StatementAnswer>> ShownInFolder(const Asking& asking,
                                                                   v1::StatementRequest request) {
  std::shared_ptr<const v1::StatementAnswer> none;
  if (!asking.in_folder()) return none;
  request.set_limit(kRowsOnPage);
  auto shown = asking.Kept(request.SerializeAsString(), [&] {
    return AllPages(query::Statement(asking.view, request, query::PagingOf(request)));
  });
  if (absl::IsResourceExhausted(shown.status())) return none;
  return shown;
}

Html TogetherShown(const Asking& asking, const StatedSums& sums) {
  const std::vector<StatedPlace> places = PlacesOf(sums);
  const bool held = places.size() == 1 && places.front().lies == v1::END_KIND_HELD;
  std::vector<Column> columns = {{asking.Words(Word::kAsset)},
                                 {asking.Words(held ? Word::kHeldBefore : Word::kHadBefore), true},
                                 {asking.Words(Word::kInFromOthers), true},
                                 {asking.Words(Word::kBroughtIn), true},
                                 {asking.Words(Word::kOutToOthers), true}};
  for (const StatedPlace& place : places) columns.push_back({asking.Words(place.title), true});
  columns.push_back({asking.Words(Word::kWithinSum), true});
  Table table(asking.Words(Word::kStatedTogether), std::move(columns));
  Html notes;
  for (const auto& [asset, of] : sums) {
    const Wide in = of.in - of.within_in, out = of.out - of.within_out + of.minted - of.within_minted;
    std::vector<Cell> cells = {WordCell(asset)};
    const auto add = [&, decimals = of.decimals](Wide amount) {
      cells.push_back(MoneyCell(Capped(amount), decimals));
    };
    for (const Wide amount : {of.before, in, of.minted, out}) add(amount);
    for (const StatedPlace& place : places) add(of.*place.amount);
    add(of.within_in);
    table.Add(std::move(cells));
    if (const Wide exchanged = of.within_in - of.within_out - of.within_minted; exchanged != 0)
      notes += asking.Paragraph(Word::kExchangedWithin,
                                {Text(asking.Money(Capped(exchanged), of.decimals, asset))});
  }
  if (table.empty()) return {};
  return TableOnPage(asking, table) + notes +
         asking.Paragraph(held ? Word::kStatedTogetherMeans : Word::kStatedByRoleMeans);
}

// "Party ministry, fund flood, project lunches, CNY".
Html AccountShown(const Asking& asking, const v1::Account& account) {
  Html shown =
      asking.Party(account.party(), account.party_name()) + Text(" · ") + asking.Fund(account.fund());
  if (!account.project().empty())
    shown += asking.Shown(Word::kInProject, {asking.Project(account.project())});
  return shown + Text(" · " + account.asset());
}

// What each account had before, what came and went, and what lies there: of the part that stands on this page.
Html PartShown(const Asking& asking, const v1::Statement& part, std::uint64_t number, bool several) {
  const v1::Account& account = part.account();
  const auto money = [&](std::int64_t amount) { return Text(MoneyText(amount, account.decimals())); };
  // Each table has a name of its own, by which a screen reader tells them apart.
  const bool held = IsHeld(part.lies());
  Table lines = LinesTable(asking, asking.Words(Word::kStatementLines, {NumberText(number)}), several,
                           held ? Word::kHeldAfter : Word::kHasAfter);
  AddLines(asking, part, &lines);
  Html shown = Element("h2", AccountShown(asking, account)) +
               asking.Paragraph(held ? Word::kStatementSum : Word::kStatementSumByRole,
                                {money(part.held_before()), money(part.total_in()), money(part.total_out()),
                                 money(part.held_after()), Text(LiesWords(asking, part.lies()))});
  if (part.minted() != 0) shown += asking.Paragraph(Word::kStatementMinted, {money(part.minted())});
  if (const Wide committed = Wide{part.committed_in()} + part.committed_out() + part.committed_minted();
      committed != 0)
    shown += asking.Paragraph(
        Word::kStatementCommitted,
        {money(part.committed_in()), money(part.committed_out()), money(part.committed_minted())});
  return shown + lines.Shown(lines.size());
}

// What it is of, and the way back there.
struct StatedOf {
  std::string title;
  Html back;
  bool indexed = true;
};
StatusOr<StatedOf> WhatIsStated(const Asking& asking, StatementOf of, const std::string& id,
                                const v1::StatementRequest& request) {
  if (of == StatementOf::kProgramme) {
    FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "programme", id));
    bool of_household = false;
    if (!request.party().empty()) {
      FT_ASSIGN_OR_RETURN(const v1::RegisterLine party, OneItem(asking, "party", request.party()));
      of_household = party.action().register_party().kind() == v1::RegisterParty::KIND_HOUSEHOLD;
    }
    return StatedOf{asking.Words(Word::kProgrammeStatement, {line.action().open_programme().name()}),
                    asking.Link(ProgrammePath(id), Word::kProgramme), !of_household && !request.joined()};
  }
  FT_ASSIGN_OR_RETURN(const v1::RegisterLine line, OneItem(asking, "party", id));
  const v1::RegisterParty& party = line.action().register_party();
  const bool below = of == StatementOf::kBelow;
  return StatedOf{asking.Words(below ? Word::kStatementBelow : Word::kPartyStatement, {party.name()}),
                  asking.Link(PartyPath(id), Word::kTheParty),
                  party.kind() != v1::RegisterParty::KIND_HOUSEHOLD && !request.joined()};
}

}  // namespace

StatusOr<v1::StatementRequest> StatementAsked(const Asking& asking, StatementOf of, const std::string& id) {
  v1::StatementRequest request;
  if (of == StatementOf::kProgramme) {
    request.set_programme(id);
    request.set_party(asking.asked("party"));
  } else {
    request.set_party(id);
    request.set_below(of == StatementOf::kBelow);
  }
  FT_ASSIGN_OR_RETURN(const bool joined, AsksJoined(asking));
  request.set_joined(joined);
  request.set_fund(asking.asked("fund"));
  request.set_from(asking.asked("since"));
  request.set_to(asking.asked("until"));
  request.set_limit(MostOfLongTable(asking));
  request.set_after(asking.asked("after"));
  SetAsOf(asking, &request);
  return request;
}

std::string StatementCsv(const Asking& asking, const v1::StatementAnswer& piece, bool first) {
  Table lines = LinesTable(asking, "", true, Word::kHasAfter);
  for (const v1::Statement& part : piece.statements()) AddLines(asking, part, &lines);
  const bool exact = asking.asked("raw") == "1";
  return (first ? lines.CsvTitles(exact) : std::string()) + lines.CsvRows(exact);
}

StatusOr<Content> StatementPage(const Asking& asking, StatementOf of, const std::string& id) {
  FT_ASSIGN_OR_RETURN(const v1::StatementRequest request, StatementAsked(asking, of, id));
  Content content;
  content.has_csv = content.has_json = true;
  FT_ASSIGN_OR_RETURN(StatedOf stated, WhatIsStated(asking, of, id, request));
  content.title = std::move(stated.title);
  content.indexed = stated.indexed;
  const bool several = of != StatementOf::kParty;
  FT_ASSIGN_OR_RETURN(const auto kept, ShownInFolder(asking, request));
  if (asking.wants_csv() && kept != nullptr && kept->next().empty()) {
    content.data = StatementCsv(asking, *kept, true);
    return content;
  }
  auto pages = query::Statement(asking.view, request, query::PagingOf(request));
  if (absl::IsResourceExhausted(pages.status()) && asking.address.form == Form::kPage) {
    content.has_csv = content.has_json = false;
    content.body = Element("p", stated.back) + asking.Paragraph(Word::kTooManyStated);
    return content;
  }
  if (asking.wants_csv()) {
    FT_RETURN_IF_ERROR(AddPieces(
        asking, std::move(pages),
        [&](const v1::StatementAnswer& piece, bool first, std::uint64_t* rows) {
          for (const v1::Statement& part : piece.statements())
            *rows += static_cast<std::uint64_t>(part.lines_size());
          return StatementCsv(asking, piece, first);
        },
        &content));
    return content;
  }
  v1::StatementAnswer asked;
  if (kept == nullptr) {
    FT_ASSIGN_OR_RETURN(asked, AllPages(std::move(pages)));
  }
  const v1::StatementAnswer& answer = kept == nullptr ? asked : *kept;
  if (asking.wants_json()) {
    FT_ASSIGN_OR_RETURN(content.data, JsonText(asking, answer));
    return content;
  }
  content.body = Element("p", stated.back);
  if (of == StatementOf::kParty) {
    FT_ASSIGN_OR_RETURN(const Html joined, JoinedShown(asking, id, request.joined()));
    content.body += joined;
  }
  if (answer.bodies() > 0) content.body += Element("p", asking.Counted(Word::kBodiesStated, answer.bodies()));
  content.body += ChoiceForm(
      asking,
      {{"fund", Word::kFund, "text"}, {"since", Word::kSince, "date"}, {"until", Word::kUntil, "date"}});
  // A list that goes on was added up on its first page.
  if (request.after().empty()) {
    FT_ASSIGN_OR_RETURN(const auto sums, AddedUp(asking, request, answer));
    content.body += sums.has_value()
                        ? TogetherShown(asking, *sums)
                        : asking.Paragraph(Word::kTooLongToAddUp, {Text(NumberText(kLinesSummed))});
  }
  std::uint64_t without = 0, number = 0;
  for (const v1::Statement& part : answer.statements()) {
    if (part.lines().empty()) {
      ++without;
    } else {
      content.body += PartShown(asking, part, ++number, several);
    }
  }
  if (answer.statements().empty()) content.body += asking.Paragraph(Word::kNoMoney);
  if (without > 0) content.body += Element("p", asking.Counted(Word::kAccountsWithoutLines, without));
  if (!answer.next().empty())
    content.body +=
        asking.in_folder()
            ? asking.Paragraph(Word::kRestInFile)
            : Element("p", asking.Again({{"after", answer.next()}}, asking.Shown(Word::kNextPage)));
  return content;
}

}  // namespace fundtrail::pages
