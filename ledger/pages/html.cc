// See html.h.
#include "ledger/pages/html.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "ledger/base/text.h"
#include "ledger/pages/escapes.h"
#include "ledger/pages/linked_data.h"

namespace fundtrail::pages {
namespace {

// After these a line ends, so that people can read the source.
constexpr std::array<std::string_view, 25> kBlocks = {
    "html",    "head", "body", "title", "header", "footer", "main",  "nav",   "section",
    "p",       "h1",   "h2",   "ul",    "li",     "table",  "tr",    "thead", "tbody",
    "caption", "div",  "form", "svg",   "dl",     "dd",     "script"};

bool IsBlock(std::string_view name) {
  return std::find(kBlocks.begin(), kBlocks.end(), name) != kBlocks.end();
}

std::string Opening(MarkupName name, const Attributes& attributes) {
  std::string out = absl::StrCat("<", Abseil(name.text()));
  for (const Attribute& attribute : attributes)
    absl::StrAppend(&out, " ", Abseil(attribute.name.text()), "=\"", EscapedMarkup(attribute.value), "\"");
  return out + ">";
}

}  // namespace

Html Text(std::string_view text) { return Html(EscapedMarkup(text)); }

Html Element(MarkupName name, const Attributes& attributes, const Html& content) {
  std::string out = Opening(name, attributes);
  absl::StrAppend(&out, content.bytes_, "</", Abseil(name.text()), ">", IsBlock(name.text()) ? "\n" : "");
  return Html(std::move(out));
}

Html Lone(MarkupName name, const Attributes& attributes) { return Html(Opening(name, attributes) + "\n"); }

Html DocumentOf(const Html& root) { return Html("<!doctype html>\n" + root.bytes_); }

Html LinkedData(const LinkedThing& thing) {
  return Html(Opening("script", {{"type", "application/ld+json"}}) + thing.Json() + "</script>\n");
}

Html Name(std::string_view text) { return Element("bdi", {{"translate", "no"}}, Text(text)); }

}  // namespace fundtrail::pages
