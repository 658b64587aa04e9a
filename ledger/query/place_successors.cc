// See place_successors.h.
#include "ledger/query/place_successors.h"

#include <cstddef>
#include <optional>
#include <utility>

namespace fundtrail::query {

namespace {

// What one place says of itself, and which others succeed it.
struct Succession {
  bool ended = false;  // its keeper, or whoever may, ended it
  bool gone = false;   // it ended, or its last day is over
  std::vector<int> successors;
};

class Successions {
 public:
  Successions(const ItemTree& places, std::vector<Succession> of)
      : places_(places), of_(std::move(of)), stands_(of_.size()) {}

  StatusOr<std::vector<int>> All(const View& view) {
    std::vector<int> all;
    all.reserve(stands_.size());
    for (int place = 0; place < places_.size(); ++place) {
      FT_RETURN_IF_ERROR(view.GoOn());
      Follow(place);
      all.push_back(stands_[place].place);
    }
    return all;
  }

 private:
  enum class State { kNew, kOpen, kKnown };
  struct Stands {
    State state = State::kNew;
    bool some = false;  // whether a successor was counted
    int place = kNoItem;
  };
  struct Step {
    int place;
    std::size_t next;  // the successor that is looked at next
  };

  // Each place once, and no recursion: a chain may be as long as there are places.
  void Follow(int first) {
    if (stands_[first].state != State::kNew) return;
    stands_[first].state = State::kOpen;
    std::vector<Step> way{{first, 0}};
    while (!way.empty()) {
      Step& step = way.back();
      const Succession& here = of_[step.place];
      // Where it is still there, nothing stands for it.
      const std::vector<int>& successors = here.successors;
      if (here.gone && step.next < successors.size()) {
        const int successor = successors[step.next];
        Stands& of = stands_[successor];
        if (of.state == State::kNew) {
          of.state = State::kOpen;
          way.push_back({successor, 0});
          continue;
        }
        ++step.next;
        // One that is open is on the way itself: it would close a circle. One that ended stands for nothing by itself.
        const bool counts = of.state == State::kKnown && (of.some || !of_[successor].ended);
        if (counts) Count(of.place, &stands_[step.place]);
        continue;
      }
      Stands& done = stands_[step.place];
      if (!done.some) done.place = step.place;
      done.state = State::kKnown;
      way.pop_back();
    }
  }

  void Count(int place, Stands* to) const {
    to->place = to->some ? places_.Common(to->place, place) : place;
    to->some = true;
  }

  const ItemTree& places_;
  const std::vector<Succession> of_;  // of each place
  std::vector<Stands> stands_;
};

}  // namespace

StatusOr<std::vector<int>> PlacesOn(const View& view, const ItemTree& places, const std::string& day,
                                    AsOfRecord as_of) {
  std::vector<Succession> of(places.size());
  const auto find = [&](const std::string& id) -> StatusOr<int> {
    const int found = places.Find(id);
    if (found == kNoItem)
      return model::Damaged(model::keys::Item(v1::Action::kDeclarePlace, id), "is missing");
    return found;
  };
  const auto take = [&](const v1::RegisterRow& row) -> Status {
    const v1::DeclarePlace& said = row.action().declare_place();
    FT_ASSIGN_OR_RETURN(const int place, find(said.id()));
    // Days sort as their texts do.
    of[place].ended = row.has_ended();
    of[place].gone = row.has_ended() || (!said.valid_to().empty() && said.valid_to() < day);
    if (said.valid_from() > day) return absl::OkStatus();
    for (const std::string& before : said.succeeds()) {
      FT_ASSIGN_OR_RETURN(const int found, find(before));
      of[found].successors.push_back(place);
    }
    return absl::OkStatus();
  };
  FT_RETURN_IF_ERROR(EachItem(view, v1::Action::kDeclarePlace, as_of, take));
  return Successions(places, std::move(of)).All(view);
}

}  // namespace fundtrail::query
