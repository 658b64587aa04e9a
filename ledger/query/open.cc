// See open.h.
#include "ledger/query/open.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/base/wide.h"
#include "ledger/query/needs.h"
#include "ledger/query/project_standing.h"
#include "ledger/query/standing_notices.h"

namespace fundtrail::query {

namespace {

constexpr std::uint32_t kUsualListed = 20, kMaxListed = 100;

// Keeps the `most` that come first, and counts the rest.
template <typename Rank, typename Line>
class Foremost {
 public:
  explicit Foremost(std::size_t most) : most_(most) {}
  // Whether there is room for it, which is made.
  bool Takes(const Rank& rank) {
    if (lines_.size() < most_) return true;
    ++more_;
    if (std::prev(lines_.end())->first < rank) return false;
    lines_.erase(std::prev(lines_.end()));
    return true;
  }
  void Put(Rank rank, Line line) { lines_.emplace(std::move(rank), std::move(line)); }
  std::map<Rank, Line>& lines() { return lines_; }
  std::uint64_t more() const { return more_; }

 private:
  const std::size_t most_;
  std::map<Rank, Line> lines_;
  std::uint64_t more_ = 0;
};

class OpenReader {
 public:
  OpenReader(const View& view, const v1::OpenRequest& request, AsOfRecord as_of, v1::OpenAnswer* answer)
      : view_(view),
        request_(request),
        as_of_(as_of),
        top_(request.top() == 0 ? kUsualListed : std::min(request.top(), kMaxListed)),
        notices_(view, as_of),
        answer_(*answer) {}

  Status Read() {
    FT_RETURN_IF_ERROR(notices_.Ask(request_.place(), request_.category()));
    answer_.set_place_name(notices_.place_name());
    answer_.set_category_name(notices_.category_name());
    FT_RETURN_IF_ERROR(AddCalls());
    FT_RETURN_IF_ERROR(AddNeeds());
    return AddProjects();
  }

 private:
  Status AddCalls() {
    FT_ASSIGN_OR_RETURN(const Date on, ParseDate(answer_.on()));
    Foremost<std::pair<Date, std::string>, v1::OpenCall> calls(top_);
    FT_RETURN_IF_ERROR(notices_.EachStanding(on, on, [&](const StandingNotice& notice) -> Status {
      if (notice.said->kind() != v1::Announce::KIND_CALL) return absl::OkStatus();
      std::pair<Date, std::string> rank{notice.last, notice.said->id()};
      if (!calls.Takes(rank)) return absl::OkStatus();
      v1::OpenCall line;
      FT_ASSIGN_OR_RETURN(*line.mutable_call(), notices_.Describe(notice, on));
      FT_ASSIGN_OR_RETURN(*line.mutable_complaints_name(), notices_.PartyName(notice.said->complaints_to()));
      calls.Put(std::move(rank), std::move(line));
      return absl::OkStatus();
    }));
    answer_.set_more_calls(calls.more());
    for (auto& [rank, line] : calls.lines()) {
      FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
      *answer_.add_calls() = std::move(line);
    }
    return absl::OkStatus();
  }

  // As Needs has them: so both say the same.
  Status AddNeeds() {
    v1::NeedsRequest asked;
    asked.set_place(request_.place());
    asked.set_category(request_.category());
    asked.set_on(answer_.on());
    if (as_of_.has_value()) asked.set_as_of(*as_of_);
    for (const auto state : {v1::NEED_STATE_OPEN, v1::NEED_STATE_PARTLY, v1::NEED_STATE_WITHOUT_AMOUNT})
      asked.add_states(state);
    Paging paging;
    paging.limit = top_;
    FT_ASSIGN_OR_RETURN(auto pages, Needs(view_, asked, paging));
    for (bool first = true; !pages.over(); first = false) {
      FT_ASSIGN_OR_RETURN(v1::NeedsAnswer page, pages.Next());
      FT_RETURN_IF_ERROR(view_.Grow(page.ByteSizeLong()));
      if (first) {
        *answer_.mutable_counts() = page.counts();
        answer_.set_not_verified(page.not_verified());
      }
      for (v1::NeedLine& line : *page.mutable_lines()) *answer_.add_needs() = std::move(line);
    }
    return absl::OkStatus();
  }

