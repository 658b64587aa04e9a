// See policy_pairs.h.
#include "ledger/query/policy_pairs.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/books/state.h"
#include "ledger/model/enum_word.h"
#include "ledger/query/policy_conflicts.h"
#include "ledger/query/policy_rows.h"
#include "ledger/query/policy_stakes.h"

namespace fundtrail::query {

namespace {

constexpr int kMaxConflicts = 20, kMaxItems = 20;

using PairKind = v1::PolicyPairsRequest;

// What two policies have in common.
struct Compared {
  PolicyCells common;
  bool overlaps = false, duplication = false, to_integrate = false;
  std::vector<v1::PolicyConflict> conflicts;
};

bool NameOneOf(const std::vector<int>& one, const std::vector<int>& other) {
  if (one.empty() || other.empty()) return one.empty() && other.empty();
  return std::any_of(one.begin(), one.end(),
                     [&](int item) { return std::binary_search(other.begin(), other.end(), item); });
}

using Aims = std::set<std::tuple<std::string, std::string, int>>;
Aims AimsOf(const v1::OpenPolicy& policy) {
  Aims aims;
  for (const v1::Objective& each : policy.objectives())
    aims.emplace(each.category(), each.indicator(), each.better());
  return aims;
}

// The policies of a day, and how any two of them compare.
class PolicyComparer {
 public:
  PolicyComparer(const View& view, std::string on, AsOfRecord as_of)
      : view_(view), then_(Then(view, as_of)), on_(std::move(on)), as_of_(as_of) {}
  PolicyComparer(const PolicyComparer&) = delete;  // its parts know each other
  PolicyComparer& operator=(const PolicyComparer&) = delete;

  Status Read(const v1::PolicyPairsRequest& request) {
    FT_ASSIGN_OR_RETURN(trees_, PolicyTrees::Read(view_, as_of_));
    FT_ASSIGN_OR_RETURN(const int place, FindIn(trees_.places.tree, "place", request.place()));
    FT_ASSIGN_OR_RETURN(const int category, FindIn(trees_.categories.tree, "category", request.category()));
    in_ = place == kNoItem ? trees_.places.axis.All() : LeafSpans{trees_.places.axis.Of(place)};
    for_ =
        category == kNoItem ? trees_.categories.axis.All() : LeafSpans{trees_.categories.axis.Of(category)};
    if (!request.policy().empty()) {
      FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kOpenPolicy, request.policy(), as_of_));
      if (!row.has_value())
        return absl::NotFoundError(
            absl::StrCat("this ledger has no policy \"", Escaped(request.policy()), "\""));
    }
    FT_RETURN_IF_ERROR(
        EachPolicyInForce(view_, on_, as_of_, [this](const v1::RegisterRow& row) { return Take(row); }));
    index_ =
        std::make_unique<PolicyIndex>(cells_, trees_.places.axis.leaves(), trees_.categories.axis.leaves());
    only_ = request.policy().empty() ? -1 : Find(request.policy());
    nothing_ = policies_.size() < 2 || (!request.policy().empty() && only_ < 0);
    if (nothing_) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(projects_, ReadPolicyProjects(view_, trees_, on_, as_of_));
    FT_RETURN_IF_ERROR(ReadDuties());
    for (const PolicyOfDay& policy : policies_) stakes_.Want(policy.said);
    return conflicts_.ReadDefinitions(policies_);
  }

  int size() const { return static_cast<int>(policies_.size()); }
  const PolicyOfDay& policy(int i) const { return policies_[i]; }
  // How many of those that are compared come before an id.
  int Before(const std::string& id) const {
    const auto at = std::lower_bound(
        policies_.begin(), policies_.end(), id,
        [](const PolicyOfDay& one, const std::string& other) { return one.said.id() < other; });
    return static_cast<int>(at - policies_.begin());
  }
  // kNoItem when no such one is compared.
  int Find(const std::string& id) const {
    const int at = Before(id);
    return at < size() && policies_[at].said.id() == id ? at : kNoItem;
  }

  // Those with a higher number that may make a pair with `one`. They share a place and a category of what is asked for.
  std::vector<int> PartnersAbove(int one) {
    if (nothing_ || (only_ >= 0 && one > only_)) return {};
    if (only_ < 0 || one == only_) return index_->CommonAbove(one);
    const bool meets = Meet(cells_[one].places, cells_[only_].places) &&
                       Meet(cells_[one].categories, cells_[only_].categories);
    return meets ? std::vector<int>{only_} : std::vector<int>();
  }

