// See needs.h.
#include "ledger/query/needs.h"

#include <algorithm>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "ledger/base/text.h"
#include "ledger/base/wide.h"
#include "ledger/books/state.h"
#include "ledger/model/bounds.h"
#include "ledger/query/coverage_split.h"
#include "ledger/query/need_money.h"
#include "ledger/query/need_promises.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/numbers.h"
#include "ledger/query/project_rows.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

constexpr std::int32_t kNoLastDay = std::numeric_limits<std::int32_t>::max();
constexpr std::size_t kMaxNeeds = 250'000;
constexpr std::size_t kFewNeeds = 5'000;

// What is said ends at 2^63 - 1.
void AddCapped(std::int64_t more, std::int64_t* sum) {
  if (!AddTo(sum, more)) *sum = kMaxInt64;
}

struct NeedsQuestion {
  AsOfRecord as_of;
  std::string day;
  std::vector<std::string> ids;  // single needs, sorted
  std::set<int> states;          // none: all but EXPIRED
  bool unverified = false;

  bool single() const { return !ids.empty(); }
  bool Wants(v1::NeedState state) const {
    return states.empty() ? state != v1::EXPIRED : states.count(state) > 0;
  }
};

// What needs are sorted by, where an answer goes on, and the figures that take more than the need's own rows.
struct Kept {
  std::string id;
  std::int64_t people = 0, asked = 0, direct = 0, by_projects = 0, committed = 0;
  std::int64_t assigned = 0;        // and not paid
  std::int32_t until = kNoLastDay;  // as Date has it
  int asset = kNoItem;              // by number
  std::uint32_t severity = 0, priority = 0;
  v1::NeedState state = v1::OPEN;
  bool beyond = false;  // what came is not known

  // More came than can be counted, whatever else is known.
  void GiveUp() {
    beyond = true;
    direct = by_projects = committed = 0;
  }

  // Met by projects and directly, together.
  Wide met() const { return Wide(direct) + by_projects; }
  // Neither met nor assigned.
  std::int64_t open() const {
    const Wide gone = met() + assigned;
    return !beyond && gone < asked ? static_cast<std::int64_t>(asked - gone) : std::int64_t{0};
  }
};
// In pieces, so that one more never copies all. They are in memory while an answer is on its way.
using KeptNeeds = std::deque<Kept>;

// Whether one stands before the other in an answer.
bool Before(const Kept& one, const Kept& other) {
  const auto rank = [](const Kept& need) {
    // Where nobody said how urgent it is, it stands behind those of which somebody did.
    const std::uint32_t urgency = need.priority == 0 ? kLeastUrgent + 1 : need.priority;
    return std::make_tuple(-std::int64_t{need.severity}, urgency, need.until, -need.people);
  };
  return std::tuple_cat(rank(one), std::tie(one.id)) < std::tuple_cat(rank(other), std::tie(other.id));
}

// What a page token says: behind which need, by all that it is sorted by. So an answer goes on where it stood, also when that
// need has changed since. Only as it is written here.
std::string ToText(const Kept& need) {
  return absl::StrCat(need.severity, ":", need.priority, ":", need.until, ":", need.people, ":", need.id);
}
std::optional<Kept> ParseKept(const std::string& text) {
  const std::vector<std::string> parts = absl::StrSplit(text, absl::MaxSplits(':', 4));
  Kept need;
  if (parts.size() != 5 || !absl::SimpleAtoi(parts[0], &need.severity) ||
      !absl::SimpleAtoi(parts[1], &need.priority) || !absl::SimpleAtoi(parts[2], &need.until) ||
      !absl::SimpleAtoi(parts[3], &need.people))
    return std::nullopt;
  need.id = parts[4];
  const bool fits = need.severity <= kMaxSevere && need.priority <= kLeastUrgent && need.people >= 0;
  if (!fits || ToText(need) != text) return std::nullopt;
  return need;
}

v1::NeedState StateOf(const Kept& need) {
  if (need.asked == 0) return v1::WITHOUT_AMOUNT;
  if (need.beyond) return v1::NEED_STATE_UNSPECIFIED;
  if (need.met() >= need.asked) return v1::MET;
  if (need.open() == 0) return v1::ASSIGNED;
  return need.met() + need.assigned > 0 ? v1::PARTLY : v1::OPEN;
}

