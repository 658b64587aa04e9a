// Places as equal squares by the state of their coverage. There are no borders: a square says nothing of how large a
// place is.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <vector>

#include "fundtrail/v1/coverage.pb.h"
#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

struct Tile {
  std::string id;
  std::string name;
  v1::CoverageState state = v1::COVERAGE_STATE_UNSPECIFIED;
  bool crowded = false;
};

struct PlacesPicture {
  Svg svg;
  Px width = 0, height = 0;
};

// The colours of the places that were drawn, and what they mean.
class PlacesLegend {
 public:
  explicit PlacesLegend(const Words& words) : words_(words) {}
  // The colour of a place. Its name, id and state are its title.
  Fixed Draw(const Tile& tile, Element* into);
  void AddTo(Sheet* sheet) const;

 private:
  const Words& words_;
  std::set<v1::CoverageState> states_;
  bool crowded_ = false;
};

// The items of the first level that has several, in the order of the answer: of one country its provinces.
std::vector<Tile> TilesOf(const v1::CoverageAnswer& answer);

inline constexpr std::size_t kMaxTiles = 96;

// Rows of eight, in the order given. Of more than kMaxTiles the first kMaxTiles - 1 have squares, and the last square
// counts the others: the table under the picture lists all.
PlacesPicture Tiles(const std::vector<Tile>& tiles, const Caption& caption, const Words& words = {});

}  // namespace fundtrail::picture
