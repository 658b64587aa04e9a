// OUT_OF_PERIOD. Transfers into a project's account, but for what is sent back, with a value date outside its period. It lies more than
// `days` days before the project's first day, or after its last. The period is that of the version of then; an open end has no outside.
//
//   amount    those transfers    compared  0    count  how many    one finding for each project, fund, asset and side    LOOK
//
// A payment in a project under SUSPEND or WITHDRAW is no finding: the ledger refuses it (FUNDS_FROZEN).
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "ledger/query/findings/rules.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

struct PaidOutside {
  model::AccountNumber to;  // of one of them
  Wide amount = 0;
  SeenTransfers seen;
};

struct ProjectPeriod {
  std::string owner;
  std::optional<Date> first, last;
};

class OutOfPeriodRule : public FindingWork {
 public:
  explicit OutOfPeriodRule(const FindingInput& input)
      : view_(input.view), as_of_(input.as_of), days_(static_cast<std::int32_t>(input.Value("days"))) {}

  Status Take(const SummedTransfer& transfer) override {
    const SummedAccount& to = transfer.to;
    if (to.project == 0 || transfer.row.sends_back()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const ProjectPeriod* period, PeriodOf(to.project, transfer.row.to));
    const int day = transfer.row.date.days();
    const bool before = period->first.has_value() && day < period->first->days() - days_;
    const bool after = period->last.has_value() && day > period->last->days() + days_;
    if (!before && !after) return absl::OkStatus();
    PaidOutside& of = outside_[{to.project, to.fund, to.asset, before}];
    of.to = transfer.row.to;
    of.amount += transfer.row.to_amount.value();
    return kept_.Add(SeeIn(outside_, &of, transfer.ref, transfer.row.date));
  }

  Status Finish(FindingList* list) override {
    for (auto& [key, of] : outside_) {
      FT_ASSIGN_OR_RETURN(const auto to, NeedAccountName(view_, of.to));
      v1::Finding finding;
      finding.set_kind(std::get<3>(key) ? v1::Finding::KIND_BEFORE_PERIOD : v1::Finding::KIND_AFTER_PERIOD);
      finding.set_grade(v1::Finding::GRADE_LOOK);
      finding.add_parties(periods_.at(std::get<0>(key)).owner);
      finding.set_fund(to.fund());
      finding.set_project(to.project());
      finding.set_asset(to.asset());
      finding.set_amount(Capped(of.amount));
      of.seen.Tell(&finding);
      FT_RETURN_IF_ERROR(list->Add(v1::FINDING_RULE_OUT_OF_PERIOD, std::move(finding)));
    }
    return absl::OkStatus();
  }

 private:
  // Of a project, by its number and one of its accounts.
  StatusOr<const ProjectPeriod*> PeriodOf(std::uint32_t number, model::AccountNumber account) {
    const auto found = periods_.find(number);
    if (found != periods_.end()) return &found->second;
    FT_ASSIGN_OR_RETURN(const std::string id, NeedProjectOf(view_, account));
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kProposeProject, id, as_of_));
    const Bytes key = keys::Item(v1::Action::kProposeProject, id);
    if (!row.has_value()) return model::Damaged(key, "is missing, and an account names it");
    const v1::ProposeProject& project = row->action().propose_project();
    ProjectPeriod period;
    period.owner = project.owner();
    FT_RETURN_IF_ERROR(SetDay(key, project.from(), &period.first));
    FT_RETURN_IF_ERROR(SetDay(key, project.until(), &period.last));
    FT_RETURN_IF_ERROR(kept_.Add(kNodeBytes<decltype(periods_)> + period.owner.size()));
    return &periods_.emplace(number, std::move(period)).first->second;
  }

  static Status SetDay(const Bytes& key, const std::string& text, std::optional<Date>* day) {
    if (text.empty()) return absl::OkStatus();
    const auto read = ParseDate(text);
    if (!read.ok()) return model::Damaged(key, "has a day that is none");
    *day = *read;
    return absl::OkStatus();
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::int32_t days_;
  std::map<std::uint32_t, ProjectPeriod> periods_;  // by project
  // By project, fund and asset; whether it is before the period.
  std::map<std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, bool>, PaidOutside> outside_;
  KeptBytes kept_;
};

}  // namespace

std::unique_ptr<FindingWork> MakeOutOfPeriodRule(const FindingInput& input) {
  return std::make_unique<OutOfPeriodRule>(input);
}

}  // namespace fundtrail::query
