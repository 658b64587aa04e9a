// See findings.h.
#include "ledger/query/findings/findings.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "ledger/crypto/sha256.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/findings/held_receipts.h"
#include "ledger/query/findings/rules.h"
#include "ledger/query/item_names.h"
#include "ledger/query/movements.h"

namespace fundtrail::query {

namespace {

// How a rule works, beside its text in the model.
struct RuleMaker {
  v1::FindingRule rule;
  std::unique_ptr<FindingWork> (*make)(const FindingInput& input);
  bool takes_transfers;
  bool takes_held;
  bool looks_at_others = false;  // it finishes last, and needs what the others find
};

constexpr RuleMaker kMakers[] = {
    {v1::FINDING_RULE_IDLE, MakeIdleRule, false, true},
    {v1::FINDING_RULE_HELD_UPSTREAM, MakeHeldUpstreamRule, false, true},
    {v1::FINDING_RULE_ROUND_TRIP, MakeRoundTripRule, true, false},
    {v1::FINDING_RULE_SPLIT, MakeSplitRule, true, false},
    {v1::FINDING_RULE_DUPLICATE, MakeDuplicateRule, true, false},
    {v1::FINDING_RULE_OUT_OF_PERIOD, MakeOutOfPeriodRule, true, false},
    {v1::FINDING_RULE_NOT_ANNOUNCED, MakeNotAnnouncedRule, true, false},
    {v1::FINDING_RULE_SILENT, MakeSilentRule, true, false},
    {v1::FINDING_RULE_SELF_DEALING, MakeSelfDealingRule, true, false},
    {v1::FINDING_RULE_PAID_TWICE, MakePaidTwiceRule, true, false},
    {v1::FINDING_RULE_LEFT_OUT, MakeLeftOutRule, false, false},
    {v1::FINDING_RULE_OVERFUNDED, MakeOverfundedRule, false, false},
    {v1::FINDING_RULE_RESULT_ODD, MakeResultOddRule, false, false},
    {v1::FINDING_RULE_OUT_EXCEEDS_IN, MakeOutExceedsInRule, true, false},
    {v1::FINDING_RULE_ANNOUNCED_DIFFERS, MakeAnnouncedDiffersRule, true, false},
    {v1::FINDING_RULE_UNANSWERED, MakeUnansweredRule, false, false},
    {v1::FINDING_RULE_UNACCOUNTED, MakeUnaccountedRule, true, true},
    {v1::FINDING_RULE_MAGNITUDE, MakeMagnitudeRule, true, false},
    {v1::FINDING_RULE_UNSOUND_EVALUATION, MakeUnsoundEvaluationRule, false, false, true},
    {v1::FINDING_RULE_OFF_TARGET, MakeOffTargetRule, true, false},
};

struct FindingsAsked {
  AsOfRecord as_of;
  std::string day;
  Date on;
  std::vector<const model::FindingRuleText*> rules;  // in the order of the table, each once
  std::vector<std::vector<std::int64_t>> values;     // of the parameters of each
};

StatusOr<FindingsAsked> ReadFindingsAsked(const View& view, const v1::FindingsRequest& request) {
  FindingsAsked asked;
  if (request.has_as_of()) asked.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(asked.day, DayAsked(view, request.on(), asked.as_of));
  FT_ASSIGN_OR_RETURN(asked.on, ParseDate(asked.day));
  std::set<int> rules(request.rules().begin(), request.rules().end());
  for (const int rule : rules) {
    if (model::FindFindingRule(static_cast<v1::FindingRule>(rule)) == nullptr)
      return absl::InvalidArgumentError(
          absl::StrCat("rules: ", rule, " is not known: there are ", model::FindingRuleNames()));
  }
  for (const model::FindingRuleText& text : model::FindingRules()) {
    if (!rules.empty() && rules.count(text.rule) == 0) continue;
    asked.rules.push_back(&text);
    std::vector<std::int64_t>& values = asked.values.emplace_back();
    for (const model::FindingParameterRule& parameter : text.parameters) values.push_back(parameter.usual);
  }
  for (const std::string& text : request.set()) {
    FT_ASSIGN_OR_RETURN(const model::FindingSetting setting, model::ParseFindingSetting(text));
    const auto found = std::find(asked.rules.begin(), asked.rules.end(), setting.rule);
    if (found == asked.rules.end())
      return absl::InvalidArgumentError(absl::StrCat("set: ", model::WordOf(setting.rule->rule),
                                                     " is not among the rules that are asked for"));
    asked.values[static_cast<std::size_t>(found - asked.rules.begin())]
                [static_cast<std::size_t>(setting.parameter)] = setting.value;
  }
  return asked;
}

// Its place in a token, whose length has a bound.
std::string PlaceOfFinding(const v1::Finding& finding) {
  constexpr std::size_t kPlaceBytes = 16;
  return HexEncode(crypto::Sha256(NameOfFinding(finding)).view().substr(0, kPlaceBytes));
}

class FindingsWalk {
 public:
  // For a party and a fund, where they are not empty.
  FindingsWalk(const View& view, FindingsAsked asked, PageToken token, const std::string& party,
               const std::string& fund)
      : view_(view),
        then_(Then(view, asked.as_of)),
        asked_(std::move(asked)),
        token_(std::move(token)),
        list_(view_, then_, party, fund) {}

