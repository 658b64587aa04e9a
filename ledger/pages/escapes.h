// Text in markup and in addresses. Every page and the feed write the text of others by these, and by nothing else.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fundtrail::pages {

// For HTML, SVG and XML, between tags and in quoted attributes. The five signs of markup are escaped, and what XML 1.0
// cannot have at all is left out. Ledgers have no control characters, but rows may be damaged.
std::string EscapedMarkup(std::string_view text);

// A string of JSON with its quotes. What would end a string or a script stands as \u003c and its like: ", ', \, <, >, & and control
// characters.
std::string EscapedJson(std::string_view text);

// For a URI: what is no letter, no digit and none of `plain` stands as %XX.
std::string EscapedUri(std::string_view text, std::string_view plain = "-._~/");
// One folder of a path, or a value of a query. A colon stays as it is: no link begins with one.
inline std::string EscapedPart(std::string_view text) { return EscapedUri(text, "-._~:"); }
// %XX read back; nothing where a % is followed by something else. `plus` is what a + stands for.
std::optional<std::string> UnescapedUri(std::string_view text, char plus = '+');

}  // namespace fundtrail::pages
