// See publicity.h.
#include "ledger/query/publicity.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "ledger/query/needs_in_force.h"
#include "ledger/query/standing_notices.h"

namespace fundtrail::query {

namespace {

constexpr std::size_t kMaxPlaces = 1'000, kMaxNotices = 500;
constexpr std::uint32_t kMaxDays = 36'600;

// What stands at one place.
struct AtPlace {
  v1::PublicityPlace figures;
  std::set<std::string> announcers;
};

void CountChannels(const v1::Announce& notice, v1::PublicityPlace* figures) {
  std::set<int> kinds;
  for (const v1::NoticeChannel& channel : notice.channels()) kinds.insert(channel.kind());
  if (kinds.count(v1::NoticeChannel::KIND_WEB) > 0) figures->set_web(figures->web() + 1);
  if (kinds.count(v1::NoticeChannel::KIND_BOARD) > 0) figures->set_board(figures->board() + 1);
  if (kinds.count(v1::NoticeChannel::KIND_MEETING) > 0) figures->set_meeting(figures->meeting() + 1);
  if (kinds.count(v1::NoticeChannel::KIND_RADIO) > 0) figures->set_radio(figures->radio() + 1);
  if (kinds.count(v1::NoticeChannel::KIND_MESSAGE) > 0) figures->set_message(figures->message() + 1);
}

class PublicityReader {
 public:
  PublicityReader(const View& view, const v1::PublicityRequest& request, AsOfRecord as_of,
                  v1::PublicityAnswer* answer)
      : view_(view), request_(request), as_of_(as_of), notices_(view, as_of), answer_(*answer) {}

  Status Read() {
    FT_RETURN_IF_ERROR(notices_.Ask(request_.place(), request_.category()));
    answer_.set_place_name(notices_.place_name());
    answer_.set_category_name(notices_.category_name());
    FT_ASSIGN_OR_RETURN(const Date on, ParseDate(answer_.on()));
    const Date since = FirstOf(on, answer_.days());
    answer_.set_since(ToString(since));
    FT_RETURN_IF_ERROR(
        notices_.EachStanding(since, on, [&](const StandingNotice& notice) { return Take(notice, on); }));
    answer_.set_announcers(announcers_.size());
    FT_RETURN_IF_ERROR(ReadNeeds());
    FT_RETURN_IF_ERROR(AddPlaces());
    return AddNotices();
  }

 private:
  // The latest first day first.
  using Rank = std::pair<std::int32_t, std::string>;

  Status Take(const StandingNotice& notice, Date on) {
    announcers_.insert(notice.said->owner());
    const bool is_call = notice.said->kind() == v1::Announce::KIND_CALL;
    if (is_call && notice.from_above) ++from_above_;
    for (const int place : notice.places) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      AtPlace& there = places_[place];
      there.figures.set_notices(there.figures.notices() + 1);
      if (is_call) there.figures.set_calls(there.figures.calls() + 1);
      CountChannels(*notice.said, &there.figures);
      there.announcers.insert(notice.said->owner());
    }
    if (is_call) FT_RETURN_IF_ERROR(CountReach(notice));
    if (request_.silent()) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const Date from, ParseDate(notice.said->from()));
    Rank rank{-from.days(), notice.said->id()};
    if (shown_.size() == kMaxNotices) {
      ++more_notices_;
      if (std::prev(shown_.end())->first < rank) return absl::OkStatus();
      shown_.erase(std::prev(shown_.end()));
    }
    FT_ASSIGN_OR_RETURN(auto line, notices_.Describe(notice, on));
    shown_.emplace(std::move(rank), std::move(line));
    return absl::OkStatus();
  }

