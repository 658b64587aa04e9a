// See html.h.
#include "ledger/pages/html.h"

#include <algorithm>
#include <array>

#include "ledger/pages/escapes.h"
#include "ledger/pages/linked_data.h"

namespace fundtrail::pages {
namespace {

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

// With room for what follows.
void AppendOpening(MarkupName name, std::span<const Attribute> attributes, std::size_t room,
                   std::string* out) {
  std::size_t bytes = out->size() + name.text().size() + 2 + room;
  for (const Attribute& attribute : attributes)
    bytes += attribute.name.text().size() + attribute.value.size() + 4;
  // Twice as much as there is, where it grows: else each element of many would move all of them.
  if (bytes > out->capacity()) out->reserve(std::max(bytes, 2 * out->size()));
  out->append("<").append(name.text());
  for (const Attribute& attribute : attributes) {
    out->append(" ").append(attribute.name.text()).append("=\"");
    AppendText(attribute.value, out);
    out->append("\"");
  }
  out->append(">");
}

}  // namespace

Html Text(std::string_view text) {
  std::string out;
  AppendText(text, &out);
  return Html(std::move(out));
}

void AddElement(MarkupName name, std::span<const Attribute> attributes, const Html& content, Html* out) {
  AppendOpening(name, attributes, content.bytes_.size() + name.text().size() + 4, &out->bytes_);
  out->bytes_.append(content.bytes_).append("</").append(name.text()).append(name.is_block() ? ">\n" : ">");
}

Html Lone(MarkupName name, std::initializer_list<Attribute> attributes) {
  std::string out;
  AppendOpening(name, std::span(attributes.begin(), attributes.size()), 1, &out);
  return Html(out + "\n");
}

Html DocumentOf(const Html& root) { return Html("<!doctype html>\n" + root.bytes_); }

Html LinkedData(const LinkedThing& thing) {
  const Attribute type{"type", "application/ld+json"};
  std::string out;
  AppendOpening("script", {&type, 1}, 0, &out);
  return Html(out + thing.Json() + "</script>\n");
}

Html Name(std::string_view text) { return Element("bdi", {{"translate", "no"}}, Text(text)); }

}  // namespace fundtrail::pages
