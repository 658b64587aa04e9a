// Text in markup and in addresses. Every page and the feed write the text of others by these, and by nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fundtrail::pages {

// For HTML, SVG and XML, between tags and in quoted attributes: the five signs of markup escaped, and what XML 1.0
// cannot have at all left out. Ledgers have no control characters, but rows may be damaged.
std::string EscapedMarkup(std::string_view text);

// For a URI: what is not a letter, a digit or one of `plain` becomes %XX.
std::string EscapedUri(std::string_view text, std::string_view plain = "-._~/");
// One folder of a path, or a value of a query. A colon stays as it is: no link begins with one.
inline std::string EscapedPart(std::string_view text) { return EscapedUri(text, "-._~:"); }
// %XX read back; nothing where a % is followed by something else. `plus` is what a + stands for.
std::optional<std::string> UnescapedUri(std::string_view text, char plus = '+');

}  // namespace fundtrail::pages
