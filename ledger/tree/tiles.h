// Tiles (C2SP tlog-tiles v0.1.0): a log as files that any web server can host. This file knows where things stand.
// It has the paths, which tiles a tree of a size has, what a tile holds, and the bytes of a bundle of entries.
//
//   tile/<level>/<index>[.p/<width>]      hashes, 32 bytes each
//   tile/entries/<index>[.p/<width>]      entries, each behind its length as a big-endian 16-bit number
//
// A full tile has 256 of them and no width in its path; the last of a level may be partial. Hash i of tile n of level l
// is the root over the leaves [(256n + i)·256^l, (256n + i + 1)·256^l). That is the node (8l, 256n + i) of merkle.h. The index
// is written in groups of three digits, all but the last behind an `x`: 1234067 is x001/x234/067.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/status.h"
#include "ledger/tree/merkle.h"

namespace fundtrail::tree {

inline constexpr int kTileWidth = 256;
inline constexpr int kTileHeight = 8;  // in levels of the tree
inline constexpr int kMaxTileLevel = 63;
inline constexpr int kEntriesLevel = -1;  // of bundles, as Go's x/mod has it
inline constexpr std::size_t kMaxBundleEntryBytes = 65'535;
inline constexpr std::size_t kMaxTileBytes = std::size_t{kTileWidth} * Hash::kSize;
inline constexpr std::size_t kMaxBundleBytes = kTileWidth * (2 + kMaxBundleEntryBytes);

// A tile of hashes, or with kEntriesLevel a bundle of entries.
struct Tile {
  int level = 0;  // kEntriesLevel to kMaxTileLevel
  std::uint64_t index = 0;
  int width = kTileWidth;  // 1 to kTileWidth
  friend bool operator==(const Tile&, const Tile&) = default;
};

inline bool IsBundle(const Tile& tile) { return tile.level == kEntriesLevel; }
inline std::size_t MaxBytes(const Tile& tile) { return IsBundle(tile) ? kMaxBundleBytes : kMaxTileBytes; }

std::string TilePath(const Tile& tile);
// INVALID_ARGUMENT for every other text: one path for one tile.
StatusOr<Tile> ParseTilePath(std::string_view path);

// How many hashes (or entries) stand on a tile level in a tree of that size: the complete ones alone.
std::uint64_t CountAt(int tile_level, std::uint64_t size);
// How many of the tile's own a tree of that size has, 0 to the tile's width.
int FilledWidth(const Tile& tile, std::uint64_t size);

// Calls `take` for each tile that a tree of `size` has and one of `old_size` had not, from the bundles up, in order.
// These are the full ones, and the partial one at the end of each level. Ends with the first error.
Status ForEachTile(std::uint64_t old_size, std::uint64_t size,
                   const std::function<Status(const Tile&)>& take);

// Puts an entry at the end of a bundle: at most kMaxBundleEntryBytes.
void AppendToBundle(Bytes* bundle, ByteView entry);
// The next entry of a bundle, taken from its front; nothing, and nothing taken, when the bundle is at its end or cut off.
std::optional<ByteView> TakeFromBundle(ByteView* bundle);
// The entries, as views into the bundle. INVALID_ARGUMENT when it is cut off, or has more than kTileWidth.
StatusOr<std::vector<ByteView>> ParseBundle(ByteView bundle);

}  // namespace fundtrail::tree