  StatusOr<Compared> Compare(int one, int other) const {
    Compared compared;
    compared.common = Common(cells_[one], cells_[other]);
    if (!Meet(compared.common.places, in_) || !Meet(compared.common.categories, for_)) return compared;
    const PolicyOfDay &a = policies_[one], &b = policies_[other];
    conflicts_.FindDefinitions(a, b, &compared.conflicts);
    compared.overlaps = !compared.common.groups.empty();
    if (!compared.overlaps) return compared;
    compared.duplication = a.said.instrument() == b.said.instrument() &&
                           NameOneOf(a.categories, b.categories) && NameOneOf(a.groups, b.groups);
    compared.to_integrate =
        compared.duplication && !a.said.objectives().empty() && AimsOf(a.said) == AimsOf(b.said);
    FT_RETURN_IF_ERROR(conflicts_.FindOthers(a, b, compared.common, &compared.conflicts));
    std::stable_sort(compared.conflicts.begin(), compared.conflicts.end(),
                     [](const auto& x, const auto& y) { return x.kind() < y.kind(); });
    return compared;
  }

  StatusOr<v1::PolicyPair> PairOf(int one, int other, const Compared& compared) {
    v1::PolicyPair pair;
    FT_RETURN_IF_ERROR(Describe(one, pair.mutable_one()));
    FT_RETURN_IF_ERROR(Describe(other, pair.mutable_other()));
    SetExtent(compared.common, pair.mutable_common());
    pair.set_degree(DegreeOf(cells_[one], cells_[other], compared.common));
    pair.set_duplication(compared.duplication);
    pair.set_to_integrate(compared.to_integrate);
    const PolicyOfDay &a = policies_[one], &b = policies_[other];
    const int shown = std::min(static_cast<int>(compared.conflicts.size()), kMaxConflicts);
    for (int i = 0; i < shown; ++i) {
      v1::PolicyConflict* conflict = pair.add_conflicts();
      *conflict = compared.conflicts[i];
      if (conflict->kind() != v1::PolicyConflict::KIND_EXCLUSIVE) continue;
      FT_ASSIGN_OR_RETURN(*conflict->mutable_what(), stakes_.HelpedByBoth(a.said, b.said));
    }
    pair.set_more_conflicts(static_cast<std::uint32_t>(compared.conflicts.size()) -
                            static_cast<std::uint32_t>(shown));
    pair.set_more_places(Shared(trees_.places.tree, a.places, b.places, pair.mutable_places()));
    pair.set_more_categories(
        Shared(trees_.categories.tree, a.categories, b.categories, pair.mutable_categories()));
    FT_RETURN_IF_ERROR(stakes_.Add(a.said, b.said, compared.common, &pair));
    return pair;
  }

 private:
  Status Take(const v1::RegisterRow& row) {
    PolicyOfDay policy;
    policy.said = row.action().open_policy();
    FT_ASSIGN_OR_RETURN(PolicyCells cells, trees_.CellsOf(policy.said));
    if (!Meet(cells.places, in_) || !Meet(cells.categories, for_)) return absl::OkStatus();
    policy.record = row.record();
    policy.lead = LeadOf(policy.said);
    FT_ASSIGN_OR_RETURN(policy.places, trees_.places.ItemsOf(policy.said.places()));
    FT_ASSIGN_OR_RETURN(policy.categories, trees_.categories.ItemsOf(policy.said.categories()));
    FT_ASSIGN_OR_RETURN(policy.groups, trees_.groups.ItemsOf(policy.said.target_groups()));
    for (auto* items : {&policy.places, &policy.categories, &policy.groups})
      std::sort(items->begin(), items->end());
    policy.said.clear_places();
    policy.said.clear_categories();
    policy.said.clear_target_groups();
    policy.said.clear_responsible();
    FT_RETURN_IF_ERROR(
        view_.Grow(sizeof(PolicyOfDay) + policy.said.SpaceUsedLong() +
                   sizeof(int) * (policy.places.size() + policy.categories.size() + policy.groups.size()) +
                   sizeof(LeafSpan) * (cells.places.size() + cells.categories.size() + cells.groups.size())));
    policies_.push_back(std::move(policy));
    cells_.push_back(std::move(cells));
    return absl::OkStatus();
  }

