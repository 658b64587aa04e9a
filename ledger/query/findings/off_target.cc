// OFF_TARGET.
//
//   OTHER_GROUPS   of a policy for target groups: what was paid to RECIPIENTs in its projects, where the project is for a group that is
//                  none of these and below none; and for needs of such a group, out of its funds. More than `part` of 10,000 of all
//                  that was paid to RECIPIENTs there    LOOK
//     amount  that sum    compared  all that was paid there    item  the policy    parties  its owner
//   OTHER_POLICY   RECLASSIFICATIONs from a project of a policy to one of other policies alone, and that no group approved with
//                  the newest decision on it    SERIOUS
//     amount  what was moved    project  where it was    beside  where it is now    parties  whose money it is
//
// The projects of a policy are those of its programmes, and those that its funds pay. Whose project, or need, names no group, or whose
// policy has ended, is not looked at. What was sent back whole is no payment, and no move. To which group a recipient itself belongs the
// ledger does not know.
#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "ledger/books/state.h"
#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What recipients got in one project, or for needs of one group, out of one fund in one asset.
struct TargetedMoney {
  model::AccountNumber to;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

struct MovedMoney {
  model::AccountNumber from, to;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

class OffTargetRule : public FindingWork {
 public:
  explicit OffTargetRule(const FindingInput& input)
      : view_(input.view), back_(*input.back), as_of_(input.as_of), part_(input.Value("part")) {}

  Status Take(const SummedTransfer& transfer) override {
    FT_RETURN_IF_ERROR(ReadPolicies());
    if (policies_.empty()) return absl::OkStatus();
    const SummedAccount &from = transfer.from, &to = transfer.to;
    const model::TransferRow& row = transfer.row;
    if (row.kind == v1::TRANSFER_KIND_RECLASSIFICATION && from.project != 0 && to.project != 0 &&
        from.project != to.project) {
      FT_ASSIGN_OR_RETURN(const bool back, back_.All(row));
      if (back) return absl::OkStatus();
      MovedMoney& of = moved_[{from.party->number, from.project, to.project, from.fund, to.fund, from.asset}];
      of.from = row.from;
      of.to = row.to;
      of.amount += row.amount.value();
      return kept_.Add(SeeIn(moved_, &of, transfer.ref, row.date));
    }
    if (!IsPayment(transfer) || row.committed() || to.party->role != v1::ROLE_RECIPIENT)
      return absl::OkStatus();
    std::string group;
    if (to.project == 0) {
      FT_ASSIGN_OR_RETURN(const auto need, books::GetNeedOfTransfer(*view_.rows, transfer.ref));
      if (!need.has_value()) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto said, ItemThen(view_, v1::Action::kDeclareNeed, *need, as_of_));
      if (!said.has_value())
        return model::Damaged(keys::Item(v1::Action::kDeclareNeed, *need),
                              "is missing, and a payment names it");
      group = said->action().declare_need().target_group();
      if (group.empty()) return absl::OkStatus();
    }
    FT_ASSIGN_OR_RETURN(const bool back, back_.All(row));
    if (back) return absl::OkStatus();
    TargetedMoney& of = targeted_[{to.project, group, to.fund, to.asset}];
    of.to = row.to;
    of.amount += row.to_amount.value();
    return kept_.Add(group.size() + SeeIn(targeted_, &of, transfer.ref, row.date));
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(ReadPolicies());
    if (policies_.empty()) return absl::OkStatus();
    FT_RETURN_IF_ERROR(FindOtherGroups(list));
    for (const auto& [key, of] : moved_) FT_RETURN_IF_ERROR(FindOtherPolicy(of, list));
    return absl::OkStatus();
  }

 private:
  using PoliciesById = std::map<std::string, std::vector<std::size_t>>;
  struct OffMoney {
    Wide all = 0, off = 0;
    SeenTransfers seen;  // of `off`
  };

