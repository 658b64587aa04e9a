// See standing_notices.h.
#include "ledger/query/standing_notices.h"

#include <algorithm>
#include <utility>

#include "ledger/books/ancestors.h"
#include "ledger/model/register_table.h"
#include "ledger/query/register_line.h"

namespace fundtrail::query {

namespace keys = model::keys;

namespace {

// Those that stand above an item, without itself.
StatusOr<std::set<std::string>> Above(const View& view, v1::Action::ActionCase action,
                                      const std::string& id) {
  std::set<std::string> above;
  books::Ancestors ancestors(*view.rows);
  const Status climbed = ancestors.EachAbove(action, id, [&](const std::string& at) -> StatusOr<bool> {
    FT_RETURN_IF_ERROR(view.GoOn());
    if (at != id) above.insert(at);
    return true;
  });
  FT_RETURN_IF_ERROR(climbed);
  return above;
}

StatusOr<Date> FirstDay(const v1::Announce& notice) {
  const auto day = ParseDate(notice.from());
  if (day.ok()) return *day;
  return model::Damaged(keys::Item(v1::Action::kAnnounce, notice.id()), "has a day that is not a date");
}

}  // namespace

Date FirstOf(Date last, std::uint32_t days) {
  const std::int64_t first = std::int64_t{last.days()} - days + 1;
  const Date from(static_cast<std::int32_t>(std::max<std::int64_t>(first, INT32_MIN)));
  constexpr Date kEarliest(-25'567);  // 1900-01-01
  return std::max(from, kEarliest);
}

Status NoticeReader::Ask(const std::string& place, const std::string& category) {
  constexpr auto kPlaces = v1::Action::kDeclarePlace, kCategories = v1::Action::kDeclareCategory;
  FT_ASSIGN_OR_RETURN(places_, ReadTreeBelow(view_, kPlaces, place, as_of_));
  FT_ASSIGN_OR_RETURN(place_, FindIn(places_, "place", place));
  FT_ASSIGN_OR_RETURN(categories_, ReadTreeBelow(view_, kCategories, category, as_of_));
  FT_ASSIGN_OR_RETURN(category_, FindIn(categories_, "category", category));
  if (place_ != kNoItem) {
    FT_ASSIGN_OR_RETURN(above_, Above(view_, kPlaces, place));
    for (int at = place_; at < places_.size() && places_.IsIn(place_, at); ++at)
      place_ids_.push_back(places_.id(at));
  }
  if (category_ != kNoItem) {
    FT_ASSIGN_OR_RETURN(categories_above_, Above(view_, kCategories, category));
  }
  return absl::OkStatus();
}

StatusOr<int> NoticeReader::PlaceOf(const std::string& id) const {
  const int found = places_.Find(id);
  if (found == kNoItem && place_ == kNoItem)
    return model::Damaged(keys::Item(v1::Action::kDeclarePlace, id), "is missing");
  return found != kNoItem && places_.IsIn(place_, found) ? found : kNoItem;
}

StatusOr<bool> NoticeReader::Wants(const std::string& category) const {
  if (category_ == kNoItem) return true;
  const int found = categories_.Find(category);
  return found != kNoItem && categories_.IsIn(category_, found);
}

StatusOr<bool> NoticeReader::IsOfCategory(const std::string& category) const {
  if (category.empty() || categories_above_.count(category) > 0) return true;
  return Wants(category);
}

Status NoticeReader::EachStanding(Date first, Date last,
                                  const std::function<Status(const StandingNotice&)>& take) const {
  return EachItem(view_, v1::Action::kAnnounce, as_of_, [&](const v1::RegisterRow& row) -> Status {
    if (row.has_ended()) return absl::OkStatus();
    StandingNotice notice;
    notice.row = &row;
    notice.said = &row.action().announce();
    FT_ASSIGN_OR_RETURN(const Date from, FirstDay(*notice.said));
    const std::int64_t until = std::int64_t{from.days()} + std::max(notice.said->days(), 1U) - 1;
    constexpr std::int64_t kLatest = 84'370;  // 2200-12-31
    notice.last = Date(static_cast<std::int32_t>(std::min(until, kLatest)));
    if (from > last || notice.last < first) return absl::OkStatus();
    FT_ASSIGN_OR_RETURN(const bool wanted, IsOfCategory(notice.said->category()));
    if (!wanted) return absl::OkStatus();
    for (const std::string& id : notice.said->places()) {
      if (above_.count(id) > 0) {
        notice.from_above = true;
        continue;
      }
      FT_ASSIGN_OR_RETURN(const int place, PlaceOf(id));
      if (place != kNoItem) notice.places.push_back(place);
    }
    std::sort(notice.places.begin(), notice.places.end());
    notice.places.erase(std::unique(notice.places.begin(), notice.places.end()), notice.places.end());
    if (notice.places.empty() && !notice.from_above) return absl::OkStatus();
    return take(notice);
  });
}

StatusOr<std::string> NoticeReader::PartyName(const std::string& id) const {
  FT_ASSIGN_OR_RETURN(const auto row, ItemThen(view_, v1::Action::kRegisterParty, id, as_of_));
  if (!row.has_value()) return model::Damaged(keys::Party(id), "is missing");
  return model::TextIn(model::ItemOf(row->action()), "name");
}

StatusOr<v1::PublicityNotice> NoticeReader::Describe(const StandingNotice& notice, Date on) const {
  v1::PublicityNotice line;
  *line.mutable_notice() = *notice.said;
  line.set_record(notice.row->record());
  FT_ASSIGN_OR_RETURN(*line.mutable_owner_name(), PartyName(notice.said->owner()));
  FT_ASSIGN_OR_RETURN(const auto described, DescribeItem(view_, *notice.row));
  line.set_decimals(described.decimals());
  line.set_last(ToString(notice.last));
  line.set_complete(notice.last < on);
  FT_ASSIGN_OR_RETURN(const Date published, DayOf(view_, RecordIndex(notice.row->record())));
  line.set_published(ToString(published));
  return line;
}

}  // namespace fundtrail::query
