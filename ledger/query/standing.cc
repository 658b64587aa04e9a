// See standing.h.
#include "ledger/query/standing.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/standing.h"
#include "ledger/books/state.h"
#include "ledger/model/register_table.h"
#include "ledger/query/grades.h"
#include "ledger/query/item_names.h"
#include "ledger/query/project_money.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace {

using books::Subject;

// The one that the request names.
StatusOr<Subject> SubjectAsked(const v1::StandingRequest& request) {
  std::vector<Subject> named;
  if (!request.project().empty()) named.push_back({v1::Action::kProposeProject, request.project()});
  if (!request.programme().empty()) named.push_back({v1::Action::kOpenProgramme, request.programme()});
  if (!request.policy().empty()) named.push_back({v1::Action::kOpenPolicy, request.policy()});
  if (!request.party().empty()) named.push_back({v1::Action::kRegisterParty, request.party()});
  if (named.size() == 1) return named.front();
  return absl::InvalidArgumentError("name one project, programme, policy or party");
}

class StandingReader {
 public:
  StandingReader(const View& view, AsOfRecord as_of, v1::StandingAnswer* answer)
      : view_(view), then_(Then(view, as_of)), as_of_(as_of), grades_(view), answer_(*answer) {}

  Status Read(const Subject& subject) {
    FT_ASSIGN_OR_RETURN(day_, ParseDate(answer_.on()));
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, subject.action, subject.id, as_of_));
    const std::string of(model::FindRegister(subject.action)->name);
    if (!row.has_value()) {
      return absl::NotFoundError(absl::StrCat("this ledger has no ", of, " \"", Escaped(subject.id), "\"",
                                              as_of_.has_value() ? " at that record" : ""));
    }
    answer_.set_register_(of);
    answer_.set_id(subject.id);
    answer_.set_name(row->action().has_genesis() ? row->action().genesis().root_name()
                                                 : model::TextIn(model::ItemOf(row->action()), "name"));
    FT_RETURN_IF_ERROR(AddLines(subject, ""));
    const bool project = subject.action == v1::Action::kProposeProject;
    if (project) {
      const std::string& programme = row->action().propose_project().programme();
      if (!programme.empty())
        FT_RETURN_IF_ERROR(AddLines({v1::Action::kOpenProgramme, programme}, programme));
    }
    const bool has_money = project || subject.action == v1::Action::kOpenProgramme;
    answer_.set_frozen(has_money && books::Stops(answer_.verdict()));
    if (!answer_.frozen()) return absl::OkStatus();
    return project ? AddMoneyOfProject(subject.id) : AddMoneyOfProgramme(subject.id);
  }

 private:
  // Those over one item; `programme` is its id where it is that of the project that was asked for.
  Status AddLines(const Subject& subject, const std::string& programme) {
    std::optional<RecordIndex> at;
    if (as_of_.has_value()) at = RecordIndex(*as_of_);
    FT_ASSIGN_OR_RETURN(const auto row, books::GetStanding(*view_.rows, subject.action, subject.id, at));
    FT_ASSIGN_OR_RETURN(const books::Standing standing, books::StandingOn(row, day_));
    answer_.set_verdict(std::max(answer_.verdict(), standing.verdict));
    for (const v1::StandingVerdict& each : row.verdicts()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      v1::StandingLine* line = answer_.add_lines();
      line->set_evaluation(each.evaluation());
      line->set_group(each.group());
      FT_ASSIGN_OR_RETURN(const auto group, NeedParty(then_, each.group()));
      line->set_group_name(group.name());
      line->set_said(each.verdict());
      line->set_counts_as(books::VerdictOn(each, day_));
      line->set_improve_by(each.improve_by());
      line->set_valid_until(each.valid_until());
      line->set_record(each.record());
      FT_ASSIGN_OR_RETURN(*line->mutable_since(), SinceOf(each, line->counts_as()));
      line->set_programme(programme);
      FT_RETURN_IF_ERROR(
          names_.Add(then_, v1::Action::kOpenProgramme, programme, answer_.mutable_names()).status());
      FT_RETURN_IF_ERROR(AddGrade(each, line));
      FT_RETURN_IF_ERROR(view_.Grow(line->ByteSizeLong()));
    }
    return absl::OkStatus();
  }

  Status AddGrade(const v1::StandingVerdict& verdict, v1::StandingLine* line) {
    FT_ASSIGN_OR_RETURN(const auto row,
                        books::GetItem(*view_.rows, v1::Action::kEvaluate, verdict.evaluation()));
    if (!row.has_value())
      return model::Damaged(model::keys::Item(v1::Action::kEvaluate, verdict.evaluation()), "is missing");
    const RecordIndex record(verdict.record());
    FT_ASSIGN_OR_RETURN(const Date day, DayOf(view_, record));
    FT_ASSIGN_OR_RETURN(auto graded, grades_.Of(row->action().evaluate(), record, day));
    line->set_total(graded.total);
    line->set_grade(std::move(graded.grade));
    if (graded.bar.has_value()) *line->mutable_bar() = *std::move(graded.bar);
    return absl::OkStatus();
  }

  StatusOr<std::string> SinceOf(const v1::StandingVerdict& verdict, v1::Evaluate::Verdict counts_as) const {
    if (verdict.verdict() == v1::Evaluate::VERDICT_IMPROVE && counts_as == v1::Evaluate::VERDICT_SUSPEND) {
      const auto last = ParseDate(verdict.improve_by());
      if (!last.ok()) {
        return model::Damaged(model::keys::Item(v1::Action::kEvaluate, verdict.evaluation()),
                              "is to be improved by no day");
      }
      return fundtrail::ToString(Date(last->days() + 1));
    }
    FT_ASSIGN_OR_RETURN(const Date day, DayOf(view_, RecordIndex(verdict.record())));
    return fundtrail::ToString(day);
  }

  Status AddMoneyOfProject(const std::string& project) {
    v1::ProjectMoneyRequest request;
    request.set_project(project);
    request.set_on(answer_.on());
    if (as_of_.has_value()) request.set_as_of(*as_of_);
    FT_ASSIGN_OR_RETURN(const auto money, ProjectMoney(view_, request));
    for (const v1::ProjectTotals& totals : money.totals()) {
      if (totals.held() == 0 && !totals.beyond()) continue;
      v1::FrozenMoney* frozen = answer_.add_money();
      frozen->set_asset(totals.asset());
      frozen->set_decimals(totals.decimals());
      frozen->set_held(totals.held());
      frozen->set_beyond(totals.beyond());
    }
    for (const v1::ProjectHolding& holding : money.holdings()) {
      v1::FrozenHolding* held = answer_.add_holdings();
      *held->mutable_account() = holding.account();
      held->set_held(holding.held());
      FT_RETURN_IF_ERROR(view_.Grow(held->ByteSizeLong()));
    }
    answer_.set_more_holdings(money.more_holdings());
    for (const v1::FrozenHolding& holding : answer_.holdings())
      FT_RETURN_IF_ERROR(
          names_.Add(then_, v1::Action::kOpenFund, holding.account().fund(), answer_.mutable_names())
              .status());
    return absl::OkStatus();
  }

  Status AddMoneyOfProgramme(const std::string& programme) {
    std::vector<std::string> projects;  // by id
    FT_RETURN_IF_ERROR(
        EachItem(view_, v1::Action::kProposeProject, as_of_, [&](const v1::RegisterRow& row) -> Status {
          const v1::ProposeProject& project = row.action().propose_project();
          if (project.programme() == programme) projects.push_back(project.id());
          return absl::OkStatus();
        }));
    std::map<std::string, v1::FrozenMoney> by_asset;
    FT_RETURN_IF_ERROR(EachSumsOf(view_, projects, as_of_, [&](const ProjectSums& sums) -> Status {
      if (sums.totals.held.is_zero() && !sums.totals.beyond) return absl::OkStatus();
      v1::FrozenMoney& money = by_asset[sums.asset];
      std::int64_t held = money.held();
      const bool fits = AddTo(&held, sums.totals.held.value());
      money.set_beyond(money.beyond() || sums.totals.beyond || !fits);
      money.set_held(money.beyond() ? 0 : held);
      return absl::OkStatus();
    }));
    for (auto& [asset, money] : by_asset) {
      FT_ASSIGN_OR_RETURN(const auto said, NeedAsset(view_, asset));
      money.set_asset(asset);
      money.set_decimals(said.decimals());
      FT_RETURN_IF_ERROR(view_.Grow(money.ByteSizeLong()));
      *answer_.add_money() = std::move(money);
    }
    return absl::OkStatus();
  }

  const View& view_;
  const View then_;
  const AsOfRecord as_of_;
  GradeReader grades_;
  ItemNames names_;
  v1::StandingAnswer& answer_;
  Date day_;
};

}  // namespace

StatusOr<v1::StandingAnswer> Standing(const View& view, const v1::StandingRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(const Subject subject, SubjectAsked(request));
  v1::StandingAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  FT_RETURN_IF_ERROR(StandingReader(view, as_of, &answer).Read(subject));
  return answer;
}

}  // namespace fundtrail::query
