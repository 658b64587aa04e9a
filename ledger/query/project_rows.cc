// See project_rows.h.
#include "ledger/query/project_rows.h"

#include "ledger/books/state.h"
#include "ledger/log/seal.h"
#include "ledger/query/movements.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// The newest sums of each project and asset in a range of rows.
Status EachSumsIn(const View& view, const Bytes& range, AsOfRecord as_of,
                  const std::function<Status(const ProjectSums&)>& take) {
  const Bytes end = store::PrefixEnd(range);
  for (Bytes at = range;;) {
    FT_RETURN_IF_ERROR(view.GoOn());
    const auto cursor = view.rows->Scan(at, end);
    if (!cursor->Valid()) return cursor->status();
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadProjectSums(cursor->key()));
    ProjectSums sums{std::string(of.project), std::string(of.asset), {}};
    const Bytes history = keys::ProjectSumsOf(sums.project, sums.asset);
    const Bytes history_end = store::PrefixEnd(history);
    const Bytes until = as_of.has_value()
                            ? keys::ProjectSums(sums.project, sums.asset, RecordIndex(*as_of + 1))
                            : history_end;
    FT_ASSIGN_OR_RETURN(const auto newest, view.rows->Last(history, until));
    if (newest.has_value()) {
      FT_ASSIGN_OR_RETURN(sums.totals, model::DecodeProjectTotals(newest->first, newest->second));
      FT_RETURN_IF_ERROR(take(sums));
    }
    at = history_end;
  }
}

}  // namespace

Status EachProjectSums(const View& view, AsOfRecord as_of,
                       const std::function<Status(const ProjectSums&)>& take) {
  return EachSumsIn(view, keys::AllOf(keys::kProjectSumsTag), as_of, take);
}

Status EachAssetOf(const View& view, std::string_view project, AsOfRecord as_of,
                   const std::function<Status(const ProjectSums&)>& take) {
  Bytes of_project = keys::ProjectSumsOf(project, "");
  of_project.pop_back();  // what ends the asset
  return EachSumsIn(view, of_project, as_of, take);
}

StatusOr<v1::ApproveProject::Decision> DecisionOn(const View& view, const v1::RegisterRow& project,
                                                  AsOfRecord as_of) {
  constexpr auto kAbout = v1::Action::kProposeProject;
  constexpr auto kSaid = v1::Action::kApproveProject;
  const std::string& id = project.action().propose_project().id();
  const Bytes all = keys::AttestationsOf(kAbout, id, kSaid);
  const Bytes until = as_of.has_value() ? keys::Attestation(kAbout, id, kSaid, RecordIndex(*as_of + 1), 0)
                                        : store::PrefixEnd(all);
  FT_ASSIGN_OR_RETURN(const auto newest, view.rows->Last(all, until));
  if (!newest.has_value()) return v1::ApproveProject::DECISION_UNSPECIFIED;
  FT_ASSIGN_OR_RETURN(const auto row,
                      model::DecodeMessage<v1::AttestationRow>(newest->first, newest->second));
  const v1::ApproveProject& said = row.action().approve_project();
  // Each was of the version that was the present one: when the newest is of another, none is of this one.
  return said.version() == project.record() ? said.decision() : v1::ApproveProject::DECISION_UNSPECIFIED;
}

Status EachItem(const View& view, v1::Action::ActionCase action, AsOfRecord as_of,
                const std::function<Status(const v1::RegisterRow&)>& take) {
  const Bytes all = keys::ItemsOf(action);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  for (; cursor->Valid(); cursor->Next()) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(auto now, model::DecodeMessage<v1::RegisterRow>(cursor->key(), cursor->value()));
    if (!as_of.has_value()) {
      FT_RETURN_IF_ERROR(take(now));
      continue;
    }
    FT_ASSIGN_OR_RETURN(const auto then, books::AsOf(*view.rows, std::move(now), RecordIndex(*as_of)));
    if (then.has_value()) FT_RETURN_IF_ERROR(take(*then));
  }
  return cursor->status();
}

StatusOr<std::string> DayAsked(const View& view, const std::string& on, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto day, Day("on", on));
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  if (day.has_value()) return fundtrail::ToString(*day);
  const RecordIndex last(as_of.has_value() ? *as_of : view.checkpoint.size() - 1);
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, last));
  return fundtrail::ToString(DateOf(Timestamp(stored.record.recorded_micros())));
}

bool IsInPeriod(const std::string& day, const std::string& first, const std::string& last) {
  // Days sort as their texts do.
  return (first.empty() || first <= day) && (last.empty() || day <= last);
}

}  // namespace fundtrail::query
