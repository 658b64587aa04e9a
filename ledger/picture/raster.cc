// See raster.h.
#include "ledger/picture/raster.h"

#include <algorithm>
#include <utility>

namespace fundtrail::picture {
namespace {

constexpr int kHatchEach = 16, kHatchLine = 6;
constexpr char kFirstLetter = ' ', kLastLetter = '~';
constexpr int kColumns = 5;

// Five columns a letter, from the left; of each the lowest bit is the highest point.
constexpr std::array<std::array<std::uint8_t, kColumns>, 95> kLetters = {{
    {0x00, 0x00, 0x00, 0x00, 0x00}, {0x00, 0x00, 0x5F, 0x00, 0x00},
    {0x00, 0x07, 0x00, 0x07, 0x00},  // blank ! "
    {0x14, 0x7F, 0x14, 0x7F, 0x14}, {0x24, 0x2A, 0x7F, 0x2A, 0x12},
    {0x23, 0x13, 0x08, 0x64, 0x62},  // # $ %
    {0x36, 0x49, 0x55, 0x22, 0x50}, {0x00, 0x00, 0x07, 0x00, 0x00},
    {0x00, 0x1C, 0x22, 0x41, 0x00},  // & ' (
    {0x00, 0x41, 0x22, 0x1C, 0x00}, {0x14, 0x08, 0x3E, 0x08, 0x14},
    {0x08, 0x08, 0x3E, 0x08, 0x08},  // ) * +
    {0x00, 0x50, 0x30, 0x00, 0x00}, {0x08, 0x08, 0x08, 0x08, 0x08},
    {0x00, 0x60, 0x60, 0x00, 0x00},  // , - .
    {0x20, 0x10, 0x08, 0x04, 0x02}, {0x3E, 0x51, 0x49, 0x45, 0x3E},
    {0x00, 0x42, 0x7F, 0x40, 0x00},  // / 0 1
    {0x42, 0x61, 0x51, 0x49, 0x46}, {0x21, 0x41, 0x45, 0x4B, 0x31},
    {0x18, 0x14, 0x12, 0x7F, 0x10},  // 2 3 4
    {0x27, 0x45, 0x45, 0x45, 0x39}, {0x3C, 0x4A, 0x49, 0x49, 0x30},
    {0x01, 0x71, 0x09, 0x05, 0x03},  // 5 6 7
    {0x36, 0x49, 0x49, 0x49, 0x36}, {0x06, 0x49, 0x49, 0x29, 0x1E},
    {0x00, 0x36, 0x36, 0x00, 0x00},  // 8 9 :
    {0x00, 0x56, 0x36, 0x00, 0x00}, {0x08, 0x14, 0x22, 0x41, 0x00},
    {0x14, 0x14, 0x14, 0x14, 0x14},  // ; < =
    {0x00, 0x41, 0x22, 0x14, 0x08}, {0x02, 0x01, 0x51, 0x09, 0x06},
    {0x3E, 0x41, 0x5D, 0x55, 0x1E},  // > ? @
    {0x7E, 0x11, 0x11, 0x11, 0x7E}, {0x7F, 0x49, 0x49, 0x49, 0x36},
    {0x3E, 0x41, 0x41, 0x41, 0x22},  // A B C
    {0x7F, 0x41, 0x41, 0x22, 0x1C}, {0x7F, 0x49, 0x49, 0x49, 0x41},
    {0x7F, 0x09, 0x09, 0x09, 0x01},  // D E F
    {0x3E, 0x41, 0x49, 0x49, 0x7A}, {0x7F, 0x08, 0x08, 0x08, 0x7F},
    {0x00, 0x41, 0x7F, 0x41, 0x00},  // G H I
    {0x20, 0x40, 0x41, 0x3F, 0x01}, {0x7F, 0x08, 0x14, 0x22, 0x41},
    {0x7F, 0x40, 0x40, 0x40, 0x40},  // J K L
    {0x7F, 0x02, 0x0C, 0x02, 0x7F}, {0x7F, 0x04, 0x08, 0x10, 0x7F},
    {0x3E, 0x41, 0x41, 0x41, 0x3E},  // M N O
    {0x7F, 0x09, 0x09, 0x09, 0x06}, {0x3E, 0x41, 0x51, 0x21, 0x5E},
    {0x7F, 0x09, 0x19, 0x29, 0x46},  // P Q R
    {0x46, 0x49, 0x49, 0x49, 0x31}, {0x01, 0x01, 0x7F, 0x01, 0x01},
    {0x3F, 0x40, 0x40, 0x40, 0x3F},  // S T U
    {0x1F, 0x20, 0x40, 0x20, 0x1F}, {0x3F, 0x40, 0x38, 0x40, 0x3F},
    {0x63, 0x14, 0x08, 0x14, 0x63},  // V W X
    {0x07, 0x08, 0x70, 0x08, 0x07}, {0x61, 0x51, 0x49, 0x45, 0x43},
    {0x00, 0x7F, 0x41, 0x41, 0x00},  // Y Z [
    {0x02, 0x04, 0x08, 0x10, 0x20}, {0x00, 0x41, 0x41, 0x7F, 0x00},
    {0x04, 0x02, 0x01, 0x02, 0x04},  // \ ] ^
    {0x40, 0x40, 0x40, 0x40, 0x40}, {0x00, 0x01, 0x02, 0x04, 0x00},
    {0x20, 0x54, 0x54, 0x54, 0x78},  // _ ` a
    {0x7F, 0x48, 0x44, 0x44, 0x38}, {0x38, 0x44, 0x44, 0x44, 0x20},
    {0x38, 0x44, 0x44, 0x48, 0x7F},  // b c d
    {0x38, 0x54, 0x54, 0x54, 0x18}, {0x08, 0x7E, 0x09, 0x01, 0x02},
    {0x0C, 0x52, 0x52, 0x52, 0x3E},  // e f g
    {0x7F, 0x08, 0x04, 0x04, 0x78}, {0x00, 0x44, 0x7D, 0x40, 0x00},
    {0x20, 0x40, 0x44, 0x3D, 0x00},  // h i j
    {0x7F, 0x10, 0x28, 0x44, 0x00}, {0x00, 0x41, 0x7F, 0x40, 0x00},
    {0x7C, 0x04, 0x18, 0x04, 0x78},  // k l m
    {0x7C, 0x08, 0x04, 0x04, 0x78}, {0x38, 0x44, 0x44, 0x44, 0x38},
    {0x7C, 0x14, 0x14, 0x14, 0x08},  // n o p
    {0x08, 0x14, 0x14, 0x18, 0x7C}, {0x7C, 0x08, 0x04, 0x04, 0x08},
    {0x48, 0x54, 0x54, 0x54, 0x20},  // q r s
    {0x04, 0x3F, 0x44, 0x40, 0x20}, {0x3C, 0x40, 0x40, 0x20, 0x7C},
    {0x1C, 0x20, 0x40, 0x20, 0x1C},  // t u v
    {0x3C, 0x40, 0x30, 0x40, 0x3C}, {0x44, 0x28, 0x10, 0x28, 0x44},
    {0x0C, 0x50, 0x50, 0x50, 0x3C},  // w x y
    {0x44, 0x64, 0x54, 0x4C, 0x44}, {0x00, 0x08, 0x36, 0x41, 0x00},
    {0x00, 0x00, 0x7F, 0x00, 0x00},                                 // z { |
    {0x00, 0x41, 0x36, 0x08, 0x00}, {0x08, 0x04, 0x08, 0x10, 0x08}  // } ~
}};

void AddNumber(std::uint32_t value, std::string* out) {
  for (int shift = 24; shift >= 0; shift -= 8) out->push_back(static_cast<char>(value >> shift));
}

std::uint32_t Crc(std::string_view bytes) {
  std::uint32_t crc = 0xFFFFFFFF;
  for (const char byte : bytes) {
    crc ^= static_cast<std::uint8_t>(byte);
    for (int bit = 0; bit < 8; ++bit) crc = (crc & 1U) != 0 ? crc >> 1U ^ 0xEDB88320U : crc >> 1U;
  }
  return ~crc;
}

void AddChunk(std::string_view name, std::string_view data, std::string* out) {
  AddNumber(static_cast<std::uint32_t>(data.size()), out);
  const std::string named = std::string(name).append(data);
  *out += named;
  AddNumber(Crc(named), out);
}

// Deflate (RFC 1951) in one block with the fixed codes. It looks for what stands one or eight bytes before alone: an even row, and a
// hatched one.
class Deflater {
 public:
  std::string Packed(std::string_view bytes) {
    Put(1, 1);  // the last block
    Put(1, 2);  // with fixed codes
    for (std::size_t at = 0; at < bytes.size();) {
      std::size_t length = 0, distance = 0;
      for (const std::size_t back : {std::size_t{1}, kFar}) {
        if (back > at) continue;
        std::size_t same = 0;
        while (same < kLongest && at + same < bytes.size() && bytes[at + same] == bytes[at + same - back])
          ++same;
        if (same > length) {
          length = same;
          distance = back;
        }
      }
      if (length < kShortest) {
        PutSymbol(static_cast<std::uint8_t>(bytes[at++]));
        continue;
      }
      PutLength(length);
      // One byte back is distance code 0; 7 and 8 are code 5, and one bit says which.
      PutCode(distance == 1 ? 0 : 5, 5);
      if (distance == kFar) Put(1, 1);
      at += length;
    }
    PutSymbol(256);  // the end
    if (bits_ > 0) out_.push_back(static_cast<char>(held_));
    return std::move(out_);
  }