  Status Read() {
    std::vector<const model::FindingRuleText*> rules = asked_.rules;
    std::vector<std::vector<std::int64_t>> values = asked_.values;
    const bool of_others = std::any_of(rules.begin(), rules.end(), [](const model::FindingRuleText* rule) {
      return MakerOf(rule->rule) != nullptr && MakerOf(rule->rule)->looks_at_others;
    });
    if (of_others) AddOthers(&rules, &values, &list_);
    BackMoney back(view_, asked_.as_of);
    std::vector<std::unique_ptr<FindingWork>> works, last;
    std::vector<FindingWork*> of_transfers, of_held;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const RuleMaker* maker = MakerOf(rules[i]->rule);
      if (maker == nullptr) return absl::InternalError("a rule of findings has no file");
      auto& at = maker->looks_at_others ? last : works;
      at.push_back(maker->make({view_, &back, asked_.as_of, asked_.on, rules[i], values[i]}));
      if (maker->takes_transfers) of_transfers.push_back(at.back().get());
      if (maker->takes_held) of_held.push_back(at.back().get());
    }
    if (!of_transfers.empty() || !of_held.empty())
      FT_RETURN_IF_ERROR(ReadTransfers(of_transfers, of_held, &back));
    // What a rule kept is gone before the next one works.
    for (auto* const finishing : {&works, &last}) {
      for (std::unique_ptr<FindingWork>& work : *finishing) {
        FT_RETURN_IF_ERROR(work->Finish(&list_));
        work.reset();
      }
    }
    list_.Sort();
    CountRules();
    return absl::OkStatus();
  }

