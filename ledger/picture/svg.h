// SVG, and HTML around it, as markup that cannot be spoiled by what it shows. A text from outside enters only escaped,
// by Text or SetText. Names of elements and attributes, and fixed values, are known to the compiler, which refuses
// those that would need escapes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace fundtrail::picture {

// Hundredths of a pixel. Whole numbers, so that a picture has the same bytes on every machine.
using Px = std::int64_t;
constexpr Px Pixels(std::int64_t pixels) { return pixels * 100; }

// What stands in the markup as it is.
class Fixed {
 public:
  consteval Fixed(const char* text)
      : text_(text) {  // NOLINT(google-explicit-constructor): a literal is meant as one
    for (const char c : text_) {
      if (c < ' ' || c > '~' || c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
        throw "a fixed text needs no escapes";
    }
  }
  std::string_view text() const { return text_; }

 private:
  std::string_view text_;
};

// Whatever the bytes are, as a text that a record could have: other characters become \u{202E} and other bytes \xFF, as
// Escaped has them (base/text.h). A backslash stays one, so that a second time changes nothing.
std::string Visible(std::string_view text);

// Markup: elements and escaped texts.
class Svg {
 public:
  Svg() = default;
  // Made visible, and the five signs of XML as entities.
  static Svg Text(std::string_view text);
  const std::string& str() const { return markup_; }
  bool empty() const { return markup_.empty(); }
  // Another element, on a line of its own.
  Svg& operator+=(const Svg& other);

 private:
  friend class Element;
  explicit Svg(std::string markup) : markup_(std::move(markup)) {}
  std::string markup_;
};

// The way of a line, for attribute d.
class Path {
 public:
  Path& Move(Px x, Px y) { return To('M', x, y); }
  Path& Line(Px x, Px y) { return To('L', x, y); }
  // With the tangents of its ends horizontal.
  Path& Curve(Px from_x, Px from_y, Px x, Px y);
  Path& Close();

 private:
  friend class Element;
  Path& To(char command, Px x, Px y);
  std::string data_;
};

class Element {
 public:
  explicit Element(Fixed name) : name_(name.text()) {}
  Element& Set(Fixed attribute, Fixed value);
  Element& Set(Fixed attribute, const Path& path);
  Element& SetPx(Fixed attribute, Px value);
  Element& SetText(Fixed attribute, std::string_view value);
  // Children stand on lines of their own, texts do not.
  Element& Add(const Svg& child);
  Element& AddText(std::string_view text);
  Element& AddFixed(Fixed text);
  Svg Made() const;
  // With an end tag in any case, as HTML has it of elements that can have content.
  Svg MadeOpen() const;

 private:
  std::string name_, attributes_, content_;
};

// "12.5".
std::string ToString(Px px);

}  // namespace fundtrail::picture
