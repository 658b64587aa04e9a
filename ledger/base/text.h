// Text from outside: what the ledger takes, how wide it is on a terminal, and how to print what it is not
// sure of. What a record takes is settled by text_rule.h; East Asian widths are ICU's (UAX #11).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "absl/strings/string_view.h"
#include "ledger/base/status.h"

namespace fundtrail {

// As Abseil takes a text: Debian's has a type of its own for it.
inline absl::string_view Abseil(std::string_view text) { return {text.data(), text.size()}; }

bool IsUtf8(std::string_view text);

// Whether `text` may stand in a record: valid UTF-8 of at most `max_bytes`. It has no character that text_rule.h calls
// unfit (controls, what hides or reorders, private use, noncharacters), but a joiner where it spells a word. It is not
// only white space, though it may be empty. The error names `field_name` and the character.
Status CheckText(std::string_view field_name, std::string_view text, std::size_t max_bytes);

// For a spreadsheet's cell. Every run of white space and line breaks becomes one space, none at the ends, and
// what CheckText refuses is taken out. Bytes that are not UTF-8, private-use characters and noncharacters become
// U+FFFD.
std::string SingleLine(std::string_view text);

// How many characters that nobody sees SingleLine takes out of a cell. INVALID_ARGUMENT, with the character, when it
// would lose more than that: a control character, which tells of a broken file, or one that becomes U+FFFD.
StatusOr<std::size_t> CountHidden(std::string_view cell);

// Terminal columns: 2 for East Asian wide and full-width characters, 0 for combining and invisible ones,
// else 1.
int DisplayWidth(std::string_view text);

// `text`, or as much of its front as fits with a "…" in `columns` columns (at least 1). Never cuts a
// character, nor a base from its combining marks.
std::string ClipToWidth(std::string_view text, int columns);
// The same with the `…` in the middle, so that the end stays too: what begins alike often ends otherwise.
std::string ClipMiddle(std::string_view text, int columns);

// Safe to print whatever it is: the characters that CheckText refuses become \u{202E}, bytes that are not UTF-8 become
// \xFF. The backslash is doubled, so that a text cannot look like an escape.
std::string Escaped(std::string_view text);

}  // namespace fundtrail
