// See kept_needs.h.
#include "ledger/query/kept_needs.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/query/coverage_split.h"
#include "ledger/query/need_money.h"
#include "ledger/query/need_promises.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/numbers.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::size_t kMaxNeeds = 250'000;
constexpr std::size_t kFewNeeds = 5'000;

// What is said ends at 2^63 - 1.
void AddCapped(std::int64_t more, std::int64_t* sum) {
  if (!AddTo(sum, more)) *sum = kMaxInt64;
}

v1::NeedState StateOf(const KeptNeed& need) {
  if (need.asked == 0) return v1::NEED_STATE_WITHOUT_AMOUNT;
  if (need.beyond) return v1::NEED_STATE_UNSPECIFIED;
  if (need.met() >= need.asked) return v1::NEED_STATE_MET;
  if (need.open() == 0) return v1::NEED_STATE_ASSIGNED;
  return need.met() + need.assigned > 0 ? v1::NEED_STATE_PARTLY : v1::NEED_STATE_OPEN;
}

// Reads all that fits the question.
class NeedsReader {
 public:
  NeedsReader(const View& view, const NeedsQuestion& question) : view_(view), question_(question) {}

  StatusOr<NeedsRead> Read(const std::string& place, const std::string& category) {
    FT_RETURN_IF_ERROR(FindScope(place, category));
    const auto take = [this](const NeedInForce& need) { return Take(need); };
    FT_RETURN_IF_ERROR(EachNeed(view_, question_.day, question_.as_of, ids_, take));
    FT_RETURN_IF_ERROR(CheckFound());
    FT_RETURN_IF_ERROR(AddDirect());
    FT_RETURN_IF_ERROR(AddProjects());
    FT_RETURN_IF_ERROR(AddPromised());
    auto& needs = read_.needs;
    for (KeptNeed& need : needs) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (need.state == v1::NEED_STATE_OPEN) need.state = StateOf(need);
    }
    if (!question_.single())
      needs.erase(std::remove_if(needs.begin(), needs.end(),
                                 [&](const KeptNeed& need) { return !question_.Wants(need.state); }),
                  needs.end());
    FT_RETURN_IF_ERROR(Count());
    FT_RETURN_IF_ERROR(view_.GoOn());
    std::sort(needs.begin(), needs.end(), NeedStandsBefore);
    FT_RETURN_IF_ERROR(view_.GoOn());
    return std::move(read_);
  }

 private:
  Status FindScope(const std::string& place, const std::string& category) {
    if (question_.single()) ids_ = &question_.ids;
    // Without a place, or without a category, its tree is not read.
    if (!place.empty()) {
      FT_ASSIGN_OR_RETURN(places_, ReadTreeBelow(view_, v1::Action::kDeclarePlace, place, question_.as_of));
      FT_ASSIGN_OR_RETURN(place_, FindIn(places_, "place", place));
    }
    if (!category.empty()) {
      FT_ASSIGN_OR_RETURN(categories_,
                          ReadTreeBelow(view_, v1::Action::kDeclareCategory, category, question_.as_of));
      FT_ASSIGN_OR_RETURN(category_, FindIn(categories_, "category", category));
    }
    if (place.empty()) return absl::OkStatus();
    std::vector<std::string> below;
    for (int at = place_; at < places_.size() && places_.IsIn(place_, at); ++at)
      below.push_back(places_.id(at));
    FT_ASSIGN_OR_RETURN(ids_there_, ItemsAt(view_, v1::Action::kDeclareNeed, below));
    // Of many, one walk over all needs is cheaper than so many look-ups.
    if (ids_there_.size() <= kFewNeeds) {
      ids_ = &ids_there_;
    } else {
      ids_there_ = {};
    }
    return absl::OkStatus();
  }

  bool InScope(const v1::DeclareNeed& said) const {
    return places_.IsIn(place_, place_ == kNoItem ? kNoItem : places_.Find(said.place())) &&
           categories_.IsIn(category_, category_ == kNoItem ? kNoItem : categories_.Find(said.category()));
  }

  Status Take(const NeedInForce& need) {
    const v1::DeclareNeed& said = *need.said;
    KeptNeed kept;
    switch (need.standing) {
      case NeedStanding::kInForce:
        break;
      case NeedStanding::kExpired:
        kept.state = v1::NEED_STATE_EXPIRED;
        break;
      case NeedStanding::kNotBegun:
      case NeedStanding::kEnded:
        kept.state = v1::NEED_STATE_UNSPECIFIED;
        break;
    }
    if (!question_.single()) {
      const bool in_force = need.standing == NeedStanding::kInForce;
      const bool may_show =
          in_force || (need.standing == NeedStanding::kExpired && question_.Wants(v1::NEED_STATE_EXPIRED));
      if (!may_show || !InScope(said)) return absl::OkStatus();
      if (!question_.unverified && !Counts(need, false)) {
        if (in_force) ++read_.not_verified;
        return absl::OkStatus();
      }
    }
    if (read_.needs.size() == kMaxNeeds)
      return absl::ResourceExhaustedError(
          absl::StrCat("more than ", kMaxNeeds, " needs fit the question: ask for a place or a category"));
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(KeptNeed) + said.id().size()));
    kept.id = said.id();
    kept.people = need.people;
    kept.asked = need.asked;
    kept.severity = need.severity;
    kept.priority = said.priority();
    if (!said.asset().empty()) kept.asset = assets_.Of(said.asset());
    if (!said.until().empty()) {
      const auto until = ParseDate(said.until());
      if (!until.ok())
        return model::Damaged(keys::Item(v1::Action::kDeclareNeed, said.id()),
                              "has a day that is not a date");
      kept.until = until->days();
    }
    read_.needs.push_back(std::move(kept));
    return absl::OkStatus();
  }

  // Both are by id. A need is missing when it was opened later.
  Status CheckFound() const {
    if (!question_.single() || read_.needs.size() == question_.ids.size()) return absl::OkStatus();
    std::size_t at = 0;
    while (at < read_.needs.size() && read_.needs[at].id == question_.ids[at]) ++at;
    return absl::NotFoundError(absl::StrCat("this ledger has no need \"", Escaped(question_.ids[at]), "\"",
                                            question_.as_of.has_value() ? " at that record" : ""));
  }

  // One that is kept. They stand by id until they are sorted.
  KeptNeed* Find(const std::string& id) {
    const auto found =
        std::lower_bound(read_.needs.begin(), read_.needs.end(), id,
                         [](const KeptNeed& need, const std::string& of) { return need.id < of; });
    return found == read_.needs.end() || found->id != id ? nullptr : &*found;
  }
  bool CountsIn(const KeptNeed* need, const std::string& asset) const {
    return need != nullptr && need->asset != kNoItem && need->asset == assets_.Find(asset);
  }

  Status AddDirect() {
    const auto take = [this](const NeedPaid& paid) {
      KeptNeed* need = Find(paid.need);
      if (!CountsIn(need, paid.asset) || need->beyond) return absl::OkStatus();
      DirectMoney sum{need->direct, need->committed, false};
      AddPaid(paid.money, &sum);
      need->direct = sum.paid;
      need->committed = sum.committed;
      if (sum.beyond) need->GiveUp();
      return absl::OkStatus();
    };
    if (ids_ == nullptr) return EachNeedPaid(view_, question_.as_of, take);
    for (const KeptNeed& need : read_.needs) {
      if (need.asset == kNoItem) continue;
      FT_RETURN_IF_ERROR(EachPaidFor(view_, need.id, question_.as_of, take));
    }
    return absl::OkStatus();
  }

  // Any project may name any need: it looks at all of them, and at the money of those that name one that is kept. Whoever proposes a
  // project says what it is for: that counts when its present version is approved. It counts after the project ended, too.
  Status AddProjects() {
    if (assets_.size() == 0) return absl::OkStatus();
    NewestSaidWalk decisions(view_, v1::Action::kProposeProject, v1::Action::kApproveProject,
                             question_.as_of);
    const auto take = [&](const v1::RegisterRow& row) -> Status {
      const v1::ProposeProject& said = row.action().propose_project();
      std::vector<const v1::NeedShare*> shares;
      bool some = false;
      for (const v1::NeedShare& share : said.needs()) {
        shares.push_back(&share);
        some = some || Find(share.need()) != nullptr;
      }
      if (!some) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto newest, decisions.Of(said.id()));
      if (DecisionOn(row, newest) != v1::ApproveProject::DECISION_APPROVED) return absl::OkStatus();
      std::sort(shares.begin(), shares.end(), [](const v1::NeedShare* one, const v1::NeedShare* other) {
        return one->need() < other->need();
      });
      return AddProject(said.id(), shares);
    };
    return EachItem(view_, v1::Action::kProposeProject, question_.as_of, take);
  }

  Status AddProject(const std::string& id, const std::vector<const v1::NeedShare*>& shares) {
    std::vector<CoverageShare> parts;
    std::uint64_t sum = 0;
    bool all = true;
    for (const v1::NeedShare* share : shares) {
      parts.push_back({static_cast<int>(parts.size()), share->basis_points()});
      sum += share->basis_points();
      all = all && share->basis_points() > 0;
    }
    if (!all || sum > kWhole)
      return model::Damaged(keys::Item(v1::Action::kProposeProject, id),
                            "is split in parts that are no whole");
    // What is for no need stands behind those that are.
    if (sum < kWhole) parts.push_back({kNoItem, static_cast<std::uint32_t>(kWhole - sum)});
    const auto take = [&](const ProjectSums& sums) -> Status {
      const bool some = std::any_of(shares.begin(), shares.end(), [&](const v1::NeedShare* share) {
        return CountsIn(Find(share->need()), sums.asset);
      });
      if (!some) return absl::OkStatus();
      const Amount all_placed = sums.totals.placed();
      const auto placed = Split(all_placed.value(), parts);
      const auto committed = Split(std::min(sums.totals.committed_in, all_placed).value(), parts, &placed);
      for (std::size_t i = 0; i < shares.size(); ++i) {
        KeptNeed* need = Find(shares[i]->need());
        if (!CountsIn(need, sums.asset) || need->beyond) continue;
        // The sums of a project that has too much are all 0.
        AddCapped(committed[i], &need->committed);
        if (sums.totals.beyond || !AddTo(&need->by_projects, placed[i])) need->GiveUp();
      }
      return absl::OkStatus();
    };
    return EachAssetOf(view_, id, question_.as_of, take);
  }

  Status AddPromised() {
    return EachPromised(view_, question_.as_of, [this](const std::string& id, std::int64_t promised) {
      if (KeptNeed* need = Find(id); need != nullptr) need->assigned = promised;
      return absl::OkStatus();
    });
  }

  // By asset, then by state.
  Status Count() {
    const View then = Then(view_, question_.as_of);
    const std::vector<std::string> codes = assets_.Texts();
    std::map<std::pair<std::string, int>, v1::NeedCount> counts;
    for (const KeptNeed& need : read_.needs) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const std::string asset = need.asset == kNoItem ? std::string() : codes[need.asset];
      v1::NeedCount& count = counts[{asset, need.state}];
      if (count.needs() == 0) {
        count.set_state(need.state);
        count.set_asset(asset);
        if (!asset.empty()) {
          FT_ASSIGN_OR_RETURN(const auto declared, NeedAsset(then, asset));
          count.set_decimals(declared.decimals());
        }
      }
      std::int64_t asked = count.asked(), met = count.met(), open = count.open(), assigned = count.assigned();
      AddCapped(need.asked, &asked);
      AddCapped(need.direct, &met);
      AddCapped(need.by_projects, &met);
      AddCapped(need.open(), &open);
      AddCapped(need.assigned, &assigned);
      count.set_needs(count.needs() + 1);
      count.set_asked(asked);
      count.set_met(met);
      count.set_open(open);
      count.set_assigned(assigned);
    }
    for (auto& [of, count] : counts) read_.counts.push_back(std::move(count));
    return absl::OkStatus();
  }

  const View& view_;
  const NeedsQuestion& question_;
  ItemTree places_, categories_;
  int place_ = kNoItem, category_ = kNoItem;
  std::vector<std::string> ids_there_;
  const std::vector<std::string>* ids_ = nullptr;  // that are looked at; null: all
  Numbers assets_;
  NeedsRead read_;
};

}  // namespace

bool NeedStandsBefore(const KeptNeed& one, const KeptNeed& other) {
  const auto rank = [](const KeptNeed& need) {
    // Where nobody said how urgent it is, it stands behind those of which somebody did.
    const std::uint32_t urgency = need.priority == 0 ? kLeastUrgent + 1 : need.priority;
    return std::make_tuple(-std::int64_t{need.severity}, urgency, need.until, -need.people);
  };
  return std::tuple_cat(rank(one), std::tie(one.id)) < std::tuple_cat(rank(other), std::tie(other.id));
}

StatusOr<NeedsRead> ReadNeeds(const View& view, const NeedsQuestion& question, const std::string& place,
                              const std::string& category) {
  return NeedsReader(view, question).Read(place, category);
}

}  // namespace fundtrail::query