  Status ReadDuties() {
    PolicyDuties::Wanted wanted;
    for (const PolicyOfDay& policy : policies_) wanted.emplace(policy.lead, v1::AssignDuty::ROLE_LEAD);
    FT_ASSIGN_OR_RETURN(duties_, PolicyDuties::Read(view_, trees_, projects_, wanted, on_, as_of_));
    for (std::size_t i = 0; i < policies_.size(); ++i) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      PolicyOfDay& policy = policies_[i];
      policy.accepted = duties_.Accepted(policy.lead, v1::AssignDuty::ROLE_LEAD, policy.said, cells_[i]);
    }
    return absl::OkStatus();
  }

  Status Describe(int number, v1::PolicyOfPair* line) const {
    const PolicyOfDay& policy = policies_[number];
    line->set_id(policy.said.id());
    line->set_name(policy.said.name());
    line->set_lead(policy.lead);
    FT_ASSIGN_OR_RETURN(const auto party, NeedParty(then_, policy.lead));
    line->set_lead_name(party.name());
    line->set_instrument(policy.said.instrument());
    SetExtent(cells_[number], line->mutable_extent());
    line->set_record(policy.record);
    return absl::OkStatus();
  }

  static void SetExtent(const PolicyCells& cells, v1::PolicyExtent* extent) {
    extent->set_places(static_cast<std::uint32_t>(SizeOf(cells.places)));
    extent->set_categories(static_cast<std::uint32_t>(SizeOf(cells.categories)));
    extent->set_target_groups(static_cast<std::uint32_t>(SizeOf(cells.groups)));
  }

  // The items that each of both has in one that it names, and that one of them names. How many more there are.
  static std::uint32_t Shared(const ItemTree& tree, const std::vector<int>& one,
                              const std::vector<int>& other,
                              google::protobuf::RepeatedPtrField<std::string>* ids) {
    std::set<int> shared;
    const auto add = [&](const std::vector<int>& from, const std::vector<int>& in) {
      for (const int item : from)
        if (in.empty() || std::any_of(in.begin(), in.end(), [&](int top) { return tree.IsIn(top, item); }))
          shared.insert(item);
    };
    add(one, other);
    add(other, one);
    // Without what stands below another of them.
    std::uint32_t more = 0;
    int until = 0;
    for (const int item : shared) {
      if (item < until) continue;
      until = tree.end(item);
      if (ids->size() < kMaxItems) {
        ids->Add(std::string(tree.id(item)));
      } else {
        ++more;
      }
    }
    return more;
  }

  const View& view_;
  const View then_;
  const std::string on_;
  const AsOfRecord as_of_;
  PolicyTrees trees_;
  LeafSpans in_, for_;  // what is asked for
  int only_ = -1;
  bool nothing_ = true;
  std::vector<PolicyOfDay> policies_;  // by id
  std::vector<PolicyCells> cells_;     // of each
  std::unique_ptr<PolicyIndex> index_;
  std::vector<PolicyProject> projects_;
  PolicyDuties duties_;
  PolicyConflicts conflicts_{view_, as_of_, trees_};
  PolicyStakes stakes_{view_, then_, as_of_, projects_};
};

bool IsShown(const Compared& compared, PairKind::Kind kind) {
  switch (kind) {
    case PairKind::KIND_OVERLAP:
      return compared.overlaps;
    case PairKind::KIND_DUPLICATION:
      return compared.duplication;
    case PairKind::KIND_INTEGRATE:
      return compared.to_integrate;
    case PairKind::KIND_CONFLICT:
      return !compared.conflicts.empty();
    default:
      return compared.overlaps || !compared.conflicts.empty();
  }
}

class PairsWalk {
 public:
  PairsWalk(const View& view, std::string on, AsOfRecord as_of, PairKind::Kind kind, PageToken token)
      : view_(view),
        on_(std::move(on)),
        as_of_(as_of),
        kind_(kind),
        token_(std::move(token)),
        comparer_(view, on_, as_of) {}

