// See project.h.
#include "cli/render/project.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>

#include "cli/render/endings.h"
#include "cli/render/registers.h"
#include "cli/render/table.h"
#include "cli/render/words.h"
#include "ledger/base/decimal.h"
#include "ledger/base/wide.h"
#include "ledger/model/enum_word.h"
#include "ledger/model/item_text.h"

namespace fundtrail::render {
namespace {

const char* ProjectStateWords(v1::ProjectState state) {
  switch (state) {
    case v1::PROJECT_STATE_PROPOSED:
      return "proposed: nobody decided on its present version";
    case v1::PROJECT_STATE_PROJECT_APPROVED:
      return "approved, and no money was put in";
    case v1::PROJECT_STATE_RUNNING:
      return "running: approved, and money was put in";
    case v1::PROJECT_STATE_FINALISING:
      return "finalising: money was put in, and its last day is over";
    case v1::PROJECT_STATE_PROJECT_REJECTED:
      return "rejected in its present version";
    case v1::PROJECT_STATE_CLOSED:
      return "closed: it has ended";
    default:
      return "?";
  }
}

Shown TotalsText(const v1::ProjectMoneyAnswer& answer, const Style& style) {
  Table table({{"asset"},
               {"brought in", true},
               {"moved in", true},
               {"held", true},
               {"ends here", true},
               {"reached", true},
               {"at sources", true},
               {"sent back", true},
               {"taken out", true}});
  Shown sums;
  for (const v1::ProjectTotals& totals : answer.totals()) {
    const auto money = [&](std::int64_t amount) { return Money(amount, totals.decimals()); };
    if (totals.beyond()) {
      sums += Say("More {} came in than 63 bits can count: the sums are not known.\n", totals.asset());
      continue;
    }
    table.Add({totals.asset(), money(totals.minted()), money(totals.moved_in()), money(totals.held()),
               money(totals.ended()), money(totals.reached()), money(totals.with_sources()),
               money(totals.sent_back()), money(totals.taken_out())});
    sums += Toned(style, Tone::kBold,
                  Say("{} {} brought in by sources + {} moved in = {} held + {} ends here + {} reached "
                      "recipients + "
                      "{} back at sources + {} sent back + {} taken out",
                      money(totals.minted()), totals.asset(), money(totals.moved_in()), money(totals.held()),
                      money(totals.ended()), money(totals.reached()), money(totals.with_sources()),
                      money(totals.sent_back()), money(totals.taken_out()))) +
            "\n";
    if (totals.unrecorded() != 0 || totals.committed_in() != 0) {
      sums += Say("Of what came in, {} is of unrecorded origin, and {} is committed and not paid.\n",
                  money(totals.unrecorded()), money(totals.committed_in()));
    }
  }
  if (answer.totals().empty()) return "No money was ever in it.\n";
  return (table.empty() ? Shown() : table.Text(style)) + sums;
}

Shown HoldingsText(const v1::ProjectMoneyAnswer& answer, const Style& style) {
  if (answer.holdings().empty()) return {};
  Table table({{"held", true}, {"asset"}, {"since"}, {"by"}});
  for (const v1::ProjectHolding& holding : answer.holdings()) {
    const v1::Account& account = holding.account();
    table.Add({Money(holding.held(), account.decimals()), account.asset(), holding.since(),
               Say("{} ({}), fund {}", account.party_name(), account.party(), account.fund())});
  }
  Shown more;
  if (answer.more_holdings() > 0) {
    more = Say("and {} {} more\n", Number(answer.more_holdings()),
               answer.more_holdings() == 1 ? "account" : "accounts");
  }
  return "\n" + table.Text(style) + more + NamesText(answer.names(), style) +
         "Held: not passed on, as far as this ledger has heard.\n";
}

// How much of the budget is there. Nothing where nobody said a budget, or its asset never came in.
Shown BudgetText(const v1::ProjectMoneyAnswer& answer) {
  const v1::ProposeProject& project = answer.project().action().propose_project();
  for (const v1::ProjectTotals& totals : answer.totals()) {
    if (project.budget() <= 0 || totals.asset() != project.asset() || totals.beyond()) continue;
    const Wide placed = std::max<Wide>(0, Wide{totals.held()} + totals.ended() + totals.reached());
    const auto shown = [](Wide number) {
      return static_cast<std::int64_t>(std::min(number, Wide{kMaxInt64}));
    };
    return Say("Of the budget of {} {}, {} lies with holders and recipients: {}.\n",
               Money(project.budget(), totals.decimals()), totals.asset(),
               Money(shown(placed), totals.decimals()), Percent(shown(placed * 10'000 / project.budget())));
  }
  return {};
}

// "sum", "latest"; of a target that says no rule, the usual one.
std::string RuleWord(v1::Target::Rule rule, v1::Target::Rule usual) {
  return model::Dashed(model::WordOf(rule == v1::Target::RULE_UNSPECIFIED ? usual : rule));
}

Shown ResultsText(const v1::ProjectMoneyAnswer& answer, const Style& style) {
  if (answer.results().empty()) return {};
  Table table({{"before", true},
               {"target", true},
               {"reported", true},
               {"of target", true},
               {"reports", true},
               {"newest", true},
               {"places"},
               {"periods"},
               {"indicator"}});
  bool capped = false;
  std::uint64_t more = 0;
  for (const v1::ProjectResult& result : answer.results()) {
    const v1::Target& target = result.target();
    capped = capped || result.reported() == kMaxInt64;
    more = std::max(more, result.more());
    const std::string indicator =
        target.unit().empty() ? target.indicator() : target.indicator() + ", " + target.unit();
    table.Add({Money(target.baseline(), 0), Money(target.target(), 0),
               result.has_reported() ? Money(result.reported(), 0) : "",
               result.has_ratio() ? Percent(result.ratio()) : "", Number(result.reports()),
               result.has_newest() ? std::to_string(result.newest()) : "",
               OwnWord(RuleWord(target.across_places(), v1::Target::RULE_SUM)),
               OwnWord(RuleWord(target.across_periods(), v1::Target::RULE_LATEST)), indicator});
  }
  Shown text = "\n" + table.Text(style);
  if (capped)
    text +=
        Say("No number above {} is said: there the reports come to at least so many.\n", Money(kMaxInt64, 0));
  if (more > 0)
    text +=
        Say("Of one indicator {} more reports do not count: they are about more places and periods than are "
            "kept.\n",
            Number(more));
  return text +
         "Reported: what the party says. The ledger did not count it. Newest: the record of the newest "
         "report.\n";
}

Shown StateText(const v1::ProjectMoneyAnswer& answer) {
  return Say("  {:<16} {} (on {})\n", "state", ProjectStateWords(answer.state()), answer.on());
}

// Nothing where no verdict says anything.
Shown ProjectVerdictText(const v1::ProjectMoneyAnswer& answer) {
  if (!answer.has_verdict()) return {};
  const v1::ProjectVerdict& verdict = answer.verdict();
  return Say("  {:<16} {}{}: evaluation {} by {}, record {}{}\n", "verdict",
             OwnWord(VerdictWord(verdict.counts_as())),
             verdict.programme().empty() ? Shown() : Say(", over programme {}", verdict.programme()),
             verdict.evaluation(), Named(verdict.group(), verdict.group_name()), verdict.record(),
             verdict.frozen() ? "; its money is frozen, and can only be sent back" : "");
}

Shown Then(const v1::ProjectMoneyAnswer& answer) {
  return answer.has_as_of_record() ? Say("As of record {}:\n", answer.as_of_record()) : Shown();
}

Shown Below(const v1::ProjectMoneyAnswer& answer, const Style& style) {
  return "\n" + TotalsText(answer, style) + BudgetText(answer) + HoldingsText(answer, style) +
         ResultsText(answer, style) + AsOf(answer.as_of(), style);
}

}  // namespace

Shown Text(const v1::ProjectMoneyAnswer& answer, const Style& style, const ItemNames& of_item) {
  if (!answer.has_project()) return MoneyText(answer, style);
  return Then(answer) + RegisterItem(answer.project(), of_item, style) + StateText(answer) +
         ProjectVerdictText(answer) + Below(answer, style);
}

Shown MoneyText(const v1::ProjectMoneyAnswer& answer, const Style& style) {
  if (!answer.has_project()) {
    return Then(answer) + Toned(style, Tone::kBold, "general money, which is in no project") + "\n" +
           Below(answer, style);
  }
  const v1::ProposeProject& project = answer.project().action().propose_project();
  return Then(answer) + Toned(style, Tone::kBold, Say("project {}: {}", project.id(), project.name())) +
         "\n" + StateText(answer) + ProjectVerdictText(answer) + Below(answer, style);
}

}  // namespace fundtrail::render
