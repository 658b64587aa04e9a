// See project_rows.h.
#include "ledger/query/project_rows.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/ancestors.h"
#include "ledger/books/state.h"
#include "ledger/log/seal.h"
#include "ledger/query/movements.h"
#include "ledger/query/request_fields.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

std::unique_ptr<store::Cursor> ScanAll(const View& view, const Bytes& prefix) {
  return view.rows->Scan(prefix, store::PrefixEnd(prefix));
}

// Of the keys `p` of one project.
Bytes SumsOfProject(std::string_view project) {
  Bytes prefix = keys::ProjectSumsOf(project, "");
  prefix.pop_back();  // what ends the asset
  return prefix;
}

// Where the rows of a history end that are looked at.
Bytes EndOfSums(std::string_view project, std::string_view asset, AsOfRecord as_of) {
  return as_of.has_value() ? keys::ProjectSums(project, asset, RecordIndex(*as_of + 1))
                           : store::PrefixEnd(keys::ProjectSumsOf(project, asset));
}

// The newest sums of single projects, by one cursor: each is found by a look from where its rows end.
class NewestSums {
 public:
  NewestSums(const View& view, AsOfRecord as_of)
      : view_(view), as_of_(as_of), rows_(ScanAll(view, keys::AllOf(keys::kProjectSumsTag))) {}

  // No project has sums in an asset below the first one of all projects together: there no look is needed.
  Status FindFirstAsset() {
    const auto all = ScanAll(view_, SumsOfProject(keys::kAllProjects));
    if (!all->Valid()) return all->status();
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadProjectSums(all->key()));
    first_asset_ = of.asset;
    return absl::OkStatus();
  }

  // By asset.
  Status Each(std::string_view project, const std::function<Status(const ProjectSums&)>& take) {
    const Bytes of_project = SumsOfProject(project);
    std::vector<ProjectSums> sums;  // the last asset first
    std::string asset;
    for (Bytes end = store::PrefixEnd(of_project);; end = keys::ProjectSumsOf(project, asset)) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_ASSIGN_OR_RETURN(const bool some, GoToLast(of_project, end));
      if (!some) break;
      FT_ASSIGN_OR_RETURN(const auto of, keys::ReadProjectSums(rows_->key()));
      asset = of.asset;
      const bool is_later = as_of_.has_value() && of.record.value() > *as_of_;
      bool was_there = !is_later;
      if (is_later) {
        FT_ASSIGN_OR_RETURN(was_there,
                            GoToLast(keys::ProjectSumsOf(project, asset), EndOfSums(project, asset, as_of_)));
      }
      if (was_there) {
        FT_ASSIGN_OR_RETURN(const auto totals, model::DecodeProjectTotals(rows_->key(), rows_->value()));
        sums.push_back({std::string(project), asset, totals});
      }
      if (asset == first_asset_) break;
    }
    for (std::size_t i = sums.size(); i-- > 0;) FT_RETURN_IF_ERROR(take(sums[i]));
    return absl::OkStatus();
  }

 private:
  // Of the rows whose keys begin so. False when there is none.
  StatusOr<bool> GoToLast(const Bytes& prefix, const Bytes& before) {
    rows_->SkipToLastBefore(before);
    FT_RETURN_IF_ERROR(rows_->status());
    return rows_->Valid() && rows_->key().starts_with(prefix);
  }

  const View& view_;
  const AsOfRecord as_of_;
  const std::unique_ptr<store::Cursor> rows_;
  std::string first_asset_;  // empty: not known
};

Bytes AllSaidAbout(v1::Action::ActionCase about) {
  Bytes all = keys::AttestationsAbout(about, "");
  all.pop_back();  // what ends the id
  return all;
}

}  // namespace

Status EachProjectSums(const View& view, AsOfRecord as_of,
                       const std::function<Status(const ProjectSums&)>& take) {
  HistoryWalk rows(view, keys::AllOf(keys::kProjectSumsTag));
  while (rows.Valid()) {
    FT_ASSIGN_OR_RETURN(const auto of, keys::ReadProjectSums(rows.key()));
    ProjectSums sums{std::string(of.project), std::string(of.asset), {}};
    const Bytes history = keys::ProjectSumsOf(sums.project, sums.asset);
    if (sums.project != keys::kAllProjects) {
      FT_ASSIGN_OR_RETURN(const auto newest,
                          rows.Newest(history, EndOfSums(sums.project, sums.asset, as_of)));
      if (newest.has_value()) {
        FT_ASSIGN_OR_RETURN(sums.totals, model::DecodeProjectTotals(newest->first, newest->second));
        FT_RETURN_IF_ERROR(take(sums));
      }
    }
    FT_RETURN_IF_ERROR(view.GoOn());
    rows.SkipTo(store::PrefixEnd(history));
  }
  return rows.status();
}

Status EachSumsOf(const View& view, const std::vector<std::string>& projects, AsOfRecord as_of,
                  const std::function<Status(const ProjectSums&)>& take) {
  if (projects.empty()) return absl::OkStatus();
  NewestSums newest(view, as_of);
  FT_RETURN_IF_ERROR(newest.FindFirstAsset());
  for (const std::string& project : projects) FT_RETURN_IF_ERROR(newest.Each(project, take));
  return absl::OkStatus();
}

