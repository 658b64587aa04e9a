// What is told of errors, in Chinese. Such a message is made in English where the fault is seen, by a room or by a server, which
// know no reader. messages.def has each in both languages, with places for its values; here the one is found that a message was
// made of. tools/check-messages finds what has no line there.
#pragma once

#include <string>
#include <string_view>

#include "cli/render/shown.h"

namespace fundtrail::render {

// An English message in that language, not escaped. Its values stay as they are. What no line fits stays English, in whole or in
// part.
std::string MessageIn(Language language, std::string_view message);

// Safe to print whatever it is. Values are escaped where a message is made, so its backslashes stay; all else is escaped as in any
// text.
std::string EscapedMessage(std::string_view message);

// The message in both languages, escaped so.
Shown Told(std::string_view message);

}  // namespace fundtrail::render
