// OFF_TARGET.
//
//   OTHER_GROUPS   of a policy for target groups: what was paid to RECIPIENTs in its projects, where the project is for a group that is
//                  none of these and below none; and for needs of such a group, out of its funds. More than `part` of 10,000 of all
//                  that was paid to RECIPIENTs there    LOOK
//     amount  that sum    compared  all that was paid there    item  the policy    parties  its owner
//   OTHER_POLICY   RECLASSIFICATIONs from a project of a policy to one that has no policy in common with it, and that no group
//                  approved with the newest decision on it    SERIOUS
//     amount  what was moved    project  where it was    beside  where it is now    parties  whose money it is
//
// The projects of a policy are those of its programmes, and those that its funds pay. Whose project, or need, names no group, or whose
// policy has ended, is not looked at. What was sent back whole is no payment. To which group a recipient itself belongs the
// ledger does not know.
#include <algorithm>
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
  std::vector<TransferRef> refs;
  v1::Finding days;
};

struct MovedMoney {
  model::AccountNumber from, to;  // of one of them
  Wide amount = 0;
  std::vector<TransferRef> refs;
  v1::Finding days;
};

class OffTargetRule : public FindingWork {
 public:
  explicit OffTargetRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), part_(input.Value("part")) {}

  Status Take(const SummedTransfer& transfer) override {
    FT_RETURN_IF_ERROR(ReadPolicies());
    if (policies_.empty()) return absl::OkStatus();
    const SummedAccount &from = transfer.from, &to = transfer.to;
    const model::TransferRow& row = transfer.row;
    if (row.kind == v1::RECLASSIFICATION && from.project != 0 && to.project != 0 &&
        from.project != to.project) {
      MovedMoney& of = moved_[{from.party->number, from.project, to.project, from.fund, from.asset}];
      of.from = row.from;
      of.to = row.to;
      of.amount += row.amount.value();
      return See(transfer, &of.refs, &of.days);
    }
    if (!IsPayment(transfer) || row.committed() || to.party->role != v1::RECIPIENT) return absl::OkStatus();
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
    FT_ASSIGN_OR_RETURN(const bool back, WasSentBack(view_, row, as_of_));
    if (back) return absl::OkStatus();
    TargetedMoney& of = targeted_[{to.project, group, to.fund, to.asset}];
    of.to = row.to;
    of.amount += row.to_amount.value();
    return See(transfer, &of.refs, &of.days);
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(ReadPolicies());
    if (policies_.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const ItemTree groups, ReadTree(view_, v1::Action::kDeclareTargetGroup, as_of_));
    for (const v1::OpenPolicy& policy : policies_)
      if (!policy.target_groups().empty()) FT_RETURN_IF_ERROR(FindOtherGroups(policy, groups, list));
    for (const auto& [key, of] : moved_) FT_RETURN_IF_ERROR(FindOtherPolicy(of, list));
    return absl::OkStatus();
  }

 private:
  struct OffMoney {
    Wide all = 0, off = 0;
    std::vector<TransferRef> refs;  // of `off`
    v1::Finding days;
  };

  Status FindOtherGroups(const v1::OpenPolicy& policy, const ItemTree& groups, FindingList* list) const {
    const std::set<std::string> programmes(policy.programmes().begin(), policy.programmes().end());
    const std::set<std::string> funds(policy.funds().begin(), policy.funds().end());
    std::map<std::string, OffMoney> by_asset;
    for (const auto& [key, of] : targeted_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      std::string group = std::get<1>(key);
      bool is_its = funds.contains(to.fund());
      if (!to.project().empty()) {
        FT_ASSIGN_OR_RETURN(const v1::ProposeProject project, ProjectOf(to.project()));
        is_its = is_its || programmes.contains(project.programme());
        group = project.target_group();
      }
      if (!is_its || group.empty()) continue;
      const int item = groups.Find(group);
      const bool on_target = std::any_of(
          policy.target_groups().begin(), policy.target_groups().end(), [&](const std::string& top) {
            const int above = groups.Find(top);
            return above != kNoItem && item != kNoItem && groups.IsIn(above, item);
          });
      OffMoney& sums = by_asset[to.asset()];
      sums.all += of.amount;
      if (on_target) continue;
      sums.off += of.amount;
      sums.refs.insert(sums.refs.end(), of.refs.begin(), of.refs.end());
      for (const std::string& day : {of.days.first(), of.days.last()}) {
        FT_ASSIGN_OR_RETURN(const Date date, ParseDate(day));
        SeeDay(date, &sums.days);
      }
    }
    for (auto& [asset, sums] : by_asset) {
      if (sums.off == 0 || sums.off * kWhole <= sums.all * part_) continue;
      v1::Finding finding = std::move(sums.days);
      finding.set_kind(v1::Finding::OTHER_GROUPS);
      finding.set_grade(v1::Finding::LOOK);
      finding.add_parties(policy.owner());
      finding.set_asset(asset);
      finding.set_amount(Capped(sums.off));
      finding.set_compared(Capped(sums.all));
      finding.set_item(policy.id());
      SetEvidence(std::move(sums.refs), &finding);
      finding.set_count(finding.evidence_count());
      FT_RETURN_IF_ERROR(list->Add(v1::OFF_TARGET, std::move(finding)));
    }
    return absl::OkStatus();
  }

  Status FindOtherPolicy(const MovedMoney& of, FindingList* list) const {
    FT_RETURN_IF_ERROR(view_.GoOn());
    FT_ASSIGN_OR_RETURN(const auto from, NeedAccountName(view_, of.from));
    FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
    FT_ASSIGN_OR_RETURN(const auto before, PoliciesOf(from));
    FT_ASSIGN_OR_RETURN(const auto after, PoliciesOf(to));
    std::vector<std::string> common;
    std::set_intersection(before.begin(), before.end(), after.begin(), after.end(),
                          std::back_inserter(common));
    if (before.empty() || !common.empty()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool approved, IsApprovedByGroup(to.project()));
    if (approved) return absl::OkStatus();
    v1::Finding finding = of.days;
    finding.set_kind(v1::Finding::OTHER_POLICY);
    finding.set_grade(v1::Finding::SERIOUS);
    finding.add_parties(from.party());
    finding.set_fund(from.fund());
    finding.set_project(from.project());
    finding.set_beside(to.project());
    finding.set_asset(from.asset());
    finding.set_amount(Capped(of.amount));
    SetEvidence(of.refs, &finding);
    finding.set_count(finding.evidence_count());
    return list->Add(v1::OFF_TARGET, std::move(finding));
  }

  StatusOr<std::set<std::string>> PoliciesOf(const v1::AccountName& account) const {
    FT_ASSIGN_OR_RETURN(const v1::ProposeProject project, ProjectOf(account.project()));
    std::set<std::string> ids;
    for (const v1::OpenPolicy& policy : policies_) {
      const auto& programmes = policy.programmes();
      const auto& funds = policy.funds();
      if (std::find(programmes.begin(), programmes.end(), project.programme()) != programmes.end() ||
          std::find(funds.begin(), funds.end(), account.fund()) != funds.end())
        ids.insert(policy.id());
    }
    return ids;
  }

  StatusOr<bool> IsApprovedByGroup(const std::string& project) const {
    FT_ASSIGN_OR_RETURN(const auto newest, NewestSaid(view_, v1::Action::kProposeProject, project,
                                                      v1::Action::kApproveProject, as_of_));
    if (!newest.has_value()) return false;
    const v1::ApproveProject& said = newest->action().approve_project();
    if (said.decision() != v1::ApproveProject::APPROVED) return false;
    FT_ASSIGN_OR_RETURN(const auto group, ItemThen(view_, v1::Action::kFormGroup, said.by(), as_of_));
    return group.has_value();
  }

  StatusOr<v1::ProposeProject> ProjectOf(const std::string& id) const {
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
    if (!row.has_value())
      return model::Damaged(keys::Item(v1::Action::kProposeProject, id),
                            "is missing, and an account names it");
    return row->action().propose_project();
  }

  Status See(const SummedTransfer& transfer, std::vector<TransferRef>* refs, v1::Finding* days) {
    refs->push_back(transfer.ref);
    SeeDay(transfer.row.date, days);
    return kept_.Add(sizeof(TransferRef));
  }

  // Once: those that go on.
  Status ReadPolicies() {
    if (read_) return absl::OkStatus();
    read_ = true;
    return EachItem(view_, v1::Action::kOpenPolicy, as_of_, [this](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (row.has_ended()) return absl::OkStatus();
      policies_.push_back(row.action().open_policy());
      return kept_.Add(row.ByteSizeLong());
    });
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::int64_t part_;
  bool read_ = false;
  std::vector<v1::OpenPolicy> policies_;
  // By project, the group of the need where there is none, fund and asset.
  std::map<std::tuple<std::uint32_t, std::string, std::uint32_t, std::uint32_t>, TargetedMoney> targeted_;
  // By party, projects, fund and asset.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>, MovedMoney>
      moved_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOffTargetRule(const FindingInput& input) {
  return std::make_unique<OffTargetRule>(input);
}

}  // namespace fundtrail::query