  Status Read(const v1::PolicyPairsRequest& request, const std::string& after) {
    FT_RETURN_IF_ERROR(comparer_.Read(request));
    if (!after.empty()) return GoOnAfter(after);
    counts_.set_policies(static_cast<std::uint64_t>(comparer_.size()));
    for (int one = 0; one < comparer_.size(); ++one) {
      for (const int other : comparer_.PartnersAbove(one)) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        FT_ASSIGN_OR_RETURN(const Compared compared, comparer_.Compare(one, other));
        counts_.set_overlaps(counts_.overlaps() + (compared.overlaps ? 1 : 0));
        counts_.set_duplications(counts_.duplications() + (compared.duplication ? 1 : 0));
        counts_.set_to_integrate(counts_.to_integrate() + (compared.to_integrate ? 1 : 0));
        counts_.set_conflicts(counts_.conflicts() + (compared.conflicts.empty() ? 0 : 1));
        if (IsShown(compared, kind_)) ++shown_;
      }
      FT_RETURN_IF_ERROR(view_.GoOn());
    }
    counting_ = true;
    return absl::OkStatus();
  }

  // Behind a token nothing was counted.
  std::optional<std::uint64_t> InAll() const { return counting_ ? std::optional(shown_) : std::nullopt; }

  StatusOr<std::optional<std::string>> Fill(v1::PolicyPairsAnswer* page, PageBudget* budget) {
    if (as_of_.has_value()) page->set_as_of_record(*as_of_);
    page->set_on(on_);
    if (counting_) *page->mutable_counts() = counts_;
    counting_ = false;
    for (; one_ < comparer_.size(); ++one_, partners_.reset()) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (!partners_.has_value()) {
        partners_ = comparer_.PartnersAbove(one_);
        at_ = static_cast<std::size_t>(std::upper_bound(partners_->begin(), partners_->end(), behind_) -
                                       partners_->begin());
        behind_ = kNoItem;
      }
      for (; at_ < partners_->size(); ++at_) {
        FT_RETURN_IF_ERROR(view_.GoOn());
        const int other = (*partners_)[at_];
        FT_ASSIGN_OR_RETURN(const Compared compared, comparer_.Compare(one_, other));
        if (!IsShown(compared, kind_)) continue;
        if (budget->full()) return std::optional(token_.At(last_));
        FT_ASSIGN_OR_RETURN(v1::PolicyPair pair, comparer_.PairOf(one_, other, compared));
        budget->TakePart(pair.ByteSizeLong());
        last_ = absl::StrCat(pair.one().id().size(), ":", pair.one().id(), pair.other().id());
        *page->add_pairs() = std::move(pair);
      }
    }
    return std::optional<std::string>();
  }

 private:
  // Behind the pair of the token. Either of its policies may have ended since, when the question is as of no record.
  Status GoOnAfter(const std::string& after) {
    FT_ASSIGN_OR_RETURN(const std::string place, token_.Place(after));
    const std::size_t colon = place.find(':');
    std::size_t size = 0;
    if (colon == std::string::npos || !absl::SimpleAtoi(place.substr(0, colon), &size) ||
        size > place.size() - colon - 1)
      return token_.Refused(after);
    const std::string one = place.substr(colon + 1, size), other = place.substr(colon + 1 + size);
    for (const std::string& id : {one, other}) {
      FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view_.rows, v1::Action::kOpenPolicy, id));
      if (!row.has_value()) return token_.Refused(after);  // items are never taken away
    }
    one_ = comparer_.Before(one);
    if (comparer_.Find(one) != kNoItem)
      behind_ = comparer_.Before(other) - (comparer_.Find(other) == kNoItem ? 1 : 0);
    last_ = place;
    return absl::OkStatus();
  }

  const View& view_;
  const std::string on_;
  const AsOfRecord as_of_;
  const PairKind::Kind kind_;
  const PageToken token_;
  PolicyComparer comparer_;
  v1::PolicyPairCounts counts_;
  std::uint64_t shown_ = 0;  // of the pairs, those that are asked for
  bool counting_ = false;    // the first page has the counts
  int one_ = 0;
  int behind_ = kNoItem;  // the first partner is above this one
  std::optional<std::vector<int>> partners_;
  std::size_t at_ = 0;
  std::string last_;  // the pair that was shown last
};

}  // namespace

StatusOr<Pages<v1::PolicyPairsAnswer>> PolicyPairs(const View& view, const v1::PolicyPairsRequest& request,
                                                   const Paging& paging) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(std::string on, DayAsked(view, request.on(), as_of));
  if (!PairKind::Kind_IsValid(request.kind()))
    return absl::InvalidArgumentError(
        absl::StrCat("kind: ", static_cast<int>(request.kind()), " is not known"));
  PageToken token{"policy-pairs",
                  request.policy(),
                  request.place(),
                  request.category(),
                  model::WordOf(request.kind()),
                  request.on(),
                  as_of.has_value() ? absl::StrCat(*as_of) : ""};
  const auto walk = std::make_shared<PairsWalk>(view, std::move(on), as_of, request.kind(), std::move(token));
  FT_RETURN_IF_ERROR(walk->Read(request, paging.after));
  const auto fill = [walk](v1::PolicyPairsAnswer* page, PageBudget* budget) {
    return walk->Fill(page, budget);
  };
  return Pages<v1::PolicyPairsAnswer>(view, paging, WithCount<v1::PolicyPairsAnswer>(walk->InAll(), fill));
}

}  // namespace fundtrail::query