  // A call that names a place above another and that one too counts once below it.
  Status CountReach(const StandingNotice& notice) {
    if (notice.from_above) return absl::OkStatus();
    for (const int place : notice.places) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      bool is_below = false;
      for (const int other : notice.places)
        is_below = is_below || (other != place && notices_.places().IsIn(other, place));
      if (!is_below) ++reaching_[place];
    }
    return absl::OkStatus();
  }

  std::uint64_t ReachedBy(int place) const {
    std::uint64_t calls = from_above_;
    for (int at = place; at != kNoItem; at = notices_.places().parent(at)) {
      const auto found = reaching_.find(at);
      if (found != reaching_.end()) calls += found->second;
    }
    return calls;
  }

  Status ReadNeeds() {
    std::vector<std::string> ids;
    const std::vector<std::string>* some = nullptr;
    if (notices_.place_ids() != nullptr) {
      FT_ASSIGN_OR_RETURN(ids, ItemsAt(view_, v1::Action::kDeclareNeed, *notices_.place_ids()));
      some = &ids;
    }
    return EachNeedInForce(view_, answer_.on(), as_of_, some, [&](const NeedInForce& need) -> Status {
      FT_RETURN_IF_ERROR(view_.GoOn());
      if (!Counts(need, false)) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const bool wanted, notices_.Wants(need.said->category()));
      if (!wanted) return absl::OkStatus();
      FT_ASSIGN_OR_RETURN(const int place, notices_.PlaceOf(need.said->place()));
      if (place == kNoItem) return absl::OkStatus();
      v1::PublicityPlace& figures = places_[place].figures;
      figures.set_needs(figures.needs() + 1);
      return absl::OkStatus();
    });
  }

  Status AddPlaces() {
    std::vector<v1::PublicityPlace> lines;
    std::uint64_t silent = 0, with_need = 0;
    for (auto& [place, there] : places_) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      v1::PublicityPlace& line = there.figures;
      line.set_place(notices_.places().id(place));
      line.set_place_name(notices_.places().name(place));
      line.set_announcers(there.announcers.size());
      line.set_reached_by(ReachedBy(place));
      line.set_silent(line.needs() > 0 && line.reached_by() == 0);
      if (line.silent()) ++silent;
      if (line.needs() > 0) ++with_need;
      if (line.silent() || !request_.silent()) lines.push_back(std::move(line));
    }
    answer_.set_silent(silent);
    answer_.set_with_need(with_need);
    const auto rank = [](const v1::PublicityPlace& line) {
      return std::make_tuple(!line.silent(), ~line.needs(), line.place());
    };
    std::sort(lines.begin(), lines.end(),
              [&](const auto& one, const auto& other) { return rank(one) < rank(other); });
    if (lines.size() > kMaxPlaces) {
      answer_.set_more_places(lines.size() - kMaxPlaces);
      lines.resize(kMaxPlaces);
    }
    for (v1::PublicityPlace& line : lines) {
      FT_RETURN_IF_ERROR(view_.GoOn());
      FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
      *answer_.add_places() = std::move(line);
    }
    return absl::OkStatus();
  }

  Status AddNotices() {
    answer_.set_more_notices(more_notices_);
    for (auto& [rank, line] : shown_) {
      FT_RETURN_IF_ERROR(view_.Grow(line.ByteSizeLong()));
      *answer_.add_notices() = std::move(line);
    }
    return absl::OkStatus();
  }

  const View& view_;
  const v1::PublicityRequest& request_;
  const AsOfRecord as_of_;
  NoticeReader notices_;
  v1::PublicityAnswer& answer_;
  std::map<int, AtPlace> places_;          // that a notice names, or that have a need
  std::map<int, std::uint64_t> reaching_;  // of each place, the calls that reach it and all below it
  std::uint64_t from_above_ = 0;           // calls that reach all that is asked for
  std::set<std::string> announcers_;
  std::map<Rank, v1::PublicityNotice> shown_;  // no more than are shown
  std::uint64_t more_notices_ = 0;
};

}  // namespace

StatusOr<v1::PublicityAnswer> Publicity(const View& view, const v1::PublicityRequest& request) {
  if (request.days() > kMaxDays) {
    return absl::InvalidArgumentError(
        absl::StrCat("days: is ", request.days(), ", and may be ", kMaxDays, " at most"));
  }
  AsOfRecord as_of;
  if (request.has_as_of()) as_of = request.as_of();
  v1::PublicityAnswer answer;
  *answer.mutable_as_of() = view.checkpoint;
  if (as_of.has_value()) answer.set_as_of_record(*as_of);
  FT_ASSIGN_OR_RETURN(*answer.mutable_on(), DayAsked(view, request.on(), as_of));
  answer.set_days(request.days() == 0 ? kUsualNoticeDays : request.days());
  answer.set_place(request.place());
  answer.set_category(request.category());
  FT_RETURN_IF_ERROR(PublicityReader(view, request, as_of, &answer).Read());
  return answer;
}

}  // namespace fundtrail::query
