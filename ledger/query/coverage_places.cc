// See coverage_places.h.
#include "ledger/query/coverage_places.h"

#include <utility>

#include "ledger/query/place_successors.h"

namespace fundtrail::query {

namespace keys = model::keys;

StatusOr<CoveragePlaces> CoveragePlaces::Read(const View& view, const v1::CoverageRequest& request,
                                              const std::string& day, AsOfRecord as_of) {
  constexpr auto kPlaces = v1::Action::kDeclarePlace;
  CoveragePlaces read;
  const bool part = !request.place().empty() && !request.by_recipient() && !request.places_today();
  if (part) {
    FT_ASSIGN_OR_RETURN(read.places_, ReadTreeBelow(view, kPlaces, request.place(), as_of));
  } else {
    FT_ASSIGN_OR_RETURN(read.places_, ReadTree(view, kPlaces, as_of));
  }
  FT_ASSIGN_OR_RETURN(read.categories_, ReadTree(view, v1::Action::kDeclareCategory, as_of));
  FT_ASSIGN_OR_RETURN(read.scope_.place, FindIn(read.places_, "place", request.place()));
  FT_ASSIGN_OR_RETURN(read.scope_.category, FindIn(read.categories_, "category", request.category()));
  if (request.places_today()) {
    FT_ASSIGN_OR_RETURN(read.stands_, PlacesOn(view, read.places_, day, as_of));
  }
  if (!part) return read;
  std::vector<std::string> ids;
  for (int place = 0; place < read.places_.size(); ++place)
    if (place != read.places_.rest()) ids.push_back(read.places_.id(place));
  FT_ASSIGN_OR_RETURN(
      read.items_,
      ItemsAt(view, {v1::Action::kProposeProject, v1::Action::kDeclareNeed, v1::Action::kDeploy}, ids));
  return read;
}

StatusOr<int> CoveragePlaces::PlaceOf(const std::string& id) const {
  if (id.empty()) return kNoItem;
  int found = places_.Find(id);
  if (found == kNoItem) found = places_.rest();
  if (found == kNoItem) return model::Damaged(keys::Item(v1::Action::kDeclarePlace, id), "is missing");
  return stands_.empty() ? found : stands_[found];
}

StatusOr<int> CoveragePlaces::CategoryOf(const std::string& id) const {
  if (id.empty()) return kNoItem;
  const int found = categories_.Find(id);
  if (found == kNoItem) return model::Damaged(keys::Item(v1::Action::kDeclareCategory, id), "is missing");
  return found;
}

const std::vector<std::string>* CoveragePlaces::ItemsOf(v1::Action::ActionCase action) const {
  static const std::vector<std::string> kNone;
  if (!items_.has_value()) return nullptr;
  const auto found = items_->find(action);
  return found == items_->end() ? &kNone : &found->second;
}

void CoveragePlaces::MoveTo(CoverageBooks* books) {
  books->places = std::move(places_);
  books->categories = std::move(categories_);
}

}  // namespace fundtrail::query
