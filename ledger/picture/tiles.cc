// See tiles.h.
#include "ledger/picture/tiles.h"

#include <cstdint>
#include <utility>

#include "absl/strings/str_cat.h"
#include "ledger/picture/paint.h"

namespace fundtrail::picture {
namespace {

constexpr Px kTile = Pixels(82), kTileGap = Pixels(4), kShade = Pixels(44);
constexpr std::size_t kInARow = 8;
constexpr Px kTilesSheet = 2 * kMargin + static_cast<Px>(kInARow) * (kTile + kTileGap) - kTileGap;
constexpr int kTileColumns = 11;

Element Box(Px x, Px y, Px height, Fixed fill) {
  Element box("rect");
  box.SetPx("x", x).SetPx("y", y).SetPx("width", kTile).SetPx("height", height);
  box.Set("fill", fill).Set("stroke", kGrey).Set("stroke-width", "0.5");
  return box;
}

Svg SmallText(Px x, Px y, const std::string& text) {
  return TextAt(x + Pixels(4), y)
      .Set("fill", kInk)
      .Set("font-size", "11")
      .AddText(Clipped(text, kTileColumns))
      .Made();
}

}  // namespace

Fixed PlacesLegend::Draw(const Tile& tile, Element* into) {
  const Paint paint = PaintOf(tile.state, words_);
  states_.insert(tile.state);
  crowded_ = crowded_ || tile.crowded;
  into->Add(Element("title")
                .AddText(absl::StrCat(tile.name, " (", tile.id, ")", words_.colon, paint.words))
                .Made());
  return paint.fill;
}

void PlacesLegend::AddTo(Sheet* sheet) const {
  std::vector<Entry> entries;
  for (const v1::CoverageState state : states_) {
    const Paint paint = PaintOf(state, words_);
    entries.push_back({paint.fill, paint.words});
  }
  sheet->AddLegend(entries);
  if (crowded_) sheet->AddNote(words_.crowded);
}

std::vector<Tile> TilesOf(const v1::CoverageAnswer& answer) {
  std::vector<Tile> tiles;
  for (std::uint32_t depth = 0;; ++depth) {
    std::vector<Tile> level;
    for (const v1::CoverageLine& line : answer.lines())
      if (line.depth() == depth && line.kind() == v1::CoverageLine::KIND_ITEM)
        level.push_back({line.id(), line.name(), line.state(), line.crowded()});
    if (level.empty()) return tiles;
    tiles = std::move(level);
    if (tiles.size() > 1) return tiles;
  }
}

PlacesPicture Tiles(const std::vector<Tile>& tiles, const Caption& caption, const Words& words) {
  Sheet sheet(caption, kTilesSheet, words);
  const std::size_t own = tiles.size() > kMaxTiles ? kMaxTiles - 1 : tiles.size();
  const std::size_t drawn = tiles.size() > kMaxTiles ? kMaxTiles : tiles.size();
  PlacesLegend legend(words);
  for (std::size_t i = 0; i < drawn; ++i) {
    const Px x = kMargin + static_cast<Px>(i % kInARow) * (kTile + kTileGap);
    const Px y = sheet.top() + static_cast<Px>(i / kInARow) * (kTile + kTileGap);
    Element group("g");
    if (i >= own) {
      group.Add(Box(x, y, kTile, kPaper).Made());
      group.Add(SmallText(x, y + kShade + Pixels(16),
                          Filled(words.others, {{"n", absl::StrCat(tiles.size() - own)}})));
      sheet.Add(group.Made());
      continue;
    }
    const Tile& tile = tiles[i];
    group.SetText("data-place", tile.id);
    const Fixed fill = legend.Draw(tile, &group);
    group.Add(Box(x, y, kTile, kPaper).Made()).Add(Box(x, y, kShade, fill).Made());
    group.Add(SmallText(x, y + kShade + Pixels(15), tile.id));
    group.Add(SmallText(x, y + kShade + Pixels(30), tile.name));
    if (tile.crowded) {
      Element mark("rect");
      mark.SetPx("x", x + kTile - Pixels(26)).SetPx("y", y + Pixels(4));
      mark.Set("width", "22").Set("height", "16").Set("fill", kPaper);
      group.Add(mark.Made());
      group.Add(TextAt(x + kTile - Pixels(23), y + Pixels(16)).Set("fill", kInk).AddText("×2").Made());
    }
    sheet.Add(group.Made());
  }
  const Px rows = static_cast<Px>((drawn + kInARow - 1) / kInARow);
  sheet.GrowTo(sheet.top() + rows * (kTile + kTileGap));
  legend.AddTo(&sheet);
  Svg made = sheet.Made();
  return {std::move(made), sheet.width(), sheet.top()};
}

}  // namespace fundtrail::picture