 private:
  static constexpr std::size_t kFar = 8, kShortest = 3, kLongest = 258;

  // From the lowest bit on.
  void Put(std::uint32_t value, int bits) {
    for (int i = 0; i < bits; ++i) {
      held_ |= (value >> i & 1U) << bits_;
      if (++bits_ < 8) continue;
      out_.push_back(static_cast<char>(held_));
      held_ = 0;
      bits_ = 0;
    }
  }
  // A code goes out from its highest bit on.
  void PutCode(std::uint32_t code, int bits) {
    for (int i = bits - 1; i >= 0; --i) Put(code >> i & 1U, 1);
  }
  void PutSymbol(std::uint32_t symbol) {
    if (symbol < 144) return PutCode(0x30 + symbol, 8);
    if (symbol < 256) return PutCode(0x190 + symbol - 144, 9);
    if (symbol < 280) return PutCode(symbol - 256, 7);
    PutCode(0xC0 + symbol - 280, 8);
  }
  void PutLength(std::size_t length) {
    constexpr std::array<std::uint16_t, 29> kFrom = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                     15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                     67, 83, 99, 115, 131, 163, 195, 227, 258};
    std::size_t code = kFrom.size() - 1;
    while (kFrom[code] > length) --code;
    PutSymbol(static_cast<std::uint32_t>(257 + code));
    const bool has_more = code >= 8 && code + 1 < kFrom.size();
    if (has_more) Put(static_cast<std::uint32_t>(length - kFrom[code]), static_cast<int>(code / 4) - 1);
  }

