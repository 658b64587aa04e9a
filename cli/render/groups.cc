// See groups.h.
#include "cli/render/groups.h"

#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"

namespace fundtrail::render {
namespace {

std::string KindWord(int kind) {
  if (!v1::GiveSeat::Kind_IsValid(kind)) return "?";
  return model::Dashed(model::WordOf(static_cast<v1::GiveSeat::Kind>(kind)));
}
std::string KindWord(v1::FormGroup::Kind kind) {
  return v1::FormGroup::Kind_IsValid(kind) ? model::Dashed(model::WordOf(kind)) : "?";
}
std::string RoleWord(v1::GiveSeat::Role role) {
  return v1::GiveSeat::Role_IsValid(role) ? model::Dashed(model::WordOf(role)) : "?";
}
std::string StateWord(v1::GroupSeat::State state) {
  return v1::GroupSeat::State_IsValid(state) ? model::Dashed(model::WordOf(state)) : "?";
}

// Other lines of Chinese have other words for "over".
Shown StateShown(v1::GroupSeat::State state) {
  if (state == v1::GroupSeat::STATE_OVER)
    return Shown::Made(StateWord(state), std::string(ChineseOf("its last day is over")));
  if (state == v1::GroupSeat::STATE_NOT_BEGUN)
    return Shown::Made(StateWord(state), std::string(ChineseOf("not begun")));
  return OwnWord(StateWord(state));
}

// "83.33 %"; nothing where the party was never asked.
std::string Attendance(const v1::GroupSeat& seat) {
  if (seat.acts() == 0) return "";
  return fmt::format("{}.{:02} %", seat.attendance() / 100, seat.attendance() % 100);
}

// "2026-01-01 to 2027-12-31", "from 2026-01-01", "until 2027-12-31".
Shown PeriodWords(const std::string& from, const std::string& until) {
  if (from.empty()) return until.empty() ? Shown() : Say("until {}", until);
  return until.empty() ? Say("from {}", from) : Say("{} to {}", from, until);
}

// "a; b;" as a sentence: "a; b."
std::string AsSentence(std::string words) {
  for (const std::string_view last : {";", "；"}) {
    if (!words.ends_with(last)) continue;
    words.erase(words.size() - last.size());
    return words + (last == ";" ? "." : "。");
  }
  return words;
}

Shown CanAct(const v1::GroupAnswer& answer, const Style& style) {
  if (answer.can_act()) return Toned(style, Tone::kGood, "It can act.");
  const v1::FormGroup& group = answer.group().action().form_group();
  if (answer.group().has_ended())
    return Toned(style, Tone::kBad, Say("It ended with record {}.", answer.group().ended().record()));
  Shown why = "It cannot act:";
  if (answer.party_ended()) why += " its party has ended;";
  if (answer.on() < group.from()) why += Say(" its term begins on {};", group.from());
  if (!group.until().empty() && group.until() < answer.on())
    why += Say(" its term was over with {};", group.until());
  for (const int kind : answer.vacancies())
    why += Say(" no seat of the kind {} counts;", OwnWord(KindWord(kind)));
  if (answer.members() < answer.must_sign())
    why += Say(" {} must sign, and it has {};", answer.must_sign(), answer.members());
  return Toned(style, Tone::kBad, why.Each(AsSentence));
}

}  // namespace

Shown Text(const v1::GroupAnswer& answer, const Style& style) {
  const v1::FormGroup& group = answer.group().action().form_group();
  Shown heading =
      Say("Group {}, {} of {}, on {}", Named(group.id(), answer.name()), OwnWord(KindWord(group.kind())),
          Named(group.place(), answer.place_name()), answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  const Shown term = PeriodWords(group.from(), group.until());
  if (!term.empty()) text += Say("Term: {}\n", term);
  Table table({{"seat", false, true},
               {"party"},
               {"kind"},
               {"role"},
               {"state"},
               {"period"},
               {"acts", true},
               {"signed", true},
               {"recused", true},
               {"attendance", true},
               {"record", true}});
  for (const v1::GroupSeat& seat : answer.seats()) {
    const v1::GiveSeat& said = seat.seat().action().give_seat();
    table.Add({said.id(), Named(said.party(), seat.party_name()), OwnWord(KindWord(said.kind())),
               OwnWord(RoleWord(said.role())), StateShown(seat.state()),
               PeriodWords(said.from(), said.until()), std::to_string(seat.acts()),
               std::to_string(seat.signed_()), std::to_string(seat.recused()), Attendance(seat),
               std::to_string(seat.seat().record())});
  }
  text += table.empty() ? Shown("It has no seats.\n") : table.Text(style);
  text += Say("{} {}, of whom {} must sign where none is recused. It acted {} {}", answer.members(),
              answer.members() == 1 ? "member" : "members", answer.must_sign(), answer.acts(),
              answer.acts() == 1 ? "time" : "times");
  if (answer.has_last_act()) text += Say(", last with record {}", answer.last_act());
  return text + ".\n" + CanAct(answer, style) + "\n" + AsOf(answer.as_of(), style);
}

std::string GroupCsv(const v1::GroupAnswer& answer, sheets::Cells cells) {
  std::string text = CsvTitles({"seat", "party", "party_name", "kind", "role", "state", "from", "until",
                                "acts", "signed", "recused", "attendance", "record"});
  for (const v1::GroupSeat& seat : answer.seats()) {
    const v1::GiveSeat& said = seat.seat().action().give_seat();
    text += CsvRow({said.id(), said.party(), seat.party_name(), KindWord(said.kind()), RoleWord(said.role()),
                    StateWord(seat.state()), said.from(), said.until(), std::to_string(seat.acts()),
                    std::to_string(seat.signed_()), std::to_string(seat.recused()),
                    seat.acts() == 0 ? std::string() : std::to_string(seat.attendance()),
                    std::to_string(seat.seat().record())},
                   answer.as_of(), cells);
  }
  return text;
}

Shown Text(const v1::MissingGroupsAnswer& answer, const Style& style, bool continued) {
  Shown heading = Say("Places of level {} with a verified need and no {} group of their own, on {}",
                      answer.level(), OwnWord(KindWord(answer.kind())), answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"place"}, {"needs", true}, {"severity", true}});
  for (const v1::MissingGroup& line : answer.lines()) {
    table.Add({Named(line.place(), line.place_name()), std::to_string(line.needs()),
               line.severity() == 0 ? std::string() : std::to_string(line.severity())});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  text +=
      Say("{} {} of that level; {} with a verified need, of which {} with such a group.\n", answer.places(),
          answer.places() == 1 ? "place is" : "places are", answer.with_need(), answer.with_group());
  if (answer.wider_needs() > 0) {
    text +=
        Say("{} more verified {} of a wider place: no place of that level has {}.\n", answer.wider_needs(),
            answer.wider_needs() == 1 ? "need is" : "needs are", answer.wider_needs() == 1 ? "it" : "them");
  }
  return text + CountOf({"place", "places"}, answer.lines_size(), answer, continued) +
         AsOf(answer.as_of(), style);
}

std::string MissingGroupsCsvHeader() { return CsvTitles({"place", "place_name", "needs", "severity"}); }

std::string MissingGroupsCsvLines(const v1::MissingGroupsAnswer& page, sheets::Cells cells) {
  std::string text;
  for (const v1::MissingGroup& line : page.lines()) {
    text += CsvRow(
        {line.place(), line.place_name(), std::to_string(line.needs()), std::to_string(line.severity())},
        page.as_of(), cells);
  }
  return text;
}

}  // namespace fundtrail::render
