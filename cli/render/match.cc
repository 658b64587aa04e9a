// See match.h.
#include "cli/render/match.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "cli/render/csv.h"
#include "cli/render/endings.h"
#include "cli/render/people.h"
#include "cli/render/table.h"

namespace fundtrail::render {
namespace {

constexpr char kExtra[] = "the extra amount";
constexpr int kMaxIds = 12;  // that a sentence names

std::string SeverityText(std::uint32_t severity, std::uint32_t priority) {
  std::string text = severity == 0 ? std::string() : std::to_string(severity);
  if (priority > 0) text += (text.empty() ? "-, " : ", ") + std::to_string(priority);
  return text;
}

// A server may say anything.
std::int64_t Minus(std::int64_t from, std::int64_t what) {
  std::int64_t rest = 0;
  return __builtin_sub_overflow(from, what, &rest) ? from : rest;
}

Shown PledgeName(const std::string& id) { return id.empty() ? Shown(kExtra) : Say("{}", id); }

Shown DonorName(const v1::MatchPledge& pledge) {
  return pledge.owner_name().empty() ? Safe(pledge.owner())
                                     : Say("{} ({})", pledge.owner_name(), pledge.owner());
}

// "spring 40.00, autumn 20.00".
Shown PartsText(const v1::MatchNeed& need, std::uint32_t decimals) {
  Shown text;
  for (const v1::MatchPart& part : need.parts()) {
    if (!text.empty()) text += ", ";
    text += Say("{} {}", PledgeName(part.pledge()), Money(part.amount(), decimals));
  }
  return text;
}

// The first of them, and how many more there are.
template <typename Ids, typename Name>
Shown IdsText(const Ids& ids, const Name& name) {
  Shown text;
  const int shown = std::min<int>(ids.size(), kMaxIds);
  for (int i = 0; i < shown; ++i) {
    if (i > 0) text += ", ";
    text += name(ids.Get(i));
  }
  if (ids.size() > shown) text += Say(" and {} more (--json names them)", ids.size() - shown);
  return text;
}

Shown SetText(const v1::MatchSet& set, const v1::MatchAnswer& answer) {
  const auto money = [&](std::int64_t amount) { return Money(amount, answer.decimals()); };
  const Shown needs = IdsText(set.needs(), [](const std::string& id) { return Say("{}", id); });
  if (set.pledges_size() == 0)
    return Say("No pledge is for {}. Lacking: {} {}.\n", needs, money(set.open()), answer.asset());
  const Shown pledges = IdsText(set.pledges(), [](const std::string& id) { return PledgeName(id); });
  return Say("Only {} can serve {}, and nothing of it is left: {} - {} = {} {} lacking.\n", pledges, needs,
             money(set.open()), money(set.pledged()), money(Minus(set.open(), set.pledged())),
             answer.asset());
}

Shown Heading(const v1::MatchAnswer& answer, const v1::MatchRequest& request) {
  Shown words = Say("Match of {} on {}", answer.asset(), answer.on());
  if (answer.has_as_of_record()) words += Say(", as of record {}", answer.as_of_record());
  if (!request.place().empty()) words += Say(", in {}", request.place());
  if (!request.category().empty()) words += Say(", for {}", request.category());
  if (request.extra() > 0) words += Say(", with {} extra", Money(request.extra(), answer.decimals()));
  return words;
}

Shown MethodText(const v1::MatchAnswer& answer) {
  if (answer.method() == v1::MatchRequest::METHOD_PROPORTIONAL)
    return "The most severe needs first; within a level each gets the same share of what it lacks.\n";
  return answer.per_person()
             ? Shown("The most severe needs first; within a level each gets the same for each person.\n")
             : Shown("The most severe needs first; within a level each need gets the same amount.\n");
}

// What of all adds up.
Shown SumsText(const v1::MatchAnswer& answer) {
  const auto money = [&](std::int64_t amount) { return Money(amount, answer.decimals()); };
  return Say("Needs: {} matched + {} lacking = {} {}\n", money(answer.matched()),
             money(Minus(answer.open(), answer.matched())), money(answer.open()), answer.asset()) +
         Say("Pledges: {} matched + {} left = {} {}\n", money(answer.matched()),
             money(Minus(answer.pledged(), answer.matched())), money(answer.pledged()), answer.asset());
}

}  // namespace

Shown Text(const v1::MatchAnswer& answer, const v1::MatchRequest& request, const Style& style) {
  Shown text = Toned(style, Tone::kBold, Heading(answer, request)) + "\n";
  const auto money = [&](std::int64_t amount) { return Money(amount, answer.decimals()); };
  Table needs({{"need", false, true},
               {"severity"},
               {"people", true},
               {"open", true},
               {"matched", true},
               {"lacking", true},
               {"place"},
               {"category"},
               {.title = "from", .means = "the pledges"}});
  for (const v1::MatchNeed& need : answer.needs()) {
    needs.Add({need.need(), SeverityText(need.severity(), need.priority()), People(need.people()),
               money(need.open()), money(need.matched()), money(Minus(need.open(), need.matched())),
               Say("{} ({})", need.place_name(), need.place()),
               Say("{} ({})", need.category_name(), need.category()), PartsText(need, answer.decimals())});
  }
  text += needs.empty() ? Say("No verified need lacks {}.\n", answer.asset()) : needs.Text(style);
  Table pledges({{"pledge", false, true},
                 {"donor"},
                 {"had", true},
                 {"matched", true},
                 {"left", true},
                 {"assigned by"}});
  for (const v1::MatchPledge& pledge : answer.pledges()) {
    const char* by = pledge.pledge().empty()       ? ""
                     : pledge.accepts_assignment() ? "a group"
                                                   : "a group and the donor";
    pledges.Add({PledgeName(pledge.pledge()), DonorName(pledge), money(pledge.left()),
                 money(pledge.matched()), money(Minus(pledge.left(), pledge.matched())), by});
  }
  text += pledges.empty() ? Shown("No pledge in force is for them.\n") : pledges.Text(style);
  for (const v1::MatchSet& set : answer.sets()) text += SetText(set, answer);
  text += MethodText(answer) + SumsText(answer);
  if (answer.elsewhere() > 0) {
    text += Say("{} more {} for none of these needs, with {} {} left.\n", answer.elsewhere(),
                answer.elsewhere() == 1 ? "pledge is" : "pledges are", money(answer.elsewhere_left()),
                answer.asset());
  }
  if (answer.not_verified() > 0) {
    text +=
        Say("{} more {} in force {} not matched: nobody verified the present version, or it was refused.\n",
            answer.not_verified(), answer.not_verified() == 1 ? "need" : "needs",
            answer.not_verified() == 1 ? "is" : "are");
  }
  return text + "Nothing is assigned by this: it is a proposal.\n" + AsOf(answer.as_of(), style);
}

std::string MatchCsv(const v1::MatchAnswer& answer, sheets::Cells cells) {
  std::string text =
      CsvTitles({"need", "place", "place_name", "category", "category_name", "severity", "priority", "people",
                 "asset", "need_open", "need_matched", "part", "pledge", "owner", "amount", "owner_name"});
  std::map<std::string, const v1::MatchPledge*> pledges;
  for (const v1::MatchPledge& pledge : answer.pledges()) pledges[pledge.pledge()] = &pledge;
  const auto money = [&](std::int64_t amount) { return PlainMoney(amount, answer.decimals()); };
  const auto number = [](std::int64_t said) { return said == 0 ? std::string() : std::to_string(said); };
  for (const v1::MatchNeed& need : answer.needs()) {
    const auto add = [&](const std::string& part, const std::string& pledge, std::int64_t amount) {
      const auto found = pledges.find(pledge);
      const bool known = part == "pledge" && found != pledges.end();
      text += CsvRow(
          {need.need(), need.place(), need.place_name(), need.category(), need.category_name(),
           number(need.severity()), number(need.priority()), PlainPeople(need.people()), answer.asset(),
           money(need.open()), money(need.matched()), part, pledge, known ? found->second->owner() : "",
           money(amount), known ? found->second->owner_name() : ""},
          answer.as_of(), cells);
    };
    for (const v1::MatchPart& part : need.parts())
      add(part.pledge().empty() ? "extra" : "pledge", part.pledge(), part.amount());
    if (need.matched() < need.open()) add("lacking", "", Minus(need.open(), need.matched()));
  }
  return text;
}

}  // namespace fundtrail::render
