// See html.h.
#include "ledger/pages/html.h"

#include <algorithm>
#include <array>
#include <initializer_list>

#include "ledger/pages/escapes.h"
#include "ledger/pages/linked_data.h"

namespace fundtrail::pages {
namespace {

// After these a line ends, so that people can read the source. Asked of each element: by its length few are left.
bool IsBlock(std::string_view name) {
  const auto is = [name](std::initializer_list<std::string_view> blocks) {
    return std::find(blocks.begin(), blocks.end(), name) != blocks.end();
  };
  switch (name.size()) {
    case 1:
      return name == "p";
    case 2:
      return is({"h1", "h2", "ul", "li", "tr", "dl", "dd"});
    case 3:
      return is({"nav", "div", "svg"});
    case 4:
      return is({"html", "head", "body", "main", "form"});
    case 5:
      return is({"title", "table", "thead", "tbody"});
    case 6:
      return is({"header", "footer", "script"});
    case 7:
      return is({"section", "caption"});
    default:
      return false;
  }
}

// The bytes that EscapedMarkup leaves as they are, whatever stands beside them.
constexpr std::array<bool, 256> kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t byte = 0; byte < plain.size(); ++byte)
    plain[byte] = (byte >= 0x20 || byte == '\n' || byte == '\t') && byte != '&' && byte != '<' &&
                  byte != '>' && byte != '"' && byte != '\'' && byte != 0xef;
  return plain;
}();

// Most texts are plain, and need no copy of their own.
void AppendText(std::string_view text, std::string* out) {
  const bool plain =
      std::all_of(text.begin(), text.end(), [](char c) { return kPlain[static_cast<unsigned char>(c)]; });
  if (plain) {
    out->append(text);
  } else {
    out->append(EscapedMarkup(text));
  }
}

// `room` for what follows.
std::string Opening(MarkupName name, const Attributes& attributes, std::size_t room) {
  std::size_t bytes = name.text().size() + 2 + room;
  for (const Attribute& attribute : attributes)
    bytes += attribute.name.text().size() + attribute.value.size() + 4;
  std::string out;
  out.reserve(bytes);
  out.append("<").append(name.text());
  for (const Attribute& attribute : attributes) {
    out.append(" ").append(attribute.name.text()).append("=\"");
    AppendText(attribute.value, &out);
    out.append("\"");
  }
  out.append(">");
  return out;
}

}  // namespace

Html Text(std::string_view text) {
  std::string out;
  AppendText(text, &out);
  return Html(std::move(out));
}

Html Element(MarkupName name, const Attributes& attributes, const Html& content) {
  std::string out = Opening(name, attributes, content.bytes_.size() + name.text().size() + 4);
  out.append(content.bytes_).append("</").append(name.text()).append(">");
  if (IsBlock(name.text())) out.append("\n");
  return Html(std::move(out));
}

Html Lone(MarkupName name, const Attributes& attributes) { return Html(Opening(name, attributes, 1) + "\n"); }

Html DocumentOf(const Html& root) { return Html("<!doctype html>\n" + root.bytes_); }

Html LinkedData(const LinkedThing& thing) {
  return Html(Opening("script", {{"type", "application/ld+json"}}, 0) + thing.Json() + "</script>\n");
}

Html Name(std::string_view text) { return Element("bdi", {{"translate", "no"}}, Text(text)); }

}  // namespace fundtrail::pages