  Status FindOtherGroups(FindingList* list) {
    FT_ASSIGN_OR_RETURN(const ItemTree groups, ReadTree(view_, v1::Action::kDeclareTargetGroup, as_of_));
    std::map<std::pair<std::size_t, std::string>, OffMoney> by_policy;  // and asset
    for (const auto& [key, of] : targeted_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      std::string group = std::get<1>(key);
      if (!to.project().empty()) {
        FT_ASSIGN_OR_RETURN(const v1::ProposeProject* project, ProjectOf(to.project()));
        group = project->target_group();
      }
      if (group.empty()) continue;
      FT_ASSIGN_OR_RETURN(const auto policies, PoliciesOf(to));
      for (const std::size_t at : policies) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        if (policies_[at].target_groups().empty()) continue;
        OffMoney& sums = by_policy[{at, to.asset()}];
        sums.all += of.amount;
        if (IsOnTarget(policies_[at], group, groups)) continue;
        sums.off += of.amount;
        sums.seen.Add(of.seen);
      }
    }
    for (auto& [of, sums] : by_policy) {
      if (sums.off == 0 || sums.off * kWhole <= sums.all * part_) continue;
      const v1::OpenPolicy& policy = policies_[of.first];
      v1::Finding finding;
      finding.set_kind(v1::Finding::KIND_OTHER_GROUPS);
      finding.set_grade(v1::Finding::GRADE_LOOK);
      finding.add_parties(policy.owner());
      finding.set_asset(of.second);
      finding.set_amount(Capped(sums.off));
      finding.set_compared(Capped(sums.all));
      finding.set_item(policy.id());
      sums.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_OFF_TARGET, std::move(finding)));
    }
    return absl::OkStatus();
  }

  static bool IsOnTarget(const v1::OpenPolicy& policy, const std::string& group, const ItemTree& groups) {
    const int item = groups.Find(group);
    return std::any_of(policy.target_groups().begin(), policy.target_groups().end(),
                       [&](const std::string& top) {
                         const int above = groups.Find(top);
                         return above != kNoItem && item != kNoItem && groups.IsIn(above, item);
                       });
  }

  Status FindOtherPolicy(const MovedMoney& of, FindingList* list) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
    FT_ASSIGN_OR_RETURN(const auto before, PoliciesOf(from));
    FT_ASSIGN_OR_RETURN(const auto after, PoliciesOf(to));
    std::vector<std::size_t> common;
    std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                          std::back_inserter(common));
    if (before.empty() || after.empty() || !common.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool approved, IsApprovedByGroup(to.project()));
    if (approved) return absl::OkStatus();
    v1::Finding finding;
    finding.set_kind(v1::Finding::KIND_OTHER_POLICY);
    finding.set_grade(v1::Finding::GRADE_SERIOUS);
    finding.add_parties(from.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_beside(to.project());
    finding.set_asset(from.asset());
    finding.set_amount(Capped(of.amount));
    of.seen.Tell(&finding);
    return list->Add(v1::FINDING_RULE_OFF_TARGET, std::move(finding));
  }

  // Those of its fund, and of the programme of its project.
  StatusOr<std::set<std::size_t>> PoliciesOf(const v1::AccountName& account) {
    std::set<std::size_t> policies;  // their places
    const auto add = [&](const PoliciesById& by, const std::string& id) {
      if (const auto found = by.find(id); found != by.end())
        policies.insert(found->second.begin(), found->second.end());
    };
    add(of_funds_, account.fund());
    if (account.project().empty()) return policies;
    FT_ASSIGN_OR_RETURN(const v1::ProposeProject* project, ProjectOf(account.project()));
    add(of_programmes_, project->programme());
    return policies;
  }

  StatusOr<bool> IsApprovedByGroup(const std::string& project) const {
    FT_ASSIGN_OR_RETURN(const auto newest, NewestSaid(view_, v1::Action::kProposeProject, project,
                                                      v1::Action::kApproveProject, as_of_));
    if (!newest.has_value()) return false;
    const v1::ApproveProject& said = newest->action().approve_project();
    if (said.decision() != v1::ApproveProject::DECISION_APPROVED) return false;
    FT_ASSIGN_OR_RETURN(const auto group, ItemThen(view_, v1::Action::kFormGroup, said.by(), as_of_));
    return group.has_value();
  }

  // The version of then; each is read once.
  StatusOr<const v1::ProposeProject*> ProjectOf(const std::string& id) {
    if (const auto found = projects_.find(id); found != projects_.end()) return &found->second;
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kProposeProject, id),
                            "is missing, and an account names it");
    FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(projects_)> + row->ByteSizeLong()));
    return &projects_.emplace(id, row->action().propose_project()).first->second;
  }

  // Once: those that go on.
  Status ReadPolicies() {
    if (read_) return absl::OkStatus();
    read_ = true;
    return EachItem(view_, v1::Action::kOpenPolicy, as_of_, [this](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (row.has_ended()) return absl::OkStatus();
      const v1::OpenPolicy& policy = row.action().open_policy();
      for (const std::string& id : policy.programmes()) of_programmes_[id].push_back(policies_.size());
      for (const std::string& id : policy.funds()) of_funds_[id].push_back(policies_.size());
      policies_.push_back(policy);
      return kept_.Add(row.ByteSizeLong());
    });
  }

  const View& view_;
  BackMoney& back_;
  const AsOfRecord as_of_;
  const std::int64_t part_;
  bool read_ = false;
  std::vector<v1::OpenPolicy> policies_;
  PoliciesById of_programmes_, of_funds_;
  std::map<std::string, v1::ProposeProject> projects_;
  // By project, the group of the need where there is none, fund and asset.
  std::map<std::tuple<std::uint32_t, std::string, std::uint32_t, std::uint32_t>, TargetedMoney> targeted_;
  // By party, projects, both funds and asset: the fund where it is now says of which policies.
  std::map<std::array<std::uint32_t, 6>, MovedMoney> moved_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOffTargetRule(const FindingInput& input) {
  return std::make_unique<OffTargetRule>(input);
}

}  // namespace fundtrail::query