Status EachAssetOf(const View& view, std::string_view project, AsOfRecord as_of,
                   const std::function<Status(const ProjectSums&)>& take) {
  return NewestSums(view, as_of).Each(project, take);
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

NewestSaidWalk::NewestSaidWalk(const View& view, v1::Action::ActionCase about, v1::Action::ActionCase said,
                               AsOfRecord as_of)
    : about_(about), said_(said), as_of_(as_of), rows_(view, AllSaidAbout(about)) {}

StatusOr<std::optional<v1::AttestationRow>> NewestSaidWalk::Of(const std::string& id) {
  const Bytes all = keys::AttestationsOf(about_, id, said_);
  const Bytes until = as_of_.has_value() ? keys::Attestation(about_, id, said_, RecordIndex(*as_of_ + 1), 0)
                                         : store::PrefixEnd(all);
  rows_.SkipTo(all);
  FT_ASSIGN_OR_RETURN(const auto newest, rows_.Newest(all, until));
  if (!newest.has_value()) return std::optional<v1::AttestationRow>();
  FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::AttestationRow>(newest->first, newest->second));
  return std::optional<v1::AttestationRow>(std::move(row));
}

StatusOr<v1::ApproveProject::Decision> DecisionOn(const View& view, const v1::RegisterRow& project,
                                                  AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(const auto newest,
                      NewestSaid(view, v1::Action::kProposeProject, project.action().propose_project().id(),
                                 v1::Action::kApproveProject, as_of));
  return DecisionOn(project, newest);
}

