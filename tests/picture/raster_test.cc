// Pictures of points: zlib, which has no part in making them, reads from the file what was drawn.
#include "ledger/picture/raster.h"

#include <zlib.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "ledger/picture/card.h"

namespace fundtrail::picture {
namespace {

std::uint32_t NumberAt(const std::string& bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = number << 8 | static_cast<std::uint8_t>(bytes.at(at + i));
  return number;
}

// The points of a file as it is read by the rules of PNG; the checks fail where it breaks one.
struct ReadPng {
  int width = 0, height = 0;
  std::vector<Ink> points;
  std::string palette;
};
ReadPng Read(const std::string& png) {
  ReadPng read;
  REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1A\n");
  std::string data, names;
  for (std::size_t at = 8; at < png.size();) {
    const std::uint32_t size = NumberAt(png, at);
    const std::string name = png.substr(at + 4, 4), content = png.substr(at + 8, size);
    const std::string named = name + content;
    REQUIRE(NumberAt(png, at + 8 + size) ==
            crc32(0, reinterpret_cast<const Bytef*>(named.data()), static_cast<uInt>(named.size())));
    names += name + " ";
    if (name == "IHDR") {
      read.width = static_cast<int>(NumberAt(content, 0));
      read.height = static_cast<int>(NumberAt(content, 4));
      CHECK(content.substr(8) == std::string({4, 3, 0, 0, 0}));
    }
    if (name == "PLTE") read.palette = content;
    if (name == "IDAT") data = content;
    at += 12 + size;
  }
  CHECK(names == "IHDR PLTE IDAT IEND ");
  const auto row = static_cast<std::size_t>(read.width + 1) / 2;
  std::string rows((row + 1) * static_cast<std::size_t>(read.height), '\0');
  uLongf size = static_cast<uLongf>(rows.size());
  REQUIRE(uncompress(reinterpret_cast<Bytef*>(rows.data()), &size,
                     reinterpret_cast<const Bytef*>(data.data()), static_cast<uLong>(data.size())) == Z_OK);
  REQUIRE(size == rows.size());
  std::vector<std::uint8_t> above(row);
  for (int y = 0; y < read.height; ++y) {
    const std::size_t at = static_cast<std::size_t>(y) * (row + 1);
    const char filter = rows[at];
    REQUIRE((filter == 0 || filter == 2));
    for (std::size_t i = 0; i < row; ++i)
      above[i] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(rows[at + 1 + i]) +
                                           (filter == 2 ? above[i] : 0));
    for (int x = 0; x < read.width; ++x) {
      const std::uint8_t two = above[static_cast<std::size_t>(x) / 2];
      read.points.push_back(x % 2 == 0 ? two >> 4 : two & 15);
    }
  }
  return read;
}

void CheckSame(const Raster& raster) {
  const ReadPng read = Read(raster.Png());
  REQUIRE(read.width == raster.width());
  REQUIRE(read.height == raster.height());
  bool same = true;
  for (int y = 0; y < read.height; ++y)
    for (int x = 0; x < read.width; ++x)
      same = same && read.points[static_cast<std::size_t>(y * read.width + x)] == raster.at(x, y);
  CHECK(same);
}

const std::vector<Rgb> kThree = {{255, 255, 255}, {1, 2, 3}, {200, 100, 0}};

TEST_CASE("a file in PNG has the points that were drawn, whatever they are") {
  const std::uint64_t seed = 20261201;
  INFO("seed " << seed);
  std::mt19937_64 random(seed);
  for (int i = 0; i < 60; ++i) {
    Raster raster(1 + static_cast<int>(random() % 90), 1 + static_cast<int>(random() % 60), kThree);
    for (auto things = random() % 9; things > 0; --things) {
      const auto some = [&] { return static_cast<int>(random() % 110) - 10; };
      const auto ink = static_cast<Ink>(random() % 3), line = static_cast<Ink>(random() % 3);
      if (random() % 3 == 0) raster.Hatch(std::abs(some()), std::abs(some()), some(), some(), ink, line);
      if (random() % 3 == 0) raster.Fill(some(), some(), some(), some(), ink);
      if (random() % 3 == 0) raster.Write(some(), some(), 1 + static_cast<int>(random() % 3), "Ab 1,2~", ink);
    }
    // And points without any order, of which nothing repeats.
    if (i % 5 == 0)
      for (int y = 0; y < raster.height(); ++y)
        for (int x = 0; x < raster.width(); ++x) raster.Fill(x, y, 1, 1, static_cast<Ink>(random() % 3));
    CheckSame(raster);
  }
  CHECK(Read(Raster(3, 2, kThree).Png()).palette == std::string("\xFF\xFF\xFF\x01\x02\x03\xC8\x64\x00", 9));
}

TEST_CASE("letters are those of ASCII, and each is another one") {
  CHECK(CanWrite("Sweden, 1.5 % ~"));
  CHECK_FALSE(CanWrite("中国"));
  CHECK_FALSE(CanWrite("Caf\xC3\xA9"));
  CHECK_FALSE(CanWrite("a\nb"));
  std::vector<std::vector<Ink>> shapes;
  for (char letter = ' '; letter <= '~'; ++letter) {
    Raster one(kLetterWidth, kLetterHeight, kThree);
    one.Write(0, 0, 1, std::string(1, letter), 1);
    std::vector<Ink> points;
    for (int y = 0; y < one.height(); ++y) {
      for (int x = 0; x < one.width(); ++x) points.push_back(one.at(x, y));
      CHECK(one.at(kLetterWidth - 1, y) == 0);  // the gap to the next letter
    }
    shapes.push_back(points);
  }
  std::sort(shapes.begin(), shapes.end());
  CHECK(std::adjacent_find(shapes.begin(), shapes.end()) == shapes.end());
}

TEST_CASE("the card of a trace has its sum, and a bar whose parts are as long as their shares") {
  v1::AssetTrace trace;
  trace.set_asset("USD");
  trace.set_decimals(2);
  trace.set_asked(1'000);
  trace.set_reached(600);
  trace.set_held(400);
  const auto card = CardOfEnds(trace, {"Sweden"}, "aid @7");
  REQUIRE(card.ok());
  CheckSame(*card);
  CHECK(card->width() == kCardWidth);
  CHECK(card->height() == kCardHeight);
  CHECK(card->Png().size() < 20'000);
  // Within the bar: of 1,080 points across 648 are blue, and the others orange or the paper between its lines.
  const int y = 310;
  int blue = 0, orange = 0;
  for (int x = 0; x < card->width(); ++x) {
    blue += card->at(x, y) == 2 ? 1 : 0;
    orange += card->at(x, y) == 5 ? 1 : 0;
  }
  CHECK(blue == 648);
  CHECK(orange > 200);
  CHECK(orange < 432);
  // What of it is only promised is said under the bar.
  trace.mutable_committed()->set_asked(600);
  const auto promised = CardOfEnds(trace, {"Sweden"}, "aid @7");
  trace.clear_committed();
  int of_paid = 0, of_promised = 0;
  for (int x = 0; x < kCardWidth; ++x) {
    of_paid += card->at(x, 377) == 1 ? 1 : 0;
    of_promised += promised->at(x, 377) == 1 ? 1 : 0;
  }
  CHECK(of_paid == 0);
  CHECK(of_promised > 0);
  // So is what somebody further on promised.
  trace.mutable_committed()->set_reached(600);
  CHECK(CardOfEnds(trace, {"Sweden"}, "aid @7")->Png() == promised->Png());
  trace.clear_committed();
  // What has no letters is left out; the sum stands.
  const auto chinese = CardOfEnds(trace, {"瑞典"}, "aid @7"), none = CardOfEnds(trace, {}, "aid @7");
  REQUIRE(chinese.ok());
  CHECK(chinese->Png() == none->Png());
  CHECK(chinese->Png() != card->Png());
  CHECK(CardOfEnds(trace, {"瑞典", "Sweden"}, "aid @7")->Png() == card->Png());
  // A long title has a second line.
  const auto longer = CardOfEnds(trace, {"Sweden, Government of: where the money went"}, "");
  bool below = false;
  for (int x = 0; x < kCardWidth; ++x) below = below || longer->at(x, 100) == 1;
  CHECK(below);
  CHECK(CardOfEnds(trace, {std::string(5'000, 'x')}, std::string(500, 'y')).ok());
  trace.set_held(300);
  CHECK(absl::IsDataLoss(CardOfEnds(trace, {}, "").status()));
  trace.set_asked(INT64_MAX);
  trace.set_reached(INT64_MAX - 1);
  trace.set_held(0);
  trace.set_returned(1);
  CHECK(CardOfEnds(trace, {}, "").ok());
  CHECK(absl::IsDataLoss(CardOfEnds(v1::AssetTrace(), {}, "").status()));
}

}  // namespace
}  // namespace fundtrail::picture
