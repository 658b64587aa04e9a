// Tiles: paths and bundles against the published vectors, and which tiles a tree has, against a tree that was grown.
#include "ledger/tree/tiles.h"

#include <catch2/catch.hpp>
#include <map>
#include <random>

#include "tests/tree/node_store.h"

namespace fundtrail::tree {
namespace {

std::vector<Tile> TilesOf(std::uint64_t old_size, std::uint64_t size) {
  std::vector<Tile> tiles;
  REQUIRE(ForEachTile(old_size, size, [&](const Tile& tile) {
            tiles.push_back(tile);
            return absl::OkStatus();
          }).ok());
  return tiles;
}

TEST_CASE("paths are those of the vectors, both ways") {
  const auto vectors = ReadJson("tiles/paths.json");
  for (const auto& one : vectors["tile_path"]) {
    const int partial = one["partial"];
    const Tile tile{one["level"], one["index"], partial == 0 ? kTileWidth : partial};
    CHECK(TilePath(tile) == one["path"]);
    CHECK(ParseTilePath(one["path"].get<std::string>()).value() == tile);
  }
  for (const auto& one : vectors["parse_ok"]) {
    const std::string path =
        "tile/" + one["level"].get<std::string>() + "/" + one["index"].get<std::string>();
    INFO(path);
    const auto tile = ParseTilePath(path);
    const int width = one["want"][2];
    CHECK(tile.value() == Tile{one["want"][0], one["want"][1], width == 0 ? kTileWidth : width});
    CHECK(TilePath(*tile) == path);
  }
  for (const auto& one : vectors["parse_reject"]) {
    const std::string path =
        "tile/" + one["level"].get<std::string>() + "/" + one["index"].get<std::string>();
    INFO(path);
    CHECK_FALSE(ParseTilePath(path).ok());
  }
}

TEST_CASE("no second path leads to a tile") {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/00/000",
                           "tile/+1/000",
                           "tile/0/x000/001",
                           "tile/0/000.p/0",
                           "tile/0/000.p/01",
                           "tile/0/000.p/256",
                           "tile/0/000.p/1/",
                           "tile/0/000/",
                           "tile/0/000.p/1.p/1",
                           "/tile/0/000",
                           "tile//000",
                           "tile/entry/000",
                           "tile/-1/000",
                           "tile/0/../0/000",
                           "tile/0/x018/x446/x744/x073/x709/x551/616"}) {
    INFO(path);
    CHECK_FALSE(ParseTilePath(path).ok());
  }
  CHECK(ParseTilePath("tile/0/x018/x446/x744/x073/x709/x551/615").value().index == UINT64_MAX);
}

TEST_CASE("an entry stands in the bundle where the vectors have it") {
  const auto vectors = ReadJson("tiles/paths.json");
  for (const auto& one : vectors["entries_path_for_index"]) {
    const std::uint64_t index = one["index"].get<std::uint64_t>() / kTileWidth;
    Tile bundle{kEntriesLevel, index, kTileWidth};
    bundle.width = FilledWidth(bundle, one["size"]);
    CHECK(TilePath(bundle) == one["path"]);
  }
}