struct NeedsRead {
  KeptNeeds needs;  // in the order of the answer
  std::vector<v1::NeedCount> counts;
  std::uint64_t not_verified = 0;
};

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
    for (Kept& need : needs) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (need.state == v1::OPEN) need.state = StateOf(need);
    }
    if (!question_.single())
      needs.erase(std::remove_if(needs.begin(), needs.end(),
                                 [&](const Kept& need) { return !question_.Wants(need.state); }),
                  needs.end());
    FT_RETURN_IF_ERROR(Count());
    FT_RETURN_IF_ERROR(view_.GoOn());
    std::sort(needs.begin(), needs.end(), Before);
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
    Kept kept;
    switch (need.standing) {
      case NeedStanding::kInForce:
        break;
      case NeedStanding::kExpired:
        kept.state = v1::EXPIRED;
        break;
      case NeedStanding::kNotBegun:
      case NeedStanding::kEnded:
        kept.state = v1::NEED_STATE_UNSPECIFIED;
        break;
    }
    if (!question_.single()) {
      const bool in_force = need.standing == NeedStanding::kInForce;
      const bool may_show =
          in_force || (need.standing == NeedStanding::kExpired && question_.Wants(v1::EXPIRED));
      if (!may_show || !InScope(said)) return absl::OkStatus();
      if (!question_.unverified && !Counts(need, false)) {
        if (in_force) ++read_.not_verified;
        return absl::OkStatus();
      }
    }
    if (read_.needs.size() == kMaxNeeds)
      return absl::ResourceExhaustedError(
          absl::StrCat("more than ", kMaxNeeds, " needs fit the question: ask for a place or a category"));
    FT_RETURN_IF_ERROR(view_.Grow(sizeof(Kept) + said.id().size()));
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
  Kept* Find(const std::string& id) {
    const auto found = std::lower_bound(read_.needs.begin(), read_.needs.end(), id,
                                        [](const Kept& need, const std::string& of) { return need.id < of; });
    return found == read_.needs.end() || found->id != id ? nullptr : &*found;
  }
  bool CountsIn(const Kept* need, const std::string& asset) const {
    return need != nullptr && need->asset != kNoItem && need->asset == assets_.Find(asset);
  }

  Status AddDirect() {
    const auto take = [this](const NeedPaid& paid) {
      Kept* need = Find(paid.need);
      if (!CountsIn(need, paid.asset) || need->beyond) return absl::OkStatus();
      DirectMoney sum{need->direct, need->committed, false};
      AddPaid(paid.money, &sum);
      need->direct = sum.paid;
      need->committed = sum.committed;
      if (sum.beyond) need->GiveUp();
      return absl::OkStatus();
    };
    if (ids_ == nullptr) return EachNeedPaid(view_, question_.as_of, take);
    for (const Kept& need : read_.needs) {
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
      if (DecisionOn(row, newest) != v1::ApproveProject::APPROVED) return absl::OkStatus();
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
        Kept* need = Find(shares[i]->need());
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
      if (Kept* need = Find(id); need != nullptr) need->assigned = promised;
      return absl::OkStatus();
    });
  }

  // By asset, then by state.
  Status Count() {
    const View then = Then(view_, question_.as_of);
    const std::vector<std::string> codes = assets_.Texts();
    std::map<std::pair<std::string, int>, v1::NeedCount> counts;
    for (const Kept& need : read_.needs) {
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

// Goes through what was read. The lines are made as they are shown.
class NeedsWalk {
 public:
  NeedsWalk(const View& view, NeedsQuestion question, PageToken token, NeedsRead read)
      : view_(view),
        then_(Then(view, question.as_of)),
        question_(std::move(question)),
        token_(std::move(token)),
        read_(std::move(read)) {}

  StatusOr<std::optional<std::string>> Fill(v1::NeedsAnswer* page, PageBudget* budget) {
    if (question_.as_of.has_value()) page->set_as_of_record(*question_.as_of);
    page->set_on(question_.day);
    if (!begun_) {
      for (v1::NeedCount& count : read_.counts) *page->add_counts() = std::move(count);
      page->set_not_verified(read_.not_verified);
      budget->TakeBytes(page->ByteSizeLong());
      begun_ = true;
    }
    names_.clear();
    for (; at_ < read_.needs.size(); ++at_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (budget->full()) return std::optional(token_.At(at_ == 0 ? "" : ToText(read_.needs[at_ - 1])));
      FT_ASSIGN_OR_RETURN(v1::NeedLine line, LineOf(read_.needs[at_]));
      budget->TakePart(line.ByteSizeLong());
      *page->add_lines() = std::move(line);
    }
    read_.needs = KeptNeeds();  // nothing looks at them any more
    at_ = 0;
    return std::optional<std::string>();
  }

 private:
  StatusOr<v1::NeedLine> LineOf(const Kept& kept) {
    FT_ASSIGN_OR_RETURN(auto row, ItemThen(view_, v1::Action::kDeclareNeed, kept.id, question_.as_of));
    if (!row.has_value()) return model::Damaged(keys::Item(v1::Action::kDeclareNeed, kept.id), "is missing");
    FT_ASSIGN_OR_RETURN(const NeedInForce need, NeedOn(view_, *row, question_.day, question_.as_of));
    v1::NeedLine line;
    line.set_record(need.record);
    line.set_opened(need.opened);
    line.set_found(need.found);
    FT_ASSIGN_OR_RETURN(*line.mutable_place_name(), NameOf(v1::Action::kDeclarePlace, need.said->place()));
    FT_ASSIGN_OR_RETURN(*line.mutable_category_name(),
                        NameOf(v1::Action::kDeclareCategory, need.said->category()));
    if (!need.said->asset().empty()) {
      FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(then_, need.said->asset()));
      line.set_decimals(asset.decimals());
    }
    line.set_people(need.people);
    line.set_severity(need.severity);
    line.set_years(need.years);
    line.set_asked(need.asked);
    line.set_direct(kept.direct);
    line.set_by_projects(kept.by_projects);
    line.set_committed(kept.committed);
    line.set_open(kept.open());
    line.set_assigned(kept.assigned);
    line.set_state(kept.state);
    line.set_beyond(kept.beyond);
    // Last: what is read above lies in the row.
    *line.mutable_need() = std::move(*row->mutable_action()->mutable_declare_need());
    return line;
  }

  // Of a place or a category that a need names.
  StatusOr<std::string> NameOf(v1::Action::ActionCase action, const std::string& id) {
    const auto [known, is_new] = names_.try_emplace(std::pair<int, std::string>(action, id));
    if (!is_new) return known->second;
    FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, action, id, question_.as_of));
    if (!row.has_value()) return model::Damaged(keys::Item(action, id), "is missing");
    known->second = action == v1::Action::kDeclarePlace ? row->action().declare_place().name()
                                                        : row->action().declare_category().name();
    return known->second;
  }

  const View& view_;
  const View then_;
  const NeedsQuestion question_;
  const PageToken token_;
  NeedsRead read_;
  std::size_t at_ = 0;
  bool begun_ = false;
  std::map<std::pair<int, std::string>, std::string> names_;  // of places and categories, for one page
};

