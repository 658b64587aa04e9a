// See project_rows.h.
#include "ledger/query/project_rows.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
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

StatusOr<std::optional<v1::AttestationRow>> NewestSaid(const View& view, v1::Action::ActionCase about,
                                                       std::string_view id, v1::Action::ActionCase said,
                                                       AsOfRecord as_of) {
  const Bytes all = keys::AttestationsOf(about, id, said);
  const Bytes until = as_of.has_value() ? keys::Attestation(about, id, said, RecordIndex(*as_of + 1), 0)
                                        : store::PrefixEnd(all);
  FT_ASSIGN_OR_RETURN(const auto newest, view.rows->Last(all, until));
  if (!newest.has_value()) return std::optional<v1::AttestationRow>();
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(newest->first, newest->second));
  return std::optional<v1::AttestationRow>(std::move(row));
}

StatusOr<v1::ApproveProject::Decision> DecisionOn(const View& view, const v1::RegisterRow& project,
                                                  AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto newest,
                      NewestSaid(view, v1::Action::kProposeProject, project.action().propose_project().id(),
                                 v1::Action::kApproveProject, as_of));
  if (!newest.has_value()) return v1::ApproveProject::DECISION_UNSPECIFIED;
  const v1::ApproveProject& said = newest->action().approve_project();
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

StatusOr<std::optional<v1::RegisterRow>> ItemThen(const View& view, v1::Action::ActionCase action,
                                                  std::string_view id, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view.rows, action, id));
  if (!row.has_value() || !as_of.has_value()) return row;
  return books::AsOf(*view.rows, *std::move(row), RecordIndex(*as_of));
}

StatusOr<ItemTree> ReadTree(const View& view, v1::Action::ActionCase action, AsOfRecord as_of) {
  std::vector<ItemTree::Item> items;
  FT_RETURN_IF_ERROR(EachItem(view, action, as_of, [&](const v1::RegisterRow& row) {
    if (action == v1::Action::kDeclarePlace) {
      const auto& place = row.action().declare_place();
      items.push_back({place.id(), place.name(), place.parent()});
    } else {
      const auto& category = row.action().declare_category();
      items.push_back({category.id(), category.name(), category.parent()});
    }
    return absl::OkStatus();
  }));
  return ItemTree::Make(action, std::move(items));
}

StatusOr<int> FindIn(const ItemTree& tree, const char* what, const std::string& id) {
  const int found = tree.Find(id);
  if (found != kNoItem || id.empty()) return found;
  return absl::NotFoundError(absl::StrCat("this ledger has no ", what, " \"", Escaped(id), "\""));
}

StatusOr<Amount> HeldBy(const View& view, model::AccountNumber account, AsOfRecord as_of) {
  if (!as_of.has_value()) {
    FT_ASSIGN_OR_RETURN(const auto line, books::GetAccountState(*view.rows, account));
    return line.held;
  }
  const Bytes until = keys::Statement(account, {RecordIndex(*as_of + 1), 0}, model::Side::kOut);
  FT_ASSIGN_OR_RETURN(const auto last, view.rows->Last(keys::StatementOf(account), until));
  if (!last.has_value()) return Amount(0);
  FT_ASSIGN_OR_RETURN(const auto row, model::DecodeStatementRow(last->first, last->second));
  return row.held;
}

StatusOr<Date> DayOf(const View& view, RecordIndex record) {
  FT_ASSIGN_OR_RETURN(const auto stored, log::NeedRecord(*view.rows, record));
  return DateOf(Timestamp(stored.record.recorded_micros()));
}

StatusOr<std::string> DayAsked(const View& view, const std::string& on, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto day, Day("on", on));
  FT_RETURN_IF_ERROR(CheckAsOf(view, as_of));
  if (day.has_value()) return fundtrail::ToString(*day);
  const RecordIndex last(as_of.has_value() ? *as_of : view.checkpoint.size() - 1);
  FT_ASSIGN_OR_RETURN(const Date its_day, DayOf(view, last));
  return fundtrail::ToString(its_day);
}

bool IsInPeriod(const std::string& day, const std::string& first, const std::string& last) {
  // Days sort as their texts do.
  return (first.empty() || first <= day) && (last.empty() || day <= last);
}

}  // namespace fundtrail::query
