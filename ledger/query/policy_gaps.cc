// See policy_gaps.h.
#include "ledger/query/policy_gaps.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/coverage_cells.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/policy_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// What needs of one kind come to.
struct Gap {
  int place = kNoItem, category = kNoItem, group = kNoItem;  // none: the needs name no group
  std::uint64_t needs = 0;
  std::int64_t people = 0;
  std::uint32_t severity = 0;
};

class GapsWalk {
 public:
  GapsWalk(const View& view, std::string on, AsOfRecord as_of, PageToken token)
      : view_(view), on_(std::move(on)), as_of_(as_of), token_(std::move(token)) {}

  Status Read(const v1::PolicyGapsRequest& request, const std::string& after) {
    FT_ASSIGN_OR_RETURN(trees_, PolicyTrees::Read(view_, as_of_));
    FT_ASSIGN_OR_RETURN(place_, FindIn(trees_.places.tree, "place", request.place()));
    FT_ASSIGN_OR_RETURN(category_, FindIn(trees_.categories.tree, "category", request.category()));
    const auto keep = [this](const v1::RegisterRow& row) -> Status {
      FT_ASSIGN_OR_RETURN(PolicyCells cells, trees_.CellsOf(row.action().open_policy()));
      const std::size_t spans = cells.places.size() + cells.categories.size() + cells.groups.size();
      FT_RETURN_IF_ERROR(view_.Grow(sizeof(PolicyCells) + sizeof(LeafSpan) * spans));
      cells_.push_back(std::move(cells));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachPolicyInForce(view_, on_, as_of_, keep));
    std::map<std::tuple<int, int, int>, Gap> kinds;
    const auto take = [&](const NeedInForce& need) -> Status {
      if (!Counts(need, request.unverified())) return absl::OkStatus();
      Gap of;
      FT_ASSIGN_OR_RETURN(of.place, ItemOf(trees_.places, need.said->place()));
      FT_ASSIGN_OR_RETURN(of.category, ItemOf(trees_.categories, need.said->category()));
      FT_ASSIGN_OR_RETURN(of.group, ItemOf(trees_.groups, need.said->target_group()));
      if (of.place == kNoItem || of.category == kNoItem)
        return model::Damaged(keys::Item(v1::Action::kDeclareNeed, need.said->id()),
                              "names no place, or no category");
      if (!trees_.places.tree.IsIn(place_, of.place) || !trees_.categories.tree.IsIn(category_, of.category))
        return absl::OkStatus();
      const auto [at, is_new] = kinds.try_emplace({of.place, of.category, of.group}, of);
      if (is_new) FT_RETURN_IF_ERROR(view_.Grow(sizeof(Gap)));
      ++at->second.needs;
      AddUpTo63Bits(&at->second.people, need.people);
      at->second.severity = std::max(at->second.severity, need.severity);
      ++needs_;
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(EachNeedInForce(view_, on_, as_of_, nullptr, take));
    const PolicyIndex index(cells_, trees_.places.axis.leaves(), trees_.categories.axis.leaves());
    for (const auto& [of, gap] : kinds) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (HasPolicy(index, gap)) {
        with_policy_ += gap.needs;
      } else {
        gaps_.push_back(gap);
      }
    }
    // Items of a tree are numbered otherwise than their ids are ordered.
    std::sort(gaps_.begin(), gaps_.end(), [this](const Gap& one, const Gap& other) {
      if (one.severity != other.severity) return one.severity > other.severity;
      if (one.people != other.people) return one.people > other.people;
      return IdsOf(one) < IdsOf(other);
    });
    begun_ = !after.empty();
    return after.empty() ? absl::OkStatus() : GoOnAfter(after);
  }

  std::uint64_t InAll() const { return gaps_.size(); }