TEST_CASE("a tree of 70,000 and one of 256 have the tiles of the vectors") {
  const auto vectors = ReadJson("tiles/paths.json");
  for (const std::uint64_t size : {70'000, 256}) {
    std::map<int, std::pair<std::uint64_t, int>> levels;  // full tiles, width of the partial one
    for (const Tile& tile : TilesOf(0, size))
      tile.width == kTileWidth ? void(++levels[tile.level].first)
                               : void(levels[tile.level].second = tile.width);
    const auto& layout = vectors["layout_" + std::to_string(size)];
    for (int level = 0; level < 4; ++level) {
      const auto expected = layout.value("level" + std::to_string(level), nlohmann::json::object());
      CHECK(levels[level].first == expected.value("full", 0U));
      CHECK(levels[level].second == expected.value("partial_width", 0));
    }
    CHECK(levels[kEntriesLevel] == levels[0]);
  }
}

TEST_CASE("bundles are read as the vectors say, and written so") {
  const auto vectors = ReadJson("tiles/paths.json");
  for (const auto& one : vectors["bundles"]) {
    const Bytes bytes = HexDecode(one["hex"].get<std::string>()).value();
    const auto entries = ParseBundle(bytes);
    REQUIRE(entries.ok() == (one["expect"] == "ok"));
    if (entries.ok()) CHECK(entries->size() == one["entries"].get<std::size_t>());
  }
  Bytes full;
  for (int i = 0; i < kTileWidth; ++i) AppendToBundle(&full, Bytes(kMaxBundleEntryBytes, 'x'));
  CHECK(full.size() == kMaxBundleBytes);
  CHECK(ParseBundle(full).value().size() == kTileWidth);
  AppendToBundle(&full, "");
  CHECK_FALSE(ParseBundle(full).ok());
}

TEST_CASE("tessera-log: every partial tile and bundle of sizes 1 to 15 is what its entries give") {
  const std::string last = ReadVector("tessera-log/tile/entries/000.p/15");
  const auto entries = ParseBundle(last).value();
  REQUIRE(entries.size() == 15);
  for (std::uint64_t size = 1; size <= 15; ++size) {
    for (const Tile& tile : TilesOf(0, size)) {
      Bytes expected;
      for (int i = 0; i < tile.width; ++i) {
        const ByteView entry = entries[static_cast<std::size_t>(i)];
        IsBundle(tile) ? AppendToBundle(&expected, entry) : void(expected.append(LeafHash(entry).view()));
      }
      INFO(TilePath(tile));
      CHECK(ReadVector("tessera-log/" + TilePath(tile)) == expected);
    }
    CHECK(TilesOf(0, size).size() == 2);
  }
}

TEST_CASE("sunlight-mirror: its files are the tiles of a tree of 300") {
  std::vector<std::string> paths;
  for (const Tile& tile : TilesOf(0, 300))
    if (!IsBundle(tile)) paths.push_back(TilePath(tile));
  CHECK(paths == std::vector<std::string>{"tile/0/000", "tile/0/001.p/44", "tile/1/000.p/1"});
  for (const auto& path : paths)
    CHECK(ReadVector("sunlight-mirror/" + path).size() ==
          Hash::kSize * static_cast<std::size_t>(ParseTilePath(path).value().width));
}

TEST_CASE("property: growing in steps writes each full tile once and every partial of each size") {
  const auto seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int round = 0; round < 50; ++round) {
    std::map<std::string, int> written;
    std::uint64_t size = 0;
    for (int step = 0; step < 8; ++step) {
      const std::uint64_t grown = size + random() % (round % 2 == 0 ? 300 : 100'000);
      for (const Tile& tile : TilesOf(size, grown)) {
        CHECK(FilledWidth(tile, grown) == tile.width);
        CHECK(FilledWidth(tile, size) < tile.width);
        ++written[TilePath(tile)];
      }
      size = grown;
      for (const Tile& tile : TilesOf(0, size)) REQUIRE(written.count(TilePath(tile)) == 1);
    }
    for (const auto& [path, times] : written) {
      INFO(path);
      CHECK(times == 1);
    }
  }
}

TEST_CASE("the largest tree has its tiles, and no count overflows") {
  const std::uint64_t most = UINT64_MAX;
  CHECK(CountAt(7, most) == 255);
  CHECK(CountAt(8, most) == 0);
  CHECK(CountAt(63, most) == 0);
  CHECK(FilledWidth({0, (std::uint64_t{1} << 56) - 1, kTileWidth}, most) == 255);
  CHECK(FilledWidth({7, 0, kTileWidth}, most) == 255);
  CHECK(FilledWidth({7, 1, kTileWidth}, most) == 0);
  CHECK(FilledWidth({0, UINT64_MAX, kTileWidth}, most) == 0);
  CHECK(TilesOf(most - 1, most).size() == 2);
}

TEST_CASE("an error ends the walk") {
  int calls = 0;
  const Status ended = ForEachTile(
      0, 1000, [&](const Tile&) { return ++calls < 3 ? absl::OkStatus() : absl::UnavailableError("full"); });
  CHECK(ended.message() == "full");
  CHECK(calls == 3);
}

}  // namespace
}  // namespace fundtrail::tree
