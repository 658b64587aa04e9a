// Passphrases that are typed on a terminal. None stands among the arguments of a command, where others would see it: it is typed
// here, or it is the first line of a file.
#pragma once

#include <optional>
#include <string>

#include "cli/render/chinese.h"
#include "ledger/base/status.h"

namespace fundtrail::cli {

// Whether somebody can be asked: standard input is a terminal.
bool MayAskPassphrase();

// Of a key file that is sealed. Asked on stderr, and not shown as it is typed. INVALID_ARGUMENT when it is broken off.
StatusOr<std::string> AskPassphrase(render::Language language, const std::string& key_file);

// Of a key file that is new: asked twice, and again as long as the two differ. Nothing for an empty one: the file is not sealed.
StatusOr<std::optional<std::string>> AskNewPassphrase(render::Language language, const std::string& key_file);

}  // namespace fundtrail::cli