StatusOr<NeedsQuestion> QuestionOf(const View& view, const v1::NeedsRequest& request) {
  NeedsQuestion question;
  if (request.has_as_of()) question.as_of = request.as_of();
  FT_ASSIGN_OR_RETURN(question.day, DayAsked(view, request.on(), question.as_of));
  for (const int state : request.states()) {
    if (!v1::NeedState_IsValid(state) || state == v1::NEED_STATE_UNSPECIFIED)
      return absl::InvalidArgumentError(absl::StrCat("states: ", state, " is not known"));
    question.states.insert(state);
  }
  question.unverified = request.unverified();
  question.ids.assign(request.ids().begin(), request.ids().end());
  if (question.single() &&
      (!request.place().empty() || !request.category().empty() || !question.states.empty()))
    return absl::InvalidArgumentError(
        "ids: single needs are asked for without a place, a category or states");
  if (question.ids.size() > model::kMaxReferences)
    return absl::InvalidArgumentError(absl::StrCat("ids: at most ", model::kMaxReferences));
  std::sort(question.ids.begin(), question.ids.end());
  if (std::adjacent_find(question.ids.begin(), question.ids.end()) != question.ids.end())
    return absl::InvalidArgumentError("ids: one is listed twice");
  return question;
}

PageToken TokenOf(const v1::NeedsRequest& request, const NeedsQuestion& question) {
  std::string ids, states;
  for (const std::string& id : question.ids) absl::StrAppend(&ids, id.size(), ".", id);
  for (const int state : question.states) absl::StrAppend(&states, state, ".");
  return PageToken{"needs",
                   request.place(),
                   request.category(),
                   ids,
                   states,
                   question.unverified ? "unverified" : "",
                   request.on(),
                   question.as_of.has_value() ? absl::StrCat(*question.as_of) : ""};
}

// Only what comes behind the need of the token.
Status GoOnAfter(const View& view, const PageToken& token, const std::string& after, KeptNeeds* needs) {
  FT_ASSIGN_OR_RETURN(const std::string place, token.Place(after));
  const auto last = ParseKept(place);
  if (!last.has_value()) return token.Refused(after);
  FT_ASSIGN_OR_RETURN(const auto row, books::GetItem(*view.rows, v1::Action::kDeclareNeed, last->id));
  if (!row.has_value()) return token.Refused(after);  // items are never taken away
  needs->erase(needs->begin(), std::upper_bound(needs->begin(), needs->end(), *last, Before));
  return absl::OkStatus();
}

}  // namespace

StatusOr<Pages<v1::NeedsAnswer>> Needs(const View& view, const v1::NeedsRequest& request,
                                       const Paging& paging) {
  FT_ASSIGN_OR_RETURN(NeedsQuestion question, QuestionOf(view, request));
  PageToken token = TokenOf(request, question);
  NeedsReader reader(view, question);
  FT_ASSIGN_OR_RETURN(NeedsRead read, reader.Read(request.place(), request.category()));
  const std::uint64_t in_all = read.needs.size();
  if (!paging.after.empty()) FT_RETURN_IF_ERROR(GoOnAfter(view, token, paging.after, &read.needs));
  // One more tells that there are more.
  if (paging.limit > 0 && read.needs.size() > paging.limit) read.needs.resize(paging.limit + 1);
  read.needs.shrink_to_fit();
  const auto walk = std::make_shared<NeedsWalk>(view, std::move(question), std::move(token), std::move(read));
  const auto fill = [walk](v1::NeedsAnswer* page, PageBudget* budget) { return walk->Fill(page, budget); };
  return Pages<v1::NeedsAnswer>(view, paging, WithCount<v1::NeedsAnswer>(in_all, fill));
}

}  // namespace fundtrail::query
