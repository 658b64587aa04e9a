// What the questions about projects read from the rows: sums, decisions, whole registers, and the day that is asked about.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/date.h"
#include "ledger/query/history_walk.h"
#include "ledger/query/item_tree.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// A record after which the ledger is looked at; nothing: now.
using AsOfRecord = std::optional<std::uint64_t>;

// The sums of one project in one asset. Of general money the project is empty; of all projects together it is
// keys::kAllProjects.
struct ProjectSums {
  std::string project, asset;
  model::ProjectTotals totals;
};
// Those of each project and of general money, as they stood then: by project, and by asset. General money is first. Here and
// below it looks at a few rows for each, however long its history is.
Status EachProjectSums(const View& view, AsOfRecord as_of,
                       const std::function<Status(const ProjectSums&)>& take);
// The same of some projects, whose ids are sorted.
Status EachSumsOf(const View& view, const std::vector<std::string>& projects, AsOfRecord as_of,
                  const std::function<Status(const ProjectSums&)>& take);
// The same of one project; empty: of general money; keys::kAllProjects: of all projects together.
Status EachAssetOf(const View& view, std::string_view project, AsOfRecord as_of,
                   const std::function<Status(const ProjectSums&)>& take);

// The newest of one kind that was said about an item, of any version of it. Nothing when nobody said so then.
StatusOr<std::optional<v1::AttestationRow>> NewestSaid(const View& view, v1::Action::ActionCase about,
                                                       std::string_view id, v1::Action::ActionCase said,
                                                       AsOfRecord as_of);
// The same for many items, asked for in the order of their ids: by one walk, which skips what lies between them. The
// view must outlive it.
class NewestSaidWalk {
 public:
  NewestSaidWalk(const View& view, v1::Action::ActionCase about, v1::Action::ActionCase said,
                 AsOfRecord as_of);
  StatusOr<std::optional<v1::AttestationRow>> Of(const std::string& id);

 private:
  const v1::Action::ActionCase about_, said_;
  const AsOfRecord as_of_;
  HistoryWalk rows_;
};
// What was decided on the version of a project that the row has; DECISION_UNSPECIFIED while nobody did.
StatusOr<v1::ApproveProject::Decision> DecisionOn(const View& view, const v1::RegisterRow& project,
                                                  AsOfRecord as_of);
// The same by the newest decision on any version.
v1::ApproveProject::Decision DecisionOn(const v1::RegisterRow& project,
                                        const std::optional<v1::AttestationRow>& newest);

// Every item of a register, by id, in the version of then.
Status EachItem(const View& view, v1::Action::ActionCase action, AsOfRecord as_of,
                const std::function<Status(const v1::RegisterRow&)>& take);
// The same of some of its items: of `ids`, which are sorted, each once, those that there were then. All of a register
// cost about what EachItem takes, and a few of them a look each.
Status EachItemOf(const View& view, v1::Action::ActionCase action, const std::vector<std::string>& ids,
                  AsOfRecord as_of, const std::function<Status(const v1::RegisterRow&)>& take);

// The items of a register that stands by place (model::Register) that name one of these places, or did in an earlier
// version. Their ids are sorted, each once. Whoever looks at them must see what the version of then names.
StatusOr<std::vector<std::string>> ItemsAt(const View& view, v1::Action::ActionCase action,
                                           const std::vector<std::string>& places);
// The same of several registers, in one walk.
using ItemsByRegister = std::map<v1::Action::ActionCase, std::vector<std::string>>;
StatusOr<ItemsByRegister> ItemsAt(const View& view, const std::set<v1::Action::ActionCase>& actions,
                                  const std::vector<std::string>& places);

// The item in the version of then; nothing when it was not there.
StatusOr<std::optional<v1::RegisterRow>> ItemThen(const View& view, v1::Action::ActionCase action,
                                                  std::string_view id, AsOfRecord as_of);
// The ids of an item and of all below it, sorted: of now, where items stand below others for good.
StatusOr<std::vector<std::string>> IdsBelow(const View& view, v1::Action::ActionCase action,
                                            const std::string& top);
// All places, or all categories, of then.
StatusOr<ItemTree> ReadTree(const View& view, v1::Action::ActionCase action, AsOfRecord as_of);
// Those of then that are `top` or stand below it, and a node for all others (ItemTree::MakeBelow). It reads no others.
// Where `top` was not there then, the tree is empty; an empty one means all.
StatusOr<ItemTree> ReadTreeBelow(const View& view, v1::Action::ActionCase action, const std::string& top,
                                 AsOfRecord as_of);
// The item of a tree that was asked for, kNoItem for an empty id. NOT_FOUND when there is none; `what` is the register.
StatusOr<int> FindIn(const ItemTree& tree, const char* what, const std::string& id);

// What an account held then.
StatusOr<Amount> HeldBy(const View& view, model::AccountNumber account, AsOfRecord as_of);
// The day of a record that is there.
StatusOr<Date> DayOf(const View& view, RecordIndex record);
// The day in the field `on`, or else that of the last record that is looked at. INVALID_ARGUMENT for a day that is not
// one; OUT_OF_RANGE for a record that is not there yet.
StatusOr<std::string> DayAsked(const View& view, const std::string& on, AsOfRecord as_of);
// Whether a period has the day. All are days as texts, or empty where a period is open.
bool IsInPeriod(const std::string& day, const std::string& first, const std::string& last);

}  // namespace fundtrail::query
