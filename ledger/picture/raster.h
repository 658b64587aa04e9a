// A picture of points, for those who take no SVG: what is shown where a link is shared must be PNG. Few colours, no font of the machine:
// the same bytes everywhere.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fundtrail::picture {

struct Rgb {
  std::uint8_t red = 0, green = 0, blue = 0;
};
// A number in the palette.
using Ink = std::uint8_t;
inline constexpr std::size_t kMaxInks = 16;

class Raster {
 public:
  // Filled with the first colour. At most kMaxInks of them count.
  Raster(int width, int height, std::vector<Rgb> palette);

  // What lies outside is left out.
  void Fill(int x, int y, int width, int height, Ink ink);
  // Lines at 45 degrees: of each 16 points across, 6 are of `line`.
  void Hatch(int x, int y, int width, int height, Ink ink, Ink line);
  // Letters of 5 by 7 points, each point a square with that side. The next letter stands 6 points on.
  void Write(int x, int y, int side, std::string_view text, Ink ink);

  Ink at(int x, int y) const { return points_[Place(x, y)]; }
  int width() const { return width_; }
  int height() const { return height_; }
  // The bytes of a PNG file (ISO/IEC 15948).
  std::string Png() const;

 private:
  std::size_t Place(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) + static_cast<std::size_t>(x);
  }
  void Set(int x, int y, Ink ink);

  int width_, height_;
  std::vector<Rgb> palette_;
  std::vector<Ink> points_;
};

// Whether there is a letter for each character: ASCII that can be seen, and the blank.
bool CanWrite(std::string_view text);
inline constexpr int kLetterWidth = 6, kLetterHeight = 7;  // in points, with the gap to the next one
inline int WrittenWidth(std::string_view text, int side) {
  return static_cast<int>(text.size()) * kLetterWidth * side;
}

}  // namespace fundtrail::picture