  StatusOr<std::optional<std::string>> Fill(v1::PolicyGapsAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    page->set_on(on_);
    if (!begun_) {
      page->set_needs(needs_);
      page->set_with_policy(with_policy_);
      begun_ = true;
    }
    for (; at_ < gaps_.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(TextOf(gaps_[at_ - 1])));
      const Gap& gap = gaps_[at_];
      v1::PolicyGap line;
      line.set_place(trees_.places.tree.id(gap.place));
      line.set_place_name(trees_.places.tree.name(gap.place));
      line.set_category(trees_.categories.tree.id(gap.category));
      line.set_category_name(trees_.categories.tree.name(gap.category));
      if (gap.group != kNoItem) {
        line.set_target_group(trees_.groups.tree.id(gap.group));
        line.set_target_group_name(trees_.groups.tree.name(gap.group));
      }
      line.set_needs(gap.needs);
      line.set_people(gap.people);
      line.set_severity(gap.severity);
      budget->TakePart(line.ByteSizeLong());
      *page->add_gaps() = std::move(line);
    }
    return std::optional<std::string>();
  }

 private:
  // kNoItem for an empty id.
  static StatusOr<int> ItemOf(const PolicyTree& tree, const std::string& id) {
    if (id.empty()) return kNoItem;
    const int item = tree.tree.Find(id);
    if (item == kNoItem) return model::Damaged(keys::Item(tree.action, id), "is missing");
    return item;
  }

  bool HasPolicy(const PolicyIndex& index, const Gap& gap) const {
    const LeafSpan place = trees_.places.axis.Of(gap.place);
    const LeafSpan category = trees_.categories.axis.Of(gap.category);
    bool has = false;
    index.EachNear(place, category, [&](int number) {
      const PolicyCells& policy = cells_[number];
      has = Holds(policy.places, place) && Holds(policy.categories, category) &&
            (gap.group == kNoItem || Holds(policy.groups, trees_.groups.axis.Of(gap.group)));
      return !has;
    });
    return has;
  }

  std::tuple<std::string, std::string, std::string> IdsOf(const Gap& gap) const {
    return {trees_.places.tree.id(gap.place), trees_.categories.tree.id(gap.category),
            gap.group == kNoItem ? "" : trees_.groups.tree.id(gap.group)};
  }
  // All that the order goes by: a gap of then may be another one now.
  std::string TextOf(const Gap& gap) const {
    const auto [place, category, group] = IdsOf(gap);
    return absl::StrCat(gap.severity, ":", gap.people, ":", place.size(), ":", category.size(), ":", place,
                        category, group);
  }

  // Behind the gap of the token, which must be there.
  Status GoOnAfter(const std::string& after) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(after));
    const auto at =
        std::find_if(gaps_.begin(), gaps_.end(), [&](const Gap& gap) { return TextOf(gap) == place; });
    if (at == gaps_.end()) return token_.Refused(after);
    at_ = static_cast<std::size_t>(at - gaps_.begin()) + 1;
    return absl::OkStatus();
  }

  const View& view_;
  const std::string on_;
  const AsOfRecord as_of_;
  const PageToken token_;
  PolicyTrees trees_;
  int place_ = kNoItem, category_ = kNoItem;
  std::vector<PolicyCells> cells_;
  std::vector<Gap> gaps_;
  std::uint64_t needs_ = 0, with_policy_ = 0;
  bool begun_ = false;
  std::size_t at_ = 0;
};

}  // namespace

StatusOr<Pages<v1::PolicyGapsAnswer>> PolicyGaps(const View& view, const v1::PolicyGapsRequest& request,
                                                 const Paging& paging) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(std::string on, DayAsked(view, request.on(), as_of));
  PageToken token{"policy-gaps",      request.place(),
                  request.category(), request.unverified() ? "unverified" : "",
                  request.on(),       as_of.has_value() ? absl::StrCat(*as_of) : ""};
  const auto walk = std::make_shared<GapsWalk>(view, std::move(on), as_of, std::move(token));
  FT_RETURN_IF_ERROR(walk->Read(request, paging.after));
  const auto fill = [walk](v1::PolicyGapsAnswer* page, PageBudget* budget) {
    return walk->Fill(page, budget);
  };
  return Pages<v1::PolicyGapsAnswer>(view, paging, WithCount<v1::PolicyGapsAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
