// NOT_ANNOUNCED. A project into which money was paid, and
//
//   NO_PLAN_NOTICE     no notice of kind PLAN that names it was complete on the day of the record of its first payment. Its days
//                      count from its first, but not from before the record that made its version
//   NO_RESULT_NOTICE   its last day is `days` days before D, or more, and no notice of kind RESULT that names it began by D
//
//   amount    what was put in, but for what came from itself    compared  0    count  those transfers    LOOK
//   one finding for each project, fund, asset and kind
//
// Notices that were withdrawn do not count, and no version but that of then.
#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct PutIn {
  model::AccountNumber to;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

struct AnnouncedProject {
  std::optional<RecordIndex> first;                                // the record of the first payment
  std::map<std::pair<std::uint32_t, std::uint32_t>, PutIn> money;  // by fund and asset
  std::optional<Date> plan_complete;                               // of the notice that is complete first
  bool has_result = false;
};

class NotAnnouncedRule : public FindingWork {
 public:
  explicit NotAnnouncedRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), on_(input.on), due_(input.Before(input.Value("days"))) {}

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount& to = transfer.to;
    if (to.project == 0 || transfer.row.sends_back() || transfer.from.project == to.project)
      return absl::OkStatus();
    AnnouncedProject& project = projects_[to.project];
    if (!project.first.has_value()) {
      project.first = transfer.ref.record;
      FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(projects_)>));
    }
    PutIn& money = project.money[{to.fund, to.asset}];
    money.to = transfer.row.to;
    money.amount += transfer.row.to_amount.value();
    return kept_.Add(SeeIn(project.money, &money, transfer.ref, transfer.row.date));
  }

  Status Finish(FindingList* list) override {
    if (projects_.empty()) return absl::OkStatus();
    for (auto& [number, project] : projects_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const model::AccountNumber account = project.money.begin()->second.to;
      FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, account));
      FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(by_id_)> + id.size()));
      if (!by_id_.emplace(id, &project).second)
        return model::Damaged(keys::AccountName(account), "is not what the account's name says");
    }
    FT_RETURN_IF_ERROR(EachItem(view_, v1::Action::kAnnounce, as_of_,
                                [this](const v1::RegisterRow& row) { return SeeNotice(row); }));
    for (const auto& [id, its] : by_id_) {
      const AnnouncedProject& project = *its;
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
      const Bytes key = keys::Item(v1::Action::kProposeProject, id);
      if (!row.has_value()) return model::Damaged(key, "is missing, and an account names it");
      const v1::ProposeProject& said = row->action().propose_project();
      FT_ASSIGN_OR_RETURN(const Date paid, DayOf(view_, *project.first));
      const bool planned = project.plan_complete.has_value() && *project.plan_complete <= paid;
      bool told = true;
      if (!said.until().empty()) {
        const auto until = ParseDate(said.until());
        if (!until.ok()) return model::Damaged(key, "has a day that is none");
        told = project.has_result || *until > due_;
      }
      for (const auto& [key_of, money] : project.money) {
        FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, money.to));
        const auto add = [&, &project_id = id, &sums = money](v1::Finding::Kind kind) {
          v1::Finding finding;
          finding.set_kind(kind);
          finding.set_grade(v1::Finding::GRADE_LOOK);
          finding.add_parties(said.owner());
          finding.set_fund(to.fund());
          finding.set_project(project_id);
          finding.set_asset(to.asset());
          finding.set_amount(Capped(sums.amount));
          sums.seen.Tell(&finding);
          return list->Add(v1::FINDING_RULE_NOT_ANNOUNCED, std::move(finding));
        };
        if (!planned) FT_RETURN_IF_ERROR(add(v1::Finding::KIND_NO_PLAN_NOTICE));
        if (!told) FT_RETURN_IF_ERROR(add(v1::Finding::KIND_NO_RESULT_NOTICE));
      }
    }
    return absl::OkStatus();
  }

 private:
  Status SeeNotice(const v1::RegisterRow& row) {
    FT_RETURN_IF_ERROR(view_.GoOn());
    const v1::Announce& notice = row.action().announce();
    const bool ended = row.has_ended() && (!as_of_.has_value() || row.ended().record() <= *as_of_);
    if (ended || (notice.kind() != v1::Announce::KIND_PLAN && notice.kind() != v1::Announce::KIND_RESULT))
      return absl::OkStatus();
    const auto from = ParseDate(notice.from());
    if (!from.ok() || !IsWithinBounds(Date(row.version_day())))
      return model::Damaged(keys::Item(v1::Action::kAnnounce, notice.id()), "has a day that is none");
    for (const std::string& id : notice.projects()) {
      const auto found = by_id_.find(id);
      if (found == by_id_.end()) continue;
      AnnouncedProject& project = *found->second;
      if (notice.kind() == v1::Announce::KIND_RESULT) {
        project.has_result = project.has_result || *from <= on_;
        continue;
      }
      const Date complete(std::max(from->days(), row.version_day()) +
                          static_cast<std::int32_t>(notice.days()));
      if (!project.plan_complete.has_value() || complete < *project.plan_complete)
        project.plan_complete = complete;
    }
    return absl::OkStatus();
  }

  const View& view_;
  const AsOfRecord as_of_;
  const Date on_, due_;
  std::map<std::uint32_t, AnnouncedProject> projects_;  // by their numbers
  std::map<std::string, AnnouncedProject*> by_id_;      // after the walk
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeNotAnnouncedRule(const FindingInput& input) {
  return std::make_unique<NotAnnouncedRule>(input);
}

}  // namespace fundtrail::query
