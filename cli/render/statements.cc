// Statements (answers.h).
#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "cli/render/accounts.h"
#include "cli/render/answers.h"
#include "cli/render/back.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/wide.h"
#include "ledger/model/references.h"
#include "ledger/model/unrecorded.h"

namespace fundtrail::render {
namespace {

// What lies in an account, by the role of its party.
const char* LiesWord(v1::EndKind lies) {
  switch (lies) {
    case v1::END_KIND_REACHED:
      return "reached";
    case v1::END_KIND_ENDS_HERE:
      return "ends here";
    case v1::END_KIND_RETURNED:
      return "came back";
    default:
      return "held";
  }
}

}  // namespace

Shown Text(const v1::StatementAnswer& answer, const Style& style, bool continued) {
  Shown text;
  for (const auto& statement : answer.statements()) {
    const auto& account = statement.account();
    const auto money = [&](std::int64_t amount) { return Money(amount, account.decimals()); };
    text +=
        Toned(style, Tone::kBold,
              Say("{}, {}, {}{}", account.party_name(), FundOf(account), account.asset(),
                  answer.has_as_of_record() ? Say(", as of record {}", answer.as_of_record()) : Shown())) +
        "\n";
    const bool held =
        statement.lies() == v1::END_KIND_HELD || statement.lies() == v1::END_KIND_END_UNSPECIFIED;
    text += held ? Say("Held before: {}\n", money(statement.held_before()))
                 : Say("Had before: {}\n", money(statement.held_before()));
    const bool stages =
        std::any_of(statement.lines().begin(), statement.lines().end(),
                    [](const v1::StatementLine& line) { return line.stage() != v1::STAGE_PAID; });
    Column other{"from or to"}, purpose{"purpose"}, stage{"stage"};
    other.name = true;
    purpose.spare = true;
    stage.folds_narrow = true;
    std::vector<Column> columns = {{"date", false, true},
                                   {"ref", false, true},
                                   {"in", true},
                                   {"out", true},
                                   {held ? "held" : "has", true},
                                   other,
                                   purpose};
    if (stages) columns.insert(columns.begin() + 5, stage);
    const bool back =
        std::any_of(statement.lines().begin(), statement.lines().end(),
                    [](const v1::StatementLine& line) { return line.has_returns() || line.has_sent_back(); });
    if (back) columns.insert(columns.end() - 1, {"undone or back"});
    Table table(columns);
    for (const auto& line : statement.lines()) {
      std::vector<Cell> cells = {line.date(),
                                 model::RefText(line.ref()),
                                 line.incoming() ? money(line.amount()) : "",
                                 line.incoming() ? "" : money(line.amount()),
                                 money(line.held_after()),
                                 line.other_name(),
                                 line.purpose()};
      if (stages) cells.insert(cells.begin() + 5, OwnWord(StageWord(line.stage())));
      if (back) cells.insert(cells.end() - 1, BackWords(line, account.decimals()));
      table.Add(std::move(cells));
    }
    text += table.Text(style);
    text +=
        Toned(style, Tone::kBold,
              Say("{} + {} in - {} out = {} {}", money(statement.held_before()), money(statement.total_in()),
                  money(statement.total_out()), money(statement.held_after()), LiesWord(statement.lies()))) +
        "\n";
    if (statement.minted() != 0) {
      text += model::IsUnrecordedOrigin(account.party())
                  ? Say("Beside these, {} of unrecorded origin was paid out.\n", money(statement.minted()))
                  : Say("Beside these, it brought in and paid out {}.\n", money(statement.minted()));
    }
    if (statement.committed_in() != 0 || statement.committed_out() != 0 ||
        statement.committed_minted() != 0) {
      text += Say("Committed, not paid: {} of the sum in, {} of the sum out", money(statement.committed_in()),
                  money(statement.committed_out()));
      text += statement.committed_minted() != 0
                  ? Say(", {} of what was paid out beside these.\n", money(statement.committed_minted()))
                  : Shown(".\n");
    }
    if (statement.undone_in() != 0 || statement.undone_out() != 0) {
      text += Say("Undone: {} of what had come in, {} of what had gone out.\n", money(statement.undone_in()),
                  money(statement.undone_out()));
    }
    text += "\n";
  }
  if (text.empty()) text = "No money: no account fits the question.\n";
  // The rest of this statement, whatever is recorded in between.
  const std::uint64_t as_of = answer.has_as_of_record() ? answer.as_of_record() : answer.as_of().size() - 1;
  int lines = 0;
  for (const v1::Statement& statement : answer.statements()) lines += statement.lines_size();
  return text + NamesText(answer.names(), style) + JoinedText(answer.joined()) +
         CountOf({"movement", "movements"}, lines, answer, continued, Say(" --as-of {}", as_of)) +
         AsOf(answer.as_of(), style);
}

namespace {

struct TogetherSums {
  std::uint32_t decimals = 0;
  Wide before = 0, in = 0, out = 0, after = 0, minted = 0;
  Wide within_in = 0, within_out = 0, within_minted = 0;
  bool beyond() const {
    for (const Wide sum : {before, in - within_in, out - within_out + minted - within_minted, after, minted,
                           within_in, within_in - within_out - within_minted})
      if (sum > kMaxInt64 || sum < -Wide{kMaxInt64}) return true;
    return false;
  }
};

}  // namespace

Shown TogetherText(const v1::StatementAnswer& answer, const Style& style) {
  std::map<std::string, TogetherSums> sums;
  for (const auto& statement : answer.statements()) {
    TogetherSums& of = sums[statement.account().asset()];
    of.decimals = statement.account().decimals();
    of.before += statement.held_before();
    of.after += statement.held_after();
    of.in += statement.total_in();
    of.out += statement.total_out();
    of.minted += statement.minted();
    of.within_in += statement.within_in();
    of.within_out += statement.within_out();
    of.within_minted += statement.within_minted();
  }
  Table table({{"asset", false, true},
               {"before", true},
               {"in from others", true},
               {"brought in", true},
               {"out to others", true},
               {"at the end", true},
               {"within", true}});
  Shown notes;
  for (const auto& [asset, of] : sums) {
    if (of.beyond()) {
      notes += Say("Of {}, a sum is more than 63 bits can count.\n", asset);
      continue;
    }
    const auto money = [decimals = of.decimals](Wide amount) {
      return Money(static_cast<std::int64_t>(amount), decimals);
    };
    table.Add({asset, money(of.before), money(of.in - of.within_in), money(of.minted),
               money(of.out - of.within_out + of.minted - of.within_minted), money(of.after),
               money(of.within_in)});
    const Wide exchanged = of.within_in - of.within_out - of.within_minted;
    if (exchanged != 0)
      notes += Say("Of {}, {} came by exchanges among these accounts.\n", asset, money(exchanged));
  }
  if (table.empty()) return notes;
  Shown text = "\n" + Toned(style, Tone::kBold, "All of these accounts together") + "\n";
  if (answer.bodies() > 0) text += Say("Bodies: {}.\n", Number(answer.bodies()));
  return text + table.Text(style) + notes +
         Toned(
             style, Tone::kDim,
             "Before + in from others + brought in - out to others = at the end. Within: what they paid one "
             "another. "
             "It counts neither in nor out.\n");
}

std::string StatementCsvHeader(bool within) {
  std::vector<std::string> titles = {"party",     "fund",  "asset",   "project", "date",       "ref",
                                     "in",        "out",   "held",    "other",   "other_name", "purpose",
                                     "reference", "stage", "returns", "undone",  "returned",   "back_by"};
  if (within) titles.emplace_back("within");
  titles.insert(titles.end(), {"fund_name", "project_name"});
  return CsvTitles(std::move(titles));
}

std::string StatementCsvLines(const v1::StatementAnswer& answer, const ItemNames& names, sheets::Cells cells,
                              bool within) {
  std::string text;
  for (const auto& statement : answer.statements()) {
    const auto& account = statement.account();
    const auto money = [&](std::int64_t amount) { return PlainMoney(amount, account.decimals()); };
    for (const auto& line : statement.lines()) {
      std::vector<std::string> values = {account.party(),
                                         account.fund(),
                                         account.asset(),
                                         account.project(),
                                         line.date(),
                                         model::RefText(line.ref()),
                                         line.incoming() ? money(line.amount()) : "",
                                         line.incoming() ? "" : money(line.amount()),
                                         money(line.held_after()),
                                         line.other_party(),
                                         line.other_name(),
                                         line.purpose(),
                                         line.reference(),
                                         StageWord(line.stage()),
                                         line.has_returns() ? model::RefText(line.returns()) : "",
                                         BackMoney(line.sent_back().undone(), account.decimals()),
                                         BackMoney(line.sent_back().returned(), account.decimals()),
                                         BackRefs(line.sent_back())};
      if (within) values.emplace_back(line.within() ? "true" : "false");
      values.insert(values.end(), {names.Fund(account.fund()), names.Project(account.project())});
      text += CsvRow(std::move(values), answer.as_of(), cells);
    }
  }
  return text;
}

}  // namespace fundtrail::render
