// Text from outside: what the ledger takes, how wide it is on a terminal, and how to print what it is not
// sure of. Unicode rules are those of ICU (Unicode 15 in Debian 12); East Asian widths are UAX #11.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ledger/base/status.h"

namespace fundtrail {

bool IsUtf8(std::string_view text);

// Whether `text` may stand in a record: valid UTF-8 of at most `max_bytes`; no control characters (C0, DEL,
// C1); nothing that hides or reorders what a reader sees (U+200B-200F, 2028, 2029, 202A-202E, 2060-2064,
// 2066-2069, FEFF); and not only white space, though it may be empty. The error names `field_name` and the
// character.
Status CheckText(std::string_view field_name, std::string_view text, std::size_t max_bytes);

// For a spreadsheet's cell: every run of white space and line breaks becomes one space, none at the ends, and
// what CheckText refuses is taken out. Bytes that are not UTF-8 become U+FFFD.
std::string SingleLine(std::string_view text);

// Terminal columns: 2 for East Asian wide and full-width characters, 0 for combining and invisible ones,
// else 1.
int DisplayWidth(std::string_view text);

// `text`, or as much of its front as fits with a "…" in `columns` columns (at least 1). Never cuts a
// character, nor a base from its combining marks.
std::string ClipToWidth(std::string_view text, int columns);

// Safe to print whatever it is: control and hidden characters as \u{202E}, bytes that are not UTF-8 as \xFF,
// and the backslash doubled, so that the text can be told from its escapes.
std::string Escaped(std::string_view text);

}  // namespace fundtrail
