// See needs.h.
#include "cli/render/needs.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/people.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

// Instead of what came, where that is too much to be counted.
constexpr char kNotKnown[] = "not known";
constexpr int kOpenColumn = 6;  // before which stands what is assigned, where something is

std::string StateName(v1::NeedState state) {
  if (state == v1::NEED_STATE_UNSPECIFIED || !v1::NeedState_IsValid(state)) return "";
  return absl::AsciiStrToLower(model::WordOf(state));
}

std::string StateWords(v1::NeedState state) { return absl::StrReplaceAll(StateName(state), {{"_", " "}}); }

// The state, and what others found where that is not that the need is there.
Shown StateCell(const v1::NeedLine& line, const std::string& on) {
  const std::string state = StateWords(line.state());
  Shown words = OwnWord(state);
  if (state.empty()) words = line.beyond() ? kNotKnown : line.need().from() > on ? "not begun" : "ended";
  if (line.found() == v1::VerifyNeed::RESULT_UNSPECIFIED) words += ", not verified";
  if (line.found() == v1::VerifyNeed::RESULT_REFUSED) words += ", refused";
  return words;
}

std::string UntilCell(const v1::NeedLine& line) {
  std::string words = line.need().until();
  if (!line.need().recurring()) return words;
  if (!words.empty()) words += ", ";
  words += "every year";
  if (line.years() > 1) words += ", " + std::to_string(line.years()) + " so far";
  return words;
}

// What came, from both sides. A server may say anything.
std::int64_t Came(const v1::NeedLine& line) {
  std::int64_t came = 0;
  return __builtin_add_overflow(line.direct(), line.by_projects(), &came)
             ? std::max(line.direct(), line.by_projects())
             : came;
}

Shown Heading(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request) {
  Shown words = Say("Needs on {}", answer.on());
  if (answer.has_as_of_record()) words += Say(", as of record {}", answer.as_of_record());
  if (!request.place().empty()) words += Say(", in {}", request.place());
  if (!request.category().empty()) words += Say(", for {}", request.category());
  if (request.states_size() > 0) {
    std::vector<std::string> states;
    for (const int state : request.states()) states.push_back(StateWords(static_cast<v1::NeedState>(state)));
    words += Say(": {}", OwnWord(absl::StrJoin(states, ", ")));
  }
  return words;
}

// "CNY, partly: 1 need asks for 600.00; 200.00 came, 400.00 are open".
Shown CountText(const v1::NeedCount& count) {
  const std::string state = StateWords(count.state());
  Shown text =
      Say("{}, {}: {} {}", count.asset().empty() ? Shown("no asset") : Say("{}", count.asset()),
          OwnWord(state.empty() ? "no state" : state), count.needs(), count.needs() == 1 ? "need" : "needs");
  if (count.asset().empty()) return text + "\n";
  const auto money = [&](std::int64_t amount) { return Money(amount, count.decimals()); };
  text += Say("; asked {}, came {}", money(count.asked()), money(count.met()));
  if (count.assigned() != 0) text += Say(", assigned {}", money(count.assigned()));
  return text + Say(", open {}\n", money(count.open()));
}

// Why of some needs nobody can say what came.
Shown BeyondText(const v1::NeedsAnswer& answer) {
  const auto& lines = answer.lines();
  const bool some =
      std::any_of(lines.begin(), lines.end(), [](const v1::NeedLine& line) { return line.beyond(); });
  return some ? Shown("Not known: more money came than 63 bits can count. It is in no sum.\n") : Shown();
}

// What is not shown, and how to have it shown.
Shown LeftOut(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request) {
  Shown text;
  if (answer.not_verified() == 1) {
    text +=
        "1 more need in force is not shown: nobody verified its present version, or it was refused "
        "(--unverified shows it).\n";
  } else if (answer.not_verified() > 1) {
    text += Say(
        "{} more needs in force are not shown: nobody verified their present version, or they were refused "
        "(--unverified shows them).\n",
        answer.not_verified());
  }
  if (request.ids_size() == 0 && request.states_size() == 0)
    text += "Needs whose last day is over are not shown (--state expired shows them).\n";
  return text;
}

}  // namespace

