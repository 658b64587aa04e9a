// See outlines.h.
#include "ledger/picture/outlines.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

constexpr Px kOutlineBox = Pixels(684);  // the widest and the highest
constexpr std::int64_t kParts = 1'000'000;
constexpr int kNameColumns = 14;
constexpr std::size_t kMaxNamed = 40;  // more names would stand on one another

// The cosine of a latitude in parts of a million, by whole numbers (Bhaskara's formula): the same on every machine.
std::int64_t Cosine(std::int32_t north) {
  const std::int64_t degrees = north / kDegree, square = degrees * degrees;
  return kParts * (32'400 - 4 * square) / (32'400 + square);
}

// Where things stand on the sheet: as wide as they are at the middle latitude.
class Projection {
 public:
  explicit Projection(const std::vector<const std::vector<Ring>*>& drawn) {
    for (const std::vector<Ring>* const rings : drawn)
      for (const Ring& ring : *rings)
        for (const GeoPoint& point : ring) {
          west_ = std::min(west_, point.east);
          east_ = std::max(east_, point.east);
          south_ = std::min(south_, point.north);
          north_ = std::max(north_, point.north);
        }
    narrower_ =
        std::max(Cosine(static_cast<std::int32_t>((std::int64_t{south_} + north_) / 2)), kParts / 100);
    span_ = std::max({Wide(east_), std::int64_t{north_} - south_, std::int64_t{1}});
  }
  Px X(const GeoPoint& point) const { return kMargin + Wide(point.east) * kOutlineBox / span_; }
  Px Y(const GeoPoint& point, Px top) const {
    return top + (std::int64_t{north_} - point.north) * kOutlineBox / span_;
  }
  Px Height() const { return (std::int64_t{north_} - south_) * kOutlineBox / span_; }

 private:
  std::int64_t Wide(std::int32_t east) const { return (std::int64_t{east} - west_) * narrower_ / kParts; }

  std::int32_t west_ = std::numeric_limits<std::int32_t>::max(),
               east_ = std::numeric_limits<std::int32_t>::min();
  std::int32_t south_ = west_, north_ = east_;
  std::int64_t narrower_ = kParts, span_ = 1;
};

Path WayOf(const std::vector<Ring>& rings, const Projection& on, Px top) {
  Path way;
  for (const Ring& ring : rings) {
    bool begun = false;
    for (const GeoPoint& point : ring) {
      if (begun) {
        way.Line(on.X(point), on.Y(point, top));
      } else {
        way.Move(on.X(point), on.Y(point, top));
      }
      begun = true;
    }
    if (begun) way.Close();
  }
  return way;
}

// The middle of its largest ring, by how many points it has.
Svg NameAt(const Tile& tile, const std::vector<Ring>& rings, const Projection& on, Px top) {
  const auto larger = [](const Ring& one, const Ring& other) { return one.size() < other.size(); };
  const Ring& ring = *std::max_element(rings.begin(), rings.end(), larger);
  Px left = std::numeric_limits<Px>::max(), right = 0, upper = left, lower = 0;
  for (const GeoPoint& point : ring) {
    left = std::min(left, on.X(point));
    right = std::max(right, on.X(point));
    upper = std::min(upper, on.Y(point, top));
    lower = std::max(lower, on.Y(point, top));
  }
  return TextAt((left + right) / 2, (upper + lower) / 2)
      .Set("fill", kInk)
      .Set("font-size", "11")
      .Set("text-anchor", "middle")
      .AddText(absl::StrCat(Clipped(tile.name, kNameColumns), tile.crowded ? " ×2" : ""))
      .Made();
}

}  // namespace

PlacesPicture OutlinedPlaces(const std::vector<Tile>& tiles, const Outlines& outlines, const Caption& caption,
                             const Words& words) {
  std::vector<const Tile*> shown;
  std::vector<const std::vector<Ring>*> drawn;
  for (const Tile& tile : tiles) {
    const auto found = outlines.of.find(tile.id);
    if (found == outlines.of.end()) continue;
    shown.push_back(&tile);
    drawn.push_back(&found->second);
  }
  if (shown.empty()) return {};
  Sheet sheet(caption, kOutlineBox + 2 * kMargin, words);
  const Projection on(drawn);
  PlacesLegend legend(words);
  Svg names;
  for (std::size_t i = 0; i < shown.size(); ++i) {
    const Tile& tile = *shown[i];
    Element place("path");
    place.SetText("data-place", tile.id).Set("d", WayOf(*drawn[i], on, sheet.top()));
    place.Set("fill", legend.Draw(tile, &place));
    place.Set("fill-rule", "evenodd").Set("stroke", kGrey).Set("stroke-width", "0.5");
    sheet.Add(place.Made());
    if (shown.size() <= kMaxNamed) names += NameAt(tile, *drawn[i], on, sheet.top());
  }
  if (!names.empty()) sheet.Add(names);
  sheet.GrowTo(sheet.top() + on.Height() + kMargin);
  legend.AddTo(&sheet);
  if (shown.size() < tiles.size())
    sheet.AddNote(Filled(words.without_outline, {{"n", absl::StrCat(tiles.size() - shown.size())}}));
  sheet.AddNote(Filled(words.outlines, {{"licence", outlines.licence}}));
  if (!outlines.review.empty()) sheet.AddNote(Filled(words.review, {{"review", outlines.review}}));
  Svg made = sheet.Made();
  return {std::move(made), sheet.width(), sheet.top()};
}

}  // namespace fundtrail::picture
