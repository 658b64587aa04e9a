// See concerns.h.
#include "cli/render/concerns.h"

#include <cstdint>
#include <initializer_list>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

using Concern = v1::ConcernLine;

std::string Words(const std::string& name) {
  return absl::StrReplaceAll(absl::AsciiStrToLower(name), {{"_", " "}});
}
std::string StateWords(Concern::State state) {
  return Concern::State_IsValid(state) ? Words(model::WordOf(state)) : "?";
}
std::string KindWords(v1::RaiseConcern::Kind kind) {
  return v1::RaiseConcern::Kind_IsValid(kind) ? Words(model::WordOf(kind)) : "?";
}
std::string FakeHelpWords(Concern::FakeHelp fake_help) {
  if (fake_help == Concern::FAKE_HELP_NOT_UPHELD) return "";
  return Concern::FakeHelp_IsValid(fake_help) ? Words(model::WordOf(fake_help)) : "?";
}
std::string ResponseWords(const Concern& line) {
  if (!line.has_response()) return "";
  const auto kind = line.response().kind();
  return v1::RespondConcern::Kind_IsValid(kind) ? Words(model::WordOf(kind)) : "?";
}

// The register and the id of what it is about.
std::pair<const char*, std::string> About(const v1::RaiseConcern& concern) {
  for (const auto& [of, id] :
       {std::pair("project", &concern.project()), std::pair("need", &concern.need()),
        std::pair("party", &concern.party()), std::pair("policy", &concern.policy()),
        std::pair("evaluation", &concern.evaluation()), std::pair("notice", &concern.notice()),
        std::pair("transfer", &concern.transfer())})
    if (!id->empty()) return {of, *id};
  return {"", ""};
}

// Who is to answer now.
std::string Answers(const Concern& line) {
  std::string text = absl::StrJoin(line.answer(), ", ");
  if (!line.escalated_to().empty())
    text += (text.empty() ? "" : ", and ") + absl::StrJoin(line.escalated_to(), ", ");
  return text;
}

std::string Until(const Concern& line) {
  switch (line.state()) {
    case Concern::STATE_OPEN:
      return line.receipt_late() ? line.answer_due() : line.receipt_due();
    case Concern::STATE_CLOSED:
      return "";
    case Concern::STATE_ANSWERED:
      return line.fake_help() == Concern::FAKE_HELP_NOT_UPHELD ? "" : line.fake_help_due();
    default:
      return line.answer_due();
  }
}

Shown StateCell(const Concern& line, const Style& style) {
  const bool late = line.state() == Concern::STATE_OVERDUE || line.state() == Concern::STATE_VERY_OVERDUE;
  Shown words =
      late ? Toned(style, Tone::kBad, OwnWord(StateWords(line.state()))) : OwnWord(StateWords(line.state()));
  if (line.state() == Concern::STATE_OPEN && line.receipt_late()) words += ", not even received";
  if (line.state() == Concern::STATE_CLOSED) words += line.satisfied() ? ", satisfied" : ", not satisfied";
  const std::string fake_help = FakeHelpWords(line.fake_help());
  return fake_help.empty() ? words : words + Say("; {}", OwnWord(fake_help));
}

Shown CountText(const v1::ConcernCount& count) {
  Shown text = Say("{}: {} {}, {} open, {} overdue", OwnWord(KindWords(count.kind())), count.concerns(),
                   count.concerns() == 1 ? "concern" : "concerns", count.open(), count.overdue());
  if (count.has_median_days())
    text += Say("; {} answered, half of them in {} days", count.answered(), count.median_days());
  if (count.closed() > 0) text += Say("; {} of {} closed are satisfied", count.satisfied(), count.closed());
  return text + "\n";
}

Shown UnderConcernText(const v1::ConcernsAnswer& answer) {
  if (answer.money_beyond()) return "Money under concern: more than can be counted\n";
  Shown text;
  for (const v1::ConcernMoney& line : answer.money()) {
    const auto money = [&line](std::int64_t amount) {
      return Say("{} {}", Money(amount, line.decimals()), line.asset());
    };
    text += Say("Money under concern: {} in projects, {} paid straight for needs", money(line.in_projects()),
                money(line.for_needs()));
    if (line.in_payments() > 0)
      text += Say("; payments of {}, which may be part of that", money(line.in_payments()));
    text += "\n";
  }
  if (answer.without_money() > 0) {
    text += Say("No money is counted of {} {}\n", answer.without_money(),
                answer.without_money() == 1 ? "party, policy, evaluation or notice"
                                            : "parties, policies, evaluations and notices");
  }
  return text;
}

}  // namespace

Shown Text(const v1::ConcernsAnswer& answer, const Style& style, bool continued) {
  Shown heading = Say("Concerns on {}", answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"concern", false, true},
               {"kind"},
               {"about"},
               {"raised"},
               {"state"},
               {"until"},
               {"who answers"},
               {"newest response"},
               {"words"}});
  for (const Concern& line : answer.lines()) {
    const auto [of, id] = About(line.concern());
    Shown response = OwnWord(ResponseWords(line));
    if (line.has_response()) response += Say(" ({})", line.response().by());
    table.Add({line.concern().id(), OwnWord(KindWords(line.concern().kind())), Say("{} {}", of, id),
               line.raised(), StateCell(line, style), Until(line), Answers(line), response,
               line.concern().words().empty() ? std::string("kept from the public, bound by a hash")
                                              : line.concern().words()});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const v1::ConcernCount& count : answer.counts()) text += CountText(count);
  text += UnderConcernText(answer);
  return text + CountThen({"concern", "concerns"}, answer.lines_size(), answer, continued) +
         NamesText(answer.names(), style) + AsOf(answer.as_of(), style);
}

std::string ConcernsCsvHeader() {
  return CsvTitles({"concern",    "raised_by", "kind",         "about",          "id",
                    "raised",     "state",     "receipt_due",  "receipt_late",   "answer_due",
                    "answered",   "response",  "response_by",  "response_words", "closed_in",
                    "satisfied",  "answers",   "escalated_to", "fake_help",      "fake_help_due",
                    "money_back", "words",     "record",       "opened",         "name"});
}

std::string ConcernsCsvLines(const v1::ConcernsAnswer& answer, const ItemNames& names, sheets::Cells cells) {
  std::string text;
  for (const Concern& line : answer.lines()) {
    const auto [of, id] = About(line.concern());
    const bool closed = line.has_closed_in();
    text += CsvRow({line.concern().id(),
                    line.concern().owner(),
                    KindWords(line.concern().kind()),
                    of,
                    id,
                    line.raised(),
                    StateWords(line.state()),
                    line.receipt_due(),
                    line.receipt_late() ? "yes" : "no",
                    line.answer_due(),
                    line.answered(),
                    ResponseWords(line),
                    line.response().by(),
                    line.response().words(),
                    closed ? std::to_string(line.closed_in()) : "",
                    closed ? line.satisfied() ? "yes" : "no" : "",
                    absl::StrJoin(line.answer(), " "),
                    absl::StrJoin(line.escalated_to(), " "),
                    FakeHelpWords(line.fake_help()),
                    line.fake_help_due(),
                    line.money_back(),
                    line.concern().words(),
                    std::to_string(line.record()),
                    std::to_string(line.opened()),
                    names.Of(of, id)},
                   answer.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
