// RESULT_ODD. A project whose reports on a target, as ProjectMoney adds them up on D,
//
//   NOTHING_REACHED   come to 0 of a target above 0, while money of the project reached recipients. SERIOUS when its last day is before
//                     D, else LOOK
//   FAR_ABOVE_PLAN    come to more than `part` of 10,000 of the target    LOOK
//
//   amount    what reached recipients    compared  0    number  what was reported    expected  the target
//   records   the newest report that counts, and the project's    one finding for each project, target and asset, or without one where
//             nothing reached a recipient
//
// A target of which nobody reported anything is no finding: it is not known. Nor is what comes to 0 where further reports are left out. The population of a place is not known either.
#include <algorithm>
#include <map>
#include <utility>

#include "ledger/query/findings/rules.h"
#include "ledger/query/project_results.h"

namespace fundtrail::query {
namespace {

struct ReachedMoney {
  std::string asset;
  std::int64_t amount = 0;
};

class ResultOddRule : public FindingWork {
 public:
  explicit ResultOddRule(const FindingInput& input)
      : view_(input.view),
        quiet_(input.view),
        as_of_(input.as_of),
        on_(fundtrail::ToString(input.on)),
        part_(input.Value("part")) {
    quiet_.grow = nullptr;
  }

  Status Finish(FindingList* list) override {
    FT_RETURN_IF_ERROR(EachProjectSums(view_, as_of_, [this](const ProjectSums& sums) -> Status {
      const std::int64_t reached = sums.totals.reached.value() + sums.totals.ended.value();
      if (sums.project.empty() || reached == 0) return absl::OkStatus();
      reached_[sums.project].push_back({sums.asset, reached});
      return kept_.Add(sizeof(ReachedMoney) + sums.project.size());
    }));
    return EachItem(view_, v1::Action::kProposeProject, as_of_,
                    [&](const v1::RegisterRow& row) { return See(row, list); });
  }

 private:
  Status See(const v1::RegisterRow& row, FindingList* list) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const v1::ProposeProject& project = row.action().propose_project();
    v1::ProjectMoneyAnswer answer;
    answer.set_on(on_);
    FT_RETURN_IF_ERROR(AddResults(quiet_, row, as_of_, &answer));
    for (const v1::ProjectResult& result : answer.results()) {
      if (!result.has_reported() || result.target().target() <= 0) continue;
      const bool nothing = result.reported() == 0;
      if (nothing ? result.more() > 0 : result.ratio() <= part_) continue;
      // Days sort as their texts do.
      const bool over = !project.until().empty() && project.until() < on_;
      v1::Finding finding;
      finding.set_kind(nothing ? v1::Finding::KIND_NOTHING_REACHED : v1::Finding::KIND_FAR_ABOVE_PLAN);
      finding.set_grade(nothing && over ? v1::Finding::GRADE_SERIOUS : v1::Finding::GRADE_LOOK);
      finding.add_parties(project.owner());
      if (!project.implementer().empty() && project.implementer() != project.owner())
        finding.add_parties(project.implementer());
      finding.set_project(project.id());
      finding.set_count(result.reports());
      finding.set_number(result.reported());
      finding.set_expected(result.target().target());
      finding.set_indicator(result.target().indicator());
      SetRecords({result.newest(), row.record()}, &finding);
      const auto money = reached_.find(project.id());
      if (money == reached_.end()) {
        if (!nothing) FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_RESULT_ODD, std::move(finding)));
        continue;
      }
      for (const ReachedMoney& of : money->second) {
        finding.set_asset(of.asset);
        finding.set_amount(of.amount);
        FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_RESULT_ODD, finding));
      }
    }
    return absl::OkStatus();
  }

  const View& view_;
  View quiet_;  // results are no part of the answer that is made
  const AsOfRecord as_of_;
  const std::string on_;
  const std::int64_t part_;
  std::map<std::string, std::vector<ReachedMoney>> reached_;  // by project
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeResultOddRule(const FindingInput& input) {
  return std::make_unique<ResultOddRule>(input);
}

}  // namespace fundtrail::query
