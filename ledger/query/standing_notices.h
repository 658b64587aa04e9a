// The notices that stood on some days, and how the places of each lie to what is asked for.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/publicity.pb.h"
#include "ledger/base/date.h"
#include "ledger/query/item_tree.h"
#include "ledger/query/project_rows.h"
#include "ledger/query/view.h"

namespace fundtrail::query {

// How many days are looked at where nobody says.
inline constexpr std::uint32_t kUsualNoticeDays = 90;

struct StandingNotice {
  const v1::RegisterRow* row = nullptr;
  const v1::Announce* said = nullptr;
  Date last;  // the last day on which it stands
  std::vector<int>
      places;  // of those that it names, each once, those that are asked for, as numbers of the tree
  bool from_above = false;  // it names a place above what is asked for, and so reaches all of it
};

// The first of so many days that end with that one, and no day before 1900.
Date FirstOf(Date last, std::uint32_t days);

class NoticeReader {
 public:
  // The view must outlive it.
  NoticeReader(const View& view, AsOfRecord as_of) : view_(view), as_of_(as_of) {}

  // Says what is asked for; an empty id: every one. NOT_FOUND for what is not there.
  Status Ask(const std::string& place, const std::string& category);
  const ItemTree& places() const { return places_; }
  // The place that is asked for; kNoItem: every one.
  int place() const { return place_; }
  std::string place_name() const { return place_ == kNoItem ? "" : places_.name(place_); }
  std::string category_name() const { return category_ == kNoItem ? "" : categories_.name(category_); }
  // The ids of the places that are asked for, sorted as their tree; null: all of them.
  const std::vector<std::string>* place_ids() const { return place_ == kNoItem ? nullptr : &place_ids_; }
  // Whether the category is asked for: it is the one, or stands below it.
  StatusOr<bool> Wants(const std::string& category) const;
  // Whether the place is asked for; kNoItem when not.
  StatusOr<int> PlaceOf(const std::string& id) const;

  // By id, those that stood on a day from `first` to `last`, reach anything that is asked for, and were not withdrawn.
  Status EachStanding(Date first, Date last, const std::function<Status(const StandingNotice&)>& take) const;
  // As an answer shows it on that day.
  StatusOr<v1::PublicityNotice> Describe(const StandingNotice& notice, Date on) const;
  StatusOr<std::string> PartyName(const std::string& id) const;

 private:
  StatusOr<bool> IsOfCategory(const std::string& category) const;

  const View& view_;
  const AsOfRecord as_of_;
  ItemTree places_, categories_;
  int place_ = kNoItem, category_ = kNoItem;
  std::vector<std::string> place_ids_;
  std::set<std::string> above_, categories_above_;  // what is asked for stands below these
};

}  // namespace fundtrail::query
