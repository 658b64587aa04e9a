// See tiles.h.
#include "ledger/tree/tiles.h"

#include <algorithm>
#include <cassert>
#include <charconv>
#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "ledger/base/text.h"

namespace fundtrail::tree {
namespace {

constexpr char kEntries[] = "entries";
constexpr std::uint64_t kMaxIndex = std::numeric_limits<std::uint64_t>::max();

Status NoPath(std::string_view path) {
  return absl::InvalidArgumentError(absl::StrCat(
      Escaped(path.substr(0, 200)), " is not the path of a tile, as tile/0/x001/x234/067.p/8 is"));
}

// Takes `prefix` off the front of the text, if it stands there.
bool Consume(std::string_view* text, std::string_view prefix) {
  if (text->substr(0, prefix.size()) != prefix) return false;
  text->remove_prefix(prefix.size());
  return true;
}

std::string IndexPath(std::uint64_t index) {
  std::string path = absl::StrFormat("%03d", index % 1000);
  while ((index /= 1000) > 0) path = absl::StrFormat("x%03d/%s", index % 1000, path);
  return path;
}

// Digits alone; false too when there are none, or too many for the number. Leading zeros: see ParseTilePath.
template <typename Number>
bool ParseDigits(std::string_view text, Number* number) {
  if (text.empty() || text.find_first_not_of("0123456789") != std::string_view::npos) return false;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), *number);
  return error == std::errc() && stop == text.data() + text.size();
}

bool ParseIndex(std::string_view text, std::uint64_t* index) {
  *index = 0;
  while (!text.empty()) {
    const bool last = text.find('/') == std::string_view::npos;
    if (!last && !Consume(&text, "x")) return false;
    const std::string_view group = text.substr(0, text.find('/'));
    std::uint64_t digits = 0;
    if (group.size() != 3 || !ParseDigits(group, &digits)) return false;
    if (*index > (kMaxIndex - digits) / 1000) return false;
    *index = *index * 1000 + digits;
    if (last) return true;
    text.remove_prefix(group.size() + 1);
  }
  return false;
}

bool ParseLevel(std::string_view text, int* level) {
  if (text == kEntries) {
    *level = kEntriesLevel;
    return true;
  }
  return text.size() <= 2 && ParseDigits(text, level) && *level <= kMaxTileLevel;
}

}  // namespace

std::string TilePath(const Tile& tile) {
  const std::string level = IsBundle(tile) ? kEntries : std::to_string(tile.level);
  std::string path = absl::StrCat("tile/", level, "/", IndexPath(tile.index));
  if (tile.width != kTileWidth) absl::StrAppend(&path, ".p/", tile.width);
  return path;
}

StatusOr<Tile> ParseTilePath(std::string_view path) {
  std::string_view rest = path;
  Tile tile;
  if (!Consume(&rest, "tile/")) return NoPath(path);
  if (!ParseLevel(rest.substr(0, rest.find('/')), &tile.level)) return NoPath(path);
  rest.remove_prefix(std::min(rest.size(), rest.find('/')));
  if (!Consume(&rest, "/")) return NoPath(path);
  const std::size_t partial = rest.find(".p/");
  if (partial != std::string_view::npos) {
    const std::string_view width = rest.substr(partial + 3);
    if (width.size() > 3 || !ParseDigits(width, &tile.width) || tile.width < 1 || tile.width >= kTileWidth)
      return NoPath(path);
    rest = rest.substr(0, partial);
  }
  if (!ParseIndex(rest, &tile.index)) return NoPath(path);
  // Written again and compared: no leading zeros, no group that is not needed.
  return TilePath(tile) == path ? StatusOr<Tile>(tile) : NoPath(path);
}

std::uint64_t CountAt(int tile_level, std::uint64_t size) {
  const int shift = std::max(tile_level, 0) * kTileHeight;
  return shift < 64 ? size >> shift : 0;
}

int FilledWidth(const Tile& tile, std::uint64_t size) {
  const std::uint64_t count = CountAt(tile.level, size);
  if (tile.index > count / kTileWidth) return 0;
  if (tile.index < count / kTileWidth) return tile.width;
  return std::min(tile.width, static_cast<int>(count % kTileWidth));
}

Status ForEachTile(std::uint64_t old_size, std::uint64_t size,
                   const std::function<Status(const Tile&)>& take) {
  for (int level = kEntriesLevel; level <= kMaxTileLevel; ++level) {
    const std::uint64_t had = CountAt(level, old_size);
    const std::uint64_t has = CountAt(level, size);
    if (has <= had) continue;  // the levels above a level that did not grow did not either
    for (std::uint64_t index = had / kTileWidth; index < has / kTileWidth; ++index)
      FT_RETURN_IF_ERROR(take({level, index, kTileWidth}));
    const int width = static_cast<int>(has % kTileWidth);
    if (width > 0) FT_RETURN_IF_ERROR(take({level, has / kTileWidth, width}));
  }
  return absl::OkStatus();
}

void AppendToBundle(Bytes* bundle, ByteView entry) {
  assert(entry.size() <= kMaxBundleEntryBytes);
  AppendBigEndian16(bundle, static_cast<std::uint16_t>(entry.size()));
  bundle->append(entry);
}

std::optional<ByteView> TakeFromBundle(ByteView* bundle) {
  if (bundle->size() < 2) return std::nullopt;
  const std::size_t length = ReadBigEndian16(*bundle);
  if (bundle->size() < 2 + length) return std::nullopt;
  const ByteView entry = bundle->substr(2, length);
  bundle->remove_prefix(2 + length);
  return entry;
}

StatusOr<std::vector<ByteView>> ParseBundle(ByteView bundle) {
  std::vector<ByteView> entries;
  while (!bundle.empty()) {
    const auto entry = TakeFromBundle(&bundle);
    if (!entry.has_value()) return absl::InvalidArgumentError("the last entry is cut off");
    if (entries.size() == kTileWidth) {
      return absl::InvalidArgumentError(absl::StrCat("there are more than ", kTileWidth, " entries"));
    }
    entries.push_back(*entry);
  }
  return entries;
}

}  // namespace fundtrail::tree