  StatusOr<bool> IsAskedFor(const v1::ProposeProject& project) const {
    bool there = notices_.place() == kNoItem, for_it = request_.category().empty();
    for (const v1::PlaceShare& share : project.places()) {
      FT_ASSIGN_OR_RETURN(const int place, notices_.PlaceOf(share.place()));
      there = there || place != kNoItem;
    }
    for (const v1::CategoryShare& share : project.categories()) {
      FT_ASSIGN_OR_RETURN(const bool wanted, notices_.Wants(share.category()));
      for_it = for_it || wanted;
    }
    return there && for_it;
  }

  // What lies in it, in the asset of its budget; nothing when that is not known.
  StatusOr<std::optional<std::int64_t>> PlacedIn(const v1::ProposeProject& project) const {
    std::optional<std::int64_t> placed = 0;
    FT_RETURN_IF_ERROR(EachAssetOf(view_, project.id(), as_of_, [&](const ProjectSums& sums) -> Status {
      if (sums.asset != project.asset()) return absl::OkStatus();
      placed.reset();
      if (!sums.totals.beyond) placed = sums.totals.placed().value();
      return absl::OkStatus();
    }));
    return placed;
  }

  Status AddProjects() {
    std::vector<std::string> ids;
    if (notices_.place_ids() != nullptr) {
      FT_ASSIGN_OR_RETURN(ids, ItemsAt(view_, v1::Action::kProposeProject, *notices_.place_ids()));
    }
    // The share that is there, in basis points.
    using Rank = std::pair<std::int64_t, std::string>;
    Foremost<Rank, v1::OpenProject> projects(top_);
    const auto take = [&](const v1::RegisterRow& row) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      const v1::ProposeProject& said = row.action().propose_project();
      if (said.budget() <= 0 || row.has_ended() || !IsInPeriod(answer_.on(), said.from(), said.until()))
        return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const bool asked_for, IsAskedFor(said));
      if (!asked_for) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto decision, DecisionOn(view_, row, as_of_));
      if (decision != v1::ApproveProject::DECISION_APPROVED) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto standing, StandingOfProject(view_, said, answer_.on(), as_of_));
      if (standing.Freezes()) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const auto placed, PlacedIn(said));
      if (!placed.has_value() || *placed >= said.budget()) return absl::OkStatus();
      Rank rank{static_cast<std::int64_t>(Wide{*placed} * kWhole / said.budget()), said.id()};
      if (!projects.Takes(rank)) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(auto line, Describe(row, *placed));
      projects.Put(std::move(rank), std::move(line));
      return absl::OkStatus();
    };
    FT_RETURN_IF_ERROR(notices_.place_ids() == nullptr
                           ? EachItem(view_, v1::Action::kProposeProject, as_of_, take)
                           : EachItemOf(view_, v1::Action::kProposeProject, ids, as_of_, take));
    answer_.set_more_projects(projects.more());
    for (auto& [rank, line] : projects.lines()) {
      FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
      *answer_.add_projects() = std::move(line);
    }
    return absl::OkStatus();
  }

  StatusOr<v1::OpenProject> Describe(const v1::RegisterRow& row, std::int64_t placed) const {
    const v1::ProposeProject& said = row.action().propose_project();
    v1::OpenProject line;
    line.set_project(said.id());
    line.set_project_name(said.name());
    line.set_record(row.record());
    line.set_owner(said.owner());
    FT_ASSIGN_OR_RETURN(*line.mutable_owner_name(), notices_.PartyName(said.owner()));
    for (const v1::PlaceShare& share : said.places()) line.add_places(share.place());
    FT_ASSIGN_OR_RETURN(const auto asset, NeedAsset(view_, said.asset()));
    line.set_asset(said.asset());
    line.set_decimals(asset.decimals());
    line.set_budget(said.budget());
    line.set_placed(placed);
    line.set_gap(said.budget() - placed);
    return line;
  }

  const View& view_;
  const v1::OpenRequest& request_;
  const AsOfRecord as_of_;
  const std::uint32_t top_;
  NoticeReader notices_;
  v1::OpenAnswer& answer_;
};

}  // namespace

StatusOr<v1::OpenAnswer> Open(const View& view, const v1::OpenRequest& request) {
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::OpenAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  answer.set_place(request.place());
  answer.set_category(request.category());
  FT_RETURN_IF_ERROR(OpenReader(view, request, as_of, &answer).Read());
  return answer;
}

}  // namespace fundtrail::query