Shown Text(const v1::NeedsAnswer& answer, const v1::NeedsRequest& request, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Heading(answer, request)) + "\n";
  std::vector<Column> columns = {
      {"need", false, true}, {"severity"},   {"people", true}, {"asset"}, {"asked", true},
      {"came", true},        {"open", true}, {"state"},        {"place"}, {"category"}};
  const bool until = std::any_of(answer.lines().begin(), answer.lines().end(),
                                 [](const v1::NeedLine& line) { return !UntilCell(line).empty(); });
  if (until) columns.insert(columns.end() - 2, {"until"});
  const bool assigned = std::any_of(answer.lines().begin(), answer.lines().end(),
                                    [](const v1::NeedLine& line) { return line.assigned() != 0; });
  if (assigned) columns.insert(columns.begin() + kOpenColumn, {"assigned", true});
  Table table(std::move(columns));
  for (const v1::NeedLine& line : answer.lines()) {
    const v1::DeclareNeed& need = line.need();
    const auto money = [&](std::int64_t amount) {
      return need.asset().empty() ? std::string() : Money(amount, line.decimals());
    };
    const auto known = [&](std::int64_t amount) {
      return line.beyond() ? std::string(kNotKnown) : money(amount);
    };
    std::vector<Cell> cells = {need.id(),
                               OwnWord(SeverityWord(line.severity())),
                               People(line.people()),
                               need.asset(),
                               money(line.asked()),
                               known(Came(line)),
                               known(line.open()),
                               StateCell(line, answer.on()),
                               Say("{} ({})", line.place_name(), need.place()),
                               Say("{} ({})", line.category_name(), need.category())};
    if (until) cells.insert(cells.end() - 2, UntilCell(line));
    if (assigned) cells.insert(cells.begin() + kOpenColumn, money(line.assigned()));
    table.Add(std::move(cells));
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const v1::NeedCount& count : answer.counts()) text += CountText(count);
  text += BeyondText(answer) + LeftOut(answer, request);
  return text + CountThen({"need", "needs"}, answer.lines_size(), answer, !request.after().empty()) +
         AsOf(answer.as_of(), style);
}

std::string NeedsCsvHeader() {
  return CsvTitles({"need",         "owner",    "place",    "place_name", "category",    "category_name",
                    "target_group", "severity", "priority", "people",     "quantity",    "unit",
                    "asset",        "years",    "asked",    "direct",     "by_projects", "committed",
                    "open",         "state",    "found",    "from",       "until",       "recurring",
                    "record",       "opened",   "beyond",   "assigned"});
}

std::string NeedsCsvLines(const v1::NeedsAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::NeedLine& line : answer.lines()) {
    const v1::DeclareNeed& need = line.need();
    const auto money = [&](std::int64_t amount) {
      return need.asset().empty() ? std::string() : PlainMoney(amount, line.decimals());
    };
    const auto known = [&](std::int64_t amount) { return line.beyond() ? std::string() : money(amount); };
    const auto number = [](std::int64_t said) { return said == 0 ? std::string() : std::to_string(said); };
    const bool found = line.found() != v1::VerifyNeed::RESULT_UNSPECIFIED;
    text += CsvRow({need.id(),
                    need.owner(),
                    need.place(),
                    line.place_name(),
                    need.category(),
                    line.category_name(),
                    need.target_group(),
                    number(line.severity()),
                    number(need.priority()),
                    PlainPeople(line.people()),
                    number(need.quantity()),
                    need.unit(),
                    need.asset(),
                    std::to_string(line.years()),
                    money(line.asked()),
                    known(line.direct()),
                    known(line.by_projects()),
                    known(line.committed()),
                    known(line.open()),
                    StateName(line.state()),
                    found ? absl::AsciiStrToLower(model::WordOf(line.found())) : "",
                    need.from(),
                    need.until(),
                    need.recurring() ? "yes" : "no",
                    std::to_string(line.record()),
                    std::to_string(line.opened()),
                    line.beyond() ? "yes" : "no",
                    money(line.assigned())},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