v1::ApproveProject::Decision DecisionOn(const v1::RegisterRow& project,
                                        const std::optional<v1::AttestationRow>& newest) {
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

namespace {

// So many steps cost less than to look an item up.
constexpr int kNearItem = 4;
// At least and at most, so many items in a row are looked up one by one. Then the walk tries again whether they stand close.
constexpr int kFewApart = 16;
constexpr int kManyApart = 256;

// The present rows of items, asked for in the order of their ids. Where they stand close together it steps from one to the next.
// Else it looks up each by itself, which costs half of what a cursor takes to seek it.
class ItemWalk {
 public:
  ItemWalk(const View& view, v1::Action::ActionCase action) : view_(view), action_(action) {}

  StatusOr<std::optional<v1::RegisterRow>> Of(const std::string& id) {
    if (apart_ > 0) {
      --apart_;
      return books::GetItem(*view_.rows, action_, id);
    }
    const Bytes key = keys::Item(action_, id);
    if (!steps_) {
      GoTo(key);
    } else {
      for (int step = 0; rows_->Valid() && rows_->key() < key; ++step) {
        if (step < kNearItem) {
          rows_->Next();
          continue;
        }
        steps_ = false;
        patience_ = std::min(2 * patience_, kManyApart);
        apart_ = patience_;
        return books::GetItem(*view_.rows, action_, id);
      }
      patience_ = kFewApart;
    }
    FT_RETURN_IF_ERROR(rows_->status());
    if (!rows_->Valid() || rows_->key() != key) return std::optional<v1::RegisterRow>();
    FT_ASSIGN_OR_RETURN(auto row, model::DecodeMessage<v1::RegisterRow>(rows_->key(), rows_->value()));
    return std::optional<v1::RegisterRow>(std::move(row));
  }

 private:
  void GoTo(const Bytes& key) {
    if (rows_ == nullptr) {
      rows_ = view_.rows->Scan(key, store::PrefixEnd(keys::ItemsOf(action_)));
    } else if (rows_->Valid()) {
      rows_->SkipTo(key);
    }
    steps_ = true;
  }

  const View& view_;
  const v1::Action::ActionCase action_;
  std::unique_ptr<store::Cursor> rows_;
  bool steps_ = false;  // whether the cursor stands where it goes on
  int patience_ = kFewApart;
  int apart_ = kFewApart;  // so many are looked up one by one now
};

}  // namespace

Status EachItemOf(const View& view, v1::Action::ActionCase action, const std::vector<std::string>& ids,
                  AsOfRecord as_of, const std::function<Status(const v1::RegisterRow&)>& take) {
  ItemWalk items(view, action);
  for (const std::string& id : ids) {
    FT_RETURN_IF_ERROR(view.GoOn());
    FT_ASSIGN_OR_RETURN(auto row, items.Of(id));
    if (row.has_value() && as_of.has_value()) {
      FT_ASSIGN_OR_RETURN(row, books::AsOf(*view.rows, *std::move(row), RecordIndex(*as_of)));
    }
    if (row.has_value()) FT_RETURN_IF_ERROR(take(*row));
  }
  return absl::OkStatus();
}

StatusOr<ItemsByRegister> ItemsAt(const View& view, const std::set<v1::Action::ActionCase>& actions,
                                  const std::vector<std::string>& places) {
  ItemsByRegister items;
  std::vector<std::string> order = places;
  std::sort(order.begin(), order.end());
  const Bytes all = keys::AllOf(keys::kAtPlaceTag);
  const auto cursor = view.rows->Scan(all, store::PrefixEnd(all));
  if (actions.empty()) return items;
  for (const std::string& place : order) {
    FT_RETURN_IF_ERROR(view.GoOn());
    Bytes there = keys::AllAtPlace(place, *actions.begin());
    if (cursor->Valid()) cursor->SkipTo(there);
    there.pop_back();  // of any register: to step over a few rows costs less than to look for the next
    for (; cursor->Valid() && cursor->key().starts_with(there); cursor->Next()) {
      FT_RETURN_IF_ERROR(view.GoOn());
      FT_ASSIGN_OR_RETURN(const auto id, keys::ReadAtPlace(cursor->key()));
      const auto number = static_cast<unsigned char>(cursor->key()[there.size()]);
      const auto action = static_cast<v1::Action::ActionCase>(number);
      if (actions.contains(action)) items[action].emplace_back(id);
    }
    FT_RETURN_IF_ERROR(cursor->status());
  }
  for (auto& [action, ids] : items) {
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  return items;
}

StatusOr<std::vector<std::string>> ItemsAt(const View& view, v1::Action::ActionCase action,
                                           const std::vector<std::string>& places) {
  FT_ASSIGN_OR_RETURN(auto items, ItemsAt(view, std::set{action}, places));
  return std::move(items[action]);
}

StatusOr<std::optional<v1::RegisterRow>> ItemThen(const View& view, v1::Action::ActionCase action,
                                                  std::string_view id, AsOfRecord as_of) {
  FT_ASSIGN_OR_RETURN(auto row, books::GetItem(*view.rows, action, id));
  if (!row.has_value() || !as_of.has_value()) return row;
  return books::AsOf(*view.rows, *std::move(row), RecordIndex(*as_of));
}

namespace {

ItemTree::Item InTree(const v1::Action& action) {
  if (action.has_declare_category()) {
    const v1::DeclareCategory& category = action.declare_category();
    return {category.id(), category.name(), category.parent()};
  }
  if (action.has_declare_target_group()) {
    const v1::DeclareTargetGroup& group = action.declare_target_group();
    return {group.id(), group.name(), group.parent()};
  }
  const v1::DeclarePlace& place = action.declare_place();
  return {place.id(), place.name(), place.parent()};
}

}  // namespace

StatusOr<std::vector<std::string>> IdsBelow(const View& view, v1::Action::ActionCase action,
                                            const std::string& top) {
  Bytes of_register = keys::ChildrenOf(action, "");
  of_register.pop_back();  // what ends the parent
  std::vector<std::string> all{top}, level{top};
  for (int depth = 0; !level.empty(); ++depth) {
    if (depth > books::kMaxTreeDepth) return model::Damaged(keys::Item(action, top), "stands below itself");
    std::vector<std::string> below;
    const auto cursor = view.rows->Scan(of_register, store::PrefixEnd(of_register));
    for (const std::string& parent : level) {
      FT_RETURN_IF_ERROR(view.GoOn());
      const Bytes children = keys::ChildrenOf(action, parent);
      if (cursor->Valid()) cursor->SkipTo(children);
      for (; cursor->Valid() && cursor->key().starts_with(children); cursor->Next()) {
        FT_RETURN_IF_ERROR(view.GoOn());
        FT_ASSIGN_OR_RETURN(const auto child, keys::ReadChild(cursor->key()));
        below.emplace_back(child);
      }
      FT_RETURN_IF_ERROR(cursor->status());
    }
    // Damaged rows may say twice where an item stands.
    std::sort(below.begin(), below.end());
    below.erase(std::unique(below.begin(), below.end()), below.end());
    all.insert(all.end(), below.begin(), below.end());
    level = std::move(below);
  }
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

StatusOr<ItemTree> ReadTree(const View& view, v1::Action::ActionCase action, AsOfRecord as_of) {
  std::vector<ItemTree::Item> items;
  FT_RETURN_IF_ERROR(EachItem(view, action, as_of, [&](const v1::RegisterRow& row) {
    items.push_back(InTree(row.action()));
    return absl::OkStatus();
  }));
  return ItemTree::Make(action, std::move(items));
}

StatusOr<ItemTree> ReadTreeBelow(const View& view, v1::Action::ActionCase action, const std::string& top,
                                 AsOfRecord as_of) {
  if (top.empty()) return ReadTree(view, action, as_of);
  FT_ASSIGN_OR_RETURN(const auto there, ItemThen(view, action, top, as_of));
  if (!there.has_value()) return ItemTree();
  FT_ASSIGN_OR_RETURN(const auto ids, IdsBelow(view, action, top));
  std::vector<ItemTree::Item> items;
  FT_RETURN_IF_ERROR(EachItemOf(view, action, ids, as_of, [&](const v1::RegisterRow& row) {
    items.push_back(InTree(row.action()));
    return absl::OkStatus();
  }));
  return ItemTree::MakeBelow(action, top, std::move(items));
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
