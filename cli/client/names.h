// What there is to be told of the names of parties, and of the codes of assets, before they are registered.
#pragma once

#include <string>
#include <vector>

#include "cli/client/connection.h"
#include "fundtrail/v1/entry.pb.h"

namespace fundtrail::cli {

// Tells on standard error, in that language, what `words` say in English.
void Warn(render::Language language, const std::string& words);

// Tells on standard error that a name in the entry is another party's, or reads like one, or mixes scripts
// (base/names.h). So it does of an asset whose code the ledger has in other letters: CNY and cny. The answer is the same in words, for
// --json. Only an entry that registers a party makes it ask the ledger for its parties, and likewise of assets. That these cannot be read is told too, and stops nothing: no rule rests on it.
std::vector<std::string> TellOfNames(Connection* connection, const v1::Entry& entry);

}  // namespace fundtrail::cli
