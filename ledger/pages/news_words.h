// What is of interest to the public, in words: a line of the feed for each action.
#pragma once

#include <string>

#include "fundtrail/v1/entry.pb.h"
#include "ledger/pages/words.h"

namespace fundtrail::pages {

// In one line, with the names and texts as the ledger has them: some 2 kB at most. Empty for an action that query::NewsIn does not give.
// The English words stand in pages of the archive, which never change: one that is changed here makes other bytes there.
std::string NewsWords(Language language, const v1::Action& action);

}  // namespace fundtrail::pages
