// See finding_rules.h.
#include "ledger/model/finding_rules.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "ledger/base/text.h"
#include "ledger/model/enum_word.h"

namespace fundtrail::model {
namespace {

using Parameter = FindingParameterRule;

constexpr std::int64_t kMaxDays = 36'600;
constexpr std::int64_t kMaxPart = 10'000;
constexpr std::int64_t kMaxUnits = 1'000'000'000'000'000;

constexpr Parameter kIdleParameters[] = {
    {"days", 365, 0, kMaxDays, "money that came so many days ago, or before, counts"},
    {"serious_days", 730, 0, kMaxDays, "SERIOUS where some of it came so many days ago, or before"},
};
constexpr Parameter kUpstreamParameters[] = {
    {"days", 30, 0, kMaxDays, "receipts of so many days ago, or before, count"},
    {"part", 1'000, 0, kMaxPart, "more than this part of 10,000 of a receipt is still there"},
    {"serious_days", 180, 0, kMaxDays, "SERIOUS where the receipt is of so many days ago, or before"},
};
constexpr Parameter kRoundTripParameters[] = {
    {"hops", 6, 2, 12, "the most payments from the first to the one that brings the money back"},
    {"days", 365, 0, kMaxDays, "the most days from the first payment to that one"},
};
constexpr Parameter kSplitParameters[] = {
    {"days", 7, 1, 366, "payments within so many days count together; 1 is the same day"},
    {"limit", 0, 0, kMaxUnits, "the limit, in the smallest unit; 0 takes those of the fund's approval rules"},
};
constexpr Parameter kDuplicateParameters[] = {
    {"run", 20, 2, 500, "the fewest payments of a run"},
};
constexpr Parameter kPeriodParameters[] = {
    {"days", 30, 0, kMaxDays, "payments up to so many days outside the period do not count"},
};
constexpr Parameter kAnnouncedParameters[] = {
    {"days", 90, 0, kMaxDays, "a result is due so many days after the last day of the project"},
};
constexpr Parameter kSilentParameters[] = {
    {"days", 30, 0, kMaxDays, "payments of which nobody said anything for more days than these count"},
};
constexpr Parameter kMagnitudeParameters[] = {
    {"times", 1'000, 2, 1'000'000, "more than so many times the median counts"},
    {"payments", 5, 2, 1'000'000, "a median is taken of so many payments or more"},
    {"digits", 5, 3, 18, "so many digits or more are compared with the reference"},
};
constexpr Parameter kDealingParameters[] = {
    {"days", 30, 0, kMaxDays,
     "a notice that begins so many days before or after the record of the payment discloses it"},
};
constexpr Parameter kLeftOutParameters[] = {
    {"severity", 3, 1, 5, "needs of this severity, 1 to 5, or a worse one count"},
};
constexpr Parameter kOverfundedParameters[] = {
    {"part", 11'000, 10'000, 1'000'000, "more than this part of 10,000 of what is asked is placed"},
};
constexpr Parameter kResultParameters[] = {
    {"part", 20'000, 10'000, 1'000'000, "more than this part of 10,000 of the target was reported"},
};
constexpr Parameter kAnnouncementParameters[] = {
    {"part", 0, 0, kMaxPart, "totals that differ by no more than this part of 10,000 do not count"},
};
constexpr Parameter kUnaccountedParameters[] = {
    {"days", 365, 0, kMaxDays, "money that came so many days ago, or before, counts"},
    {"part", 1'000, 0, kMaxPart, "more than this part of 10,000 of what came counts"},
    {"serious_part", 5'000, 0, kMaxPart, "SERIOUS above this part of 10,000"},
};
constexpr Parameter kTargetParameters[] = {
    {"part", 0, 0, kMaxPart, "more than this part of 10,000 of what was paid went to other groups"},
};

constexpr FindingRuleText kRules[] = {
    {v1::FINDING_RULE_IDLE,
     "per account of a holder: the sum of what it holds whose transfer has a value date on or before D - "
     "days",
     "a project that runs for years; a reserve that its rules ask for; payments that were made and not yet "
     "recorded",
     kIdleParameters},
    {v1::FINDING_RULE_HELD_UPSTREAM,
     "per receipt of a holder by APPROPRIATION or ALLOCATION, dated on or before D - days: what of it is "
     "still held > "
     "part x the receipt",
     "money paid on in steps, as work goes on; the holder is the one that spends it; payments not yet "
     "recorded",
     kUpstreamParameters},
    {v1::FINDING_RULE_ROUND_TRIP,
     "units that a party pays and that come to it again, within hops payments and days, none of them a "
     "RETURN or "
     "REVERSAL; and payments of a party to itself, but for RECLASSIFICATION and EXCHANGE",
     "two bodies that commission each other for different work; a carry-over to another year; money sent "
     "back that "
     "was recorded as a payment",
     kRoundTripParameters},
    {v1::FINDING_RULE_SPLIT,
     "per payer, payee, fund and asset: two or more payments within days, each below the limit, together at "
     "or above it",
     "a contract that is paid in instalments; wages; purchases for different sites that only look alike",
     kSplitParameters},
    {v1::FINDING_RULE_DUPLICATE,
     "payments of the same accounts, amount and value date that were not sent back whole; and run or more "
     "payments "
     "in a row that are those of an earlier run in its order. SERIOUS where each has the same reference and "
     "the same words as its twin",
     "equal instalments, wages or grants on one day; one invoice in equal parts", kDuplicateParameters},
    {v1::FINDING_RULE_OUT_OF_PERIOD,
     "transfers into a project, but for what is sent back, with a value date more than days before its first "
     "day or "
     "after its last",
     "a last invoice that came late; a period that was extended and not amended in the register",
     kPeriodParameters},
    {v1::FINDING_RULE_NOT_ANNOUNCED,
     "a project with payments for which no PLAN notice was complete on the day of the record of its first "
     "one; or "
     "whose last day is days or more before D and no RESULT notice began by D",
     "a notice on paper that nobody recorded; a project too small for a notice by its own rules",
     kAnnouncedParameters},
    {v1::FINDING_RULE_SILENT,
     "per payer, recipient, fund and asset: payments without an acknowledgement for more than days; and each "
     "payment of which "
     "the newest acknowledgement says NOT_RECEIVED or WITH_ISSUES",
     "a recipient without a key or a network; a practice to confirm once a quarter; a dispute that was "
     "settled by word",
     kSilentParameters},
    {v1::FINDING_RULE_SELF_DEALING,
     "payments between parties to which one key is granted by name, and to a RECIPIENT that stands above or "
     "below its payer; of which no notice about the project of the payment began within days of its record",
     "a body that keeps the keys of its branches; an import that registered each recipient below the payer; "
     "a notice on paper that nobody recorded",
     kDealingParameters},
    {v1::FINDING_RULE_PAID_TWICE,
     "payments to one RECIPIENT out of two funds or more: for one need, together above what it asked for; or "
     "in projects of one category whose places meet and whose periods intersect",
     "two funds that agreed to share the cost; different work in one category; one body that works in many "
     "places",
     {}},
    {v1::FINDING_RULE_LEFT_OUT,
     "places and categories with a verified need of this severity, or of one that nobody stated, and no "
     "money, open project, promise or team",
     "help that came outside the ledger; a project that is not approved yet; a category that another one "
     "covers",
     kLeftOutParameters},
    {v1::FINDING_RULE_OVERFUNDED,
     "places and categories where what is placed is more than part x what is asked, beside another category "
     "there, as severe or more, where less than half is placed",
     "a need that grew and was not amended; money that may be spent for one purpose only; goods that serve "
     "both",
     kOverfundedParameters},
    {v1::FINDING_RULE_RESULT_ODD,
     "projects of which reports come to 0 of a target while money reached recipients, or to more than part x "
     "the target",
     "a report that is yet to be corrected; a plan that was too careful; people who were counted at each "
     "visit",
     kResultParameters},
    {v1::FINDING_RULE_OUT_EXCEEDS_IN,
     "per party, fund and asset: what came to it from the party `unrecorded`, beside all that it paid",
     "donors of earlier years; receipts outside the file that was imported; money of its own",
     {}},
    {v1::FINDING_RULE_ANNOUNCED_DIFFERS,
     "notices of kind ALLOCATION, RECIPIENTS or RESULT whose total, or number of rows, is neither that of "
     "all payments that they are about until their first day, nor of those since the notice before it",
     "payments that were recorded later than announced; a total that has other money in it; rows that were "
     "put together",
     kAnnouncementParameters},
    {v1::FINDING_RULE_UNANSWERED,
     "concerns that nobody answered in 20 days, SERIOUS after 40; and fake help that was found right, where "
     "in 60 days no "
     "money went back and no evaluation withdrew what it is about",
     "an answer that was given by word and not recorded; a body that no longer exists",
     {}},
    {v1::FINDING_RULE_UNACCOUNTED,
     "per fund and asset: what came on or before D - days and lies with holders who did not acknowledge it, "
     "or with recipients whose role nobody stated and who did not either, > part x all that came into the "
     "fund",
     "holders without the habit to acknowledge; recipients outside the file that was imported; a project "
     "that runs for years",
     kUnaccountedParameters},
    {v1::FINDING_RULE_MAGNITUDE,
     "PAID or COMMITTED payments of more than times the median of their payer, kind and asset, where it has "
     "enough "
     "payments; and payments whose amount has the digits of their reference",
     "one large grant of a donor that gives mostly small ones; a number of a contract that is its amount",
     kMagnitudeParameters},
    {v1::FINDING_RULE_UNSOUND_EVALUATION,
     "evaluations that stand: where most members of the group were recused; and those that say CONTINUE "
     "where nobody judged the same by FIELD, CROSS or THIRD_PARTY, or another rule finds something SERIOUS "
     "about it",
     "a small project that a desk can judge; a serious finding that was explained in the report; a place "
     "where members have many posts",
     {}},
    {v1::FINDING_RULE_OFF_TARGET,
     "per policy for target groups: what was paid to recipients in its projects, and for needs, of other "
     "groups, > part x all that was paid there; and money moved from a project of a policy to one of another "
     "policy that no group approved",
     "a project whose group was not amended; a group that was not declared below another; a move that a "
     "group decided and that is recorded elsewhere",
     kTargetParameters},
};

}  // namespace

int FindingRuleText::Find(std::string_view name) const {
  for (std::size_t i = 0; i < parameters.size(); ++i)
    if (parameters[i].name == name) return static_cast<int>(i);
  return -1;
}

std::span<const FindingRuleText> FindingRules() { return kRules; }

const FindingRuleText* FindFindingRule(v1::FindingRule rule) {
  for (const FindingRuleText& one : kRules)
    if (one.rule == rule) return &one;
  return nullptr;
}

const FindingRuleText* FindFindingRule(std::string_view name) {
  const std::string full = absl::StrReplaceAll(absl::AsciiStrToUpper(std::string(name)), {{"-", "_"}});
  v1::FindingRule rule = v1::FINDING_RULE_UNSPECIFIED;
  return model::ReadWord(full, &rule) ? FindFindingRule(rule) : nullptr;
}

std::string FindingRuleNames() {
  std::string names;
  for (const FindingRuleText& one : kRules)
    absl::StrAppend(&names, names.empty() ? "" : ", ", model::WordOf(one.rule));
  return names;
}

StatusOr<FindingSetting> ParseFindingSetting(std::string_view text) {
  const auto refused = [&](const std::string& why) {
    return absl::InvalidArgumentError(absl::StrCat("set: \"", Escaped(text), "\" ", why));
  };
  const std::size_t dot = text.find('.'), equals = text.find('=');
  if (dot == std::string_view::npos || equals == std::string_view::npos || dot > equals)
    return refused("is no setting: write RULE.PARAMETER=NUMBER, as IDLE.days=90");
  FindingSetting setting;
  setting.rule = FindFindingRule(text.substr(0, dot));
  if (setting.rule == nullptr) return refused(absl::StrCat("names no rule: there are ", FindingRuleNames()));
  setting.parameter = setting.rule->Find(text.substr(dot + 1, equals - dot - 1));
  if (setting.parameter < 0) {
    std::string names;
    for (const FindingParameterRule& one : setting.rule->parameters)
      absl::StrAppend(&names, names.empty() ? "" : ", ", one.name);
    return refused(absl::StrCat("names no parameter: ", model::WordOf(setting.rule->rule), " has ",
                                names.empty() ? "none" : names));
  }
  const FindingParameterRule& rule = setting.rule->parameters[static_cast<std::size_t>(setting.parameter)];
  const std::string number(text.substr(equals + 1));
  if (!absl::SimpleAtoi(number, &setting.value) || setting.value < rule.least || setting.value > rule.most)
    return refused(absl::StrCat("has no value from ", rule.least, " to ", rule.most));
  return setting;
}

}  // namespace fundtrail::model