  std::string out_;
  std::uint32_t held_ = 0;
  int bits_ = 0;
};

std::uint32_t Adler(std::string_view bytes) {
  constexpr std::uint32_t kPrime = 65521;
  std::uint32_t one = 1, two = 0;
  for (const char byte : bytes) {
    one = (one + static_cast<std::uint8_t>(byte)) % kPrime;
    two = (two + one) % kPrime;
  }
  return two << 16U | one;
}

}  // namespace

Raster::Raster(int width, int height, std::vector<Rgb> palette)
    : width_(std::max(width, 1)), height_(std::max(height, 1)), palette_(std::move(palette)) {
  palette_.resize(std::min(palette_.size(), kMaxInks));
  points_.resize(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_));
}

void Raster::Set(int x, int y, Ink ink) {
  if (x >= 0 && y >= 0 && x < width_ && y < height_) points_[Place(x, y)] = ink;
}

void Raster::Fill(int x, int y, int width, int height, Ink ink) {
  for (int down = 0; down < height; ++down)
    for (int across = 0; across < width; ++across) Set(x + across, y + down, ink);
}

void Raster::Hatch(int x, int y, int width, int height, Ink ink, Ink line) {
  for (int down = 0; down < height; ++down)
    for (int across = 0; across < width; ++across) {
      const int place = (x + across + y + down) % kHatchEach;
      Set(x + across, y + down, place < kHatchLine ? line : ink);
    }
}

void Raster::Write(int x, int y, int side, std::string_view text, Ink ink) {
  for (const char letter : text) {
    if (letter >= kFirstLetter && letter <= kLastLetter) {
      const auto& columns = kLetters[static_cast<std::size_t>(letter - kFirstLetter)];
      for (int column = 0; column < kColumns; ++column)
        for (int row = 0; row < kLetterHeight; ++row)
          if ((columns[static_cast<std::size_t>(column)] >> row & 1) != 0)
            Fill(x + column * side, y + row * side, side, side, ink);
    }
    x += kLetterWidth * side;
  }
}

std::string Raster::Png() const {
  const auto row_bytes = static_cast<std::size_t>(width_ + 1) / 2;
  const auto byte_at = [this](int row, std::size_t at) {
    const int x = static_cast<int>(at) * 2;
    const int low = x + 1 < width_ ? this->at(x + 1, row) : 0;
    return static_cast<std::uint8_t>(this->at(x, row) << 4 | low);
  };
  std::string rows;
  rows.reserve((row_bytes + 1) * static_cast<std::size_t>(height_));
  for (int row = 0; row < height_; ++row) {
    rows.push_back(row == 0 ? 0 : 2);  // each byte less the one above it
    for (std::size_t at = 0; at < row_bytes; ++at)
      rows.push_back(static_cast<char>(byte_at(row, at) - (row == 0 ? 0 : byte_at(row - 1, at))));
  }
  std::string head;
  AddNumber(static_cast<std::uint32_t>(width_), &head);
  AddNumber(static_cast<std::uint32_t>(height_), &head);
  head.append({4, 3, 0, 0, 0});  // four bits a point, of a palette; nothing else is said
  std::string palette;
  for (const Rgb& colour : palette_)
    for (const std::uint8_t part : {colour.red, colour.green, colour.blue})
      palette.push_back(static_cast<char>(part));
  std::string data = "\x78\x01" + Deflater().Packed(rows);
  AddNumber(Adler(rows), &data);
  std::string png = "\x89PNG\r\n\x1A\n";
  AddChunk("IHDR", head, &png);
  AddChunk("PLTE", palette, &png);
  AddChunk("IDAT", data, &png);
  AddChunk("IEND", "", &png);
  return png;
}

bool CanWrite(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char letter) { return letter >= kFirstLetter && letter <= kLastLetter; });
}

}  // namespace fundtrail::picture
