// Places by the outlines that an operator gave, by the state of their coverage. Without a file of outlines places are squares (tiles.h):
// nothing of the kind comes with this program.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/picture/sheet.h"
#include "ledger/picture/svg.h"
#include "ledger/picture/tiles.h"
#include "ledger/picture/words.h"

namespace fundtrail::picture {

// In hundred thousandths of a degree, eastwards and northwards.
struct GeoPoint {
  std::int32_t east = 0, north = 0;
  friend bool operator==(const GeoPoint&, const GeoPoint&) = default;
};
inline constexpr std::int32_t kDegree = 100'000;
using Ring = std::vector<GeoPoint>;

struct Outlines {
  std::string licence;  // under which they may be shown
  std::string review;   // the number under which somebody reviewed them; may be empty
  std::map<std::string, std::vector<Ring>, std::less<>>
      of;  // by the id of the place: what lies in an odd number of rings
};

// The places of the tiles that have an outline. Of the others the picture says how many there are: the table under it lists all. An
// empty picture where none has one.
PlacesPicture OutlinedPlaces(const std::vector<Tile>& tiles, const Outlines& outlines, const Caption& caption,
                             const Words& words = {});

}  // namespace fundtrail::picture
