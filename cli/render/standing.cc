// See standing.h.
#include "cli/render/standing.h"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"
#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/item_names.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/wide.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::render {
namespace {

using Verdict = v1::Evaluate::Verdict;

std::string KindWords(v1::RegisterParty::Kind kind) {
  if (kind == v1::RegisterParty::KIND_UNSPECIFIED || !v1::RegisterParty::Kind_IsValid(kind))
    return "not said";
  return absl::AsciiStrToLower(absl::StrReplaceAll(model::WordOf(kind), {{"_", " "}}));
}

Shown VerdictText(const v1::StandingAnswer& answer, const Style& style) {
  switch (answer.verdict()) {
    case v1::Evaluate::VERDICT_CONTINUE:
      return Toned(style, Tone::kGood, "It goes on.");
    case v1::Evaluate::VERDICT_IMPROVE:
      return Toned(style, Tone::kWaiting, "It goes on, and is to be improved.");
    case v1::Evaluate::VERDICT_SUSPEND:
      return Toned(style, Tone::kBad, "It is suspended.");
    case v1::Evaluate::VERDICT_WITHDRAW:
      return Toned(style, Tone::kBad, "It is withdrawn.");
    default:
      return Shown("It is not evaluated: no verdict says anything on that day.");
  }
}

// What a verdict counts as, and why where that is not what was said.
Shown CountsCell(const v1::StandingLine& line) {
  if (line.counts_as() == v1::Evaluate::VERDICT_UNSPECIFIED) return "nothing: no longer valid";
  if (line.counts_as() == line.said()) return OwnWord(VerdictWord(line.counts_as()));
  return Say("{}: it is late", OwnWord(VerdictWord(line.counts_as())));
}

Shown FrozenText(const v1::StandingAnswer& answer, const Style& style) {
  if (!answer.frozen()) return "";
  Shown text = "Its money can only be sent back, until an evaluation lifts what stops it.\n";
  if (answer.money().empty()) text += "Nothing is held there.\n";
  for (const v1::FrozenMoney& money : answer.money()) {
    text += money.beyond()
                ? Say("Frozen: not known in {}, for more came in than 63 bits can count.\n", money.asset())
                : Say("Frozen: {} {}\n", Money(money.held(), money.decimals()), money.asset());
  }
  if (answer.holdings().empty()) return text;
  Table table({{"held by"}, {"fund", false, true}, {"held", true}, {"asset"}});
  for (const v1::FrozenHolding& holding : answer.holdings()) {
    const v1::Account& account = holding.account();
    table.Add({Named(account.party(), account.party_name()), account.fund(),
               Money(holding.held(), account.decimals()), account.asset()});
  }
  text += table.Text(style);
  if (answer.more_holdings() > 0) text += Say("{} more accounts hold money of it.\n", answer.more_holdings());
  return text;
}

// "project", "lunches".
std::pair<std::string, std::string> SubjectOf(const v1::Evaluate& said) {
  if (!said.project().empty()) return {"project", said.project()};
  if (!said.programme().empty()) return {"programme", said.programme()};
  if (!said.policy().empty()) return {"policy", said.policy()};
  return {"party", said.party()};
}

std::string ConcernWord(v1::RaiseConcern::Kind kind) {
  if (!v1::RaiseConcern::Kind_IsValid(kind)) return std::to_string(static_cast<int>(kind));
  return absl::AsciiStrToLower(absl::StrReplaceAll(model::WordOf(kind), {{"_", "-"}}));
}

// Below a table: what capped the grade of an evaluation, where something did.
Shown CapText(const std::string& evaluation, const std::string& grade, const v1::GradeBar& bar) {
  return Say("{} would have the grade {}. Concern {} ({}) was {}, so it is at most {}.\n", evaluation,
             bar.earned(), bar.concern(), OwnWord(ConcernWord(bar.kind())),
             bar.found_right() ? "found right, and not closed" : "not answered in time", grade);
}

// Whether the verdict stands, and what is open about it.
Shown StandsCell(const v1::EvaluationLine& line) {
  Shown words = line.stands() ? "yes" : line.annulled() ? "annulled" : "no";
  const Verdict said = line.evaluation().action().evaluate().verdict();
  if (line.stands() && line.counts_as() == v1::Evaluate::VERDICT_UNSPECIFIED)
    words += ", no longer valid";
  else if (line.stands() && line.counts_as() != said)
    words += Say(", as {}", OwnWord(VerdictWord(line.counts_as())));
  if (line.old()) words += ", old";
  if (line.open_appeals() > 0) words += ", appealed";
  return words;
}

// A share in percent: "75.61%". A server may say anything.
std::string PercentApart(std::uint64_t basis_points) {
  return Percent(static_cast<std::int64_t>(std::min<std::uint64_t>(basis_points, 1'000'000)));
}

// Basis points of `whole`, rounded down; a server may say anything.
Shown PartText(std::int64_t part, std::int64_t whole) {
  if (whole <= 0 || part < 0 || part > whole) return "";
  return Say(", {}", PercentApart(static_cast<std::uint64_t>(Wide{10'000} * part / whole)));
}

Shown AssetText(const v1::AssetParticipation& line, const Style& style) {
  const auto money = [&](std::int64_t amount) { return Money(amount, line.decimals()); };
  Shown text = Toned(style, Tone::kBold,
                     Say("{}: {} {} brought in {}", line.asset(), line.sources(),
                         line.sources() == 1 ? "source" : "sources", money(line.brought()))) +
               "\n";
  Table table({{"kind of source"}, {"sources", true}, {"brought in", true}, {"share", true}});
  for (const v1::KindOfSource& kind : line.kinds())
    table.Add({OwnWord(KindWords(kind.kind())), std::to_string(kind.sources()), money(kind.brought()),
               PercentApart(kind.share())});
  if (!table.empty()) text += table.Text(style);
  if (line.largest_brought() > 0) {
    text += Say("The largest is {}: {}{}\n", Named(line.largest(), line.largest_name()),
                money(line.largest_brought()), PartText(line.largest_brought(), line.brought()));
  }
  if (line.unrecorded() > 0)
    text += Say("Besides, {} came from where nobody recorded.\n", money(line.unrecorded()));
  if (line.sources() > 0) {
    text += Say("{} of {} sources paid in two years or more.\n", line.lasting(), line.sources());
  }
  if (line.pledges() > 0) {
    text += Say("{} of {} {} paid something under", line.pledges_paid(), line.pledges(),
                line.pledges() == 1 ? "pledge was" : "pledges were");
    if (line.has_pledge_median_days())
      text += Say("; half of them in {} {} or less", line.pledge_median_days(),
                  line.pledge_median_days() == 1 ? "day" : "days");
    text += ".\n";
  }
  std::int64_t lies = 0;
  const bool fits = !__builtin_add_overflow(line.held(), line.ended(), &lies) &&
                    !__builtin_add_overflow(lies, line.reached(), &lies);
  text += Say("Reached somebody: {}{}; {} {} of these projects\n", money(line.reached()),
              fits ? PartText(line.reached(), lies) : Shown(), line.places(),
              line.places() == 1 ? "place" : "places");
  text += Say("No further payment recorded: {}; held: {}; back with sources: {}\n", money(line.ended()),
              money(line.held()), money(line.with_sources()));
  return text;
}

}  // namespace

Shown Text(const v1::StandingAnswer& answer, const Style& style) {
  Shown heading = Say("How {} {} stands on {}", RegisterWord(answer.register_()),
                      Named(answer.id(), answer.name()), answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  // Chinese has another word for what is over a limit.
  Column over{"over"};
  over.means = "judged";
  Table table({{"group"},
               {"verdict"},
               {"counts as"},
               {"grade"},
               {"since"},
               {"improve by"},
               {"evaluation", false, true},
               {"record", true},
               over});
  for (const v1::StandingLine& line : answer.lines()) {
    table.Add({Named(line.group(), line.group_name()), OwnWord(VerdictWord(line.said())), CountsCell(line),
               line.grade(), line.since(), line.improve_by(), line.evaluation(),
               std::to_string(line.record()),
               line.programme().empty() ? RegisterWord(answer.register_())
                                        : Say("programme {}", line.programme())});
  }
  if (!table.empty()) text += table.Text(style);
  for (const v1::StandingLine& line : answer.lines())
    if (line.has_bar()) text += CapText(line.evaluation(), line.grade(), line.bar());
  return text + VerdictText(answer, style) + "\n" + FrozenText(answer, style) +
         NamesText(answer.names(), style) + AsOf(answer.as_of(), style);
}

Shown Text(const v1::EvaluationsAnswer& answer, const Style& style, bool continued) {
  Shown heading = Say("Evaluations on {}", answer.on());
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  Table table({{"evaluation", false, true},
               {"judged"},
               {"group"},
               {"total", true},
               {"grade"},
               {"verdict"},
               {"stands"},
               {"day"},
               {"record", true}});
  for (const v1::EvaluationLine& line : answer.lines()) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    const auto [subject, id] = SubjectOf(said);
    table.Add({said.id(), Say("{} {}", RegisterWord(subject), id), Named(said.group(), line.group_name()),
               std::to_string(line.total()), line.grade(), OwnWord(VerdictWord(said.verdict())),
               StandsCell(line), line.day(), std::to_string(line.evaluation().record())});
  }
  text += table.empty() ? Shown("None.\n") : table.Text(style);
  for (const v1::EvaluationLine& line : answer.lines()) {
    if (line.has_bar()) text += CapText(line.evaluation().action().evaluate().id(), line.grade(), line.bar());
  }
  return text + CountThen({"evaluation", "evaluations"}, answer.lines_size(), answer, continued) +
         AsOf(answer.as_of(), style);
}

std::string EvaluationsCsvHeader() {
  return CsvTitles(
      {"evaluation",     "group",       "group_name",   "subject",      "subject_id", "method",
       "method_version", "total",       "grade",        "verdict",      "stands",     "counts_as",
       "improve_by",     "valid_until", "annulled",     "open_appeals", "old",        "day",
       "record",         "report",      "earned_grade", "capped_by"});
}

std::string EvaluationsCsvLines(const v1::EvaluationsAnswer& answer, sheets::Cells cells) {
  std::string text;
  for (const v1::EvaluationLine& line : answer.lines()) {
    const v1::Evaluate& said = line.evaluation().action().evaluate();
    const auto [subject, id] = SubjectOf(said);
    const auto yes = [](bool is) { return std::string(is ? "yes" : "no"); };
    text += CsvRow({said.id(),
                    said.group(),
                    line.group_name(),
                    subject,
                    id,
                    said.method(),
                    std::to_string(line.method_version()),
                    std::to_string(line.total()),
                    line.grade(),
                    VerdictWord(said.verdict()),
                    yes(line.stands()),
                    VerdictWord(line.counts_as()),
                    said.improve_by(),
                    said.valid_until(),
                    yes(line.annulled()),
                    std::to_string(line.open_appeals()),
                    yes(line.old()),
                    line.day(),
                    std::to_string(line.evaluation().record()),
                    said.report(),
                    line.has_bar() ? line.bar().earned() : line.grade(),
                    line.bar().concern()},
                   answer.as_of(), cells);
  }
  return text;
}

Shown Text(const v1::ParticipationAnswer& answer, const Style& style) {
  const ItemNames names(answer.names());
  Shown heading = "Who takes part";
  if (!answer.fund().empty()) heading += Say(", fund {}", Named(answer.fund(), names.Fund(answer.fund())));
  if (!answer.programme().empty())
    heading += Say(", programme {}", Named(answer.programme(), names.Of("programme", answer.programme())));
  if (!answer.project().empty())
    heading += Say(", project {}", Named(answer.project(), names.Project(answer.project())));
  if (answer.has_as_of_record()) heading += Say(", as of record {}", answer.as_of_record());
  Shown text = Toned(style, Tone::kBold, heading) + "\n";
  if (answer.assets().empty()) text += "No money is there.\n";
  for (const v1::AssetParticipation& line : answer.assets()) text += AssetText(line, style);
  if (answer.calls() > 0) {
    text += Say("{} of {} {} answered by a pledge that names it", answer.calls_answered(), answer.calls(),
                answer.calls() == 1 ? "call was" : "calls were");
    if (answer.has_call_median_days())
      text += Say("; half of them in {} {} or less", answer.call_median_days(),
                  answer.call_median_days() == 1 ? "day" : "days");
    text += ".\n";
  }
  return text + JoinedText(answer.joined()) + AsOf(answer.as_of(), style);
}

}  // namespace fundtrail::render