  Status Begin(const std::string& token) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(token));
    const auto& all = list_.findings();
    const auto found = std::find_if(all.begin(), all.end(), [&](const KeptFinding& finding) {
      return PlaceOfFinding(FindingList::Read(finding)) == place;
    });
    if (found == all.end()) return token_.Refused(token);
    at_ = static_cast<std::size_t>(found - all.begin()) + 1;
    begun_ = true;
    return absl::OkStatus();
  }

  std::uint64_t InAll() const { return list_.findings().size(); }

  StatusOr<std::optional<std::string>> Fill(v1::FindingsAnswer* page, PageBudget* budget) {
    if (asked_.as_of.has_value()) page->set_as_of_record(*asked_.as_of);
    page->set_on(asked_.day);
    if (!begun_) {
      page->mutable_rules()->Add(rules_.begin(), rules_.end());
      budget->TakeBytes(page->ByteSizeLong());
    }
    begun_ = true;
    const auto& all = list_.findings();
    for (; at_ < all.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      // The first page has a finding, however long the lines of the rules are.
      if (budget->full() && at_ > 0)
        return std::optional(token_.At(PlaceOfFinding(FindingList::Read(all[at_ - 1]))));
      FT_ASSIGN_OR_RETURN(v1::Finding finding, list_.Whole(all[at_]));
      budget->TakePart(finding.ByteSizeLong());
      for (const auto& [of, id] : {std::pair(v1::Action::kOpenFund, &finding.fund()),
                                   std::pair(v1::Action::kProposeProject, &finding.project())}) {
        FT_ASSIGN_OR_RETURN(const std::size_t names, names_.Add(then_, of, *id, page->mutable_names()));
        budget->TakeBytes(names);
      }
      *page->add_findings() = std::move(finding);
    }
    return std::optional<std::string>();
  }

 private:
  // Each transfer to the rules that look at it, and what of it is still held to those that look at that.
  Status ReadTransfers(const std::vector<FindingWork*>& of_transfers,
                       const std::vector<FindingWork*>& of_held, BackMoney* back) {
    std::optional<HeldReceipts> receipts;
    if (!of_held.empty()) {
      FT_ASSIGN_OR_RETURN(receipts, HeldReceipts::Read(view_, asked_.as_of));
    }
    FT_ASSIGN_OR_RETURN(MoneyWalk walk, MoneyWalk::Open(view_, asked_.as_of));
    const auto take = [&](const SummedTransfer& transfer) -> Status {
      back->See(transfer.row);
      for (FindingWork* work : of_transfers) FT_RETURN_IF_ERROR(work->Take(transfer));
      const Amount held = receipts.has_value() ? receipts->Of(transfer.row) : Amount();
      if (held.is_zero()) return absl::OkStatus();
      for (FindingWork* work : of_held) FT_RETURN_IF_ERROR(work->TakeHeld(transfer, held, &list_));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(walk.Each(take));
    back->SeenAll();
    return receipts.has_value() ? receipts->Check() : absl::OkStatus();
  }

  static const RuleMaker* MakerOf(v1::FindingRule rule) {
    const auto found = std::find_if(std::begin(kMakers), std::end(kMakers),
                                    [rule](const RuleMaker& one) { return one.rule == rule; });
    return found == std::end(kMakers) ? nullptr : found;
  }

  // The rules that were not asked for, with their usual parameters: the list keeps nothing of them.
  void AddOthers(std::vector<const model::FindingRuleText*>* rules,
                 std::vector<std::vector<std::int64_t>>* values, FindingList* list) const {
    for (const model::FindingRuleText& text : model::FindingRules()) {
      if (std::find(asked_.rules.begin(), asked_.rules.end(), &text) != asked_.rules.end()) continue;
      rules->push_back(&text);
      std::vector<std::int64_t>& usual = values->emplace_back();
      for (const model::FindingParameterRule& parameter : text.parameters) usual.push_back(parameter.usual);
      list->NoteOnly(text.rule);
    }
  }

  void CountRules() {
    std::map<v1::FindingRule, std::pair<std::uint64_t, std::uint64_t>> counts;  // SERIOUS, and LOOK
    for (const KeptFinding& finding : list_.findings()) {
      auto& [serious, look] = counts[finding.rule];
      ++(finding.grade == v1::Finding::GRADE_SERIOUS ? serious : look);
    }
    for (std::size_t i = 0; i < asked_.rules.size(); ++i) {
      const model::FindingRuleText& text = *asked_.rules[i];
      v1::FindingRuleLine& line = rules_.emplace_back();
      line.set_rule(text.rule);
      line.set_formula(text.formula);
      line.set_innocent(text.innocent);
      line.set_incomplete(list_.HasStopped(text.rule));
      for (std::size_t p = 0; p < text.parameters.size(); ++p) {
        v1::FindingParameter* parameter = line.add_parameters();
        parameter->set_name(text.parameters[p].name);
        parameter->set_value(asked_.values[i][p]);
      }
      line.set_serious(counts[text.rule].first);
      line.set_look(counts[text.rule].second);
    }
  }

  const View& view_;
  const View then_;
  ItemNames names_;
  const FindingsAsked asked_;
  const PageToken token_;
  FindingList list_;
  std::vector<v1::FindingRuleLine> rules_;
  std::size_t at_ = 0;
  bool begun_ = false;
};

}  // namespace

StatusOr<Pages<v1::FindingsAnswer>> Findings(const View& view, const v1::FindingsRequest& request,
                                             const Paging& paging) {
  FT_ASSIGN_OR_RETURN(FindingsAsked asked, ReadFindingsAsked(view, request));
  FT_RETURN_IF_ERROR(CheckAsOf(view, asked.as_of));
  if (!request.party().empty()) FT_RETURN_IF_ERROR(FindParty(view, request.party()).status());
  if (!request.fund().empty()) FT_RETURN_IF_ERROR(CheckFund(view, request.fund()));
  std::string rules;
  for (std::size_t i = 0; i < asked.rules.size(); ++i)
    absl::StrAppend(&rules, asked.rules[i]->rule, ":", absl::StrJoin(asked.values[i], ","), ";");
  PageToken token{"findings",     rules,        request.party(),
                  request.fund(), request.on(), asked.as_of.has_value() ? absl::StrCat(*asked.as_of) : ""};
  const auto walk = std::make_shared<FindingsWalk>(view, std::move(asked), std::move(token), request.party(),
                                                   request.fund());
  FT_RETURN_IF_ERROR(walk->Read());
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(walk->Begin(paging.after));
  const auto fill = [walk](v1::FindingsAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::FindingsAnswer>(view, paging, WithCount<v1::FindingsAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
