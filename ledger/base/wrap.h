// Sentences on a terminal: a line that is wider is broken between words.
#pragma once

#include <string>
#include <string_view>

namespace fundtrail {

// `text` in lines of at most `columns` columns, as far as its words are no longer than that. A line that fits stays as it is. What
// follows of another one stands as far in as its beginning, or as what comes after its first gap. Chinese is broken between any two characters, but not before a closing
// mark nor after an opening one. What stands between two backticks is not broken: a reader copies it. Colours count as nothing.
std::string Wrapped(std::string_view text, int columns);

}  // namespace fundtrail
