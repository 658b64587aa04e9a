// Entries that people write by hand, in YAML: turned into the JSON that the same entry would be.
#pragma once

#include <string>

#include "ledger/base/status.h"

namespace fundtrail::cli {

// One document of mappings, lists and scalars. Only an unquoted true, false or null is more than text. Protobuf JSON reads
// numbers from text too, so 010, 1e3, no and 2026-01-01 stay what was written. INVALID_ARGUMENT with the line for what
// makes YAML hard to read for whoever signs it: anchors and aliases, tags, a key twice, deep nesting.
StatusOr<std::string> YamlToJson(const std::string& text);

}  // namespace fundtrail::cli
