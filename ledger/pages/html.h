// Markup that is made of nothing but names of the program's own and of escaped text. A std::string becomes markup by
// Text() or as the value of an Attribute, and in no other way. So what a ledger says can never open a tag.
#pragma once

#include <algorithm>
#include <cstddef>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fundtrail::pages {

// The name of an element or of an attribute: a literal of the program, letters, digits and '-' alone. Another one does
// not compile.
class MarkupName {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): literals are meant to become names
  consteval MarkupName(const char* name) : text_(name), is_block_(IsBlock(name)) {
    if (text_.empty()) Refuse();
    for (const char c : text_) {
      const bool fits =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
      if (!fits) Refuse();
    }
  }
  constexpr std::string_view text() const { return text_; }
  // Whether a browser shows such an element as a block.
  constexpr bool is_block() const { return is_block_; }

 private:
  static void Refuse() {}  // no constant expression: a call of it ends the compilation
  static constexpr bool IsBlock(std::string_view name) {
    constexpr std::string_view kBlocks[] = {
        "p",     "h1",    "h2",     "ul",     "li",     "tr",      "dl",     "dd",    "nav",
        "div",   "svg",   "html",   "head",   "body",   "main",    "form",   "title", "table",
        "thead", "tbody", "header", "footer", "script", "section", "caption"};
    return std::find(std::begin(kBlocks), std::end(kBlocks), name) != std::end(kBlocks);
  }
  std::string_view text_;
  bool is_block_;
};

struct Attribute {
  MarkupName name;
  std::string value;  // any text: it is escaped and quoted
};
using Attributes = std::vector<Attribute>;

class LinkedThing;

class Html {
 public:
  Html() = default;
  Html& operator+=(const Html& more) {
    bytes_ += more.bytes_;
    return *this;
  }
  friend Html operator+(Html one, const Html& other) {
    one += other;
    return one;
  }
  bool empty() const { return bytes_.empty(); }
  const std::string& bytes() const { return bytes_; }

 private:
  explicit Html(std::string bytes) : bytes_(std::move(bytes)) {}
  friend Html Text(std::string_view text);
  friend void AddElement(MarkupName name, std::span<const Attribute> attributes, const Html& content,
                         Html* out);
  friend Html Lone(MarkupName name, std::initializer_list<Attribute> attributes);
  friend Html DocumentOf(const Html& root);
  friend Html LinkedData(const LinkedThing& thing);

  std::string bytes_;
};

Html Text(std::string_view text);
// <name …>content</name>, behind what there is. A line ends after elements that a browser shows as blocks.
void AddElement(MarkupName name, std::span<const Attribute> attributes, const Html& content, Html* out);
inline Html Element(MarkupName name, std::span<const Attribute> attributes, const Html& content) {
  Html element;
  AddElement(name, attributes, content, &element);
  return element;
}
// Attributes that are written where the element is need no memory of their own.
inline Html Element(MarkupName name, std::initializer_list<Attribute> attributes, const Html& content) {
  return Element(name, std::span<const Attribute>(attributes.begin(), attributes.size()), content);
}
inline Html Element(MarkupName name, const Html& content) {
  return Element(name, std::span<const Attribute>(), content);
}
// One without content and without an end: <meta …>.
Html Lone(MarkupName name, std::initializer_list<Attribute> attributes);
// A script of data: a browser runs nothing of it.
Html LinkedData(const LinkedThing& thing);
// The root with the document type before it.
Html DocumentOf(const Html& root);

// A name or a text of somebody: shown in the direction of its own script, and never translated.
Html Name(std::string_view text);

}  // namespace fundtrail::pages
